// The fabric of the city: faces of the planar graph, and what they are used for.
import { dissolve, dropStubs, findFaces, nodeLines, type Face } from './arrange.ts'
import { beachStrip, drawCoast, town, type Coast } from './coast.ts'
import {
  at,
  centroid,
  contains,
  distance,
  inset,
  interiorPoint,
  isConvex,
  length,
  signedArea,
  type Point,
  type Ring,
} from './geometry.ts'
import { STREET_NAMES, toLatin } from './names.ts'
import type { Random } from './random.ts'
import { drawFieldLines, planStreets, VOIDS, type Line, type StreetKind } from './streets.ts'

export interface Parcel {
  ring: Ring
  face: Face
  centre: Point
  area_m2: number
  zone: 'town' | 'village' | 'country'
  district: string
  /** Use of the whole parcel where it is not built. */
  use?: string
  name?: string
}

export interface Street {
  code: string
  name_el: string
  name_en: string
  kind: StreetKind
  width_m: number
  points: Point[]
}

export interface Fabric {
  coast: Coast
  nodes: Point[]
  parcels: Parcel[]
  streets: Street[]
  /** Street of an edge of the graph, by its two nodes. */
  streetOf: Map<string, Street>
  beaches: Ring[]
}

export interface District {
  code: string
  name_el: string
  unit: string
  seed: Point
}

export const DISTRICTS: District[] = [
  { code: 'kastro', name_el: 'Κάστρο', unit: 'alkyona', seed: town(-150, 180) },
  { code: 'naftiko', name_el: 'Ναυτικό', unit: 'alkyona', seed: town(-620, 60) },
  { code: 'myloi', name_el: 'Μύλοι', unit: 'alkyona', seed: town(-560, 560) },
  { code: 'nea-poli', name_el: 'Νέα Πόλη', unit: 'alkyona', seed: town(0, 620) },
  { code: 'kipos', name_el: 'Κήπος', unit: 'alkyona', seed: town(520, 560) },
  { code: 'limani', name_el: 'Λιμάνι', unit: 'alkyona', seed: town(470, 130) },
  { code: 'prosfygika', name_el: 'Προσφυγικά', unit: 'alkyona', seed: town(1000, 180) },
  { code: 'glafki', name_el: 'Γλαύκη', unit: 'glafki', seed: [-700, 1780] },
  { code: 'ano-pigi', name_el: 'Άνω Πηγή', unit: 'glafki', seed: [950, 1280] },
  { code: 'petroto', name_el: 'Πετρωτό', unit: 'petroto', seed: [2950, -150] },
  { code: 'anatoliki-akti', name_el: 'Ανατολική Ακτή', unit: 'petroto', seed: [2900, 1500] },
  { code: 'agrianthi', name_el: 'Αγριάνθη', unit: 'agrianthi', seed: [-2850, -350] },
  { code: 'voreia-akra', name_el: 'Βόρεια Άκρα', unit: 'agrianthi', seed: [-2600, 1400] },
  { code: 'elaiones', name_el: 'Ελαιώνες', unit: 'alkyona', seed: [-300, -150] },
]

export const UNITS = [
  { code: 'alkyona', name_el: 'Δημοτική Ενότητα Αλκυόνας', name_en: 'Municipal Unit of Alkyona' },
  { code: 'glafki', name_el: 'Δημοτική Ενότητα Γλαύκης', name_en: 'Municipal Unit of Glafki' },
  { code: 'petroto', name_el: 'Δημοτική Ενότητα Πετρωτού', name_en: 'Municipal Unit of Petroto' },
  { code: 'agrianthi', name_el: 'Δημοτική Ενότητα Αγριάνθης', name_en: 'Municipal Unit of Agrianthi' },
]

const edgeKey = (a: number, b: number): string => (a < b ? `${a}-${b}` : `${b}-${a}`)

export const nearest = <T extends { seed: Point }>(items: readonly T[], point: Point): T =>
  items.reduce((best, item) => (distance(item.seed, point) < distance(best.seed, point) ? item : best), items[0]!)

/** Draws coast and streets and cuts the land into parcels. */
export function weave(random: Random): Fabric {
  const coast = drawCoast(random)
  const plan = planStreets(random, coast.shore, coast.land)
  const fields = drawFieldLines(random, coast.land, plan.townRing)
  const graph = nodeLines([[...coast.land, at(coast.land, 0)], ...plan.lines.map(({ points }) => points), ...fields])
  const { faces, edges } = findFaces(graph.nodes, dropStubs(graph, graph.edges, 12))
  const parcels: Parcel[] = []
  for (const face of faces) {
    const ring = face.ring.map((n) => at(graph.nodes, n))
    const centre = interiorPoint(ring)
    if (!contains(coast.land, centre)) continue
    const sector = plan.sectors.findIndex((s) => contains(s.ring, centre))
    const village = plan.villages.find((v) => distance(v.centre, centre) < v.radius_m + 12)
    const zone = sector >= 0 ? 'town' : village ? 'village' : 'country'
    const district =
      sector >= 0 ? at(DISTRICTS, sector) : nearest(DISTRICTS.slice(contains(plan.townRing, centre) ? 0 : 7), centre)
    parcels.push({ ring, face, centre, area_m2: signedArea(ring), zone, district: district.code })
  }
  giveUses(random, parcels)
  const { streets, streetOf } = nameStreets(graph.nodes, edges, plan.lines)
  const beaches = coast.beaches.map((shore) => beachStrip(shore, 22))
  return { coast, nodes: graph.nodes, parcels, streets, streetOf, beaches }
}

function giveUses(random: Random, parcels: Parcel[]): void {
  for (const hole of VOIDS) {
    const parcel = parcels.find(({ ring }) => contains(ring, hole.centre))
    if (parcel) Object.assign(parcel, { use: hole.use, name: hole.name })
  }
  for (const parcel of parcels) {
    if (parcel.zone === 'country' && !parcel.use) parcel.use = random.chance(0.3) ? 'wood' : 'field'
  }
}

interface Strand {
  nodes: number[]
  kind: StreetKind
  width_m: number
  name?: string
}

/** Edges of streets, strung together straight on at crossings as far as they keep their kind. */
function stringTogether(
  nodes: readonly Point[],
  edges: readonly { a: number; b: number; line: number }[],
  lines: readonly Line[],
): Strand[] {
  const around = new Map<number, number[]>()
  const streetEdges = edges.filter(({ line }) => line > 0 && line <= lines.length)
  streetEdges.forEach(({ a, b }, i) => {
    for (const n of [a, b]) around.set(n, [...(around.get(n) ?? []), i])
  })
  const lineOf = (i: number) => at(lines, at(streetEdges, i).line - 1)
  const used = new Set<number>()
  const goOn = (path: number[], first: number): void => {
    let edge = first
    for (;;) {
      const here = at(path, -1)
      const before = at(path, -2)
      const straight = (i: number): number => {
        const e = at(streetEdges, i)
        const to = at(nodes, e.a === here ? e.b : e.a)
        const [p, q] = [at(nodes, before), at(nodes, here)]
        return ((q[0] - p[0]) * (to[0] - q[0]) + (q[1] - p[1]) * (to[1] - q[1])) / (distance(p, q) * distance(q, to))
      }
      const fitting = (around.get(here) ?? []).filter(
        (i) =>
          !used.has(i) &&
          lineOf(i).zone === lineOf(edge).zone &&
          lineOf(i).kind === lineOf(edge).kind &&
          lineOf(i).name === lineOf(edge).name,
      )
      const next = fitting.sort((i, j) => straight(j) - straight(i))[0]
      if (next === undefined || straight(next) < (lineOf(edge).kind === 'lane' ? 0.25 : 0.6)) return
      used.add(next)
      const e = at(streetEdges, next)
      path.push(e.a === here ? e.b : e.a)
      edge = next
    }
  }
  return streetEdges.flatMap((e, i) => {
    if (used.has(i)) return []
    used.add(i)
    const path = [e.a, e.b]
    goOn(path, i)
    path.reverse()
    goOn(path, i)
    const { kind, width_m, name } = lineOf(i)
    return [{ nodes: path, kind, width_m, name }]
  })
}

const SHORTEST_NAMED_M = 90

function nameStreets(
  nodes: readonly Point[],
  edges: readonly { a: number; b: number; line: number }[],
  lines: readonly Line[],
) {
  const strands = stringTogether(nodes, edges, lines).map((strand) => ({
    ...strand,
    points: strand.nodes.map((n) => at(nodes, n)),
  }))
  strands.sort((s, t) => length(t.points) - length(s.points))
  const names = STREET_NAMES.filter((name) => !strands.some((s) => s.name === name))
  let named = 0
  let byways = 0
  const streetOf = new Map<string, Street>()
  const taken = new Set<string>()
  const streets = strands.map((strand, index): Street => {
    const isNamed = length(strand.points) >= SHORTEST_NAMED_M && named < names.length
    const own = strand.name && !taken.has(strand.name) ? strand.name : undefined
    const name_el = own ?? (isNamed ? at(names, named++) : `Πάροδος ${++byways}`)
    taken.add(name_el)
    const street = {
      code: `ST-${String(index + 1).padStart(4, '0')}`,
      name_el,
      name_en: name_el.startsWith('Πάροδος') ? name_el.replace('Πάροδος', 'Parodos') : toLatin(name_el),
      kind: strand.kind,
      width_m: strand.width_m,
      points: strand.points,
    }
    strand.nodes.forEach((n, i) => i > 0 && streetOf.set(edgeKey(at(strand.nodes, i - 1), n), street))
    return street
  })
  return { streets, streetOf }
}

/** Side i of a parcel: the street along it, if any. */
export const streetAlong = ({ streetOf }: Fabric, { face }: Parcel, side: number): Street | undefined =>
  streetOf.get(edgeKey(at(face.ring, side), at(face.ring, side + 1)))

/** The parcel without the streets around it; undefined where nothing is left. */
export function blockOf(fabric: Fabric, parcel: Parcel): Ring | undefined {
  const half = (side: number) => (streetAlong(fabric, parcel, side)?.width_m ?? 3) / 2 + 1.5
  if (!isConvex(parcel.ring) && parcel.area_m2 > 25_000) return undefined
  const ring = inset(parcel.ring, half)
  return ring.length > 2 && signedArea(ring) > 120 && contains(parcel.ring, centroid(ring)) ? ring : undefined
}

/** Polygons of parcels taken together, sharing the very vertices of their neighbours. */
export const unite = (fabric: Fabric, parcels: readonly Parcel[]): Ring[][] =>
  dissolve(
    fabric.nodes,
    parcels.map(({ face }) => face),
  ).map((rings) => rings.map((ring) => ring.map((n) => at(fabric.nodes, n))))
