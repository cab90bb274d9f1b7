import type { Localised } from '../../../../../backend/core/contract.ts'
import { latinKey } from '../../../core/fold.ts'

const LONGEST = 30
const asCode = (text: string) =>
  text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '_')
    .replace(/^[^a-z]+|_+$/g, '')
    .slice(0, LONGEST)

/** A name for programs, from the English title, else from the Greek one; another number where it is taken. */
export function codeFor({ el, en }: Localised, taken: readonly string[]): string {
  const base = asCode(en) || asCode(latinKey(el)) || 'q'
  const numbers = [...Array(taken.length + 1).keys()].map((n) => (n === 0 ? base : `${base}_${n + 1}`))
  return numbers.find((code) => !taken.includes(code)) ?? base
}

/** The same with dashes, as addresses write it. */
export const slugFor = (title: Localised): string => codeFor(title, []).replaceAll('_', '-')
