// Classes of a field, found in the database: no feature comes here, at most a thousand of its numbers in order.
import { ckmeans } from 'simple-statistics'
import type { z } from 'zod'
import type { Localised } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { getLayer } from '../catalogue.ts'
import type { FieldDefinition, Layer } from '../contract.ts'
import { tableOf } from '../ddl.ts'
import type { methods, proposeClasses as api } from './contract.ts'
import { coloursFor, sizeOf } from './palettes.ts'

type Wishes = z.output<NonNullable<typeof api.query>>
type Proposal = z.infer<typeof api.response>

/** Times are left out: a value for each moment is no class. */
const CLASSED: Record<Wishes['kind'], readonly FieldDefinition['type'][]> = {
  categorised: ['text', 'integer', 'number', 'boolean', 'date'],
  graduated: ['integer', 'number'],
}

/** Classes for a recipe. Throws not-found, wrong-field. */
export async function proposeClasses(ctx: Context, slug: string, wishes: Wishes): Promise<Proposal> {
  const layer = await getLayer(ctx, slug)
  const field = layer.fields.find(({ name }) => name === wishes.field)
  if (!field || !CLASSED[wishes.kind].includes(field.type))
    throw problem('wrong-field', { path: 'field', values: { field: wishes.field } })
  return wishes.kind === 'categorised' ? byValue(ctx, layer, field, wishes) : byRange(ctx, layer, wishes)
}

async function byValue(ctx: Context, { slug }: Layer, field: FieldDefinition, { palette }: Wishes): Promise<Proposal> {
  const most = sizeOf(palette)
  const [found] = await reading(ctx, (db) =>
    sql<{ classes: { value: string; features: number }[]; with_value: number; without: number }>(db, 'layers/field_values', {
      table: tableOf(slug),
      field: field.name,
      most,
    }),
  ) // prettier-ignore
  const { classes, with_value, without } = found!
  const colours = coloursFor(palette, classes.length)
  const named = classes.reduce((sum, { features }) => sum + features, 0)
  return {
    classes: classes.map(({ value, features }, n) => ({ value, features, colour: colours[n]!, label: labelOf(field, value) })),
    rest: with_value - named,
    without,
    max: null,
  } // prettier-ignore
}

const labelOf = ({ codes }: FieldDefinition, value: string): Localised =>
  codes?.[value] ?? { el: value.slice(0, 100), en: value.slice(0, 100) }

/** So many numbers in order tell natural breaks from each other. */
const SKETCH = 1000

interface Ranks {
  least: number | null
  greatest: number | null
  is_whole: boolean
  without: number
  ranks: number[]
}

async function byRange(ctx: Context, { slug }: Layer, { field, method, count, palette }: Wishes): Promise<Proposal> {
  const steps = method === 'jenks' ? SKETCH : count
  const fractions = Array.from({ length: steps + 1 }, (_, n) => n / steps)
  return reading(ctx, async (db) => {
    const table = tableOf(slug)
    const [ranks] = await sql<Ranks>(db, 'layers/field_ranks', { table, field, fractions })
    const { least, greatest, is_whole, without } = ranks!
    if (least === null || greatest === null) return { classes: [], rest: 0, without, max: null }
    const thresholds = thresholdsOf(method, count, ranks as Ranks & { least: number; greatest: number })
    const counts = await sql<{ class: number; features: number }>(db, 'layers/range_counts', { table, field, thresholds })
    const features = new Map(counts.map((row) => [row.class, row.features]))
    const colours = coloursFor(palette, thresholds.length + 1)
    const classes = [least, ...thresholds].map((from, n) => ({
      from,
      colour: colours[n]!,
      label: rangeLabel(from, thresholds[n], greatest, is_whole),
      features: features.get(n) ?? 0,
    }))
    return { classes, rest: 0, without, max: greatest }
  })
} // prettier-ignore

/** Where classes begin, without the first: rising, rounded to what people read. */
function thresholdsOf(
  method: (typeof methods)[number],
  count: number,
  { least, greatest, is_whole, ranks }: Ranks & { least: number; greatest: number },
): number[] {
  if (greatest === least) return []
  // Three digits of the span; whole numbers stay whole.
  const digits = 10 ** (Math.floor(Math.log10(greatest - least)) - 2)
  const step = is_whole ? Math.max(1, digits) : digits
  const rounded = breaks(method, count, least, greatest, ranks).map((at) => Number((Math.round(at / step) * step).toPrecision(12))) // prettier-ignore
  return [...new Set(rounded)].filter((at) => at > least && at <= greatest).sort((a, b) => a - b)
}

function breaks(method: (typeof methods)[number], count: number, least: number, greatest: number, ranks: number[]): number[] {
  switch (method) {
    case 'equal':
      return Array.from({ length: count - 1 }, (_, n) => least + ((greatest - least) * (n + 1)) / count)
    case 'quantile':
      return ranks.slice(1, -1)
    case 'jenks':
      return ckmeans(ranks, Math.min(count, new Set(ranks).size))
        .slice(1)
        .map(([first]) => first!)
  }
} // prettier-ignore

function rangeLabel(from: number, next: number | undefined, greatest: number, isWhole: boolean): Localised {
  const to = next === undefined ? greatest : isWhole ? next - 1 : next
  // Four digits stay together: they may be years.
  const say = (locale: string) => (value: number) =>
    value.toLocaleString(locale, { maximumFractionDigits: 4, useGrouping: 'min2' })
  const text = (locale: string) => (to === from ? say(locale)(from) : `${say(locale)(from)} – ${say(locale)(to)}`)
  return { el: text('el-GR'), en: text('en-GB') }
}
