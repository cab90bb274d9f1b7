// What is published: every public layer, and the system's own collections. Each is a table or view with id, geom and columns.
import { createHash } from 'node:crypto'
import type { Localised } from '../core/contract.ts'
import { type Context, reading } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { FieldDefinition, Frequency, Layer } from '../layers/contract.ts'
import { getLayer, listLayers, tableOf } from '../layers/service.ts'
import { type CategoryDataset, categoryDatasets, type PublicReports, publicReports } from '../reports/service.ts'

export interface Collection {
  slug: string
  title: Localised
  description: Localised
  /** SPDX identifier. */
  licence: string
  attribution: Localised
  update_frequency: Frequency
  /** Null: the municipality. */
  contact: Layer['contact']
  geometry_type: Layer['geometry_type']
  /** Columns that the public may see. */
  fields: readonly FieldDefinition[]
  /** Fields between which a feature is valid; null: features know no time. */
  time: Time | null
  /** West, south, east, north; degrees, WGS 84; null when empty. */
  bbox: Layer['bbox']
  feature_count: number
  updated_at: string
  /** Changes whenever the content does. */
  version: string
  /** Table or view, with its schema. */
  relation: string
  id_type: 'bigint' | 'uuid'
  /** The layer behind it, with style and tiles. */
  layer: Layer | null
}

interface Time {
  start: FieldDefinition
  /** Null: an instant. */
  end: FieldDefinition | null
}

/** Staff see the same as anyone: open data is what is open. */
const asAnyone = (ctx: Context): Context => ({ ...ctx, actor: null })

/** The system's own collections; a layer of the same name stands behind them. */
const own: Record<string, (ctx: Context) => Promise<Collection>> = { reports: reportCollection }

/** All collections, in the order of the catalogue. */
export async function listCollections(ctx: Context): Promise<Collection[]> {
  const anyone = asAnyone(ctx)
  const layers = (await listLayers(anyone)).filter(({ slug }) => !Object.hasOwn(own, slug))
  const system = await Promise.all(Object.values(own).map((collection) => collection(anyone)))
  return [...layers.map(layerCollection), ...system, ...(await categoryCollections(anyone))]
}

/** One collection. Throws not-found. */
export async function getCollection(ctx: Context, slug: string): Promise<Collection> {
  const anyone = asAnyone(ctx)
  const make = Object.hasOwn(own, slug) && own[slug]
  if (make) return make(anyone)
  // Names of layers hold no dash.
  if (!slug.startsWith(OF_CATEGORY)) return layerCollection(await getLayer(anyone, slug))
  const found = (await categoryCollections(anyone)).find((one) => one.slug === slug)
  if (!found) throw problem('not-found')
  return found
}

function layerCollection(layer: Layer): Collection {
  const { slug, title, description, licence, attribution, geometry_type, fields, bbox, feature_count } = layer
  const { updated_at, revision, update_frequency, contact } = layer
  return {
    slug,
    title,
    description,
    licence,
    attribution,
    update_frequency,
    contact,
    geometry_type,
    fields,
    time: timeOf(fields),
    bbox,
    feature_count,
    updated_at: new Date(updated_at).toISOString(),
    // The time stands beside the revision because a layer that is dropped and made anew counts from one again.
    version: `${revision}-${Date.parse(updated_at).toString(36)}-${digest(fields)}`,
    relation: tableOf(slug),
    id_type: 'bigint',
    layer,
  }
}

const digest = (value: unknown) => createHash('sha256').update(JSON.stringify(value)).digest('base64url').slice(0, 8)

const TIMES: readonly (readonly [string, string | null])[] = [
  ['valid_from', 'valid_to'],
  ['starts_on', 'ends_on'],
  ['starts_at', 'ends_at'],
]

/** The pair of fields that says when, by the names that our layers use; else the only day or time there is. */
function timeOf(fields: readonly FieldDefinition[]): Time | null {
  const moments = fields.filter(({ type }) => type === 'date' || type === 'timestamp')
  const named = (name: string | null) => moments.find((field) => field.name === name) ?? null
  for (const [from, to] of TIMES) {
    const start = named(from)
    if (start) return { start, end: named(to) }
  }
  return moments.length === 1 && moments[0] ? { start: moments[0], end: null } : null
}

async function reportCollection(ctx: Context): Promise<Collection> {
  const [state, bbox] = await Promise.all([reading(ctx, publicReports), extentOfCity(ctx)])
  return { ...REPORTS, ...state, version: versionOf(state), bbox: state.feature_count > 0 ? bbox : null }
}

const OF_CATEGORY = 'reports-'

/** The reports of each category that asks something, with the answers as columns. */
async function categoryCollections(ctx: Context): Promise<Collection[]> {
  const datasets = await reading(ctx, categoryDatasets)
  if (datasets.length === 0) return []
  const reports = await reportCollection(ctx)
  return datasets.map((dataset) => categoryCollection(reports, dataset))
}

function categoryCollection(
  reports: Collection,
  { slug, title, description, columns, ...rest }: CategoryDataset,
): Collection {
  return {
    ...reports,
    ...rest,
    slug: `${OF_CATEGORY}${slug}`,
    title: { el: `${REPORTS.title.el}: ${title.el}`, en: `${REPORTS.title.en}: ${title.en}` },
    description,
    fields: [
      ...REPORTS.fields.filter(({ name }) => !/^category|^(answers|shape)$/.test(name)),
      ...columns.map((column) => ({ ...column, is_public: true })),
    ],
    version: `${reports.version}-${digest(columns)}`,
    bbox: rest.feature_count > 0 ? reports.bbox : null,
  }
}

const versionOf = ({ feature_count, updated_at }: PublicReports) =>
  `${feature_count}-${Date.parse(updated_at).toString(36)}`

/** Reports are taken inside the boundary only. */
const extentOfCity = async (ctx: Context): Promise<Layer['bbox']> =>
  (await listLayers(ctx)).find(({ role }) => role === 'boundary')?.bbox ?? null

const field = (name: string, el: string, en: string, type: FieldDefinition['type'] = 'text'): FieldDefinition => ({
  name,
  type,
  title: { el, en },
  is_public: true,
})
const created = field('created_at', 'Υποβλήθηκε', 'Reported', 'timestamp')

const REPORTS = {
  slug: 'reports',
  title: { el: 'Αναφορές πολιτών', en: 'Reports by citizens' },
  description: {
    el: 'Τα προβλήματα που ανέφεραν οι πολίτες, χωρίς προσωπικά στοιχεία.',
    en: 'The problems that citizens reported, without personal data.',
  },
  licence: 'CC-BY-4.0',
  attribution: { el: '', en: '' },
  update_frequency: 'continuous' as const,
  contact: null,
  geometry_type: 'Point' as const,
  fields: [
    field('protocol', 'Αριθμός', 'Number'),
    field('category', 'Κατηγορία (κωδικός)', 'Category (code)'),
    field('category_el', 'Κατηγορία στα ελληνικά', 'Category in Greek'),
    field('category_en', 'Κατηγορία στα αγγλικά', 'Category in English'),
    field('status', 'Κατάσταση', 'State'),
    field('district', 'Διαμέρισμα', 'District'),
    field('department', 'Υπηρεσία', 'Department'),
    created,
    field('updated_at', 'Τελευταία αλλαγή', 'Last change', 'timestamp'),
    field('due_at', 'Προθεσμία', 'Due', 'timestamp'),
    field('closed_at', 'Έκλεισε', 'Closed', 'timestamp'),
    field('answers', 'Απαντήσεις στις ερωτήσεις της κατηγορίας', 'Answers to the questions of the category', 'json'),
    field('shape', 'Όλη η γραμμή ή η έκταση (GeoJSON)', 'The whole line or area (GeoJSON)', 'json'),
  ],
  time: { start: created, end: null },
  relation: 'public_report',
  id_type: 'uuid' as const,
  layer: null,
}
