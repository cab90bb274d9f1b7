// Words for states: Open311 knows open and closed; FixMyStreet's finer ones are understood too, and our own.
import type { Status } from '../contract.ts'
import { isClosed } from '../workflow.ts'

const finer: Record<string, Status> = {
  acknowledged: 'acknowledged',
  investigating: 'acknowledged',
  in_progress: 'in_progress',
  planned: 'planned',
  action_scheduled: 'planned',
  waiting_for_citizen: 'waiting_for_citizen',
  forwarded: 'forwarded',
  referred: 'forwarded',
  reopen: 'in_progress',
  fixed: 'resolved',
  resolved: 'resolved',
  rejected: 'rejected',
  unable_to_fix: 'rejected',
  no_further_action: 'rejected',
  not_councils_responsibility: 'rejected',
  duplicate: 'rejected',
}

/** The state that such a word means for a report in state `from`; undefined: nobody knows. */
export function stateOf(word: string, from: Status): Status | undefined {
  const said = word.trim().toLowerCase().replace(/[ -]/g, '_')
  if (said === 'open') return isClosed(from) ? 'in_progress' : from
  if (said === 'closed') return isClosed(from) ? from : 'resolved'
  return finer[said]
}
