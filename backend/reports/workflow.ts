import type { Status } from './contract.ts'

/** The moves a report can make; what is closed can be opened again. */
export const moves: Record<Status, readonly Status[]> = {
  submitted: ['acknowledged', 'in_progress', 'resolved', 'rejected'],
  acknowledged: ['in_progress', 'resolved', 'rejected'],
  in_progress: ['acknowledged', 'resolved', 'rejected'],
  resolved: ['in_progress'],
  rejected: ['in_progress'],
}

export const CLOSED: readonly Status[] = ['resolved', 'rejected']
export const OPEN: readonly Status[] = ['submitted', 'acknowledged', 'in_progress']

export const isClosed = (status: Status): boolean => CLOSED.includes(status)

/** States from which a report may move to this one. */
export const sourcesOf = (to: Status): Status[] =>
  (Object.keys(moves) as Status[]).filter((from) => moves[from].includes(to))
