import { town } from './coast.ts'
import {
  at,
  clipLeft,
  contains,
  distance,
  distanceToLine,
  insideParts,
  middle,
  offset,
  signedArea,
  smooth,
  voronoi,
} from './geometry.ts'
import type { Point, Ring } from './geometry.ts'
import { findFaces, nodeLines } from './arrange.ts'
import type { Random } from './random.ts'

export type StreetKind = 'primary' | 'secondary' | 'residential' | 'lane' | 'pedestrian' | 'path'

export interface Line {
  points: Point[]
  kind: StreetKind
  width_m: number
  /** Where the line belongs: a sector of the town, a village, or the country. */
  zone: string
  /** Named by hand; the rest get a name from the list. */
  name?: string
}

export interface Village {
  slug: string
  centre: Point
  radius_m: number
  name: { el: string; en: string }
}

export interface Sector {
  slug: string
  ring: Ring
}

interface Plan {
  lines: Line[]
  sectors: Sector[]
  townRing: Ring
  villages: Village[]
  /** Places kept free of streets: larger blocks for parks, schools and squares. */
  voids: Void[]
}

export interface Void {
  centre: Point
  radius_m: number
  use: 'park' | 'square' | 'sports' | 'cemetery' | 'school' | 'wood'
  name: string
}

export const VILLAGES: Village[] = [
  { slug: 'glafki', centre: [-700, 1780], radius_m: 225, name: { el: 'Γλαύκη', en: 'Glafki' } },
  { slug: 'petroto', centre: [2950, -150], radius_m: 215, name: { el: 'Πετρωτό', en: 'Petroto' } },
  { slug: 'agrianthi', centre: [-2850, -350], radius_m: 215, name: { el: 'Αγριάνθη', en: 'Agrianthi' } },
  { slug: 'ano-pigi', centre: [950, 1280], radius_m: 180, name: { el: 'Άνω Πηγή', en: 'Ano Pigi' } },
]

const SECTORS: { slug: string; inside: Point; turn_deg: number; depth_m: number; long_m: number }[] = [
  { slug: 'old', inside: town(-150, 180), turn_deg: 0, depth_m: 0, long_m: 0 },
  { slug: 'west', inside: town(-620, 60), turn_deg: 62, depth_m: 56, long_m: 96 },
  { slug: 'north-west', inside: town(-560, 560), turn_deg: -14, depth_m: 58, long_m: 92 },
  { slug: 'north', inside: town(0, 620), turn_deg: 9, depth_m: 60, long_m: 84 },
  { slug: 'north-east', inside: town(520, 560), turn_deg: -7, depth_m: 62, long_m: 98 },
  { slug: 'east', inside: town(470, 130), turn_deg: -9, depth_m: 54, long_m: 88 },
  { slug: 'far-east', inside: town(950, 80), turn_deg: 33, depth_m: 60, long_m: 96 },
]

export const VOIDS: Void[] = [
  { centre: town(215, 520), radius_m: 88, use: 'park', name: 'Δημοτικός Κήπος Αλκυόνας' },
  { centre: town(560, 250), radius_m: 50, use: 'park', name: 'Πάρκο Φοινίκων' },
  { centre: town(-640, 330), radius_m: 55, use: 'park', name: 'Πάρκο Μύλων' },
  { centre: town(840, 520), radius_m: 98, use: 'sports', name: 'Δημοτικό Στάδιο Αλκυόνας' },
  { centre: town(-230, 760), radius_m: 80, use: 'cemetery', name: 'Κοιμητήριο Αλκυόνας' },
  { centre: town(-130, 165), radius_m: 42, use: 'square', name: 'Πλατεία Παλιάς Αγοράς' },
  { centre: town(-290, 60), radius_m: 30, use: 'square', name: 'Πλατεία Ναυτικών' },
  { centre: town(330, 60), radius_m: 40, use: 'square', name: 'Πλατεία Δημαρχείου' },
  { centre: town(980, 180), radius_m: 48, use: 'square', name: 'Πλατεία Προσφύγων' },
  { centre: town(-700, 620), radius_m: 60, use: 'wood', name: 'Άλσος Προφήτη' },
]

export function planStreets(random: Random, shore: readonly Point[], land: Ring): Plan {
  const main = drawMainStreets(shore)
  const faces = sectorFaces(main)
  const townRing = outline(faces)
  const sectors = SECTORS.flatMap(({ slug, inside }) => {
    const ring = faces.find((face) => contains(face, inside))
    if (!ring) throw new Error(`No sector around ${slug}`)
    return [{ slug, ring }]
  })
  const lines = [...main]
  for (const sector of SECTORS) {
    const { ring } = sectors.find(({ slug }) => slug === sector.slug)!
    lines.push(...(sector.slug === 'old' ? drawLanes(random, ring, 47, 'old') : drawGrid(random, ring, sector)))
  }
  for (const village of VILLAGES)
    lines.push(...drawLanes(random, blob(random, village.centre, village.radius_m), 54, village.slug))
  lines.push(...drawCountryRoads(random, lines, land))
  return { lines, sectors, townRing, villages: VILLAGES, voids: VOIDS }
}

function drawMainStreets(shore: readonly Point[]): Line[] {
  const front = offset(shore, 27).filter((p) => p[1] > town(0, -335)[1])
  const promenade = smooth(
    front.filter((_, i) => i % 3 === 0 || i === front.length - 1),
    24,
  )
  const road = (points: Point[], kind: StreetKind, width_m: number, name: string): Line => ({
    points: smooth(points, 26),
    kind,
    width_m,
    zone: 'main',
    name,
  })
  const from = promenade[0]!
  const to = promenade[promenade.length - 1]!
  return [
    { points: promenade, kind: 'primary', width_m: 12, zone: 'main', name: 'Παραλιακή Λεωφόρος' },
    road(
      [
        from,
        town(-985, -150),
        town(-985, 150),
        town(-925, 480),
        town(-760, 760),
        town(-480, 915),
        town(-150, 960),
        town(250, 985),
        town(640, 940),
        town(980, 800),
        town(1190, 520),
        town(1265, 180),
        town(1190, -120),
        to,
      ],
      'primary',
      12,
      'Περιφερειακή Οδός',
    ),
    road(
      [town(155, -20), town(165, 120), town(185, 280), town(150, 420), town(160, 640), town(230, 820), town(250, 985)],
      'primary',
      14,
      'Λεωφόρος Αλκυονίδων',
    ),
    road(
      [
        town(-985, 150),
        town(-780, 210),
        town(-560, 290),
        town(-390, 370),
        town(-170, 430),
        town(0, 440),
        town(150, 420),
      ],
      'secondary',
      11,
      'Κυκλάδων',
    ),
    road(
      [town(185, 280), town(420, 330), town(700, 360), town(960, 340), town(1265, 180)],
      'secondary',
      11,
      'Δωδεκανήσου',
    ),
    road([town(-470, -85), town(-500, 60), town(-465, 220), town(-390, 370)], 'secondary', 9, 'Μεγάλου Τείχους'),
    road([town(-390, 370), town(-420, 560), town(-400, 740), town(-480, 915)], 'secondary', 10, 'Ιωνίας'),
    road([town(690, -140), town(705, 60), town(700, 360), town(690, 600), town(640, 940)], 'secondary', 11, 'Ευβοίας'),
  ]
}

function sectorFaces(main: readonly Line[]): Ring[] {
  const graph = nodeLines(main.map(({ points }) => points))
  return findFaces(graph.nodes, graph.edges)
    .faces.map((face) => face.ring.map((n) => graph.nodes[n]!))
    .filter((ring) => signedArea(ring) > 5000)
}

/** Hull of the sectors: the largest ring of their shared outline. */
function outline(faces: readonly Ring[]): Ring {
  const key = (p: Point): string => `${p[0]},${p[1]}`
  const next = new Map<string, Point>()
  const reverse = new Set(faces.flatMap((ring) => ring.map((p, i) => `${key(at(ring, i + 1))}>${key(p)}`)))
  for (const ring of faces)
    ring.forEach((p, i) => {
      if (!reverse.has(`${key(p)}>${key(at(ring, i + 1))}`)) next.set(key(p), at(ring, i + 1))
    })
  const start = next.values().next().value!
  const ring = [start]
  for (let p = next.get(key(start)); p && p !== start; p = next.get(key(p))) {
    if (key(p) === key(start)) break
    ring.push(p)
  }
  return ring
}

const isFree = (p: Point, slack_m = 0): boolean =>
  VOIDS.every(({ centre, radius_m }) => distance(p, centre) > radius_m + slack_m)

function drawGrid(
  random: Random,
  ring: Ring,
  sector: { slug: string; turn_deg: number; depth_m: number; long_m: number },
): Line[] {
  const turn = (sector.turn_deg * Math.PI) / 180
  const u: Point = [Math.cos(turn), Math.sin(turn)]
  const v: Point = [-u[1], u[0]]
  const centre = ring.reduce<Point>((sum, p) => [sum[0] + p[0] / ring.length, sum[1] + p[1] / ring.length], [0, 0])
  const place = (a: number, b: number): Point => [centre[0] + u[0] * a + v[0] * b, centre[1] + u[1] * a + v[1] * b]
  const steps = (spacing: number): number[] =>
    Array.from(
      { length: 2 * Math.ceil(1200 / spacing) + 1 },
      (_, i) => (i - Math.ceil(1200 / spacing)) * spacing + random.between(-0.09, 0.09) * spacing,
    )
  const across = steps(sector.long_m)
  const down = steps(sector.depth_m)
  const lines: Line[] = []
  const family = (fixed: readonly number[], other: readonly number[], isDown: boolean): void => {
    fixed.forEach((k, row) => {
      const isWide = row % 5 === 2
      const isWalk = row % 11 === 6 && sector.slug !== 'far-east'
      for (let i = 0; i + 1 < other.length; i++) {
        const a = isDown ? place(other[i]!, k) : place(k, other[i]!)
        const b = isDown ? place(other[i + 1]!, k) : place(k, other[i + 1]!)
        for (const [from, to] of insideParts(ring, a, b)) {
          const point = (t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
          const m = point((from + to) / 2)
          const metres = distance(a, b)
          if (distanceToLine(m, ring, true) < 20 && (to - from) * metres > 24) continue
          if (!isFree(m) || !isFree(point(from + (to - from) * 0.25)) || !isFree(point(from + (to - from) * 0.75)))
            continue
          const slack = 9 / metres
          lines.push({
            points: [point(from === 0 ? 0 : from - slack), point(to === 1 ? 1 : to + slack)],
            kind: isWalk ? 'pedestrian' : 'residential',
            width_m: isWalk ? 6 : isWide ? 9 : 7,
            zone: sector.slug,
          })
        }
      }
    })
  }
  family(down, across, true)
  family(across, down, false)
  return lines
}

/** Crooked lanes: the edges between the cells of scattered points. */
function drawLanes(random: Random, ring: Ring, spacing_m: number, zone: string): Line[] {
  const xs = ring.map((p) => p[0])
  const ys = ring.map((p) => p[1])
  const seeds: Point[] = []
  let row = 0
  for (let y = Math.min(...ys) - spacing_m; y < Math.max(...ys) + spacing_m; y += spacing_m * 0.88, row++) {
    for (let x = Math.min(...xs) - spacing_m; x < Math.max(...xs) + spacing_m; x += spacing_m) {
      seeds.push([
        x + (row % 2) * spacing_m * 0.5 + random.between(-0.32, 0.32) * spacing_m,
        y + random.between(-0.32, 0.32) * spacing_m,
      ])
    }
  }
  const isTown = zone === 'old'
  const cells = voronoi(seeds, spacing_m * 2)
  const lines: Line[] = []
  const seen = new Set<string>()
  const merge = voidsIn(seeds)
  cells.forEach((cell, index) => {
    if (!isTown && !contains(ring, seeds[index]!)) return
    cell.forEach((a, i) => {
      const b = at(cell, i + 1)
      const m = middle(a, b)
      const key = `${Math.round(m[0] / 2)},${Math.round(m[1] / 2)}`
      if (seen.has(key) || distance(a, b) < 4) return
      seen.add(key)
      const other = seeds.reduce(
        (best, p, k) => (k !== index && distance(p, m) < distance(seeds[best]!, m) ? k : best),
        index === 0 ? 1 : 0,
      )
      if (merge.get(index) !== undefined && merge.get(index) === merge.get(other)) return
      const kind: StreetKind = random.chance(0.08) ? 'pedestrian' : 'lane'
      const base = { kind, width_m: isTown ? 4 : 4.5, zone }
      if (!isTown) return void lines.push({ ...base, points: [a, b] })
      const metres = distance(a, b)
      for (const [from, to] of insideParts(ring, a, b)) {
        const slack = 5 / metres
        const point = (t: number): Point => [a[0] + (b[0] - a[0]) * t, a[1] + (b[1] - a[1]) * t]
        if (distanceToLine(point((from + to) / 2), ring, true) < 9) continue
        lines.push({ ...base, points: [point(from === 0 ? 0 : from - slack), point(to === 1 ? 1 : to + slack)] })
      }
    })
  })
  return lines
}

/** Cells that fall in the same void are one square. */
function voidsIn(seeds: readonly Point[]): Map<number, number> {
  const merge = new Map<number, number>()
  seeds.forEach((p, i) => {
    const index = VOIDS.findIndex(({ centre, radius_m }) => distance(p, centre) < radius_m)
    if (index >= 0) merge.set(i, index)
  })
  return merge
}

export function blob(random: Random, centre: Point, radius_m: number): Ring {
  const phases = [2, 3, 5].map((times) => ({
    times,
    phase: random.between(0, 6.28),
    height: random.between(0.06, 0.14),
  }))
  return Array.from({ length: 36 }, (_, i) => {
    const angle = (i / 36) * 2 * Math.PI
    const r = radius_m * (1 + phases.reduce((sum, w) => sum + w.height * Math.sin(w.times * angle + w.phase), 0))
    return [centre[0] + r * Math.cos(angle), centre[1] + r * Math.sin(angle)]
  })
}

interface Route {
  name: string
  from: string
  to: string
  via: Point[]
  kind: StreetKind
}

const ROUTES: Route[] = [
  {
    name: 'Επαρχιακή Οδός Αλκυόνας – Άνω Πηγής',
    from: 'town:250,985',
    to: 'ano-pigi',
    via: [
      [640, -430],
      [520, 100],
      [760, 560],
    ],
    kind: 'secondary',
  },
  {
    name: 'Επαρχιακή Οδός Άνω Πηγής – Γλαύκης',
    from: 'ano-pigi',
    to: 'glafki',
    via: [
      [480, 1480],
      [0, 1420],
    ],
    kind: 'secondary',
  },
  {
    name: 'Επαρχιακή Οδός Αλκυόνας – Πετρωτού',
    from: 'town:1190,520',
    to: 'petroto',
    via: [
      [1850, -1050],
      [2250, -620],
    ],
    kind: 'secondary',
  },
  {
    name: 'Επαρχιακή Οδός Αλκυόνας – Αγριάνθης',
    from: 'town:-985,150',
    to: 'agrianthi',
    via: [
      [-1250, -1500],
      [-1900, -1150],
      [-2350, -700],
    ],
    kind: 'secondary',
  },
  {
    name: 'Επαρχιακή Οδός Αγριάνθης – Γλαύκης',
    from: 'agrianthi',
    to: 'glafki',
    via: [
      [-2350, 300],
      [-1900, 850],
      [-1300, 1280],
    ],
    kind: 'secondary',
  },
  {
    name: 'Επαρχιακή Οδός Άνω Πηγής – Πετρωτού',
    from: 'ano-pigi',
    to: 'petroto',
    via: [
      [1600, 1150],
      [2200, 650],
      [2500, 300],
    ],
    kind: 'secondary',
  },
  {
    name: 'Οδός Αεροδρομίου',
    from: 'town:-480,915',
    to: '-1500,300',
    via: [
      [-500, -450],
      [-900, 0],
    ],
    kind: 'secondary',
  },
  { name: 'Δρόμος Φάρου', from: 'petroto', to: 'coast:0.03', via: [[3450, 60]], kind: 'residential' },
  { name: 'Δρόμος Αλυκής', from: 'agrianthi', to: 'coast:3.5', via: [[-3300, -700]], kind: 'residential' },
  { name: 'Δρόμος Βαθύλακκου', from: '-1900,850', to: 'coast:2.62', via: [[-2300, 1200]], kind: 'residential' },
  { name: 'Δρόμος Μεσόβουνου', from: '2200,650', to: 'coast:0.72', via: [[2350, 1100]], kind: 'residential' },
  { name: 'Δρόμος Λιμνιώνα', from: 'ano-pigi', to: 'coast:1.15', via: [[1050, 1750]], kind: 'residential' },
  { name: 'Δρόμος Καλογριάς', from: '2250,-620', to: 'coast:-0.5', via: [[2550, -1050]], kind: 'residential' },
  { name: 'Δρόμος Σπηλιάς', from: '-1900,-1150', to: 'coast:3.98', via: [[-2000, -1600]], kind: 'residential' },
  {
    name: 'Μονοπάτι Αγίας Μονής',
    from: '-900,0',
    to: '520,100',
    via: [
      [-400, 120],
      [50, 250],
    ],
    kind: 'path',
  },
  { name: 'Μονοπάτι Νερόμυλων', from: '-1300,1280', to: '-1500,300', via: [[-1550, 800]], kind: 'path' },
  { name: 'Μονοπάτι Αμπελώνων', from: '760,560', to: '2200,650', via: [[1400, 520]], kind: 'path' },
  {
    name: 'Μονοπάτι Ξερολιθιάς',
    from: '-1900,850',
    to: 'coast:3.05',
    via: [
      [-2900, 600],
      [-3400, 500],
    ],
    kind: 'path',
  },
  {
    name: 'Μονοπάτι Κορυφής',
    from: '0,1420',
    to: '50,250',
    via: [
      [-150, 1000],
      [60, 650],
    ],
    kind: 'path',
  },
]

function drawCountryRoads(random: Random, lines: readonly Line[], land: Ring): Line[] {
  const resolve = (place: string, towards: Point): Point => {
    const village = VILLAGES.find(({ slug }) => slug === place)
    if (village) {
      const ends = lines.filter(({ zone }) => zone === place).flatMap(({ points }) => points)
      return ends.reduce((best, p) => (distance(p, towards) < distance(best, towards) ? p : best))
    }
    const [head, rest] = place.split(':')
    if (head === 'coast') {
      const angle = Number(rest)
      let r = 5200
      while (!contains(land, [r * Math.cos(angle), r * Math.sin(angle)])) r -= 5
      return [(r - 45) * Math.cos(angle), (r - 45) * Math.sin(angle)]
    }
    const [x, y] = (rest ?? head!).split(',').map(Number)
    return rest ? town(x!, y!) : [x!, y!]
  }
  return ROUTES.map(({ name, from, to, via, kind }) => {
    const bends = [resolve(from, via[0]!), ...via, resolve(to, via[via.length - 1]!)]
    const winding = bends.flatMap((p, i): Point[] => {
      const q = bends[i + 1]
      if (!q) return [p]
      const m = middle(p, q)
      const sway = distance(p, q) * 0.09
      return [p, [m[0] + random.between(-sway, sway), m[1] + random.between(-sway, sway)]]
    })
    return {
      points: smooth(winding, 30),
      kind,
      width_m: kind === 'secondary' ? 8 : kind === 'path' ? 2.5 : 5,
      zone: 'country',
      name,
    }
  })
}

/** Field lines: edges of large cells over the countryside, used only to divide it into areas. */
export function drawFieldLines(random: Random, land: Ring, townRing: Ring): Point[][] {
  const SPACING_M = 430
  const seeds: Point[] = []
  for (let y = -3600; y <= 3600; y += SPACING_M) {
    for (let x = -5200; x <= 5200; x += SPACING_M)
      seeds.push([x + random.between(-150, 150), y + random.between(-150, 150)])
  }
  const lines: Point[][] = []
  const seen = new Set<string>()
  for (const raw of voronoi(seeds, SPACING_M * 2.5)) {
    const cell = clipLeft(raw, [-6000, -6000], [6000, -6000])
    cell.forEach((a, i) => {
      const b = at(cell, i + 1)
      const m = middle(a, b)
      const key = `${Math.round(m[0] / 3)},${Math.round(m[1] / 3)}`
      if (seen.has(key) || distance(a, b) < 10) return
      seen.add(key)
      const isBuilt =
        contains(townRing, m) || VILLAGES.some(({ centre, radius_m }) => distance(m, centre) < radius_m + 60)
      if (isBuilt || (!contains(land, a) && !contains(land, b))) return
      lines.push([a, b])
    })
  }
  return lines
}
