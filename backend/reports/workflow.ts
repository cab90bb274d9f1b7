import type { Status } from './contract.ts'

/** The moves a report can make; what is closed can be opened again. Which of them each kind makes: kinds.ts */
export const moves: Record<Status, readonly Status[]> = {
  submitted: ['acknowledged', 'planned', 'in_progress', 'waiting_for_citizen', 'forwarded', 'resolved', 'rejected'],
  acknowledged: ['planned', 'in_progress', 'waiting_for_citizen', 'forwarded', 'resolved', 'rejected'],
  planned: ['acknowledged', 'in_progress', 'waiting_for_citizen', 'forwarded', 'resolved', 'rejected'],
  in_progress: ['acknowledged', 'planned', 'waiting_for_citizen', 'forwarded', 'resolved', 'rejected'],
  waiting_for_citizen: ['acknowledged', 'planned', 'in_progress', 'forwarded', 'resolved', 'rejected'],
  forwarded: ['acknowledged', 'planned', 'in_progress', 'waiting_for_citizen', 'resolved', 'rejected'],
  resolved: ['in_progress'],
  rejected: ['in_progress'],
}

export const CLOSED: readonly Status[] = ['resolved', 'rejected']
export const OPEN: readonly Status[] = [
  'submitted',
  'acknowledged',
  'planned',
  'in_progress',
  'waiting_for_citizen',
  'forwarded',
]

export const isClosed = (status: Status): boolean => CLOSED.includes(status)

/** States that say nothing without words for all: what was done, why not, what is asked, to whom. */
const WORDLESS: readonly Status[] = ['resolved', 'rejected', 'waiting_for_citizen', 'forwarded']

export const wantsNote = (status: Status): boolean => WORDLESS.includes(status)
