// Statistics by district as a layer like any other: map, tiles, downloads, versions and open data come with it.
import type { Db } from '../core/db/connect.ts'
import { LayerDefinition } from '../layers/contract.ts'
import { importLayer, updateLayer } from '../layers/service.ts'
import { statisticsOf } from './service.ts'

const field = (name: string, type: 'text' | 'integer' | 'number', el: string, en: string, unit?: string) => ({
  name,
  type,
  title: { el, en },
  ...(unit && { unit }),
})

/** Shares in time: from which on, and how it is painted; a colour-blind eye tells them apart too. */
const SHADES = [[0, '#b35806', 'Κάτω από το 50%', 'Less than 50%'], [0.5, '#f1a340', '50% ώς 70%', '50% to 70%'], [0.7, '#d8daeb', '70% ώς 85%', '70% to 85%'], [0.85, '#998ec3', '85% ώς 95%', '85% to 95%'], [0.95, '#542788', 'Από 95%', '95% and more']] as const // prettier-ignore
const UNKNOWN = '#9aa3a8'

const DEFINITION = LayerDefinition.parse({
  slug: 'report_statistics',
  title: { el: 'Αναφορές ανά διαμέρισμα', en: 'Reports by district' },
  description: {
    el: 'Πόσες δημόσιες αναφορές ήρθαν τους τελευταίους δώδεκα μήνες και τι απέγιναν. Ό,τι θα έλεγαν λιγότερες από πέντε λείπει.',
    en: 'How many public reports came in the last twelve months, and what became of them. What fewer than five would tell is missing.',
  },
  role: 'other',
  theme: 'administration',
  geometry_type: 'Polygon',
  key_field: 'district',
  title_fields: { el: 'name_el', en: 'name_en' },
  update_frequency: 'daily',
  style: [
    {
      type: 'fill',
      paint: {
        'fill-color': [
          'case',
          ['has', 'in_time_share'],
          [
            'step',
            ['get', 'in_time_share'],
            SHADES[0][1],
            ...SHADES.slice(1).flatMap(([from, shade]) => [from, shade]),
          ],
          UNKNOWN,
        ],
        'fill-opacity': 0.6,
      },
    },
    { type: 'line', paint: { 'line-color': '#ffffff', 'line-width': 1.5 } },
  ],
  legend: [
    ...SHADES.map(([, colour, el, en]) => ({
      label: { el: `${el} στην ώρα τους`, en: `${en} in time` },
      shape: 'fill',
      colour,
    })),
    { label: { el: 'Πολύ λίγες', en: 'Too few' }, shape: 'fill', colour: UNKNOWN },
  ],
  fields: [
    field('district', 'text', 'Διαμέρισμα (κωδικός)', 'District (code)'),
    field('name_el', 'text', 'Διαμέρισμα', 'District in Greek'),
    field('name_en', 'text', 'Διαμέρισμα στα αγγλικά', 'District'),
    field('received', 'integer', 'Αναφορές', 'Reports'),
    field('open', 'integer', 'Ανοιχτές', 'Open'),
    field('overdue', 'integer', 'Εκπρόθεσμες', 'Late'),
    field('resolved', 'integer', 'Λύθηκαν', 'Resolved'),
    field('rejected', 'integer', 'Έκλεισαν χωρίς ενέργεια', 'Closed without action'),
    field('reopened', 'integer', 'Ξανάνοιξαν', 'Opened again'),
    field('resolution_days', 'number', 'Ημέρες ώς τη λύση, διάμεσος', 'Days until resolved, median', 'd'),
    field('answer_h', 'number', 'Ώρες ώς την πρώτη απάντηση, διάμεσος', 'Hours to the first answer, median', 'h'),
    field('in_time_share', 'number', 'Ποσοστό στην ώρα τους, 0 ώς 1', 'Share in time, 0 to 1'),
    field('area_km2', 'number', 'Έκταση', 'Area', 'km²'),
  ],
})

/** So many are no districts of a town, and nobody compares them. */
const MOST_DISTRICTS = 500

/** Counts the last twelve months anew, for every district there is. Without districts, or with more than a town has, there is no such layer. */
export async function renewStatistics(db: Db): Promise<void> {
  const { rows: counted } = await db.raw(`SELECT count(*)::int AS count FROM area WHERE role = 'district'`)
  if (counted[0].count === 0 || counted[0].count > MOST_DISTRICTS) return
  const { rows: areas } = await db.raw(
    `SELECT slug, title, round((area_m2 / 1e6)::numeric, 3)::float8 AS area_km2, ST_AsGeoJSON(geom, 7)::json AS geometry FROM area WHERE role = 'district'`,
  )
  const { rows } = await statisticsOf(db, db.raw('r.is_public'), { by: 'district' })
  const known = new Map(rows.map((row) => [row.key, row]))
  const features = areas.map(({ slug, title, area_km2, geometry }: Area) => {
    const row = known.get(slug)
    const { received = 0, open = 0, overdue = 0, resolved = 0, rejected = 0, reopened = 0 } = row ?? {}
    const properties = {
      district: slug,
      name_el: title?.el ?? slug,
      name_en: title?.en ?? slug,
      ...{ received, open, overdue, resolved, rejected, reopened },
      resolution_days: row?.resolution_days?.median ?? null,
      answer_h: row?.answer_h?.median ?? null,
      in_time_share: row?.in_time_share ?? null,
      area_km2,
    }
    return { type: 'Feature', properties, geometry }
  })
  if (await db('layer').where({ slug: DEFINITION.slug }).first('slug'))
    await updateLayer(db, DEFINITION.slug, each(features))
  else await importLayer(db, DEFINITION, each(features))
}

interface Area {
  slug: string
  title: { el: string; en: string } | null
  area_km2: number
  geometry: object
}

async function* each<T>(all: readonly T[]): AsyncGenerator<T> {
  yield* all
}
