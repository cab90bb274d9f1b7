// Which fields of a layer the search box reads, and how: the views and the indexes take the same expression from here.
import type { FieldDefinition, LayerDefinition } from './contract.ts'

/** What is searched in a feature: one text of one field. */
export interface Searched {
  field: string
  isTitle: boolean
  /** SQL of the text with ?? for the names; immutable, so that it can be indexed. */
  text: string
  names: string[]
}

type Definition = Pick<LayerDefinition, 'role' | 'title_fields' | 'fields'>

/** Times are left out: their text depends on the session. */
const SEARCHED_TYPES = new Set<FieldDefinition['type']>(['text', 'integer'])

/** A quoted literal for DDL, which takes no parameters; knex takes ? for one. */
export const literal = (value: string): string => `'${value.replaceAll("'", "''").replaceAll('?', '\\?')}'::text`

/** The Greek title and every field marked is_searchable; a coded field by the titles of its codes, in each language. */
export function searchedIn({ role, title_fields, fields }: Definition): Searched[] {
  if (role === 'basemap') return []
  const isTitle = (name: string) => name === title_fields?.el || name === title_fields?.en
  return fields
    .filter(({ name, type, is_searchable }) => SEARCHED_TYPES.has(type) && (is_searchable || name === title_fields?.el))
    .flatMap((field) => textsOf(field).map((text) => ({ field: field.name, isTitle: isTitle(field.name), ...text })))
}

function textsOf({ name, codes }: FieldDefinition): Pick<Searched, 'text' | 'names'>[] {
  // Sorted: jsonb forgets the order of keys, and view and index need the same expression to the letter.
  const entries = Object.entries(codes ?? {}).sort(([a], [b]) => (a < b ? -1 : 1))
  if (entries.length === 0) return [{ text: '??::text', names: [name] }]
  return (['el', 'en'] as const).map((language) => {
    const cases = entries.map(([code, title]) => `WHEN ${literal(code)} THEN ${literal(title[language])}`)
    return { text: `CASE ??::text ${cases.join(' ')} ELSE ??::text END`, names: [name, name] }
  })
}
