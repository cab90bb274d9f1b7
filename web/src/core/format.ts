import { language } from './i18n/index.ts'

/** Day before month in English too, as Europe writes it. */
const locale = () => (language.value === 'en' ? 'en-GB' : 'el-GR')

/** "20 Νοεμβρίου 2026, 14:05" */
export const dateTime = (at: string): string =>
  new Intl.DateTimeFormat(locale(), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    hour: '2-digit',
    minute: '2-digit',
    hour12: false,
    timeZone: 'Europe/Athens',
  })
    .format(new Date(at))
    .replace(/ (στις|at) /, ', ')

/** "20 Νοεμβρίου 2026" */
export const day = (at: string): string =>
  new Intl.DateTimeFormat(locale(), {
    day: 'numeric',
    month: 'long',
    year: 'numeric',
    timeZone: 'Europe/Athens',
  }).format(new Date(at))

/** "Παρασκευή 27 Νοεμβρίου" */
export const weekday = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { weekday: 'long', day: 'numeric', month: 'long', timeZone: 'Europe/Athens' })
    .format(new Date(at))
    .replace(',', '')

/** "20:30" in Greece. */
export const clock = (at: string): string =>
  new Intl.DateTimeFormat(locale(), { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Europe/Athens' }).format(new Date(at)) // prettier-ignore

const STEPS: [Intl.RelativeTimeFormatUnit, number][] = [
  ['year', 31_536_000],
  ['month', 2_592_000],
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
]

/** "πριν από 3 ημέρες" */
export function ago(at: string): string {
  const seconds = (Date.parse(at) - Date.now()) / 1000
  const [unit, size] = STEPS.find(([, s]) => Math.abs(seconds) >= s) ?? ['minute', 60]
  return new Intl.RelativeTimeFormat(language.value, { numeric: 'auto' }).format(Math.round(seconds / size), unit)
}

export const metres = (m: number): string =>
  m < 1000 ? `${Math.round(m)} m` : `${(m / 1000).toLocaleString(language.value, { maximumFractionDigits: 1 })} km`

/** "3 ώ. 20 λ."; under an hour only minutes. */
export function minutes(count: number): string {
  const unit = (value: number, name: 'hour' | 'minute') =>
    value.toLocaleString(locale(), { style: 'unit', unit: name, unitDisplay: 'short' })
  const hours = Math.floor(count / 60)
  return [hours > 0 && unit(hours, 'hour'), (count % 60 > 0 || hours === 0) && unit(count % 60, 'minute')]
    .filter(Boolean)
    .join(' ')
}

/** "1.234,5 m²"; large ones without decimals. */
export const squareMetres = (m2: number): string =>
  `${number(m2 < 10_000 ? Math.round(m2 * 10) / 10 : Math.round(m2))} m²`

export const number = (value: number): string => value.toLocaleString(language.value, { maximumFractionDigits: 2 })

/** Euro cents as "42,00 €". */
export const euros = (cents: number): string =>
  new Intl.NumberFormat(locale(), { style: 'currency', currency: 'EUR' }).format(cents / 100)

/** 0..1 as "42 %". */
export const share = (value: number): string =>
  new Intl.NumberFormat(locale(), { style: 'percent', maximumFractionDigits: 0 }).format(value)

/** YYYY-MM as "Μαΐ 2026". */
export const month = (text: string): string =>
  new Intl.DateTimeFormat(locale(), { month: 'short', year: 'numeric', timeZone: 'UTC' }).format(new Date(`${text}-01`))

/** The day of a moment in Athens, YYYY-MM-DD. */
export const today = (now = new Date()): string =>
  new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Athens' }).format(now)

/** YYYY-MM-DD as "Σάββατο 28/11". */
export const dayOfWeek = (on: string): string => {
  const date = new Date(`${on}T00:00:00Z`)
  const weekday = new Intl.DateTimeFormat(locale(), { weekday: 'long', timeZone: 'UTC' }).format(date)
  return `${weekday} ${date.getUTCDate()}/${date.getUTCMonth() + 1}`
}

/** "1,2 MB" */
export const bytes = (count: number): string =>
  new Intl.NumberFormat(locale(), {
    style: 'unit',
    unit: count < 1e6 ? 'kilobyte' : 'megabyte',
    maximumFractionDigits: count < 1e6 ? 0 : 1,
  }).format(Math.max(count, 1000) / (count < 1e6 ? 1e3 : 1e6))
