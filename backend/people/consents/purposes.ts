// What people are asked to agree to. Other words are another version: a consent stays with the words it was given to.
import type { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import type { ConsentPurpose, PurposeInput, rewordPurpose as rewordEndpoint } from './contract.ts'

type Wording = z.output<NonNullable<(typeof rewordEndpoint)['body']>>

/** All purposes, in the order in which people see them. */
export const listPurposes = (ctx: Context): Promise<ConsentPurpose[]> => purposes(ctx.db)

const purposes = (db: Db, slug: string | null = null) => sql<ConsentPurpose>(db, 'people/consent_purposes', { slug })
const one = async (db: Db, slug: string) => (await purposes(db, slug))[0] as ConsentPurpose

/** Adds a purpose with its first wording, unless there is one with this slug. Returns whether it was added. */
export async function insertPurpose(
  trx: Db,
  { slug, contact, ...wording }: z.output<typeof PurposeInput>,
): Promise<boolean> {
  const [purpose] = await trx('consent_purpose').insert({ slug, contact }).onConflict('slug').ignore().returning('id')
  if (purpose) await addWording(trx, purpose.id, 1, { ...wording, asks_anew: true })
  return purpose !== undefined
}

async function addWording(trx: Db, id: string, version: number, { title, text, asks_anew }: Wording): Promise<void> {
  const words = { title: JSON.stringify(title), text: JSON.stringify(text) }
  await trx('consent_wording').insert({ purpose_id: id, version, ...words, asks_anew })
}

/** Asks people for something more. Throws purpose-exists. */
export function addPurpose(ctx: Context, input: z.output<typeof PurposeInput>): Promise<ConsentPurpose> {
  return ctx.db.transaction(async (trx) => {
    if (!(await insertPurpose(trx, input))) throw problem('purpose-exists', { path: 'slug' })
    await audit(ctx, { action: 'consent.add-purpose', subjectId: input.slug, detail: { contact: input.contact } }, trx)
    return one(trx, input.slug)
  })
}

/** Asks in other words from now on. Throws not-found. */
export function rewordPurpose(ctx: Context, slug: string, wording: Wording): Promise<ConsentPurpose> {
  return ctx.db.transaction(async (trx) => {
    // Two who reword at once wait for each other, so that versions have no gaps and no doubles.
    const purpose = await trx('consent_purpose').where({ slug }).forUpdate().first('id')
    if (!purpose) throw problem('not-found')
    const last = await trx('consent_wording').where({ purpose_id: purpose.id }).max('version as version').first()
    const version = last?.version + 1
    await addWording(trx, purpose.id, version, wording)
    const detail = { version, asks_anew: wording.asks_anew }
    await audit(ctx, { action: 'consent.reword', subjectId: slug, detail }, trx)
    return one(trx, slug)
  })
}

/** Stops asking, or goes on. Throws not-found. */
export function switchPurpose(ctx: Context, slug: string, isActive: boolean): Promise<ConsentPurpose> {
  return ctx.db.transaction(async (trx) => {
    const found = await trx('consent_purpose').where({ slug }).update({ is_active: isActive })
    if (found === 0) throw problem('not-found')
    await audit(ctx, { action: isActive ? 'consent.resume' : 'consent.stop', subjectId: slug }, trx)
    return one(trx, slug)
  })
}
