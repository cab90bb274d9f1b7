import { z } from 'zod'
import { endpoint, Language, OnDay } from '../core/contract.ts'

export const papers = ['a4', 'a3'] as const
export const orientations = ['portrait', 'landscape'] as const
/** Metres on the ground for one on paper. */
export const scales = ['200', '500', '1000', '2000', '5000', '10000', '25000', '50000'] as const

export type PaperSize = (typeof papers)[number]
export type Orientation = (typeof orientations)[number]

/** Width and height of the map on each sheet, millimetres. */
export const frames: Record<PaperSize, Record<Orientation, [width: number, height: number]>> = {
  a4: { portrait: [180, 176], landscape: [202, 138] },
  a3: { portrait: [267, 300], landscape: [310, 225] },
}

export const LONGEST_TITLE = 80
const MOST_LAYERS = 30

/** As the address of the portal writes them: poi,bin:60. */
const LayersShown = z
  .string()
  .max(2000)
  .regex(/^([a-z][a-z0-9_]{0,39}(:(100|[1-9]?\d))?(,(?=.)|$))*$/)
  .transform((text) =>
    text.split(',').filter(Boolean).map((part) => {
      const [slug = '', percent = '100'] = part.split(':')
      return { slug, opacity: Number(percent) / 100 }
    }),
  )
  .refine((layers) => layers.length <= MOST_LAYERS && new Set(layers.map(({ slug }) => slug)).size === layers.length)
  .prefault('')
  .describe('Layers on the map, with commas between them, each once, at most 30; poi:60 is drawn with 60 % of its strength') // prettier-ignore

/** Where the Greek Grid (EPSG:2100) is good for a map. */
const within = (least: number, most: number, what: string) =>
  z.coerce.number().min(least).max(most).describe(`${what} of the middle of the map; degrees, WGS 84`)

export const MapQuery = z.object({
  lon: within(19, 30, 'Longitude'),
  lat: within(34, 42, 'Latitude'),
  scale: z.enum(scales).describe('Metres on the ground for one on paper').transform(Number),
  paper: z.enum(papers).default('a4').describe('Size of the paper'),
  orientation: z.enum(orientations).default('portrait').describe('How the paper lies'),
  layers: LayersShown,
  title: z
    .string()
    .trim()
    .max(LONGEST_TITLE)
    .regex(/^\P{Cc}*$/u)
    .default('')
    .describe('Title on the sheet, of your own; empty: the layers'),
})
export type MapQuery = z.output<typeof MapQuery>

export const mapSheet = endpoint('GET /api/map.pdf', {
  summary: 'The map with these layers as a sheet of paper, true to scale in the Greek Grid (EPSG:2100)',
  query: MapQuery.extend({ ...OnDay.shape, language: Language }),
  response: z.string().describe('PDF'),
  produces: 'application/pdf',
})
