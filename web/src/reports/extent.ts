import type { Place } from '../../../backend/places/contract.ts'
import { share } from '../core/format.ts'
import { say } from '../core/i18n/index.ts'

/** The districts that a line or an area lies in: "Λιμάνι", or "Λιμάνι 70 %", "Κάστρο 30 %". */
export const lyingIn = (districts: Place['districts'] = []): string[] =>
  districts.map((one) => (districts.length > 1 ? `${say(one.title)} ${share(one.share)}` : say(one.title)))
