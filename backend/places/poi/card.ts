// What the well-known fields of a place say: docs/places.md.
import type { Localised } from '../../core/contract.ts'
import type { PlaceCard } from './contract.ts'
import { openingAt } from './hours.ts'

/** A place as the database returns it. */
export interface PlaceRow {
  layer: string
  layer_title: Localised
  id: string
  key: string
  title: Localised | null
  properties: Record<string, unknown>
  /** Titles of the codes of the field kind. */
  kinds: Record<string, Localised> | null
  lon: number
  lat: number
  distance_m: number | null
  /** RFC 3339. */
  on_duty_until: string | null
}

/** The text of a field; null: it has none. */
export function textOf({ properties }: Pick<PlaceRow, 'properties'>, name: string): string | null {
  const value = properties[name]
  const words = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : ''
  return words || null
}

/** A pair of fields name_el, name_en, or one field for both; one language stands in for the other. */
export function pairOf(row: Pick<PlaceRow, 'properties'>, name: string): Localised | null {
  const [el, en, both] = [`${name}_el`, `${name}_en`, name].map((field) => textOf(row, field))
  const any = el ?? both ?? en
  return any ? { el: any, en: en ?? both ?? any } : null
}

function addressOf(row: PlaceRow): Localised | null {
  const street = pairOf(row, 'street')
  const number = textOf(row, 'number')
  const one = (name: string) => (number ? `${name} ${number}` : name)
  return pairOf(row, 'address') ?? (street ? { el: one(street.el), en: one(street.en) } : null)
}

const ACCESS = ['yes', 'limited', 'no'] as const

/** What a list tells of the place at a moment. */
export function cardOf(row: PlaceRow, now: Date): PlaceCard {
  const code = textOf(row, 'kind')
  const hours = textOf(row, 'opening_hours')
  const kind = code
    ? { slug: code, title: row.kinds?.[code] ?? { el: code, en: code } }
    : { slug: row.layer, title: row.layer_title }
  return {
    layer: { slug: row.layer, title: row.layer_title },
    key: row.key,
    feature: row.id,
    title: row.title ?? kind.title,
    kind,
    distance_m: row.distance_m === null ? null : Math.round(row.distance_m * 10) / 10,
    address: addressOf(row),
    phone: textOf(row, 'phone'),
    wheelchair: ACCESS.find((one) => one === textOf(row, 'wheelchair')) ?? null,
    opening: hours ? openingAt(hours, now) : null,
    on_duty_until: row.on_duty_until,
  }
}
