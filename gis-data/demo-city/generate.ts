// npm run demo:generate: writes the GeoJSON files of the demo city beside this file. Same seed, same bytes.
import { writeFileSync } from 'node:fs'
import { contains, distance, signedArea, toLonLat, type Point, type Ring } from './geometry.ts'
import { blockOf, DISTRICTS, nearest, unite, UNITS, weave, type Fabric, type Parcel } from './fabric.ts'
import {
  drawBins,
  drawBuses,
  drawLights,
  drawPlaces,
  drawSewers,
  drawWater,
  drawWorks,
  type Item,
  type Properties,
} from './furniture.ts'
import { announce } from './happenings.ts'
import { build, type Block, type House } from './houses.ts'
import { toLatin } from './names.ts'
import { recallReports, tie } from './past.ts'
import { Random } from './random.ts'
import { drawWalks, listDuties } from './walks.ts'

const SEED = 1821

interface Geometry {
  type: string
  coordinates: unknown
}

const closed = (ring: Ring): [number, number][] => [...ring, ring[0]!].map(toLonLat)
const polygon = (rings: Ring[]): Geometry => ({ type: 'Polygon', coordinates: rings.map(closed) })
const area = (polygons: Ring[][]): Geometry =>
  polygons.length === 1
    ? polygon(polygons[0]!)
    : { type: 'MultiPolygon', coordinates: polygons.map((rings) => rings.map(closed)) }
const point = (p: Point): Geometry => ({ type: 'Point', coordinates: toLonLat(p) })
const line = (points: Point[]): Geometry => ({ type: 'LineString', coordinates: points.map(toLonLat) })

function write(name: string, features: { geometry: Geometry; properties: Properties }[]): void {
  const lines = features.map(({ geometry, properties }) => JSON.stringify({ type: 'Feature', properties, geometry }))
  writeFileSync(
    new URL(`${name}.geojson`, import.meta.url),
    `{"type":"FeatureCollection","name":"${name}","features":[\n${lines.join(',\n')}\n]}\n`,
  )
  process.stdout.write(`${name}: ${features.length}\n`)
}

const points = (items: Item<Point>[]) => items.map(({ at, properties }) => ({ geometry: point(at), properties }))
const lines = (items: Item<Point[]>[]) => items.map(({ at, properties }) => ({ geometry: line(at), properties }))

function writeAdministration(fabric: Fabric): void {
  const whole = area(unite(fabric, fabric.parcels))
  write('boundary', [
    {
      geometry: whole,
      properties: {
        code: 'alkyona',
        name_el: 'Δήμος Αλκυόνας',
        name_en: 'Municipality of Alkyona',
        population: 14_230,
      },
    },
  ])
  write('land', [{ geometry: whole, properties: { code: 'land' } }])
  const of = (test: (parcel: Parcel) => boolean) => area(unite(fabric, fabric.parcels.filter(test)))
  write(
    'district',
    DISTRICTS.map(({ code, name_el, unit }) => ({
      geometry: of(({ district }) => district === code),
      properties: { code, name_el, name_en: toLatin(name_el), unit },
    })),
  )
  const unitOf = new Map(DISTRICTS.map(({ code, unit }) => [code, unit]))
  write(
    'municipal_unit',
    UNITS.map((unit) => ({ geometry: of(({ district }) => unitOf.get(district) === unit.code), properties: unit })),
  )
}

interface School {
  code: string
  level: 'primary' | 'secondary'
  name_el: string
  name_en: string
  seed: Point
}

function placeSchools(fabric: Fabric): School[] {
  const seeds = new Map(DISTRICTS.map(({ code, seed }) => [code, seed]))
  const primary = ['kastro', 'myloi', 'nea-poli', 'kipos', 'prosfygika', 'glafki', 'petroto', 'agrianthi']
  const secondary = ['naftiko', 'limani', 'ano-pigi', 'nea-poli']
  const school = (level: School['level'], district: string, n: number): School => {
    const home = fabric.parcels
      .filter((parcel) => parcel.district === district && parcel.zone !== 'country' && !parcel.use)
      .sort((a, b) => distance(a.centre, seeds.get(district)!) - distance(b.centre, seeds.get(district)!))[
      level === 'primary' ? 1 : 3
    ]!
    home.use = 'school'
    return {
      code: `${level === 'primary' ? 'DS' : 'GYM'}-${n + 1}`, level, seed: home.centre,
      name_el: level === 'primary' ? `${n + 1}ο Δημοτικό Σχολείο` : `${n + 1}ο Γυμνάσιο`,
      name_en: level === 'primary' ? `Primary School No ${n + 1}` : `Lower Secondary School No ${n + 1}`,
    } // prettier-ignore
  }
  return [...primary.map((d, n) => school('primary', d, n)), ...secondary.map((d, n) => school('secondary', d, n))]
}

function writeSchools(random: Random, fabric: Fabric, schools: School[]): void {
  write(
    'school',
    schools.map(({ seed, ...properties }, n) => ({
      geometry: point(seed),
      properties: {
        ...properties,
        phone: `2999 02${String(1000 + n * 13).slice(-4)}`,
        email: `${properties.code.toLowerCase()}@schools.example`,
        pupils: random.integer(60, 280),
      },
    })),
  )
  for (const level of ['primary', 'secondary'] as const) {
    const own = schools.filter((school) => school.level === level)
    write(
      `school_zone_${level}`,
      own.map((school) => ({
        geometry: area(
          unite(
            fabric,
            fabric.parcels.filter(({ centre }) => nearest(own, centre) === school),
          ),
        ),
        properties: {
          code: `Z-${school.code}`,
          name_el: `Ζώνη: ${school.name_el}`,
          name_en: `Zone: ${school.name_en}`,
          school: school.code,
          level,
          school_year: '2026-2027',
        },
      })),
    )
  }
}

/** Directorates write no line for fewer houses than this: they go with their neighbours, whatever the zone says. */
const LEAST_HOUSES = 3

interface Run {
  school: string
  numbers: number[]
}

/** One side of a street, cut where the school changes. */
function runsOf(side: House[], own: School[]): Run[] {
  const runs: Run[] = []
  for (const { number, parcel } of side) {
    const { code } = nearest(own, parcel.centre)
    const last = runs.at(-1)
    if (last && (last.school === code || last.numbers.length < LEAST_HOUSES)) last.numbers.push(Number(number))
    else runs.push({ school: code, numbers: [Number(number)] })
  }
  return runs
}

/** The street register that the directorates publish beside the zones: almost the same, as in life. */
function writeSchoolRegister(schools: School[], houses: House[]): void {
  const lines = ['school;street;numbers;from;to;decision']
  const streets = new Map<string, House[]>()
  for (const house of houses) streets.set(house.street.code, [...(streets.get(house.street.code) ?? []), house])
  for (const level of ['primary', 'secondary'] as const) {
    const own = schools.filter((school) => school.level === level)
    for (const [street, all] of [...streets].sort(([a], [b]) => (a < b ? -1 : 1)))
      for (const parity of ['odd', 'even'] as const) {
        const side = all.filter((house) => house.parity === parity).sort((a, b) => Number(a.number) - Number(b.number))
        const runs = runsOf(side, own)
        runs.forEach(({ school, numbers }, n) => {
          const from = n === 0 ? '' : numbers[0]
          const to = n === runs.length - 1 ? '' : numbers.at(-1)
          lines.push([school, street, parity, from, to, 'Επινοημένη απόφαση 7/2026'].join(';'))
        })
      }
  }
  writeFileSync(new URL('school_register.csv', import.meta.url), `${lines.join('\n')}\n`)
  process.stdout.write(`school_register: ${lines.length - 1}\n`)
}

const LAND_USE: Record<string, { el: string; en: string; use: string; uses_el: string; uses_en: string; coverage_pct: number; building_coefficient: number; max_height_m: number; min_plot_m2: number; min_frontage_m: number }> = {
  old: { el: 'Ιστορικό κέντρο', en: 'Historic centre', use: 'town_centre', uses_el: 'Κατοικία, εμπορικά καταστήματα, γραφεία, εστίαση, διοίκηση, πολιτιστικές εγκαταστάσεις, μικρά ξενοδοχεία', uses_en: 'Housing, shops, offices, restaurants, administration, culture, small hotels', coverage_pct: 70, building_coefficient: 1.2, max_height_m: 9, min_plot_m2: 120, min_frontage_m: 7 },
  town: { el: 'Γενική κατοικία', en: 'General residential', use: 'general_residential', uses_el: 'Κατοικία, καταστήματα γειτονιάς, γραφεία, εκπαίδευση, υγεία, εστίαση', uses_en: 'Housing, neighbourhood shops, offices, education, health, restaurants', coverage_pct: 60, building_coefficient: 1.4, max_height_m: 13, min_plot_m2: 250, min_frontage_m: 10 },
  garden: { el: 'Αμιγής κατοικία', en: 'Residential only', use: 'residential', uses_el: 'Κατοικία, παιδικοί σταθμοί, μικρά καταστήματα για τις ανάγκες της γειτονιάς', uses_en: 'Housing, nurseries, small shops for the needs of the neighbourhood', coverage_pct: 50, building_coefficient: 0.8, max_height_m: 8.5, min_plot_m2: 400, min_frontage_m: 14 },
  harbour: { el: 'Τουρισμός – αναψυχή', en: 'Tourism and leisure', use: 'tourism', uses_el: 'Ξενοδοχεία, εστίαση, αναψυχή, εμπορικά καταστήματα, λιμενικές εγκαταστάσεις', uses_en: 'Hotels, restaurants, leisure, shops, harbour facilities', coverage_pct: 50, building_coefficient: 0.9, max_height_m: 10, min_plot_m2: 500, min_frontage_m: 15 },
  village: { el: 'Οικισμός', en: 'Village', use: 'settlement', uses_el: 'Κατοικία, καταστήματα, ξενώνες, εργαστήρια, αγροτικές αποθήκες', uses_en: 'Housing, shops, guest houses, workshops, farm stores', coverage_pct: 60, building_coefficient: 0.8, max_height_m: 7.5, min_plot_m2: 300, min_frontage_m: 10 },
  open: { el: 'Εκτός σχεδίου', en: 'Outside the plan', use: 'outside_plan', uses_el: 'Κατοικία, γεωργικές εγκαταστάσεις, εγκαταστάσεις ανανεώσιμης ενέργειας', uses_en: 'Housing, farm buildings, renewable energy', coverage_pct: 10, building_coefficient: 0.2, max_height_m: 7.5, min_plot_m2: 4000, min_frontage_m: 25 },
  green: { el: 'Ελεύθεροι χώροι – πράσινο', en: 'Open and green space', use: 'green', uses_el: 'Πλατείες, παιδικές χαρές, υπαίθριος αθλητισμός, αναψυκτήρια', uses_en: 'Squares, playgrounds, outdoor sports, kiosks', coverage_pct: 5, building_coefficient: 0.05, max_height_m: 4.5, min_plot_m2: 0, min_frontage_m: 0 },
} // prettier-ignore

function zoneOf({ zone, district, use }: Parcel): string {
  if (zone === 'country') return 'open'
  if (zone === 'village') return 'village'
  if (use && use !== 'school') return 'green'
  return { kastro: 'old', limani: 'harbour', prosfygika: 'garden', myloi: 'garden' }[district] ?? 'town'
}

const CREWS: [crew: string, el: string, en: string, department: string, has: (parcel: Parcel) => boolean][] = [
  ['roads-west', 'Οδοποιία, δυτικός τομέας', 'Roads, west', 'technical-service', ({ centre }) => centre[0] < 300],
  ['roads-east', 'Οδοποιία, ανατολικός τομέας', 'Roads, east', 'technical-service', ({ centre }) => centre[0] >= 300],
  [
    'cleaning-harbour',
    'Καθαριότητα, παραλία',
    'Cleaning, seafront',
    'cleaning',
    ({ zone, centre }) => zone === 'town' && centre[1] < -1550,
  ],
  [
    'cleaning-town',
    'Καθαριότητα, πόλη',
    'Cleaning, town',
    'cleaning',
    ({ zone, centre }) => zone === 'town' && centre[1] >= -1550,
  ],
  ['cleaning-villages', 'Καθαριότητα, χωριά', 'Cleaning, villages', 'cleaning', ({ zone }) => zone !== 'town'],
  ['green-1', 'Πράσινο', 'Parks', 'green', () => true],
  ['lighting-north', 'Φωτισμός, βόρεια', 'Lighting, north', 'lighting', ({ centre }) => centre[1] >= -1100],
  ['lighting-south', 'Φωτισμός, νότια', 'Lighting, south', 'lighting', ({ centre }) => centre[1] < -1100],
  ['water-1', 'Ύδρευση', 'Water', 'water', () => true],
]

function writeAreas(fabric: Fabric): void {
  write(
    'land_use_zone',
    Object.entries(LAND_USE).map(([key, { el, en, ...terms }], n) => ({
      geometry: area(
        unite(
          fabric,
          fabric.parcels.filter((parcel) => zoneOf(parcel) === key),
        ),
      ),
      properties: {
        code: `Z${n + 1}`,
        name_el: el,
        name_en: en,
        ...terms,
        decree: 'Επινοημένη απόφαση 1/2019',
        decree_on: '2019-03-01',
      },
    })),
  )
  write(
    'crew_area',
    CREWS.map(([crew, name_el, name_en, department, has]) => ({
      geometry: area(unite(fabric, fabric.parcels.filter(has))),
      properties: { code: crew, name_el, name_en, crew, department },
    })),
  )
}

function writeTown(fabric: Fabric, blocks: Block[], houses: House[]): void {
  write(
    'street',
    fabric.streets.map(({ points: at, ...properties }) => ({ geometry: line(at), properties: { ...properties } })),
  )
  write(
    'block',
    blocks.map(({ number, ring }) => ({
      geometry: polygon([ring]),
      properties: { code: `OT-${number}`, number, label_el: `Ο.Τ. ${number}`, label_en: `Block ${number}` },
    })),
  )
  write(
    'building',
    houses.map(({ ring, street, number, floors, use, year }, n) => ({
      geometry: polygon([ring]),
      properties: {
        code: `H-${n + 1}`,
        street_el: street.name_el,
        number,
        floors,
        height_m: Math.round(floors * 32) / 10 + 0.5,
        use,
        year,
      },
    })),
  )
  write('address', houses.map(({ entrance, street, number, parity, parcel }, n) => ({
    geometry: point(entrance),
    properties: {
      code: `A-${n + 1}`, street: street.code, street_el: street.name_el, street_en: street.name_en, number, parity,
      postcode: parcel.zone === 'town' ? '99900' : '99901', label_el: `${street.name_el} ${number}`, label_en: `${street.name_en} ${number}`,
    },
  }))) // prettier-ignore
}

function writeGreen(fabric: Fabric): void {
  const parks = fabric.parcels
    .filter(({ use }) => use && use !== 'school')
    .flatMap((parcel) => {
      const ring = parcel.zone === 'country' ? parcel.ring : (blockOf(fabric, parcel) ?? parcel.ring)
      return [{ ring, kind: parcel.use!, name: parcel.name }]
    })
  const beaches = fabric.beaches
    .map((ring) => (signedArea(ring) < 0 ? [...ring].reverse() : ring))
    .map((ring) => ({ ring, kind: 'beach', name: undefined as string | undefined }))
  write(
    'green',
    [...parks, ...beaches].map(({ ring, kind, name }, n) => ({
      geometry: polygon([ring]),
      properties: { code: `G-${n + 1}`, kind, ...(name && { name_el: name, name_en: toLatin(name) }) },
    })),
  )
  const piers = [...fabric.coast.moles, ...fabric.coast.jetties].map((ring) =>
    signedArea(ring) < 0 ? [...ring].reverse() : ring,
  )
  write(
    'pier',
    piers.map((ring, n) => ({ geometry: polygon([ring]), properties: { code: `M-${n + 1}` } })),
  )
}

function main(): void {
  const random = new Random(SEED)
  const fabric = weave(random)
  const schools = placeSchools(fabric)
  const { blocks, houses } = build(random, fabric)
  writeAdministration(fabric)
  writeSchools(random, fabric, schools)
  writeSchoolRegister(schools, houses)
  writeAreas(fabric)
  writeTown(fabric, blocks, houses)
  writeGreen(fabric)
  const buses = drawBuses(fabric)
  const places = drawPlaces(random, houses)
  write('poi', points(places))
  write('event', points(announce(places)))
  write('walk', lines(drawWalks(fabric)))
  const duties = listDuties(places)
  writeFileSync(new URL('poi_duties.csv', import.meta.url), `${duties.join('\n')}\n`)
  process.stdout.write(`poi_duties: ${duties.length - 1}\n`)
  const lights = drawLights(random, fabric)
  const bins = drawBins(random, fabric)
  write('street_light', points(lights))
  write('bin', points(bins))
  write('water_main', lines(drawWater(random, fabric)))
  write('sewer', lines(drawSewers(random, fabric)))
  write('bus_line', lines(buses.lines))
  write('bus_stop', points(buses.stops))
  write('works', lines(drawWorks(random, fabric)))
  const onLand = recallReports(random, houses, 5200)
    .filter(({ at }) => contains(fabric.coast.land, at))
    .slice(-5000)
  write('reports', points(tie(tie(onLand, 'street-light-out', lights), 'overflowing-bin', bins)))
}

main()
