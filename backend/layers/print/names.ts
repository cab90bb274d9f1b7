// The name of a street, set along it where it is straight.
import type { Pdf } from '../../core/pdf.ts'
import { PAPER } from './style.ts'

type Point = [x: number, y: number]
type Span = [from: Point, to: Point]

const SIZE = 6
/** Around letters, points. */
const HALO = 1.4
/** Left free around a name, points. */
const GAP = 8
/** A curve that is this much longer than its chord bends too much for a straight word. */
const BEND = 1.04

/** Something round that words keep off; points. */
export interface Disc {
  x: number
  y: number
  radius: number
}

interface Around {
  /** Of the letters, points. */
  size?: number
  discs?: readonly Disc[]
}

export interface Name {
  path: string
  name: string
}

/** Draws each name on the longest part of its line, where it is straight and crosses no other name; else not at all. */
export function drawNames(pdf: Pdf, names: readonly Name[], { size = SIZE, discs = [] }: Around = {}): void {
  pdf.font('plain', size)
  const taken = discs.filter(({ radius }) => radius > SMALL).flatMap(crossOf)
  for (const { path, name } of names) {
    const span = roomFor(path, pdf.widthOfString(name) + GAP, taken)
    if (!span) continue
    taken.push(span)
    drawName(pdf, span, name, size)
  }
}

/** Dots that a name may run over: where there are hundreds no street would have its name. Points. */
const SMALL = 4
/** Room for half a line of letters too. */
const NEAR = SIZE / 2

/** A name that goes through a disc crosses one of two lines in it. */
const crossOf = ({ x, y, radius }: Disc): Span[] => {
  const far = radius + NEAR
  return [
    [[x - far, y], [x + far, y]],
    [[x, y - far], [x, y + far]],
  ] // prettier-ignore
}

function roomFor(path: string, wide: number, taken: readonly Span[]): Span | undefined {
  const line = partsOf(path).sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? []
  const spare = lengthOf(line) - wide
  if (spare < 0) return undefined
  return TRIES.map((share): Span => [along(line, spare * share), along(line, spare * share + wide)]).find(
    (span) => gap(...span) * BEND >= wide && !taken.some((other) => isCrossed(span, other)),
  )
}

/** Where on the line, from its begin (0) to its end (1): the middle first. */
const TRIES = [0.5, 0.25, 0.75, 0, 1]

const side = ([from, to]: Span, point: Point) =>
  Math.sign((to[0] - from[0]) * (point[1] - from[1]) - (to[1] - from[1]) * (point[0] - from[0]))
const isCrossed = (a: Span, b: Span) => side(a, b[0]) !== side(a, b[1]) && side(b, a[0]) !== side(b, a[1])

function drawName(pdf: Pdf, [from, to]: Span, name: string, size: number): void {
  const wide = pdf.widthOfString(name)
  const angle = (Math.atan2(to[1] - from[1], to[0] - from[0]) * 180) / Math.PI
  const upright = angle > 90 || angle < -90 ? angle + 180 : angle
  const [x, y] = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2]
  pdf.save().translate(x, y).rotate(upright)
  writeHaloed(pdf, name, { x: -wide / 2, y: -size * 0.72, colour: PAPER.text, opacity: 1 })
  pdf.restore()
}

interface Haloed {
  x: number
  y: number
  colour: string | [number, number, number]
  /** 0..1 */
  opacity: number
}

/** Writes a line that can be read on whatever lies under it. */
export function writeHaloed(pdf: Pdf, words: string, { x, y, colour, opacity }: Haloed): void {
  pdf.save().lineWidth(HALO).lineJoin('round').strokeColor(PAPER.halo, opacity)
  pdf.text(words, x, y, { lineBreak: false, stroke: true, fill: false })
  pdf.fillColor(colour, opacity).text(words, x, y, { lineBreak: false })
  pdf.restore()
}

/** The lines of an SVG path that only moves and draws lines, as ST_AsSVG writes it. */
const partsOf = (path: string): Point[][] =>
  path
    .split('M')
    .map((part) => part.match(/-?[\d.]+/g)?.map(Number) ?? [])
    .map((numbers) => numbers.flatMap((x, i) => (i % 2 === 0 ? [[x, numbers[i + 1] ?? 0] as Point] : [])))

const gap = (a: Point, b: Point) => Math.hypot(b[0] - a[0], b[1] - a[1])
const lengthOf = (line: Point[]) => line.reduce((sum, point, i) => sum + (i > 0 ? gap(line[i - 1]!, point) : 0), 0)

function along(line: Point[], distance: number): Point {
  let rest = distance
  for (let i = 1; i < line.length; i++) {
    const [from, to] = [line[i - 1]!, line[i]!]
    const step = gap(from, to)
    if (rest <= step && step > 0)
      return [from[0] + ((to[0] - from[0]) * rest) / step, from[1] + ((to[1] - from[1]) * rest) / step]
    rest -= step
  }
  return line.at(-1) ?? [0, 0]
}
