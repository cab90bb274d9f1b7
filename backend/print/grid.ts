// The grid of the map's own system on its frame: crosses where its lines meet, their numbers around the map.
import type { Language } from '../core/contract.ts'
import { INK, MM, MUTED, type Sheet } from '../core/pdf.ts'
import { type Frame, pointsPerMetre } from '../layers/service.ts'

/** Metres in the Greek Grid (EPSG:2100). */
export interface GridPoint {
  east: number
  north: number
}

const STEPS_M = [5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000]
/** Closer than this the numbers are a fence, points. */
const CLOSEST = 30 * MM
const ARM = 1.5 * MM
const TICK = 2 * MM
const SIZE = 6.5

/** Draws the grid onto the frame; middle: of the frame. Returns the distance of its lines, metres. */
export function drawGrid({ pdf, decoration }: Sheet, frame: Frame, middle: GridPoint, language: Language): number {
  const k = pointsPerMetre(frame)
  const step = STEPS_M.find((metres) => metres * k >= CLOSEST) ?? 10_000
  const { left, top, width, height } = frame
  const [right, bottom] = [left + width, top + height]
  const easts = linesIn(middle.east, width / 2 / k, step).map((metres) => ({ metres, at: left + width / 2 + (metres - middle.east) * k })) // prettier-ignore
  const norths = linesIn(middle.north, height / 2 / k, step).map((metres) => ({ metres, at: top + height / 2 - (metres - middle.north) * k })) // prettier-ignore
  const line = (x: number, y: number, dx: number, dy: number) => pdf.moveTo(x, y).lineTo(x + dx, y + dy)
  const say = (metres: number) => metres.toLocaleString(language)
  decoration(() => {
    pdf.lineWidth(0.5).strokeColor(INK, 0.7)
    for (const { at: x } of easts)
      for (const { at: y } of norths) {
        line(x - ARM, y, 2 * ARM, 0)
        line(x, y - ARM, 0, 2 * ARM)
      }
    for (const { at: x } of easts) {
      line(x, top, 0, TICK)
      line(x, bottom, 0, -TICK)
    }
    for (const { at: y } of norths) {
      line(left, y, TICK, 0)
      line(right, y, -TICK, 0)
    }
    pdf.stroke().strokeOpacity(1)
    pdf.font('plain', SIZE).fillColor(MUTED)
    for (const { metres, at } of easts) {
      for (const y of [top - 1 - SIZE * 1.36, bottom + 1]) number(pdf, say(metres), at, y, [left, right])
    }
    // Read from the right, as on every map.
    for (const { metres, at } of norths) {
      for (const x of [left - 1 - SIZE * 1.36, right + 1]) {
        pdf.save().rotate(-90, { origin: [x, at] })
        number(pdf, say(metres), x, at, [x - (bottom - at), x + (at - top)])
        pdf.restore()
      }
    }
  })
  return step
}

/** The lines of the grid at most `far` from its middle, metres. */
function linesIn(middle: number, far: number, step: number): number[] {
  const first = Math.ceil((middle - far) / step)
  const last = Math.floor((middle + far) / step)
  return Array.from({ length: last - first + 1 }, (_, n) => (first + n) * step)
}

/** A number with its middle at x, if it does not stand out at a corner. */
function number(pdf: Sheet['pdf'], words: string, x: number, y: number, [from, to]: [number, number]): void {
  const half = pdf.widthOfString(words) / 2
  if (x - half >= from && x + half <= to) pdf.text(words, x - half, y, { lineBreak: false })
}
