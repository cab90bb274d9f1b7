// What triage should know before a report is worked on: whose it might be instead, and until when it may be handed on.
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import type { NearBorder } from './desk/contract.ts'

/**
 * Days in which a service that is not competent hands a request on, the last one being a working day: Code of Administrative
 * Procedure (law 2690/1999), article 4, paragraph 1.
 */
export const FORWARD_DAYS = 3

/** Where a phone is off by more, people themselves would not know on which side they stood, metres. */
const NEAR_BORDER_M = 30

/** Others who would have it, were it a little further; nearest first. */
export const nearBorder = (db: Db, id: string) =>
  sql<NearBorder>(db, 'reports/near_border', { id, near_m: NEAR_BORDER_M })
