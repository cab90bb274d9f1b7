// What a feature says of itself: the fields of its layer with titles, codes and units.
import type { Layer } from '../../../backend/layers/contract.ts'
import { day, number } from '../core/format.ts'
import { i18n, language, say } from '../core/i18n/index.ts'

export interface Fact {
  name: string
  title: string
  value: string
  /** Where a telephone or an e-mail address leads. */
  href?: string
}

/** Codes and names are the title of the feature. */
const IS_TITLE = /^(code|name_|label_)/

/** The fields that have a value, in the order of the layer, in the language of the page. */
export function factsOf(layer: Layer | undefined, properties: Record<string, unknown>): Fact[] {
  const other = language.value === 'el' ? /_en$/ : /_el$/
  return (layer?.fields ?? [])
    .filter(({ name }) => properties[name] != null && !IS_TITLE.test(name) && !other.test(name))
    .map((field) => {
      const value = shownValue(field, properties[field.name])
      return { name: field.name, title: say(field.title), value, href: hrefOf(field.name, value) }
    })
}

function shownValue(field: Layer['fields'][number], value: unknown): string {
  const code = field.codes?.[String(value)]
  if (code) return say(code)
  if (typeof value === 'boolean') return i18n.global.t(value ? 'place.yes' : 'place.no')
  if (field.type === 'date') return day(String(value))
  const text = typeof value === 'number' && field.name !== 'year' ? number(value) : String(value)
  return field.unit ? `${text} ${field.unit.replace('m2', 'm²')}` : text
}

function hrefOf(name: string, value: string): string | undefined {
  if (name === 'phone') return `tel:${value.replace(/[^+\d]/g, '')}`
  return name === 'email' ? `mailto:${value}` : undefined
}
