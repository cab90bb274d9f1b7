// Query parameters of a collection's items (OGC API - Features Part 1, 7.15; Part 2, 6.2; Part 3, 6).
import { badParameter } from '../../core/http/problem.ts'
import type { FieldDefinition } from '../../layers/contract.ts'
import type { Collection } from '../collections.ts'
import { compile, type Scope } from '../cql2/compile.ts'
import { type Expression, FilterError } from '../cql2/expression.ts'
import { boxShape } from '../cql2/geometry.ts'
import { isMoment } from '../cql2/temporal.ts'
import { readText } from '../cql2/text.ts'
import { CRS84, type Crs, systemOf, systems } from '../crs.ts'
import type { FeatureQuery, Fragment, SortKey } from '../features.ts'

export const DEFAULT_LIMIT = 100
export const MOST_FEATURES = 10_000

export type Parameters = Record<string, string>

export interface ItemsQuery extends FeatureQuery {
  /** Only how many there are. */
  isCount: boolean
}

/** Names of the parameters that every collection's items have. */
export const STANDARD = [
  'f', 'lang', 'limit', 'bbox', 'bbox-crs', 'crs', 'datetime', 'filter', 'filter-lang', 'filter-crs', 'sortby', 'properties',
  'skipGeometry', 'resultType', 'cursor',
] as const // prettier-ignore

/** Fields that can be asked for: what is nested cannot. */
export const queryable = ({ fields }: Collection): FieldDefinition[] =>
  fields.filter(({ type, name }) => type !== 'json' && !(STANDARD as readonly string[]).includes(name))

/**
 * The parameters by name. A parameter that is not in the API definition, or that comes twice, is an error (Part 1, /req/core/query-param-unknown).
 * Throws bad-parameter.
 */
export function readParameters(query: Record<string, unknown>, known: readonly string[]): Parameters {
  for (const [name, value] of Object.entries(query)) {
    if (!known.includes(name) || typeof value !== 'string')
      throw badParameter(name, 'parameter.unknown', { known: known.join(', ') })
  }
  return query as Parameters
}

/** What is asked of a collection. Throws bad-parameter with the name of the parameter. */
export function readItemsQuery(
  collection: Collection,
  query: Record<string, unknown>,
  defaultLimit: number,
): ItemsQuery {
  const fields = queryable(collection)
  const parameters = readParameters(query, [...STANDARD, ...fields.map(({ name }) => name)])
  const crs = readCrs(parameters, 'crs')
  const sort = readSort(parameters['sortby'], fields)
  return {
    where: [
      ...readBox(collection, parameters),
      ...readTime(collection, parameters['datetime']),
      ...readFilter(collection, parameters),
      ...fields.flatMap((field) => readProperty(collection, field, parameters[field.name])),
    ],
    sort,
    after: readCursor(collection, sort, parameters['cursor']),
    size: readLimit(parameters['limit'], defaultLimit),
    crs,
    fields: readProperties(collection, parameters['properties']),
    hasGeometry: !readChoice(parameters, 'skipGeometry', ['false', 'true']),
    isCount: readChoice(parameters, 'resultType', ['results', 'hits']),
  }
}

/** The system that a parameter names. Throws bad-parameter. */
export function readCrs(parameters: Parameters, name: string): Crs {
  const crs = parameters[name] === undefined ? CRS84 : systemOf(parameters[name])
  if (!crs) throw badParameter(name, 'parameter.crs', { known: systems.map(({ uri }) => uri).join(', ') })
  return crs
}

/** Whether the second of two choices is taken. */
function readChoice(parameters: Parameters, name: string, choices: readonly [string, string]): boolean {
  const value = parameters[name] ?? choices[0]
  if (!choices.includes(value)) throw badParameter(name, 'parameter.one_of', { known: choices.join(', ') })
  return value === choices[1]
}

/** More than the most is the most (Part 1, /req/core/fc-limit-response-1). */
function readLimit(value: string | undefined, otherwise: number): number {
  if (value === undefined) return otherwise
  if (!/^[0-9]{1,15}$/.test(value) || Number(value) < 1) throw badParameter('limit', 'parameter.limit')
  return Math.min(Number(value), MOST_FEATURES)
}

const NUMBER = /^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/

function readBox(collection: Collection, parameters: Parameters): Fragment[] {
  const crs = readCrs(parameters, 'bbox-crs')
  const text = parameters['bbox']
  if (text === undefined) return []
  const parts = text.split(',')
  if (!parts.every((part) => NUMBER.test(part.trim()))) throw badParameter('bbox', 'parameter.bbox')
  const box = turned(parts.map(Number), crs)
  if (box.length !== 4) throw badParameter('bbox', 'parameter.bbox')
  const [west = 0, south = 0, east = 0, north = 0] = box
  if (south > north || (west > east && crs.srid !== CRS84.srid)) throw badParameter('bbox', 'parameter.bbox')
  return [
    explained('bbox', () =>
      compile(
        { op: 's_intersects', args: [{ property: 'geometry' }, densified(box, crs)] },
        // The corners are east first by now.
        { ...scopeOf(collection), crs: { ...crs, isNorthFirst: false } },
      ),
    ),
  ]
}

/** Corners as west, south, east, north; heights are read over. */
function turned(box: readonly number[], { isNorthFirst }: Crs): number[] {
  const corners = box.length === 6 ? [box[0]!, box[1]!, box[3]!, box[4]!] : [...box]
  return isNorthFirst && corners.length === 4 ? [corners[1]!, corners[0]!, corners[3]!, corners[2]!] : corners
}

const SIDE_PARTS = 16

/** The box as a shape; in a projected system its sides are curves on the ground, so they get points on the way. */
function densified(box: readonly number[], { srid }: Crs): Expression {
  if (srid === CRS84.srid) return boxShape(box)
  const [west, south, east, north] = box as [number, number, number, number]
  const along = (from: readonly [number, number], to: readonly [number, number]) =>
    Array.from({ length: SIDE_PARTS }, (_, n) => {
      const part = n / SIDE_PARTS
      return [from[0] + (to[0] - from[0]) * part, from[1] + (to[1] - from[1]) * part]
    })
  const corners = [[west, south], [east, south], [east, north], [west, north], [west, south]] as const // prettier-ignore
  const ring = corners.slice(0, -1).flatMap((corner, n) => along(corner, corners[n + 1]!))
  return { type: 'Polygon', coordinates: [[...ring, [west, south]]] }
}

const scopeOf = ({ fields, id_type }: Collection): Scope => ({ fields, id: id_type, crs: CRS84 })

/** Features that know no time are of all times (Part 1, /req/core/fc-time-response). */
function readTime(collection: Collection, text: string | undefined): Fragment[] {
  if (text === undefined) return []
  const ends = text.split('/').map((end) => (end === '' ? '..' : end))
  if (ends.length > 2 || !ends.every(isEnd) || ends.every((end) => end === '..'))
    throw badParameter('datetime', 'parameter.datetime')
  const [from = '', to = from] = ends
  if (from !== '..' && to !== '..' && Date.parse(from) > Date.parse(to))
    throw badParameter('datetime', 'parameter.datetime')
  const { time } = collection
  if (!time) return []
  const unless = (field: FieldDefinition, refused: Expression): Fragment => {
    const none: Expression = { op: 'isNull', args: [{ property: field.name }] }
    return compile({ op: 'or', args: [none, { op: 'not', args: [refused] }] }, scopeOf(collection))
  }
  const last = time.end ?? time.start
  return [
    ...(from === '..' ? [] : [unless(last, isOver(last, from))]),
    ...(to === '..' ? [] : [unless(time.start, isStillToCome(time.start, to))]),
  ]
}

const isEnd = (end: string) => end === '..' || isMoment(end.includes('T') ? 'timestamp' : 'date', end)

const momentOf = (text: string): Expression => (text.includes('T') ? { timestamp: text } : { date: text })

/** A day of a feature lasts all day: what is over by noon is over by its morning. */
const isOver = ({ name, type }: FieldDefinition, from: string): Expression => ({
  op: 't_before',
  args: [{ property: name }, momentOf(type === 'date' ? from.slice(0, 10) : from)],
})

/** After a moment; a day that is asked for lasts until its end. */
const isStillToCome = ({ name }: FieldDefinition, to: string): Expression =>
  to.includes('T')
    ? { op: 't_after', args: [{ property: name }, momentOf(to)] }
    : { op: 't_after', args: [{ property: name }, { timestamp: `${to}T23:59:59.999999Z` }] }

function readFilter(collection: Collection, parameters: Parameters): Fragment[] {
  const isJson = readChoice(parameters, 'filter-lang', ['cql2-text', 'cql2-json'])
  const crs = readCrs(parameters, 'filter-crs')
  const filter = parameters['filter']
  if (filter === undefined) return []
  return [
    explained('filter', () => compile(isJson ? asJson(filter) : readText(filter), { ...scopeOf(collection), crs })),
  ]
}

function asJson(filter: string): Expression {
  try {
    return JSON.parse(filter)
  } catch {
    throw new FilterError('filter.syntax', { at: 1 })
  }
}

/** A fault of a filter is a bad parameter. */
export function explained<T>(name: string, make: () => T): T {
  try {
    return make()
  } catch (error) {
    if (error instanceof FilterError) throw badParameter(name, error.key, error.values)
    throw error
  }
}

/** name=value, or name=one,other. */
function readProperty(collection: Collection, field: FieldDefinition, text: string | undefined): Fragment[] {
  if (text === undefined) return []
  const values = text.split(',').map((value) => valueOf(field, value))
  const property = { property: field.name }
  return [explained(field.name, () => compile({ op: 'in', args: [property, values] }, scopeOf(collection)))]
}

function valueOf({ name, type }: FieldDefinition, text: string): Expression {
  if (type === 'text') return text
  if ((type === 'integer' || type === 'number') && NUMBER.test(text)) return Number(text)
  // GDAL writes 1 and 0.
  if (type === 'boolean' && ['true', 'false', '1', '0'].includes(text)) return text === 'true' || text === '1'
  if (type === 'date' && isMoment('date', text)) return { date: text }
  if (type === 'timestamp' && isMoment('timestamp', text)) return { timestamp: text }
  throw badParameter(name, 'parameter.value', { type })
}

function named(parameter: string, name: string, fields: readonly FieldDefinition[]): FieldDefinition {
  const field = fields.find((one) => one.name === name)
  if (!field) throw badParameter(parameter, 'parameter.property', { known: fields.map((one) => one.name).join(', ') })
  return field
}

/** More say nothing that the first have not said. */
const MOST_SORT_KEYS = 8

/** sortby=+name,-other. A space is what + becomes in an address. */
function readSort(text: string | undefined, fields: readonly FieldDefinition[]): SortKey[] {
  const parts = text === undefined ? [] : text.split(',')
  if (parts.length > MOST_SORT_KEYS) throw badParameter('sortby', 'parameter.too_many', { most: MOST_SORT_KEYS })
  return parts.map((part) => ({
    field: named('sortby', part.replace(/^[+ -]/, ''), fields).name,
    isDescending: part.startsWith('-'),
  }))
}

function readProperties({ fields }: Collection, text: string | undefined): readonly FieldDefinition[] {
  if (text === undefined) return fields
  const names = text === '' ? [] : text.split(',')
  for (const name of names) named('properties', name, fields)
  return fields.filter(({ name }) => names.includes(name))
}

/** Values of the last feature's sort keys and its id, as a token. */
export const cursorOf = (values: readonly (string | null)[]): string =>
  Buffer.from(JSON.stringify(values)).toString('base64url')

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

function readCursor({ id_type }: Collection, sort: readonly SortKey[], text: string | undefined) {
  if (text === undefined) return null
  const values = parsed(text)
  const id = values?.at(-1)
  const isId = typeof id === 'string' && (id_type === 'uuid' ? UUID : /^-?\d{1,18}$/).test(id)
  if (!values || values.length !== sort.length + 1 || !isId) throw badParameter('cursor', 'parameter.cursor')
  return values
}

function parsed(text: string): (string | null)[] | null {
  try {
    const values: unknown = JSON.parse(Buffer.from(text, 'base64url').toString())
    const isText = (value: unknown) => value === null || (typeof value === 'string' && !value.includes('\0'))
    return Array.isArray(values) && values.every(isText) ? values : null
  } catch {
    return null
  }
}
