// Fields at run time. A retired field leaves the definition and everything that reads it; its column stays in the table.
import { z } from 'zod'
import { audit } from '../../core/audit.ts'
import type { Db } from '../../core/db/connect.ts'
import { emit } from '../../core/events.ts'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { demandOpen, lockLayer } from '../change.ts'
import { FieldDefinition, LayerDefinition } from '../contract.ts'
import { addColumn, hasOwnArea, indexForSearch, isReserved, writeComments } from '../ddl.ts'
import { takeTime } from '../staging.ts'
import { StyleRecipe } from '../styling/contract.ts'
import { fieldsOf } from '../styling/fits.ts'
import { DAY_FIELDS } from '../validity.ts'
import { lockCatalogue, rebuildViews } from '../views.ts'
import type { addField as addApi, changeField as changeApi, LayerFields } from './contract.ts'

type NewField = z.output<NonNullable<typeof addApi.body>>
type FieldChange = z.output<NonNullable<typeof changeApi.body>>

/** A layer as it is stored, with what of it concerns fields. */
interface Stored {
  definition: LayerDefinition
  retired: FieldDefinition[]
  recipe: StyleRecipe | null
}

/** More columns than this no form and no popup can show. */
const MOST_FIELDS = 200
/** Readers of a layer end soon; who waits longer for them would hold up all others. */
const LOCK_WAIT = '5s'

const read = (row: Record<string, unknown>): Stored => ({
  definition: LayerDefinition.parse(row),
  retired: z.array(FieldDefinition).parse(row['retired_fields']),
  recipe: row['recipe'] ? StyleRecipe.parse(row['recipe']) : null,
})

/** The fields of a layer. Throws not-found. */
export async function listFields({ db }: Context, slug: string): Promise<LayerFields> {
  const row = await db('layer').where({ slug }).first()
  if (!row) throw problem('not-found')
  return told(read(row))
}

const told = (stored: Stored): LayerFields => ({
  fields: stored.definition.fields.map((field) => ({ ...field, uses: usesOf(stored, field.name) })),
  retired: stored.retired,
})

function usesOf({ definition, recipe }: Stored, name: string): LayerFields['fields'][number]['uses'] {
  const { key_field, title_fields, style, geometry_type } = definition
  const isDrawn =
    recipe?.kind !== undefined
      ? fieldsOf(recipe).some(([, field]) => field === name)
      : // Written by hand: whatever reads it.
        ['get', 'has'].some((read) => JSON.stringify(style).includes(`"${read}","${name}"`))
  return [
    ...(name === key_field ? (['key'] as const) : []),
    ...(name === title_fields?.el || name === title_fields?.en ? (['title'] as const) : []),
    ...(isDrawn ? (['style'] as const) : []),
    // Without it the table would be taken for one that computes its area (ddl.ts).
    ...(name === 'area_m2' && geometry_type === 'Polygon' ? (['area'] as const) : []),
  ]
}

/** Adds a field. Throws not-found, field-exists, too-many-fields, wrong-codes. */
export const addField = (ctx: Context, slug: string, given: NewField): Promise<LayerFields> =>
  changing(ctx, slug, { act: 'add', field: given.name }, async (trx, { definition, retired }) => {
    const { fields } = definition
    const isTaken = [...fields, ...retired].some(({ name }) => name === given.name)
    if (isTaken || isReserved(given.name) || (given.name === 'area_m2' && hasOwnArea(definition)))
      throw problem('field-exists', { path: 'name', values: { field: given.name } })
    if (fields.length + retired.length >= MOST_FIELDS)
      throw problem('too-many-fields', { values: { most: MOST_FIELDS } })
    const field = withoutNulls({ ...given, is_public: given.is_public ?? true })
    await addColumn(trx, slug, field)
    return { fields: [...fields, field], retired }
  })

/** Lets features say from which day to which they are valid; what is there is of all days. Throws not-found, field-exists. */
export const dateFeatures = (ctx: Context, slug: string): Promise<LayerFields> =>
  changing(ctx, slug, { act: 'date', field: DAY_FIELDS.map(({ name }) => name).join(', ') }, async (trx, stored) => {
    const { definition, retired } = stored
    const taken = [...definition.fields, ...retired].find(({ name }) => DAY_FIELDS.some((day) => day.name === name))
    if (taken) throw problem('field-exists', { path: 'layer', values: { field: taken.name } })
    for (const field of DAY_FIELDS) await addColumn(trx, slug, field)
    return { fields: [...definition.fields, ...DAY_FIELDS], retired }
  })

/** Changes what is named of a field. Throws not-found, wrong-codes, closed-field, closed-style. */
export const changeField = (ctx: Context, slug: string, name: string, change: FieldChange): Promise<LayerFields> =>
  changing(ctx, slug, { act: 'change', field: name }, async (_trx, { definition, retired }) => {
    if (!definition.fields.some((field) => field.name === name)) throw problem('not-found')
    const fields = definition.fields.map((field) =>
      field.name === name ? withoutNulls({ ...field, ...change }) : field,
    )
    return { fields, retired }
  })

/** Takes a field out of everything that is shown and published. Throws not-found, field-in-use. */
export const retireField = (ctx: Context, slug: string, name: string): Promise<LayerFields> =>
  changing(ctx, slug, { act: 'retire', field: name }, async (_trx, stored) => {
    const { fields } = stored.definition
    const field = fields.find((each) => each.name === name)
    if (!field) throw problem('not-found')
    if (usesOf(stored, name).length > 0) throw problem('field-in-use', { path: 'field', values: { field: name } })
    return { fields: fields.filter((each) => each !== field), retired: [...stored.retired, field] }
  })

/** Puts a retired field back, last in the row. Throws not-found. */
export const restoreField = (ctx: Context, slug: string, name: string): Promise<LayerFields> =>
  changing(ctx, slug, { act: 'restore', field: name }, async (_trx, { definition, retired }) => {
    const field = retired.find((each) => each.name === name)
    if (!field) throw problem('not-found')
    return { fields: [...definition.fields, field], retired: retired.filter((each) => each !== field) }
  })

/** What is null is not said; codes and search are for what can have them. Throws wrong-codes. */
function withoutNulls(field: Record<string, unknown> & Pick<FieldDefinition, 'type'>): FieldDefinition {
  const said = FieldDefinition.parse(Object.fromEntries(Object.entries(field).filter(([, value]) => value !== null && value !== ''))) // prettier-ignore
  if (said.codes && !['text', 'integer'].includes(said.type)) throw problem('wrong-codes', { path: 'codes' })
  if (said.codes && said.type === 'integer' && !Object.keys(said.codes).every((code) => /^-?\d{1,15}$/.test(code)))
    throw problem('wrong-codes', { path: 'codes' })
  return said
}

type Lists = Pick<LayerDefinition, 'fields'> & { retired: FieldDefinition[] }

/** One transaction: the definition, the table, the views that read it, the audit trail. */
async function changing(
  ctx: Context,
  slug: string,
  { act, field }: { act: string; field: string },
  change: (trx: Db, stored: Stored) => Promise<Lists>,
): Promise<LayerFields> {
  return ctx.db.transaction(async (trx) => {
    await takeTime(trx)
    await trx.raw(`SET LOCAL lock_timeout = '${LOCK_WAIT}'`)
    await lockCatalogue(trx)
    const stored = read(await lockLayer(trx, slug))
    const { fields, retired } = await change(trx, stored)
    const definition = { ...stored.definition, fields }
    demandOpen(definition, stored.recipe)
    // The revision, because addresses of tiles name it and are kept for a day.
    await trx('layer')
      .where({ slug })
      .update({
        fields: JSON.stringify(fields),
        retired_fields: JSON.stringify(retired),
        revision: trx.raw('revision + 1'),
      })
    await writeComments(trx, definition)
    await indexForSearch(trx, definition)
    await rebuildViews(trx)
    await audit(ctx, { action: 'layer.field', subjectId: slug, detail: { act, field } }, trx)
    await emit(trx, { type: 'layer.changed', subjectId: slug, payload: {} })
    return told({ ...stored, definition, retired })
  })
}
