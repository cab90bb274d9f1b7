import type { Language, Localised } from '../contract.ts'
import el from './el.json' with { type: 'json' }
import en from './en.json' with { type: 'json' }

const catalogues: Record<Language, Record<string, string>> = { el, en }

export type TextKey = keyof typeof el

/** A text of the catalogue with its {placeholders} filled in. */
export function text(language: Language, key: TextKey, values: Record<string, unknown> = {}): string {
  const pattern = catalogues[language][key] ?? key
  return pattern.replace(/\{(\w+)\}/g, (whole, name: string) => (name in values ? String(values[name]) : whole))
}

/** The same text in both languages; values may differ by language. */
export function localised(
  key: TextKey,
  values: (language: Language) => Record<string, unknown> = () => ({}),
): Localised {
  return { el: text('el', key, values('el')), en: text('en', key, values('en')) }
}

/** A distance for people: metres below one kilometre, else kilometres with one decimal. */
export function distanceText(language: Language, metres: number): string {
  const [value, unit, digits] = metres < 1000 ? [Math.max(metres, 1), 'm', 0] : [metres / 1000, 'km', 1]
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${unit}`
}
