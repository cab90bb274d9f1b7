// Places as people write them, and where the map looks.
import { map, type LonLat } from './useMap.ts'

/** Latitude and longitude in degrees (WGS 84) as people write them: "36.35, 23.75" or, as Greeks write numbers, "36,35 23,75". Null: no two numbers. */
export function readCoordinates(text: string): LonLat | null {
  const [lat, lon] = (text.match(/-?\d+(?:[.,]\d+)?/g) ?? []).map((part) => Number(part.replace(',', '.')))
  return lat === undefined || lon === undefined ? null : [lon, lat]
}

/** The same to be read and changed; a fifth digit is a metre. */
export const coordinatesText = (at: LonLat | null, digits: number): string =>
  at ? `${at[1].toFixed(digits)}, ${at[0].toFixed(digits)}` : ''

/** The middle of the map; null until there is one. */
export function middleOfMap(): LonLat | null {
  const at = map.value?.getCenter()
  return at ? [at.lng, at.lat] : null
}
