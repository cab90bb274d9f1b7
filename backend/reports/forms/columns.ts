// Answers as columns: what a category ever asked for all to read, with a type each.
import type { Localised } from '../../core/contract.ts'
import type { Question } from './contract.ts'

export interface AnswerColumn {
  name: string
  type: 'text' | 'number' | 'boolean' | 'date' | 'json'
  title: Localised
  /** Meaning of coded values. */
  codes?: Record<string, Localised>
}

const TYPE = {
  text: 'text',
  number: 'number',
  date: 'date',
  yes_no: 'boolean',
  choice: 'text',
  choices: 'json',
  photo: 'text',
  asset: 'text',
  line: 'json',
  area: 'json',
} as const

/** Columns of all versions, oldest version first: the newest words count, and what was answered in several types is JSON. */
export function columnsOf(versions: readonly (readonly Question[])[]): AnswerColumn[] {
  const columns = new Map<string, AnswerColumn>()
  for (const { code, type, title, options, is_public } of versions.flat()) {
    const before = columns.get(code)
    if (!is_public) continue
    const codes = { ...before?.codes, ...Object.fromEntries(options.map((option) => [option.code, option.title])) }
    columns.set(code, {
      name: code,
      type: before && before.type !== TYPE[type] ? 'json' : TYPE[type],
      title,
      ...(Object.keys(codes).length > 0 && { codes }),
    })
  }
  return [...columns.values()]
}
