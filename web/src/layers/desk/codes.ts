// Codes of a field as rows that can be typed.
import type { Localised } from '../../../../backend/core/contract.ts'
import type { FieldDefinition } from '../../../../backend/layers/contract.ts'

export interface CodeRow {
  code: string
  el: string
  en: string
}

export const canHaveCodes = (type: FieldDefinition['type']): boolean => type === 'text' || type === 'integer'

export const rowsOf = (codes: Record<string, Localised> = {}): CodeRow[] =>
  Object.entries(codes).map(([code, title]) => ({ code, ...title }))

/** Null: none. A row without a code says nothing; one language stands in for the other. */
export function codesOf(rows: CodeRow[]): Record<string, Localised> | null {
  const said = rows.filter(({ code }) => code.trim() !== '')
  const entries = said.map(({ code, el, en }) => [code.trim(), { el: el || en || code, en: en || el || code }] as const)
  return entries.length > 0 ? Object.fromEntries(entries) : null
}
