// What stands and lies in the streets: lights, bins, pipes, buses, places, works.
import { along, at, length, offset, type Point } from './geometry.ts'
import type { Fabric, Street } from './fabric.ts'
import type { House } from './houses.ts'
import { toLatin } from './names.ts'
import type { Random } from './random.ts'

export type Properties = Record<string, string | number | boolean>
export interface Item<G> {
  at: G
  properties: Properties
}

const urban = ({ streets }: Fabric): Street[] => streets.filter(({ kind }) => kind !== 'path')

/** Points beside the streets, evenly, as many as asked. */
function beside(streets: readonly Street[], count: number, setback_m: number): { point: Point; street: Street }[] {
  const total = streets.reduce((sum, { points }) => sum + length(points), 0)
  const step = total / count
  const found: { point: Point; street: Street }[] = []
  let rest = step / 2
  for (const street of streets) {
    const metres = length(street.points)
    for (; rest < metres; rest += step) {
      const { point, direction } = along(street.points, rest)
      const away = street.width_m / 2 + setback_m
      found.push({ point: [point[0] - direction[1] * away, point[1] + direction[0] * away], street })
    }
    rest -= metres
  }
  return found.slice(0, count)
}

const code = (prefix: string, n: number, digits = 4): string => `${prefix}-${String(n + 1).padStart(digits, '0')}`

export const drawLights = (random: Random, fabric: Fabric): Item<Point>[] =>
  beside(urban(fabric), 3000, 0.4).map(({ point }, n) => {
    const isLed = random.chance(0.62)
    return {
      at: point,
      properties: {
        code: code('L', n),
        lamp: isLed ? 'led' : 'sodium',
        power_w: isLed ? random.pick([30, 45, 60]) : random.pick([70, 125, 150]),
        installed_on: `${isLed ? random.integer(2016, 2025) : random.integer(1992, 2012)}-0${random.integer(1, 9)}-15`,
        ...(random.chance(0.04) && { maintenance_note: 'Φθαρμένο ερμάριο, θέλει αντικατάσταση' }),
      },
    }
  })

export const drawBins = (random: Random, fabric: Fabric): Item<Point>[] =>
  beside(
    urban(fabric).filter(({ kind }) => kind !== 'lane'),
    900,
    0.9,
  ).map(({ point }, n) => {
    const kind = random.weighted(
      ['general', 'recycling', 'organic', 'glass'],
      (k) => ({ general: 6, recycling: 3, organic: 1, glass: 1 })[k] ?? 0,
    )
    return {
      at: point,
      properties: { code: code('B', n), kind, volume_l: kind === 'glass' ? 1300 : random.pick([360, 770, 1100]) },
    }
  })

export const drawWater = (random: Random, fabric: Fabric): Item<Point[]>[] =>
  urban(fabric).map(({ points, kind }, n) => ({
    at: offset(points, 1.2),
    properties: {
      code: code('W', n),
      diameter_mm: kind === 'primary' ? 250 : kind === 'secondary' ? 160 : random.pick([63, 90, 110]),
      material: random.pick(['PVC', 'HDPE', 'HDPE', 'Χάλυβας']),
      laid_year: random.integer(1968, 2024),
    },
  }))

export const drawSewers = (random: Random, fabric: Fabric): Item<Point[]>[] =>
  urban(fabric)
    .filter(({ kind }) => kind !== 'secondary')
    .map(({ points, kind }, n) => ({
      at: offset(points, -1.2),
      properties: {
        code: code('S', n),
        diameter_mm: kind === 'primary' ? 500 : random.pick([200, 250, 315]),
        kind: random.pick(['sanitary', 'sanitary', 'storm']),
        laid_year: random.integer(1975, 2024),
      },
    }))

const LINES: [string, string, string, (street: Street) => boolean][] = [
  ['1', 'Παραλία – Λιμάνι', '#0072b2', ({ name_el }) => name_el.startsWith('Παραλιακή')],
  ['2', 'Κυκλική', '#d55e00', ({ name_el }) => name_el.startsWith('Περιφερειακή')],
  ['3', 'Αλκυόνα – Αγριάνθη', '#009e73', ({ name_el }) => name_el === 'Επαρχιακή Οδός Αλκυόνας – Αγριάνθης'],
  ['4', 'Αλκυόνα – Άνω Πηγή', '#cc79a7', ({ name_el }) => name_el === 'Επαρχιακή Οδός Αλκυόνας – Άνω Πηγής'],
  ['5', 'Αλκυόνα – Πετρωτό', '#7a6a00', ({ name_el }) => name_el === 'Επαρχιακή Οδός Αλκυόνας – Πετρωτού'],
]

const STOP_EVERY_M = 320

export function drawBuses(fabric: Fabric): { lines: Item<Point[]>[]; stops: Item<Point>[] } {
  const lines = LINES.flatMap(([number, name_el, colour, runs]) =>
    fabric.streets.filter(runs).map((street) => ({
      at: street.points,
      properties: {
        code: `BUS-${number}`,
        name_el: `${number} ${name_el}`,
        name_en: `${number} ${toLatin(name_el)}`,
        colour,
      },
    })),
  ).filter(({ properties }, n, all) => all.findIndex((other) => other.properties.code === properties.code) === n)
  const stops = lines.flatMap(({ at: line, properties }) =>
    Array.from({ length: Math.floor(length(line) / STOP_EVERY_M) }, (_, n) => ({
      at: along(line, (n + 0.5) * STOP_EVERY_M).point,
      properties: { line: String(properties.code).slice(4) },
    })),
  )
  return {
    lines,
    stops: stops.map((stop, n) => ({
      ...stop,
      properties: { code: code('STOP', n, 3), name_el: `Στάση ${n + 1}`, name_en: `Stop ${n + 1}`, ...stop.properties },
    })),
  }
}

// A comma adds to the hours before, a semicolon takes their place (OpenStreetMap opening_hours).
const SHOP = 'Mo-Fr 08:30-14:30, Tu,Th,Fr 17:30-20:30; Sa 08:30-15:00; PH off'
const KINDS: [kind: string, el: string, en: string, share: number, hours: string][] = [
  ['cafe', 'Καφενείο', 'Café', 44, 'Mo-Su 07:00-24:00'],
  ['restaurant', 'Ταβέρνα', 'Taverna', 46, 'Mo-Su 12:00-23:30'],
  ['bakery', 'Φούρνος', 'Bakery', 26, 'Mo-Sa 06:30-21:00; Su 07:00-14:00'],
  ['pharmacy', 'Φαρμακείο', 'Pharmacy', 20, 'Mo-Fr 08:00-14:00, Tu,Th,Fr 17:30-21:00; PH off'],
  ['supermarket', 'Παντοπωλείο', 'Grocery', 30, 'Mo-Fr 08:00-21:00; Sa 08:00-20:00; PH off'],
  ['bank', 'Τράπεζα', 'Bank', 8, 'Mo-Th 08:00-14:00; Fr 08:00-13:30; PH off'],
  ['hotel', 'Ξενώνας', 'Guesthouse', 36, '24/7'],
  ['doctor', 'Ιατρείο', 'Doctor', 24, 'Mo-Fr 09:00-13:00, Mo,We 18:00-20:30; PH off || "κατόπιν ραντεβού"'],
  ['clinic', 'Κέντρο Υγείας', 'Health centre', 2, '24/7'],
  ['library', 'Δημοτική Βιβλιοθήκη', 'Municipal library', 2, 'Mo-Fr 09:00-20:00; Sa 10:00-14:00; PH off'],
  ['museum', 'Μουσείο', 'Museum', 6, 'Tu-Su 08:30-15:30; Jan 1,Mar 25,May 1,easter,Dec 25,Dec 26 off'],
  ['church', 'Ναός', 'Church', 22, 'Mo-Su 07:00-12:00,17:00-19:00'],
  ['kindergarten', 'Παιδικός Σταθμός', 'Day nursery', 8, 'Mo-Fr 07:00-16:00; Aug off; PH off'],
  ['post_office', 'Ταχυδρομείο', 'Post office', 3, 'Mo-Fr 07:30-14:30; PH off'],
  ['police', 'Αστυνομικό Τμήμα', 'Police station', 2, '24/7'],
  ['parking', 'Χώρος στάθμευσης', 'Car park', 14, '24/7'],
  ['taxi', 'Πιάτσα ταξί', 'Taxi rank', 8, '24/7'],
  ['playground', 'Παιδική χαρά', 'Playground', 24, 'Mo-Su 08:00-22:00'],
  ['shop', 'Κατάστημα', 'Shop', 62, SHOP],
  ['fuel', 'Πρατήριο καυσίμων', 'Petrol station', 7, 'Mo-Su 06:00-22:00'],
  ['citizen_centre', 'Κέντρο Εξυπηρέτησης Πολιτών', 'Citizen service centre', 4, 'Mo-Fr 08:00-15:00; PH off'],
  ['toilets', 'Δημόσιες τουαλέτες', 'Public toilets', 6, 'Mo-Su 07:00-23:00'],
] // prettier-ignore

const WORDS: Record<string, { el: string; en: string; site?: string }> = {
  museum: {
    el: 'Μόνιμη έκθεση για τη ναυτική και την αγροτική ζωή του νησιού. Είσοδος από την αυλή, χωρίς σκαλοπάτια. Τα Σάββατα στις 11:00 ξενάγηση.',
    en: 'A permanent exhibition on the seafaring and farming life of the island. Entrance through the yard, without steps. Guided tour on Saturdays at 11:00.',
    site: 'museum.alkyona.example',
  },
  library: {
    el: 'Δανειστική βιβλιοθήκη με αναγνωστήριο, υπολογιστές και γωνιά για παιδιά. Η εγγραφή είναι δωρεάν.',
    en: 'Lending library with a reading room, computers and a corner for children. Joining is free.',
    site: 'library.alkyona.example',
  },
  citizen_centre: {
    el: 'Πιστοποιητικά, γνήσιο της υπογραφής, αιτήσεις προς όλες τις υπηρεσίες. Με ραντεβού ή με σειρά προτεραιότητας.',
    en: 'Certificates, certified signatures, applications to all services. By appointment or in turn.',
    site: 'kep.alkyona.example',
  },
  clinic: {
    el: 'Πρωτοβάθμια φροντίδα και επείγοντα όλο το εικοσιτετράωρο. Σε ανάγκη καλέστε το 166.',
    en: 'Primary care and emergencies around the clock. In an emergency call 166.',
  },
}

/** What a place says of itself; a site ends in .example, which leads nowhere. */
function wordsOf(kind: string, key: string): Properties {
  const words = WORDS[kind]
  if (!words) return {}
  return {
    description_el: words.el,
    description_en: words.en,
    ...(words.site && { website: `https://${words.site}/${key.toLowerCase()}` }),
  }
}

export function drawPlaces(random: Random, houses: readonly House[]): Item<Point>[] {
  const town = random.shuffle(houses)
  let next = 0
  return KINDS.flatMap(([kind, el, en, share, opening_hours]) =>
    Array.from({ length: share }, () => ({ kind, el, en, opening_hours })),
  ).map(({ kind, el, en, opening_hours }, n) => {
    const { entrance, street, number } = at(town, next++)
    return {
        at: entrance,
        properties: {
          code: code('P', n), kind,
          name_el: `${el} ${street.name_el}`, name_en: `${en} ${street.name_en}`,
          opening_hours, phone: `2999 0${String(10000 + n * 7).slice(-5)}`,
          wheelchair: random.weighted(['yes', 'limited', 'no'], (w) => ({ yes: 4, limited: 3, no: 3 })[w] ?? 0),
          street_el: street.name_el, street_en: street.name_en, number,
          ...wordsOf(kind, code('P', n)),
        },
      } // prettier-ignore
  })
}

const WORKS: [string, string, string][] = [
  ['Ασφαλτόστρωση', 'Resurfacing', 'technical-service'],
  ['Αντικατάσταση αγωγού ύδρευσης', 'New water main', 'water'],
  ['Ανάπλαση πεζοδρομίων', 'New pavements', 'technical-service'],
  ['Αντικατάσταση φωτιστικών', 'New street lights', 'lighting'],
  ['Δενδροφύτευση', 'Tree planting', 'green'],
  ['Αγωγός ομβρίων', 'Storm drain', 'water'],
]

export function drawWorks(random: Random, fabric: Fabric): Item<Point[]>[] {
  const streets = random.shuffle(
    urban(fabric).filter(({ points, name_el }) => length(points) > 120 && !name_el.startsWith('Πάροδος')),
  )
  return streets.slice(0, 40).map((street, n) => {
    const [el, en, department] = random.pick(WORKS)
    const status = n < 10 ? 'planned' : n < 24 ? 'active' : 'completed'
    const month = String(random.integer(1, 9)).padStart(2, '0')
    const year = { planned: 2027, active: 2026, completed: random.integer(2023, 2025) }[status]
    return {
      at: street.points,
      properties: {
        code: code('PW', n, 3), name_el: `${el}, ${street.name_el}`, name_en: `${en}, ${street.name_en}`, status,
        starts_on: `${year}-${month}-01`, ends_on: `${year + (random.chance(0.3) ? 1 : 0)}-12-20`,
        budget_eur: random.integer(12, 480) * 1000, contractor: `Ανάδοχος ${random.pick(['Άλφα', 'Βήτα', 'Γάμμα', 'Δέλτα'])} (επινοημένος)`, department,
      },
    } // prettier-ignore
  })
}
