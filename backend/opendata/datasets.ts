// What is published: every public layer, and the system's own collections.
import type { Localised } from '../core/contract.ts'
import { sql } from '../core/db/sql.ts'
import type { Context } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { Layer } from '../layers/contract.ts'
import { listLayers } from '../layers/service.ts'

export interface Row {
  id: string
  /** A GeoJSON feature as text. */
  feature: string
}

export interface Dataset {
  slug: string
  title: Localised
  description: Localised
  licence: string
  updated_at: string
  feature_count: number
  /** Changes whenever the content does. */
  version: string
  /** Rows after a key, in the order of their keys; each page is a short query of its own. */
  page: (after: string | null, size: number) => Promise<Row[]>
}

/** All datasets. Staff see the same as anyone: open data is what is open. */
export async function listDatasets(ctx: Context): Promise<Dataset[]> {
  const anyone = { ...ctx, actor: null }
  const layers = (await listLayers(anyone)).map((layer) => layerDataset(anyone, layer))
  return [...layers, await reportsDataset(anyone)]
}

/** One dataset. Throws not-found. */
export async function getDataset(ctx: Context, slug: string): Promise<Dataset> {
  const dataset = (await listDatasets(ctx)).find((each) => each.slug === slug)
  if (!dataset) throw problem('not-found')
  return dataset
}

function layerDataset(ctx: Context, layer: Layer): Dataset {
  const { slug, title, description, licence, updated_at, feature_count, revision } = layer
  const parameters = { table: `gis.${slug}`, fields: layer.fields.map(({ name }) => name) }
  return {
    slug,
    title,
    description,
    licence,
    updated_at,
    feature_count,
    version: String(revision),
    page: (after, size) =>
      sql<Row>(ctx.db, 'opendata/layer_page', { ...parameters, after: after ?? '0', page_size: size }),
  }
}

const NO_UUID = '00000000-0000-0000-0000-000000000000'

async function reportsDataset(ctx: Context): Promise<Dataset> {
  const { count, updated_at } = await ctx
    .db('report')
    .where('is_public', true)
    .first(ctx.db.raw('count(*)::int AS count'), ctx.db.raw('COALESCE(max(updated_at), to_timestamp(0)) AS updated_at'))
  return {
    slug: 'reports',
    title: { el: 'Αναφορές πολιτών', en: 'Reports by citizens' },
    description: {
      el: 'Τα προβλήματα που ανέφεραν οι πολίτες, χωρίς προσωπικά στοιχεία.',
      en: 'The problems that citizens reported, without personal data.',
    },
    licence: 'CC-BY-4.0',
    updated_at,
    feature_count: count,
    version: `${count}-${Date.parse(updated_at)}`,
    page: (after, size) => sql<Row>(ctx.db, 'opendata/reports_page', { after: after ?? NO_UUID, page_size: size }),
  }
}
