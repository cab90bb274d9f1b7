import { z } from 'zod'
import { endpoint, Localised } from '../../core/contract.ts'

/** Reports, beside the slugs of layers. */
export const REPORTS = 'reports'

/** Shapes of cells. */
export const shapes = ['hexagon', 'square'] as const

/** Sizes of cells that the portal offers, metres on the ground. */
export const CELL_SIZES_M = [100, 200, 300, 500, 1000, 2000] as const

const Day = z.iso.date()
const NUMBER = String.raw`-?\d{1,3}(\.\d{1,12})?`
const BBox = z
  .string()
  .regex(new RegExp(`^${NUMBER}(,${NUMBER}){3}$`))
  .transform((text) => text.split(',').map(Number) as [number, number, number, number])
  .refine(([west, south, east, north]) => west < east && south < north)

const choice = {
  source: z.string().max(80).default(REPORTS).describe('reports, or the slug of a public layer of points'),
  bbox: BBox.optional().describe('west,south,east,north in degrees, WGS 84'),
  from: Day.optional().describe('First day, Europe/Athens; missing: a year before to, of a layer all days'),
  to: Day.optional().describe('Last day, Europe/Athens; missing: today'),
  category: z.string().max(80).optional().describe('Of reports only this category, or those of this group'),
}

const Time = Localised.nullable().describe('What the days are the days of; null: the source knows no time')

export const Cells = z
  .object({
    time: Time,
    width_m: z.number().describe('Width of a cell in metres of EPSG:3857; size_m at the latitude of the town'),
    total: z.number().int().describe('Points in all the cells'),
    before_total: z.number().int().describe('The same in the days that are compared'),
    lon: z.array(z.number()).describe('Centres of the cells, degrees; the cell with the most points, or the largest difference, first'),
    lat: z.array(z.number()).describe('Centres of the cells, degrees'),
    count: z.array(z.number().int()).describe('Points in each cell'),
    before: z.array(z.number().int()).describe('The same in the days that are compared; zeros without them'),
    district: z.array(Localised.nullable()).describe('District of the centre, of the first twenty cells'),
  })
  .meta({ id: 'AnalyticsCells' }) // prettier-ignore
export type Cells = z.infer<typeof Cells>

export const Points = z
  .object({
    time: Time,
    total: z.number().int().describe('How many there are'),
    lon: z.array(z.number()).describe('Degrees; at most 100,000, of more an even sample, the earliest first'),
    lat: z.array(z.number()).describe('Degrees'),
    day: z.array(z.number().int().nullable()).describe('Days since 1970-01-01, Europe/Athens; null: not known'),
  })
  .meta({ id: 'AnalyticsPoints' })
export type Points = z.infer<typeof Points>

export const analyticsCells = endpoint('GET /api/analytics/cells', {
  summary: 'How many reports or features lie in each cell of a grid, in one or two stretches of days',
  query: z.object({
    ...choice,
    shape: z.enum(shapes).default('hexagon').describe('Hexagons stand on a side'),
    size_m: z.coerce.number().min(20).max(20_000).default(500).describe('Metres on the ground: side of a square, or from side to side of a hexagon'),
    before_from: Day.optional().describe('First day to compare with; goes with before_to'),
    before_to: Day.optional().describe('Last day to compare with'),
  }), // prettier-ignore
  response: Cells,
})
export type CellsQuery = z.output<NonNullable<typeof analyticsCells.query>>

export const analyticsPoints = endpoint('GET /api/analytics/points', {
  summary: 'Where reports or features lie, and of which day they are, in columns',
  query: z.object(choice),
  response: Points,
})
export type PointsQuery = z.output<NonNullable<typeof analyticsPoints.query>>
