// CQL2 expressions as SQL conditions (OGC 21-065r2). Names come from the collection's fields, every value is bound.
import type { FieldDefinition } from '../../layers/contract.ts'
import { type Crs, CRS84 } from '../crs.ts'
import type { Fragment } from '../features.ts'
import { DEEPEST, type Expression, FilterError, type Operation, type Shape } from './expression.ts'
import { boxShape, placed } from './geometry.ts'
import { momentOf, temporal } from './temporal.ts'
import { combined, type Kind, typed, type Typed } from './typed.ts'

/** What a filter may ask of, and what its coordinates are in. */
export interface Scope {
  fields: readonly FieldDefinition[]
  id: 'bigint' | 'uuid'
  crs: Crs
}

/** Name that filters know the geometry by. */
export const GEOMETRY = 'geometry'

/** The condition of a filter. Throws FilterError. */
export function compile(expression: Expression, scope: Scope): Fragment {
  return new Compiler(scope).condition(expression)
}

const KIND: Record<FieldDefinition['type'], Kind> = {
  text: 'text',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  date: 'date',
  timestamp: 'timestamp',
  json: 'json',
}

const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>='])
const ARITHMETIC = new Set(['+', '-', '*', '/', '%', 'div', '^'])
const CASELESS: Record<string, string> = { casei: 'casei', accenti: 'accenti' }
// With ST_Intersects and its like PostGIS asks the GiST index by itself.
const SPATIAL: Record<string, string> = {
  s_intersects: 'ST_Intersects',
  s_contains: 'ST_Contains',
  s_crosses: 'ST_Crosses',
  s_disjoint: 'ST_Disjoint',
  s_equals: 'ST_Equals',
  s_overlaps: 'ST_Overlaps',
  s_touches: 'ST_Touches',
  s_within: 'ST_Within',
}

class Compiler {
  private readonly scope: Scope
  private depth = 0

  constructor(scope: Scope) {
    this.scope = scope
  }

  condition(expression: Expression): Typed {
    const result = this.any(expression)
    if (result.kind !== 'boolean') throw new FilterError('filter.types', { op: 'filter' })
    return result
  }

  private any(expression: Expression): Typed {
    if (++this.depth > DEEPEST) throw new FilterError('filter.too_deep', { deepest: DEEPEST })
    const result = this.one(expression)
    this.depth--
    return result
  }

  private one(expression: Expression): Typed {
    if (typeof expression === 'string') return typed('text', '?::text', [expression])
    if (typeof expression === 'boolean') return typed('boolean', '?::boolean', [expression])
    if (typeof expression === 'number') return number(expression)
    if (typeof expression !== 'object' || expression === null || Array.isArray(expression))
      throw new FilterError('filter.arguments', { op: 'filter' })
    const part = expression as Partial<Operation> & Record<string, unknown>
    if (typeof part.op === 'string') return this.operation(part.op.toLowerCase(), part.args)
    if (typeof part['property'] === 'string') return this.property(part['property'])
    if ('date' in part || 'timestamp' in part) return typed(...momentOf(part))
    if (Array.isArray(part['interval'])) return this.interval(part['interval'])
    if (Array.isArray(part['bbox'])) return this.geometry(boxShape(part['bbox']))
    return this.geometry(part as unknown as Shape)
  }

  private property(name: string): Typed {
    if (name === GEOMETRY || name === 'geom') return typed('geometry', 'f.geom')
    if (name === 'id') return typed(this.scope.id === 'bigint' ? 'number' : 'text', this.scope.id === 'bigint' ? 'f.id' : 'f.id::text') // prettier-ignore
    const field = this.scope.fields.find((one) => one.name === name)
    if (!field) throw new FilterError('filter.unknown_property', { name })
    return typed(KIND[field.type], 'f.??', [name])
  }

  private operation(op: string, args: unknown): Typed {
    if (!Array.isArray(args)) throw new FilterError('filter.arguments', { op })
    if (op === 'and' || op === 'or') return this.joined(op, args)
    if (op === 'not') return combined('boolean', this.all(op, args, ['boolean']), (a) => `(NOT ${a})`)
    if (op === 'isnull') return combined('boolean', [this.any(this.exactly(op, args, 1)[0]!)], (a) => `(${a} IS NULL)`)
    if (COMPARISONS.has(op)) return this.comparison(op, args)
    if (op === 'like') return combined('boolean', this.all(op, args, ['text', 'text']), (a, b) => `(${a} LIKE ${b})`)
    if (op === 'between') return this.between(args)
    if (op === 'in') return this.among(args)
    if (ARITHMETIC.has(op)) return this.arithmetic(op, args)
    if (CASELESS[op]) return combined('text', this.all(op, args, ['text']), (a) => `${CASELESS[op]}(${a})`)
    if (SPATIAL[op]) return combined('boolean', this.all(op, args, ['geometry', 'geometry']), (a, b) => `${SPATIAL[op]}(${a}, ${b})`) // prettier-ignore
    if (op.startsWith('t_')) return this.temporal(op, args)
    throw new FilterError('filter.unknown_operator', { op })
  }

  private exactly(op: string, args: readonly unknown[], count: number): Expression[] {
    if (args.length !== count) throw new FilterError('filter.arguments', { op })
    return args as Expression[]
  }

  /** The arguments, which must be of these kinds. */
  private all(op: string, args: readonly unknown[], kinds: readonly Kind[]): Typed[] {
    return this.exactly(op, args, kinds.length).map((arg, index) => {
      const result = this.any(arg)
      if (result.kind !== kinds[index]) throw new FilterError('filter.types', { op })
      return result
    })
  }

  private joined(op: 'and' | 'or', args: readonly unknown[]): Typed {
    if (args.length < 2) throw new FilterError('filter.arguments', { op })
    const parts = this.all(op, args, args.map((): Kind => 'boolean')) // prettier-ignore
    return combined('boolean', parts, (...texts) => `(${texts.join(op === 'and' ? ' AND ' : ' OR ')})`)
  }

  private comparison(op: string, args: readonly unknown[]): Typed {
    const [left, right] = this.exactly(op, args, 2).map((arg) => this.any(arg)) as [Typed, Typed]
    return combined('boolean', alike(op, left, right), (a, b) => `(${a} ${op} ${b})`)
  }

  private between(args: readonly unknown[]): Typed {
    const [value, low, high] = this.exactly('between', args, 3).map((arg) => this.any(arg)) as [Typed, Typed, Typed]
    const [, least] = alike('between', value, low)
    const [same, most] = alike('between', value, high)
    return combined('boolean', [same, least, most], (a, b, c) => `(${a} BETWEEN ${b} AND ${c})`)
  }

  private among(args: readonly unknown[]): Typed {
    const [value, list] = this.exactly('in', args, 2)
    if (!Array.isArray(list) || list.length === 0) throw new FilterError('filter.arguments', { op: 'in' })
    const what = this.any(value!)
    const items = list.map((item) => alike('in', what, this.any(item))[1])
    return combined('boolean', [what, ...items], (a, ...rest) => `(${a} IN (${rest.join(', ')}))`)
  }

  // In floating point, as people expect of a quotient; div is the whole part.
  private arithmetic(op: string, args: readonly unknown[]): Typed {
    const parts = this.all(op, args, ['number', 'number'])
    return combined('number', parts, (a, b) => {
      const [x, y] = [`${a}::float8`, `${b}::float8`]
      if (op === '%') return `mod(${a}::numeric, ${b}::numeric)::float8`
      return op === 'div' ? `trunc(${x} / ${y})` : `(${x} ${op} ${y})`
    })
  }

  private interval(ends: readonly unknown[]): Typed {
    const [from, to] = this.exactly('interval', ends, 2).map((end) => (end === '..' ? null : this.moment(end)))
    const start = from ?? typed('timestamp', `'-infinity'::timestamptz`)
    const end = to ?? typed('timestamp', `'infinity'::timestamptz`)
    return { ...typed('interval', ''), span: { start, end } }
  }

  private moment(value: unknown): Typed {
    const result = this.any(
      typeof value === 'string'
        ? value.includes('T')
          ? { timestamp: value }
          : { date: value }
        : (value as Expression),
    )
    if (result.kind !== 'date' && result.kind !== 'timestamp') throw new FilterError('filter.time')
    return result
  }

  private temporal(op: string, args: readonly unknown[]): Typed {
    const [a, b] = this.exactly(op, args, 2).map((arg) => this.any(arg)) as [Typed, Typed]
    const fragment = temporal(op, a, b)
    if (!fragment) throw new FilterError('filter.unknown_operator', { op })
    return typed('boolean', fragment.text, fragment.values)
  }

  private geometry(shape: Shape): Typed {
    const { crs } = this.scope
    const turned = placed(shape, crs)
    const text = `ST_SetSRID(ST_GeomFromGeoJSON(?::text), ${crs.srid})`
    const here = crs.srid === CRS84.srid ? text : `ST_Transform(${text}, ${CRS84.srid})`
    // Rings that cross themselves make GEOS give up.
    return typed('geometry', `ST_MakeValid(${here})`, [JSON.stringify(turned)])
  }
}

function number(value: number): Typed {
  if (!Number.isFinite(value)) throw new FilterError('filter.types', { op: 'number' })
  // A whole number can be looked up in an index of whole numbers.
  return typed('number', Number.isSafeInteger(value) ? '?::bigint' : '?::float8', [value])
}

/** Both sides in kinds that can be compared; a text beside a moment is read as one. */
function alike(op: string, left: Typed, right: Typed): [Typed, Typed] {
  if (left.kind === right.kind && !['geometry', 'json', 'interval'].includes(left.kind)) return [left, right]
  const moments = ['date', 'timestamp']
  if (moments.includes(left.kind) && moments.includes(right.kind)) return [left, right]
  if (moments.includes(left.kind) && right.kind === 'text') return [left, asMoment(left.kind, right)]
  throw new FilterError('filter.types', { op })
}

function asMoment(kind: Kind, { values }: Typed): Typed {
  const [value] = values
  return typed(...momentOf({ [kind]: value }))
}
