// Walks with their ups and downs, and who is on duty when: what the page of a place tells beside its hours.
import { along, distance, length, type Point } from './geometry.ts'
import type { Fabric, Street } from './fabric.ts'
import type { Item, Properties } from './furniture.ts'
import { toLatin } from './names.ts'

/** Hills of the island: top in metres east and north, metres high, metres wide. */
const HILLS: [top: Point, high: number, wide: number][] = [
  [[-1700, 900], 214, 900],
  [[1900, 900], 156, 700],
  [[300, 900], 118, 800],
  [[-2900, -100], 92, 600],
]
const SHORE_M = 4
const STEP_M = 50

/** Metres above the sea. */
const elevation = (at: Point): number =>
  HILLS.reduce((sum, [top, high, wide]) => sum + high * Math.exp(-((distance(at, top) / wide) ** 2)), SHORE_M)

const tenth = (value: number) => Math.round(value * 10) / 10

/** Pairs of metres from the start and metres above the sea. */
function profileOf(line: Point[]): [number, number][] {
  const metres = length(line)
  const steps = Math.ceil(metres / STEP_M)
  return Array.from({ length: steps + 1 }, (_, n): [number, number] => {
    const far = (metres * n) / steps
    return [Math.round(far), tenth(elevation(along(line, far).point))]
  })
}

/** Naismith's rule in round numbers: 4 km an hour, and an hour for 600 m up. */
const minutesOf = (metres: number, up: number) => Math.round((metres / 4000 + up / 600) * 12) * 5

const isPath = ({ kind }: Street) => kind === 'path'

/** The longest paths. */
export const drawWalks = (fabric: Fabric): Item<Point[]>[] =>
  fabric.streets
    .filter(isPath)
    .sort((a, b) => length(b.points) - length(a.points))
    .slice(0, 3)
    .map(({ points, name_el }, n) => {
      const profile = profileOf(points)
      const ascent = profile.reduce((sum, [, high], i) => sum + Math.max(0, high - (profile[i - 1]?.[1] ?? high)), 0)
      const metres = length(points)
      return {
        at: points,
        properties: {
          code: `WALK-${n + 1}`, name_el, name_en: toLatin(name_el),
          description_el: 'Παλιό μονοπάτι με ξερολιθιές, σημασμένο με κόκκινο και λευκό. Πάρτε νερό· σκιά υπάρχει μόνο στην αρχή.',
          description_en: 'An old path between dry stone walls, marked in red and white. Take water: there is shade at the start only.',
          length_m: Math.round(metres), ascent_m: Math.round(ascent), duration_min: minutesOf(metres, ascent),
          difficulty: ascent > 150 ? 'hard' : ascent > 60 ? 'moderate' : 'easy',
          profile: profile as unknown as Properties[string],
        },
      } // prettier-ignore
    })

const FIRST_DAY = Date.UTC(2026, 10, 1)
const DAYS = 792 // to the end of 2028
const DAY_MS = 86_400_000

/** The list of the association of pharmacists: one pharmacy around the clock and one until late, day by day. */
export function listDuties(places: readonly Item<Point>[]): string[] {
  const codes = places.filter(({ properties }) => properties['kind'] === 'pharmacy').map(({ properties }) => properties['code']) // prettier-ignore
  const lines = Array.from({ length: DAYS }, (_, n) => {
    const date = new Date(FIRST_DAY + n * DAY_MS).toISOString().slice(0, 10)
    const of = (shift: number) => codes[(n * 3 + shift) % codes.length]
    return [`${date};08:00;08:00;${of(0)}`, `${date};08:00;23:00;${of(7)}`]
  })
  return ['date;from;to;place', ...lines.flat()]
}
