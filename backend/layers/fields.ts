// The fields of a layer: found in the features, or given; how a property becomes a column, and which values it takes.
import type { Db } from '../core/db/connect.ts'
import type { FieldDefinition } from './contract.ts'
import { columnType, isReserved } from './ddl.ts'

type FieldType = FieldDefinition['type']

/** A field, and the property of the file that fills it. */
export interface Column {
  field: FieldDefinition
  property: string
}

// Regular expressions without question marks: knex takes those for parameters.
const DATE = '[12][0-9]{3}-[0-9]{2}-[0-9]{2}'
const CLOCK = '([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.][0-9]{1,9}){0,1}){0,1}'
const OFFSET = '(Z|[+-][01][0-9](:{0,1}[0-5][0-9]){0,1})'

/** jsonpath's datetime() alone can say "no such day" without an error that ends the transaction. */
const isDay = (value: string) =>
  `COALESCE(jsonb_path_exists(to_jsonb(left(${value}, 10)), '$.datetime("YYYY-MM-DD")', '{}', true), false)`

/** SQL condition: the text `value` can become a value of the type without an error. */
function isReadable(type: FieldType, value: string): string {
  switch (type) {
    case 'integer':
      return `${value} ~ '^-{0,1}[0-9]{1,18}$'`
    case 'number':
      return `(length(${value}) <= 100 AND ${value} ~ '^[-+]{0,1}([0-9]+[.]{0,1}[0-9]*|[.][0-9]+)([eE][-+]{0,1}[01]{0,1}[0-9]{1,2}){0,1}$')`
    case 'boolean':
      return `lower(${value}) IN ('true', 'false', 't', 'f', 'yes', 'no', '1', '0')`
    case 'date':
      return `(${value} ~ '^${DATE}$' AND ${isDay(value)})`
    case 'timestamp':
      return `(${value} ~ '^${DATE}([T ]${CLOCK}${OFFSET}{0,1}){0,1}$' AND ${isDay(value)})`
    case 'text':
    case 'json':
      return 'true'
  }
}

/** What one takes a property for; an empty text is no value, except in a text. */
const textOf = (type: FieldType) => (type === 'text' ? 'properties->>?' : `NULLIF(btrim(properties->>?), '')`)

/** SQL of the column's value in a staged feature, and its parameters. Times without offset are times in Greece. */
export function valueOf({ field, property }: Column): { text: string; values: string[] } {
  const text = textOf(field.type)
  if (field.type === 'json') return { text: `NULLIF(properties->?, 'null')`, values: [property] }
  if (field.type !== 'timestamp') return { text: `(${text})::${columnType(field)}`, values: [property] }
  return {
    text: `CASE WHEN ${text} ~ ':.*${OFFSET}$' THEN (${text})::timestamptz ELSE (${text})::timestamp AT TIME ZONE 'Europe/Athens' END`,
    values: [property, property, property],
  }
}

/** Marks staged features with a value that its column cannot take. */
export async function markWrongValues(trx: Db, table: string, columns: Column[]): Promise<void> {
  const typed = columns.filter(({ field }) => field.type !== 'text' && field.type !== 'json')
  if (typed.length === 0) return
  const cases = typed.map(
    ({ field }) => `WHEN NOT ${isReadable(field.type, 'v.value')} AND v.property = ? THEN '${field.type}'`,
  )
  await trx.raw(
    `UPDATE ?? AS s SET problem = w.problem
       FROM (SELECT DISTINCT ON (s.n) s.n, concat_ws(chr(31), 'wrong_type', v.property, k.type, left(v.value, 60)) AS problem
               FROM ?? AS s,
            LATERAL (SELECT e.key AS property, NULLIF(btrim(e.value), '') AS value FROM jsonb_each_text(s.properties) AS e) AS v,
            LATERAL (SELECT CASE ${cases.join(' ')} END AS type) AS k
              WHERE s.problem IS NULL AND v.value IS NOT NULL AND k.type IS NOT NULL) AS w
      WHERE s.n = w.n`,
    [table, table, ...typed.map(({ property }) => property)],
  )
}

interface Found {
  property: string
  type: FieldType
}

// Numbers written as text stay text: codes begin with zeros.
const NARROWEST_TYPE = `
  CASE WHEN bool_and(v.kind = 'boolean') THEN 'boolean'
       WHEN bool_and(v.kind = 'number' AND v.value::text ~ '^-{0,1}[0-9]{1,18}$') THEN 'integer'
       WHEN bool_and(v.kind = 'number') THEN 'number'
       WHEN bool_or(v.kind IN ('object', 'array')) THEN 'json'
       WHEN bool_and(v.kind = 'string' AND ${isReadable('date', `(v.value #>> '{}')`)}) THEN 'date'
       WHEN bool_and(v.kind = 'string' AND ${isReadable('timestamp', `(v.value #>> '{}')`)}) THEN 'timestamp'
       ELSE 'text' END`

/** The properties of the staged features, those of the first features first; with the narrowest type that holds all values, if asked. */
async function findProperties(trx: Db, table: string, withTypes: boolean): Promise<Found[]> {
  const { rows } = await trx.raw(
    `SELECT v.key AS property, ${withTypes ? NARROWEST_TYPE : `'text'`} AS type
       FROM (SELECT s.n, e.key, e.value, e.ordinality, jsonb_typeof(e.value) AS kind
               FROM ?? AS s, LATERAL jsonb_each(s.properties) WITH ORDINALITY AS e
              WHERE s.problem IS NULL) AS v
      WHERE v.kind <> 'null'
      GROUP BY v.key
      ORDER BY min(v.n), min(v.ordinality)`,
    [table],
  )
  return rows
}

/** The columns of the layer: the given fields, or what the features hold where none are given. */
export async function columnsOf(trx: Db, table: string, fields: FieldDefinition[]): Promise<Column[]> {
  const found = nameColumns(await findProperties(trx, table, fields.length === 0))
  if (fields.length === 0) return found
  // A file that was read once without definitions comes again with its own names: they lead to the same columns.
  const properties = new Map(found.map(({ field, property }) => [field.name, property]))
  for (const { property } of found) properties.set(property, property)
  return fields.map((field) => ({ field, property: properties.get(field.name) ?? field.name }))
}

function nameColumns(found: Found[]): Column[] {
  const taken = new Set<string>()
  return found.map(({ property, type }, index) => {
    const base = columnName(property) || `field_${index + 1}`
    let name = base
    for (let n = 2; taken.has(name) || isReserved(name); n++) name = `${base}_${n}`
    taken.add(name)
    return { field: { name, type, title: { el: property, en: property }, is_public: true }, property }
  })
}

// ELOT 743, without its rules for single words: a column name is to be read, not pronounced.
const GREEK = [...'αβγδεζηθικλμνξοπρστυφχψως']
const LATIN = 'a v g d e z i th i k l m n x o p r s t y f ch ps o s'.split(' ')
const latin = new Map(GREEK.map((letter, index) => [letter, LATIN[index]!]))

/** A column name that SQL reads without quotes; empty when nothing is left of the property's name. */
export const columnName = (property: string): string =>
  property
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ου', 'ou')
    .replace(/[α-ω]/g, (letter) => latin.get(letter) ?? letter)
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, 50)
