// What a report is besides a fault, and the states that each kind knows.
import { type Category, reportKinds } from './categories/contract.ts'
import type { Status } from './contract.ts'
import { isClosed, moves } from './workflow.ts'

/** What a category says of how its reports are handled. */
export type Handled = Pick<Category, 'kind' | 'has_workflow'>

/** A mailbox: received, seen, answered. */
const MAILBOX: readonly Status[] = ['submitted', 'acknowledged', 'resolved', 'rejected']
/** Nobody plans work for what happens or for what was noticed, and a note goes to nobody else. */
const KNOWN: Record<Category['kind'], readonly Status[]> = {
  fault: Object.keys(moves) as Status[],
  incident: [...MAILBOX, 'in_progress', 'waiting_for_citizen', 'forwarded'],
  pet: [...MAILBOX, 'in_progress', 'waiting_for_citizen', 'forwarded'],
  note: [...MAILBOX, 'in_progress', 'waiting_for_citizen'],
}

const knownTo = ({ kind, has_workflow }: Handled) => (has_workflow ? KNOWN[kind] : MAILBOX)

/** States to which such a report may move. It may leave a state that its kind does not know: categories change, reports stay. */
export function movesOf(handled: Handled, from: Status): Status[] {
  // What nobody works on is seen once more.
  if (isClosed(from)) return [handled.has_workflow ? 'in_progress' : 'acknowledged']
  return moves[from].filter((to) => knownTo(handled).includes(to))
}

/** Every way of handling, for statements that judge many reports. */
const all: Handled[] = reportKinds.flatMap((kind) => [true, false].map((has_workflow) => ({ kind, has_workflow })))

/** What may move to this state: kinds, each with the states from which. */
export const sourcesOf = (to: Status): (Handled & { status: Status })[] =>
  all.flatMap((handled) =>
    (Object.keys(moves) as Status[])
      .filter((from) => movesOf(handled, from).includes(to))
      .map((status) => ({ ...handled, status })),
  )

/** Which states each way of handling knows. */
export const knownStates = (): (Handled & { status: Status })[] =>
  all.flatMap((handled) => knownTo(handled).map((status) => ({ ...handled, status })))
