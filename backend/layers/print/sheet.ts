// A sheet of A4 about a place: who says it and when, a map at a true scale, facts in two columns, and what it is worth.
import type { Language, Localised } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { text } from '../../core/i18n/text.ts'
import { BOTTOM, INK, MARGIN, MM, MUTED, openSheet, RULE, type Pdf, type Sheet, WIDTH } from '../../core/pdf.ts'
import type { Frame } from './frame.ts'
import { drawMap, drawScale, readMap } from './map.ts'
import { creditsOf, drawHead, type Origin, write } from './parts.ts'

const MAP_HEIGHT = 92 * MM
const COLUMN_GAP = 8 * MM
const COLUMN = (WIDTH - COLUMN_GAP) / 2
/** What stands at the foot of the sheet needs this much, points. */
const FOOT = 62

export interface Line {
  text: string
  isTitle?: boolean
}

interface Parts {
  /** Who says it. */
  from: Localised
  title: string
  /** Middle of the map, degrees (EPSG:4326). */
  lon: number
  lat: number
  /** Metres on the ground for one on paper. */
  scale: number
  /** Draws on the map, with its middle as origin; points_per_m: points on paper for a metre. */
  on: (pdf: Pdf, points_per_m: number) => void
  /** A line under the map. */
  under: string
  /** A heading and its lines. */
  blocks: Line[][]
  /** What the sheet is worth. */
  note: string
  /** Where the newest is found. */
  url: string
  origins: readonly Origin[]
}

/** The largest usual scale at which something of this size, in metres, fits on the map with room around it. */
export function scaleFor(width_m: number, height_m: number): number {
  const fits = (scale: number) =>
    (width_m * 1000 * MM) / scale < WIDTH * 0.7 && (height_m * 1000 * MM) / scale < MAP_HEIGHT * 0.7
  return [200, 500, 1000, 2000, 5000].find(fits) ?? 10_000
}

/** Draws the sheet; it is to be sent with sendSheet(). */
export async function drawSheet(ctx: Context, parts: Parts): Promise<Sheet> {
  const { language } = ctx
  const { from, title, lon, lat, scale } = parts
  const frame: Frame = { left: MARGIN, top: MARGIN + 48, width: WIDTH, height: MAP_HEIGHT, lon, lat, scale }
  const drawn = await readMap(ctx, frame)
  const sheet = openSheet(language, `${title}, ${from[language]}`, from[language])
  drawHead(sheet, { from: from[language], title, width: WIDTH }, language)
  const { pdf, part } = sheet
  const map = () => drawMap(pdf, frame, drawn, language, { on: () => parts.on(pdf, (1000 * MM) / scale) })
  part('Figure', map, text(language, 'sheet.map', { place: title, scale }))
  sheet.decoration(() => drawScale(pdf, frame, language))
  part('P', () =>
    write(pdf, parts.under, { size: 9, colour: MUTED, x: MARGIN, y: frame.top + frame.height + 5, width: WIDTH }),
  )
  columns(sheet, frame.top + frame.height + 24, parts.blocks)
  foot(sheet, parts, language)
  return sheet
}

const styleOf = ({ isTitle }: Line) => ({ size: isTitle ? 10 : 8.5, isBold: isTitle, gap: isTitle ? 2 : 0.5 })

/** Sets the blocks column by column; what has no room is left to the portal. */
function columns({ pdf, part }: Sheet, top: number, blocks: Line[][]): void {
  const end = BOTTOM - FOOT
  let column = 0
  let y = top
  const highOf = (line: Line | undefined) => {
    if (!line) return 0
    const { size, isBold, gap } = styleOf(line)
    return pdf.font(isBold ? 'bold' : 'plain', size).heightOfString(line.text, { width: COLUMN }) + gap
  }
  const next = () => ([column, y] = [column + 1, top])
  for (const block of blocks) {
    // A heading does not stand alone at the foot of a column.
    if (y + highOf(block[0]) + highOf(block[1]) > end) next()
    for (const line of block) {
      const high = highOf(line)
      if (y + high > end) next()
      if (column > 1) return
      const place = { x: MARGIN + column * (COLUMN + COLUMN_GAP), y, width: COLUMN }
      part(line.isTitle ? 'H2' : 'P', () => write(pdf, line.text, { ...styleOf(line), ...place, colour: INK }))
      y += high
    }
    y += 7
  }
}

function foot({ pdf, part, decoration }: Sheet, { note, url, origins }: Parts, language: Language): void {
  const top = BOTTOM - FOOT + 8
  decoration(() =>
    pdf
      .moveTo(MARGIN, top)
      .lineTo(MARGIN + WIDTH, top)
      .lineWidth(0.5)
      .stroke(RULE),
  )
  const place = { x: MARGIN, width: WIDTH }
  part('P', () => write(pdf, note, { size: 8.5, colour: INK, y: top + 5, isBold: true, ...place }))
  const small = [url, ...creditsOf(origins, language)].join('\n')
  part('P', () => write(pdf, small, { size: 6.5, colour: MUTED, y: top + 18, height: FOOT - 26, ...place }))
}
