// The name of a street, set along it where it is straight.
import type { Pdf } from '../../core/pdf.ts'
import { gap, meet, type Point, type Span } from './spans.ts'
import { PAPER } from './style.ts'

const SIZE = 6
/** Around letters, points. */
const HALO = 1.4
/** Left free around a name, points. */
const GAP = 8
/** A curve that is this much longer than its chord bends too much for a straight word. */
const BEND = 1.04

interface Around {
  /** Of the letters, points. */
  size?: number
  /** What is there already; the names are added. */
  taken?: Span[]
}

export interface Name {
  path: string
  name: string
}

/** Draws each name on the longest part of its line, where it is straight and meets nothing else; else not at all. */
export function drawNames(pdf: Pdf, names: readonly Name[], { size = SIZE, taken = [] }: Around = {}): void {
  pdf.font('plain', size)
  for (const { path, name } of names) {
    const span = roomFor(path, pdf.widthOfString(name) + GAP, taken)
    if (!span) continue
    taken.push(span)
    drawName(pdf, span, name, size)
  }
}

function roomFor(path: string, wide: number, taken: readonly Span[]): Span | undefined {
  const line = partsOf(path).sort((a, b) => lengthOf(b) - lengthOf(a))[0] ?? []
  const spare = lengthOf(line) - wide
  if (spare < 0) return undefined
  return TRIES.map((share): Span => [along(line, spare * share), along(line, spare * share + wide)]).find(
    (span) => gap(...span) * BEND >= wide && !taken.some((other) => meet(span, other, SIZE)),
  )
}

/** Where on the line, from its begin (0) to its end (1): the middle first. */
const TRIES = [0.5, 0.25, 0.75, 0, 1]

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
