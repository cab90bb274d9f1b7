// What every change of a work order needs: the lock, the version, the story, and telling others.
import { audit } from '../core/audit.ts'
import type { Permission } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { emit } from '../core/events.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { followWork } from '../reports/progress/service.ts'
import { actorOf, existing } from '../reports/service.ts'
import type * as api from './contract.ts'
import { readWork, visibleWork } from './read.ts'
import { moves } from './workflow.ts'

export interface Locked {
  status: api.WorkStatus
  offer: api.Offer | null
  version: number
  department_id: string
  crew_id: string | null
  /** YYYY-MM-DD. */
  day_on: string | null
}

/** Locks an order for this transaction. Throws not-found where it is not the caller's to do this with. */
export async function lockWork(ctx: Context, trx: Db, id: string, permission: Permission): Promise<Locked> {
  const row: Locked | undefined = await trx('work_order as o')
    .select('o.status', 'o.offer', 'o.version', 'o.department_id', 'o.crew_id', trx.raw('o.day_on::text AS day_on'))
    .where('o.id', existing(id))
    .whereRaw(visibleWork(ctx, trx, permission))
    .forUpdate()
    .first()
  if (!row) throw problem('not-found')
  return row
}

/** Throws stale-version, with what is there now and what was asked, where somebody was faster. */
export async function demandVersion(
  ctx: Context,
  trx: Db,
  id: string,
  { version }: Locked,
  asked: { version: number },
): Promise<void> {
  if (version === asked.version) return
  throw problem('stale-version', { extra: { current: await readWork(ctx, trx, id), yours: asked } })
}

/** Writes down what the caller has done to an order, for the audit, for those who watch and for those who reported it. */
export async function tell(
  ctx: Context,
  trx: Db,
  id: string,
  action: string,
  detail: Record<string, unknown> = {},
): Promise<void> {
  await audit(ctx, { action, subjectId: id, detail }, trx)
  const type = action === 'work.create' ? 'work.created' : 'work.changed'
  const actorId = actorOf(ctx).accountId
  await emit(trx, { type, subjectId: id, actorId, payload: { action } })
  await followWork(trx, { orders: [id], actorId })
}

/** What every change counts. */
export const changedNow = (trx: Db) => ({ version: trx.raw('version + 1'), updated_at: trx.fn.now() })

/** Throws work-not-allowed where an order cannot become that. */
export function demandMove(from: api.WorkStatus, to: api.WorkStatus): void {
  if (!moves[from].includes(to)) refuseMove(from, to)
}

/** Throws work-not-allowed. */
export function refuseMove(from: api.WorkStatus, to: api.WorkStatus): never {
  throw problem('work-not-allowed', {
    values: (language) => ({ from: text(language, `work.${from}`), to: text(language, `work.${to}`) }),
    extra: { from, to },
  })
}

interface Entry {
  kind: 'status' | 'assigned' | 'note' | 'refused' | 'accepted' | 'declined'
  at?: string
  status?: api.WorkStatus | null
  department_id?: string
  crew_id?: string
  note?: string | null
  actor_id: string
}

/** Adds to the story of an order; all of it is for staff. */
export async function enter(trx: Db, id: string, entry: Entry): Promise<void> {
  await trx('timeline_entry').insert({ case_id: id, ...entry, is_public: false })
}
