import { at, contains, crossing, distance, PointIndex, project, signedArea, snap } from './geometry.ts'
import type { Point, Ring } from './geometry.ts'

// One planar graph carries the coast, the streets and the field lines. Every area layer is a union of its faces,
// so neighbours share the very same vertices and tile without gap or overlap.

const SAME_NODE_M = 3 // nodes closer than this become one: no slivers, still finer than a street

export interface Edge {
  a: number
  b: number
  /** Index of the line the edge comes from. */
  line: number
}

export interface Graph {
  nodes: Point[]
  edges: Edge[]
}

export interface Face {
  ring: number[]
  /** Edge of each side: side i goes from ring[i] to ring[i + 1]. */
  edges: number[]
}

/** Cuts the lines at every crossing; earlier lines win where two run together. */
export function nodeLines(lines: readonly (readonly Point[])[]): Graph {
  const nodes: Point[] = []
  const index = new PointIndex<number>(10)
  const register = (raw: Point): number => {
    const near = index.near(raw, SAME_NODE_M)[0]
    if (near) return near.item
    const point = snap(raw)
    nodes.push(point)
    index.add(point, nodes.length - 1)
    return nodes.length - 1
  }
  let edges: Edge[] = []
  lines.forEach((points, line) => {
    const ids = points.map(register)
    for (let i = 1; i < ids.length; i++) edges.push({ a: ids[i - 1]!, b: ids[i]!, line })
  })
  edges = unique(edges)
  for (let round = 0; round < 20; round++) {
    const cuts = findCuts(nodes, edges, register)
    if (cuts.size === 0) return { nodes, edges }
    edges = unique(edges.flatMap((edge, i) => split(nodes, edge, cuts.get(i))))
  }
  throw new Error('The arrangement did not settle')
}

function findCuts(nodes: Point[], edges: Edge[], register: (raw: Point) => number): Map<number, Set<number>> {
  const cuts = new Map<number, Set<number>>()
  const cut = (edge: number, node: number): true => {
    const { a, b } = edges[edge]!
    if (node === a || node === b) return true
    const set = cuts.get(edge)
    if (set) set.add(node)
    else cuts.set(edge, new Set([node]))
    return true
  }
  const cells = new Map<string, number[]>()
  const CELL_M = 60
  edges.forEach((edge, i) => {
    const p = nodes[edge.a]!
    const q = nodes[edge.b]!
    for (
      let x = Math.floor((Math.min(p[0], q[0]) - 4) / CELL_M);
      x <= Math.floor((Math.max(p[0], q[0]) + 4) / CELL_M);
      x++
    ) {
      for (
        let y = Math.floor((Math.min(p[1], q[1]) - 4) / CELL_M);
        y <= Math.floor((Math.max(p[1], q[1]) + 4) / CELL_M);
        y++
      ) {
        const key = `${x},${y}`
        const cell = cells.get(key)
        if (cell) cell.push(i)
        else cells.set(key, [i])
      }
    }
  })
  const onSide = (node: number, edge: number): boolean => {
    const { a, b } = edges[edge]!
    if (node === a || node === b) return false
    return project(nodes[node]!, nodes[a]!, nodes[b]!).away < SAME_NODE_M / 2
  }
  for (const cell of cells.values()) {
    for (let m = 0; m < cell.length; m++) {
      for (let n = m + 1; n < cell.length; n++) {
        const i = cell[m]!
        const j = cell[n]!
        const e = edges[i]!
        const f = edges[j]!
        let touches = e.a === f.a || e.a === f.b || e.b === f.a || e.b === f.b
        for (const node of [f.a, f.b]) if (onSide(node, i)) touches = cut(i, node)
        for (const node of [e.a, e.b]) if (onSide(node, j)) touches = cut(j, node)
        if (touches) continue
        const p = nodes[e.a]!
        const q = nodes[e.b]!
        const t = crossing(p, q, nodes[f.a]!, nodes[f.b]!)
        if (t === undefined) continue
        const node = register([p[0] + (q[0] - p[0]) * t, p[1] + (q[1] - p[1]) * t])
        cut(i, node)
        cut(j, node)
      }
    }
  }
  return cuts
}

function split(nodes: Point[], edge: Edge, cuts: Set<number> | undefined): Edge[] {
  if (!cuts) return [edge]
  const start = nodes[edge.a]!
  const ids = [edge.a, ...[...cuts].sort((m, n) => distance(nodes[m]!, start) - distance(nodes[n]!, start)), edge.b]
  return ids.slice(1).map((b, i) => ({ a: ids[i]!, b, line: edge.line }))
}

function unique(edges: Edge[]): Edge[] {
  const seen = new Set<string>()
  return edges.filter(({ a, b }) => {
    if (a === b) return false
    const key = a < b ? `${a},${b}` : `${b},${a}`
    if (seen.has(key)) return false
    seen.add(key)
    return true
  })
}

/** Removes the chains that end nowhere and are shorter than shortest_m. */
export function dropStubs(graph: Graph, edges: Edge[], shortest_m: number): Edge[] {
  let kept = edges
  for (;;) {
    const around = neighbours(kept)
    const dead = new Set<number>()
    for (const [node, list] of around) {
      if (list.length !== 1) continue
      const chain: number[] = []
      let metres = 0
      let here = node
      let edge = list[0]!
      for (;;) {
        chain.push(edge)
        const e = kept[edge]!
        metres += distance(graph.nodes[e.a]!, graph.nodes[e.b]!)
        here = e.a === here ? e.b : e.a
        const next = around.get(here)!
        if (next.length !== 2) break
        edge = next[0] === edge ? next[1]! : next[0]!
      }
      if (metres < shortest_m) for (const i of chain) dead.add(i)
    }
    if (dead.size === 0) return kept
    kept = kept.filter((_, i) => !dead.has(i))
  }
}

function neighbours(edges: readonly Edge[]): Map<number, number[]> {
  const around = new Map<number, number[]>()
  edges.forEach((edge, i) => {
    for (const node of [edge.a, edge.b]) {
      const list = around.get(node)
      if (list) list.push(i)
      else around.set(node, [i])
    }
  })
  return around
}

/** The bounded faces of the graph, counter-clockwise. Edges that end nowhere are left out first. */
export function findFaces(nodes: readonly Point[], all: readonly Edge[]): { faces: Face[]; edges: Edge[] } {
  let edges = [...all]
  for (;;) {
    const around = neighbours(edges)
    const kept = edges.filter((e) => around.get(e.a)!.length > 1 && around.get(e.b)!.length > 1)
    if (kept.length === edges.length) break
    edges = kept
  }
  const leaving = new Map<number, { to: number; edge: number; angle: number }[]>()
  edges.forEach((e, edge) => {
    for (const [from, to] of [
      [e.a, e.b],
      [e.b, e.a],
    ] as const) {
      const p = nodes[from]!
      const q = nodes[to]!
      const entry = { to, edge, angle: Math.atan2(q[1] - p[1], q[0] - p[0]) }
      const list = leaving.get(from)
      if (list) list.push(entry)
      else leaving.set(from, [entry])
    }
  })
  for (const list of leaving.values()) list.sort((m, n) => m.angle - n.angle)
  const seen = new Set<string>()
  const faces: Face[] = []
  for (const [start, list] of leaving) {
    for (const first of list) {
      if (seen.has(`${start},${first.to}`)) continue
      const face: Face = { ring: [], edges: [] }
      let from = start
      let step = first
      while (!seen.has(`${from},${step.to}`)) {
        seen.add(`${from},${step.to}`)
        face.ring.push(from)
        face.edges.push(step.edge)
        const back = leaving.get(step.to)!
        const turn = back.findIndex((entry) => entry.to === from && entry.edge === step.edge)
        from = step.to
        step = at(back, turn - 1)
      }
      if (signedArea(face.ring.map((n) => nodes[n]!)) > 0) faces.push(face)
    }
  }
  return { faces, edges }
}

/** Outline of a set of faces: polygons of node rings, first ring outer (counter-clockwise), the rest holes. */
export function dissolve(nodes: readonly Point[], faces: readonly Face[]): number[][][] {
  const next = new Map<number, Set<number>>()
  for (const face of faces) {
    face.ring.forEach((from, i) => {
      const to = at(face.ring, i + 1)
      if (next.get(to)?.delete(from)) return
      const set = next.get(from)
      if (set) set.add(to)
      else next.set(from, new Set([to]))
    })
  }
  const rings: number[][] = []
  for (const [start, set] of next) {
    while (set.size > 0) {
      const path = [start]
      const place = new Map([[start, 0]])
      while (path.length > 0) {
        const here = path[path.length - 1]!
        const to = next.get(here)?.values().next().value
        if (to === undefined) break
        next.get(here)!.delete(to)
        const loop = place.get(to)
        if (loop === undefined) {
          place.set(to, path.length)
          path.push(to)
          continue
        }
        // A ring that meets itself at a corner is two rings.
        const ring = path.splice(loop + 1)
        for (const node of ring) place.delete(node)
        rings.push([to, ...ring])
        if (path.length === 1 && !next.get(start)?.size) break
      }
    }
  }
  const ringOf = (ring: number[]): Ring => ring.map((n) => nodes[n]!)
  const outers = rings.filter((ring) => signedArea(ringOf(ring)) > 0).map((ring) => [ring])
  for (const hole of rings.filter((ring) => signedArea(ringOf(ring)) < 0)) {
    const inside = probe(ringOf(hole))
    const homes = outers.filter(([outer]) => contains(ringOf(outer!), inside))
    homes.sort((m, n) => signedArea(ringOf(m[0]!)) - signedArea(ringOf(n[0]!)))
    homes[0]?.push(hole)
  }
  return outers
}

/** A point just inside a clockwise hole ring. */
function probe(hole: Ring): Point {
  const p = hole[0]!
  const q = hole[1]!
  const d = distance(p, q)
  return [(p[0] + q[0]) / 2 + ((q[1] - p[1]) / d) * 0.02, (p[1] + q[1]) / 2 - ((q[0] - p[0]) / d) * 0.02]
}
