import type { JobKind } from '../core/jobs.ts'
import { renewStatistics } from './layer.ts'

/** Once a day the statistics by district are counted anew. */
export const statisticsJob: JobKind<null> = {
  queue: 'report-statistics',
  limit_s: 600,
  every_s: 86_400,
  work: ({ db }) => renewStatistics(db),
}
