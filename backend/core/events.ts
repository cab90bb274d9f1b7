// What happened: one row is audit, history and outbox at once; a trigger tells listeners when the transaction commits.
import { EventEmitter } from 'node:events'
import type { Database, Db } from './db/connect.ts'

export type EventType =
  | 'report.created'
  | 'report.changed'
  | 'report.supported'
  | 'report.merged'
  | 'report.unmerged'
  | 'report.reopened'
  | 'work.created'
  | 'work.changed'
  | 'layer.imported'
  | 'layer.changed'

export interface Notice {
  /** report.presence: somebody opens or closes a report; it is only said, and leaves no event behind. */
  type: EventType | 'report.presence'
  id: string
}

/** Writes the event in the caller's transaction. Payload: ids and codes, never personal text. */
export async function emit(
  trx: Db,
  event: { type: EventType; subjectId: string; actorId?: string | null; payload?: Record<string, unknown> },
): Promise<void> {
  await trx('event').insert({
    type: event.type,
    subject_id: event.subjectId,
    actor_id: event.actorId ?? null,
    payload: JSON.stringify(event.payload ?? {}),
  })
}

/** Writes one event of the same kind for each of many things, in one statement. */
export async function emitEach(
  trx: Db,
  subjectIds: readonly string[],
  event: { type: EventType; actorId: string; payload: Record<string, unknown> },
): Promise<void> {
  if (subjectIds.length === 0) return
  const { type, actorId, payload } = event
  const row = { type, actor_id: actorId, payload: JSON.stringify(payload) }
  await trx('event').insert(subjectIds.map((subject_id) => ({ ...row, subject_id })))
}

/** `stop`: this node goes; whoever listens listens to another. */
export type Notices = EventEmitter<{ notice: [Notice]; stop: [] }>

/** One listening connection for the whole process, fanned out to whoever subscribes. */
export async function listenToEvents(database: Database): Promise<Notices> {
  const notices: Notices = new EventEmitter()
  notices.setMaxListeners(0)
  await database.listen('asty_event', (payload) => notices.emit('notice', JSON.parse(payload) as Notice))
  return notices
}
