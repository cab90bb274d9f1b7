// What a feature says of itself, in words for people: the titles, codes and units of its fields.
import type { Language } from '../core/contract.ts'
import { text } from '../core/i18n/text.ts'
import type { FieldDefinition } from './contract.ts'

export interface Fact {
  name: string
  title: string
  value: string
}

/** Codes and names are told as the title of the feature. */
const IS_TITLE = /^(code|label_|name_)/
/** The other language's half of a pair like uses_el, uses_en. */
const OTHER: Record<Language, RegExp> = { el: /_en$/, en: /_el$/ }

/** The fields that have a value, in the order of the layer. */
export function factsOf(
  fields: readonly FieldDefinition[],
  properties: Record<string, unknown>,
  language: Language,
): Fact[] {
  return fields
    .filter(({ name }) => properties[name] != null && !IS_TITLE.test(name) && !OTHER[language].test(name))
    .map((field) => ({
      name: field.name,
      title: field.title[language],
      value: valueOf(field, properties[field.name], language),
    }))
}

function valueOf({ name, type, unit, codes }: FieldDefinition, value: unknown, language: Language): string {
  const code = codes?.[String(value)]
  if (code) return code[language]
  if (typeof value === 'boolean') return text(language, value ? 'fact.yes' : 'fact.no')
  if (type === 'date') return dayText(String(value), language)
  const shown =
    typeof value === 'number' && name !== 'year'
      ? value.toLocaleString(language, { maximumFractionDigits: 2 })
      : String(value)
  return unit ? `${shown} ${unit.replace('m2', 'm²')}` : shown
}

/** "20 Νοεμβρίου 2026" */
export const dayText = (at: string | Date, language: Language): string =>
  new Intl.DateTimeFormat(language === 'el' ? 'el-GR' : 'en-GB', {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Europe/Athens',
  }).format(new Date(at))

const clock = new Intl.DateTimeFormat('el', { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone: 'Europe/Athens' }) // prettier-ignore

/** "20 Νοεμβρίου 2026, 14:05", as clocks in Athens show it. */
export const momentText = (at: string, language: Language): string =>
  `${dayText(at, language)}, ${clock.format(new Date(at))}`
