// Words that a style sets beside or along features. Where two would meet, the first stays.
import type { Pdf } from '../../core/pdf.ts'
import type { Frame } from './frame.ts'
import { type Look, PIXEL } from './look.ts'
import { drawNames, writeHaloed } from './names.ts'
import type { Placed } from './overlays.ts'
import { type Box, type Span, spansOf } from './spans.ts'
import { PAPER } from './style.ts'

interface Labelled {
  look: Look
  features: Placed[]
  /** Of the whole layer, 0..1. */
  opacity: number
}

/** Height of a line in sizes of its letters. */
const LEADING = 1.2

/** Draws the words of each with the middle of the frame as origin, and adds their places to those that are taken. */
export function drawLabels(pdf: Pdf, frame: Frame, symbols: readonly Labelled[], taken: Span[]): void {
  const worded = symbols.flatMap(({ look, features, opacity }) =>
    features.map((feature) => ({ look, feature, opacity, name: look.words('text-field', feature) })).filter(({ name }) => name),
  ) // prettier-ignore
  const isAlong = ({ look, feature }: Worded) => feature.path !== '' && look.words('symbol-placement', feature) !== 'point' // prettier-ignore
  const boxes: Box[] = []
  for (const one of worded) if (!isAlong(one)) drawLabel(pdf, frame, one, boxes)
  taken.push(...boxes.flatMap(spansOf))
  const along = worded.filter(isAlong).map((one) => ({ ...one, path: one.feature.path, size: sizeOf(one) }))
  for (const size of new Set(along.map((one) => one.size))) drawNames(pdf, along.filter((one) => one.size === size), { size, taken }) // prettier-ignore
}

interface Worded {
  look: Look
  feature: Placed
  opacity: number
  name: string
}

const sizeOf = ({ look, feature }: Worded) => look.number('text-size', feature) * PIXEL

function drawLabel(pdf: Pdf, frame: Frame, worded: Worded, taken: Box[]): void {
  const { look, feature, opacity, name } = worded
  const { x, y } = feature
  if (x === null || y === null) return
  const size = sizeOf(worded)
  pdf.font('plain', size)
  const lines = linesOf(pdf, name, look.number('text-max-width', feature) * size)
  const width = Math.max(...lines.map((line) => pdf.widthOfString(line)))
  const height = lines.length * size * LEADING
  const box = boxOf(look, feature, [x, y], { size, width, height })
  if (!isInside(box, frame) || taken.some((other) => meet(box, other))) return
  taken.push(box)
  const colour = look.colour('text-color', feature)
  lines.forEach((line, index) =>
    writeHaloed(pdf, line, {
      x: (box[0] + box[2] - pdf.widthOfString(line)) / 2,
      y: box[1] + index * size * LEADING,
      colour: colour && look.says('text-color') ? colour.rgb : PAPER.text,
      opacity: opacity * look.number('text-opacity', feature),
    }),
  )
}

/** Around its anchor, shifted by its offset (in sizes of its letters). */
function boxOf(look: Look, feature: Placed, [x, y]: [number, number], { size, width, height }: { size: number; width: number; height: number }): Box {
  const anchor = look.words('text-anchor', feature)
  const [right = 0, down = 0] = look.numbers('text-offset', feature)
  const side = (begin: string, end: string) => (anchor.includes(begin) ? 0 : anchor.includes(end) ? 1 : 0.5)
  const left = x + right * size - width * side('left', 'right')
  const top = y + down * size - height * side('top', 'bottom')
  return [left, top, left + width, top + height]
} // prettier-ignore

/** Words in lines that are no wider than this, where words allow. */
function linesOf(pdf: Pdf, words: string, most: number): string[] {
  return words.split('\n').flatMap((paragraph) => {
    const lines: string[] = []
    for (const word of paragraph.split(' ')) {
      const longer = [lines.at(-1), word].filter(Boolean).join(' ')
      if (lines.length > 0 && pdf.widthOfString(longer) <= most) lines[lines.length - 1] = longer
      else lines.push(word)
    }
    return lines
  })
}

const isInside = ([left, top, right, bottom]: Box, { width, height }: Frame) =>
  left >= -width / 2 && right <= width / 2 && top >= -height / 2 && bottom <= height / 2
const meet = (a: Box, b: Box) => a[0] < b[2] && b[0] < a[2] && a[1] < b[3] && b[1] < a[3]
