import type { Status } from '../../../../backend/reports/contract.ts'

/** A closing says why, a question what is asked, a hand-over to whom: for all who may see the report. */
export const wantsWords = (status: Status | ''): boolean =>
  ['resolved', 'rejected', 'waiting_for_citizen', 'forwarded'].includes(status)
