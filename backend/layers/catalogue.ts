// The catalogue of layers, as far as the caller may see it.
import { type Db, planned } from '../core/db/connect.ts'
import { type Context, may, reading } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { dayInAthens } from '../core/days.ts'
import type { FieldDefinition, Layer } from './contract.ts'
import { IS_DATED } from './validity.ts'

type Row = Omit<Layer, 'tiles'> & { fields: FieldDefinition[] }

const COLUMNS = [
  'slug', 'title', 'description', 'role', 'theme', 'geometry_type', 'key_field', 'title_fields', 'min_zoom', 'max_zoom',
  'visibility', 'is_on_at_start', 'licence', 'attribution', 'update_frequency', 'contact', 'style', 'legend', 'bbox', 'feature_count', 'revision', 'updated_at',
] // prettier-ignore

/** Catalogue rows that the caller may see, with the fields that the caller may see: both are decided in SQL. */
function visible({ actor }: Context, db: Db) {
  const isStaff = may(actor, 'staff.read')
  const fields = isStaff
    ? db.raw('fields')
    : db.raw(`jsonb_path_query_array(fields, '$[*] \\? (@.is_public != false)') AS fields`)
  const query = db('layer').select<Row[]>(...COLUMNS, fields, db.raw(`${IS_DATED} AS is_dated`))
  return isStaff ? query : query.where('visibility', 'public')
}

/** Of what is valid on certain days only, the tiles of a day have an address of their own: the next day may not show them. */
function withTiles({ day }: Context, row: Row): Layer {
  const on = row.is_dated ? `&at=${day ?? dayInAthens()}` : ''
  return { ...row, tiles: `/tiles/${row.slug}/{z}/{x}/{y}.mvt?v=${row.revision}${on}` }
}

/** The layers that the caller may see, in the order of the catalogue. */
export async function listLayers(ctx: Context): Promise<Layer[]> {
  const rows = await reading(ctx, async (db) => visible(ctx, db).orderBy('position').limit(1000))
  return rows.map((row) => withTiles(ctx, row))
}

/** One layer. Throws not-found, also when the caller may not know of it. */
export async function getLayer(ctx: Context, slug: string): Promise<Layer> {
  const [row] = await reading(ctx, async (db) =>
    visible(ctx, db)
      .where({ slug })
      .options(planned(db, nameFor(ctx))),
  )
  if (!row) throw problem('not-found')
  return withTiles(ctx, row)
}

const nameFor = ({ actor }: Context) => `layer for ${may(actor, 'staff.read') ? 'staff' : 'anyone'}`
