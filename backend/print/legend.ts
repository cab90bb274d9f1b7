// The legend of the layers on the sheet, in as many columns as there is room for.
import type { Language } from '../core/contract.ts'
import { text } from '../core/i18n/text.ts'
import { INK, MUTED, type Pdf, type Sheet } from '../core/pdf.ts'
import type { LegendEntry } from '../layers/contract.ts'
import { drawPictogram, type Overlay, type Pictograms, write } from '../layers/service.ts'
import { type Area, COLUMN_GAP } from './layout.ts'

/** Where words begin beside a symbol, points. */
const INDENT = 20
const DISC = 5
/** Height of the word over the legend, and what is left free between layers, points. */
const TITLE = 17
const BLOCK_GAP = 3

interface Row {
  words: string
  entry?: LegendEntry
  /** Where the words begin, points. */
  indent: number
  isBold?: boolean
  /** Of its symbol where size means something, points. */
  high?: number
  /** Of the layer, 0..1. */
  opacity: number
}

/** Draws the legend of what is on the map; pixel: how large a pixel of a legend is there, points. Returns whether all of it had room. */
export function drawLegend(
  { pdf, part, decoration }: Sheet,
  area: Area,
  overlays: readonly Overlay[],
  pictograms: Pictograms,
  pixel: number,
  language: Language,
): boolean {
  const blocks = overlays.filter(({ features }) => features.length > 0).map((overlay) => rowsOf(overlay, pixel, language)) // prettier-ignore
  if (blocks.length === 0) return true
  const { left, top, width } = area
  const title = { size: 10, colour: INK, isBold: true, x: left, y: top, width }
  part('H2', () => write(pdf, text(language, 'print.legend'), title))
  const below = { ...area, top: top + TITLE, height: area.height - TITLE }
  const each = columnOf(area)
  const [whole, split] = [place(pdf, blocks, below, true), place(pdf, blocks, below, false)]
  const { rows, isWhole } = whole.isWhole ? whole : split
  for (const { row, x, y } of rows) {
    const { entry, indent, opacity } = row
    const half = (heightOf(pdf, row, each) - wordsHigh(pdf, row, each)) / 2
    if (entry) decoration(() => drawSymbol(pdf, { entry, pixel, opacity }, pictograms, [x + indent / 2 - 3, y + half + 5])) // prettier-ignore
    part(row.isBold && !entry ? 'H3' : 'P', () =>
      write(pdf, row.words, { ...lettersOf(row), colour: INK, x: x + indent, y: y + half, width: each - indent }),
    )
  }
  return isWhole
}

const columnOf = ({ width, columns }: Area) => (width - (columns - 1) * COLUMN_GAP) / columns

interface PlacedRow {
  row: Row
  x: number
  y: number
}

/** Column by column; a layer stays together, or breaks where a column ends but not after its name. */
function place(pdf: Pdf, blocks: Row[][], area: Area, isTogether: boolean): { rows: PlacedRow[]; isWhole: boolean } {
  const { left, top, height, columns } = area
  const each = columnOf(area)
  const high = (rows: Row[]) => rows.reduce((sum, row) => sum + heightOf(pdf, row, each), 0)
  const rows: PlacedRow[] = []
  let [column, y] = [0, top]
  const makeRoom = (needed: number) => {
    if (y + needed > top + height) [column, y] = [column + 1, top]
    return column < columns
  }
  for (const block of blocks) {
    makeRoom(high(isTogether ? block : block.slice(0, 2)))
    for (const row of block) {
      if (!makeRoom(high([row]))) return { rows, isWhole: false }
      rows.push({ row, x: left + column * (each + COLUMN_GAP), y })
      y += high([row])
    }
    y += BLOCK_GAP
  }
  return { rows, isWhole: true }
}

const lettersOf = ({ isBold }: Row) => ({ size: 7.5, isBold: isBold ?? false })

function wordsHigh(pdf: Pdf, row: Row, width: number): number {
  const { size, isBold } = lettersOf(row)
  return pdf.font(isBold ? 'bold' : 'plain', size).heightOfString(row.words, { width: width - row.indent })
}

/** A large symbol needs more than its words. */
const heightOf = (pdf: Pdf, row: Row, width: number): number =>
  Math.max(wordsHigh(pdf, row, width), row.indent > INDENT ? (row.high ?? 0) + 2 : 0) + 1

/** Areas are as pale in the legend as on the map, where that is one number. */
function strengthOf({ style }: Overlay['layer']): number {
  const paint = style.find(({ type }) => type === 'fill')?.['paint'] as Record<string, unknown> | undefined
  const strength = paint?.['fill-opacity']
  return typeof strength === 'number' ? strength : 1
}

/** A layer with one symbol is one row under its own name; else the symbols stand below it. */
function rowsOf({ layer, opacity }: Overlay, pixel: number, language: Language): Row[] {
  const words = layer.title[language]
  const highs = layer.legend.map(({ shape, size_px = 0 }) => (shape === 'circle' ? size_px * 2 * pixel : 0))
  const indent = Math.max(INDENT, ...highs.map((high) => high + 6))
  const rows = layer.legend.map((entry, index): Row => {
    const { shape, label } = entry
    const strength = shape === 'fill' ? opacity * strengthOf(layer) : opacity
    const isSymbol = shape !== 'heading'
    return { words: label[language], indent: isSymbol ? indent : 0, high: highs[index] ?? 0, opacity: strength, ...(isSymbol && { entry }) } // prettier-ignore
  })
  const [only] = rows
  if (only?.entry && rows.length === 1) return [{ ...only, words, isBold: true }]
  return [{ words, indent: 0, isBold: true, opacity }, ...rows]
}

interface Symbol {
  entry: LegendEntry
  /** Points. */
  pixel: number
  opacity: number
}

/** Of lines and discs whose size means nothing, points. */
const USUAL = { line: 1.8, disc: 3.4 }

function drawSymbol(pdf: Pdf, { entry, pixel, opacity }: Symbol, pictograms: Pictograms, [x, y]: [number, number]): void {
  const { shape, colour, icon, size_px } = entry
  const picture = pictograms.get(`lucide:${icon}`)
  const size = size_px && size_px * pixel
  pdf.save().fillColor(colour, opacity).strokeColor(colour, opacity)
  if (shape === 'line') pdf.moveTo(x - 7, y).lineTo(x + 7, y).lineWidth(size ?? USUAL.line).stroke()
  else if (shape === 'fill') pdf.rect(x - 7, y - 4, 14, 8).lineWidth(0.5).fillAndStroke(colour, MUTED)
  else pdf.circle(x, y, size ?? (picture ? DISC : USUAL.disc)).fill()
  if (picture) drawPictogram(pdf, picture, { x, y, size: DISC * 1.3 })
  pdf.restore()
} // prettier-ignore
