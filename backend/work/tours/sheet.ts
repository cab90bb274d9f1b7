// The tour of a crew on paper: a map with its numbered stops, and the list with room to tick.
import type { Language, Localised } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { text } from '../../core/i18n/text.ts'
import { BOTTOM, INK, MARGIN, MM, MUTED, openSheet, RULE, type Pdf, type Sheet, WIDTH } from '../../core/pdf.ts'
import { creditsOf, dayText, drawHead, drawMap, drawScale, type Frame, groundOf, readMap, write } from '../../layers/service.ts' // prettier-ignore
import { cityTitle } from '../../places/service.ts'
import type { Tour, WorkStop } from '../contract.ts'

const MAP_HEIGHT = 110 * MM
/** Metres on the ground for one on paper. */
const SCALES = [500, 1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000]
/** From these on they are too small to be told apart. */
const NO_NUMBERS = 5000
const NO_BUILDINGS = 10_000
const TRACK = '#0b5c8f'
/** Radius of a stop on the map, points. */
const DISC = 8
/** Where the words of a stop begin beside its number. */
const INDENT = 34
const FOOT = 16

interface Spot {
  east_m: number
  north_m: number
  lon: number
  lat: number
}

/** Draws the sheet; it is to be sent with sendSheet(). */
export async function drawTour(ctx: Context, { day, crew, stops }: Tour): Promise<Sheet> {
  const { language } = ctx
  const from = await cityTitle(ctx)
  const title = [crew?.title[language], dayText(day, language)].filter(Boolean).join(', ')
  const sheet = openSheet(language, `${title}, ${from[language]}`, from[language])
  drawHead(sheet, { from: from[language], title, width: WIDTH }, language)
  const spots = await spotsOf(ctx, stops)
  const below = spots[0] ? await drawStops(ctx, sheet, stops, spots, spots[0]) : MARGIN + 52
  listStops(sheet, stops, below, language)
  return sheet
}

const spotsOf = (ctx: Context, stops: readonly WorkStop[]): Promise<Spot[]> => {
  const at = stops.map(({ geometry }) => geometry['coordinates'] as [number, number])
  if (at.length === 0) return Promise.resolve([])
  return sql<Spot>(ctx.db, 'work/stops_on_paper', { lons: at.map(([lon]) => lon), lats: at.map(([, lat]) => lat) })
}

/** Draws the map; returns where there is room below it, points. */
async function drawStops(
  ctx: Context,
  sheet: Sheet,
  stops: readonly WorkStop[],
  spots: readonly Spot[],
  { lon, lat }: Spot,
): Promise<number> {
  const { language } = ctx
  const scale = scaleOf(spots)
  const frame: Frame = { left: MARGIN, top: MARGIN + 48, width: WIDTH, height: MAP_HEIGHT, lon, lat, scale }
  const tooSmall = [...(scale >= NO_NUMBERS ? ['address'] : []), ...(scale > NO_BUILDINGS ? ['building'] : [])]
  const [drawn, ground] = [await readMap(ctx, frame, tooSmall), await groundOf(ctx)]
  const points = spots.map(({ east_m, north_m }) => [(east_m * 1000 * MM) / scale, (-north_m * 1000 * MM) / scale] as const) // prettier-ignore
  const { pdf, part } = sheet
  const on = () => drawTrack(pdf, points, stops)
  part('Figure', () => drawMap(pdf, frame, drawn, language, { on }), text(language, 'tour.map', { n: stops.length }))
  sheet.decoration(() => drawScale(pdf, frame, language))
  const seen = [...ground.values()].filter(({ slug }) => drawn.some(({ layer }) => layer === slug))
  const credits = creditsOf(seen.map((layer) => ({ ...layer, layer })), language).join(' · ') // prettier-ignore
  const y = frame.top + frame.height + 4
  part('P', () => write(pdf, credits, { size: 6.5, colour: MUTED, x: MARGIN, y, width: WIDTH, height: 18 }))
  return y + 24
}

/** The largest scale at which all stops are on the map, with room around them. */
function scaleOf(spots: readonly Spot[]): number {
  const reach = (of: (spot: Spot) => number) => 2 * Math.max(...spots.map((spot) => Math.abs(of(spot))))
  const [width_m, height_m] = [reach(({ east_m }) => east_m), reach(({ north_m }) => north_m)]
  const fits = (scale: number) =>
    (width_m * 1000 * MM) / scale < WIDTH * 0.85 && (height_m * 1000 * MM) / scale < MAP_HEIGHT * 0.85
  return SCALES.find(fits) ?? SCALES.at(-1)!
}

function drawTrack(pdf: Pdf, points: readonly (readonly [number, number])[], stops: readonly WorkStop[]): void {
  points.forEach(([x, y], n) => (n === 0 ? pdf.moveTo(x, y) : pdf.lineTo(x, y)))
  pdf.lineWidth(1.5).lineJoin('round').stroke(TRACK)
  points.forEach(([x, y], n) => {
    const words = String(stops[n]?.properties.tour_position ?? n + 1)
    pdf.circle(x, y, DISC).lineWidth(1).fillAndStroke(TRACK, '#ffffff')
    pdf.font('bold', 8).fillColor('#ffffff')
    pdf.text(words, x - pdf.widthOfString(words) / 2, y - 5.5, { lineBreak: false })
  })
}

function listStops({ pdf, part, decoration }: Sheet, stops: readonly WorkStop[], top: number, language: Language) {
  let y = top
  if (stops.length === 0)
    part('P', () => write(pdf, text(language, 'tour.empty'), { size: 10, colour: INK, x: MARGIN, y, width: WIDTH }))
  for (const stop of stops) {
    const [head, ...lines] = linesOf(stop, language)
    const width = WIDTH - INDENT - 20
    const high = (words: string, isBold: boolean) => pdf.font(isBold ? 'bold' : 'plain', isBold ? 10 : 8.5).heightOfString(words, { width }) // prettier-ignore
    const all = high(head!, true) + lines.reduce((sum, line) => sum + high(line, false), 0) + 12
    if (y + all > BOTTOM - FOOT) {
      pdf.addPage()
      y = MARGIN
    }
    const at = y
    decoration(() => {
      pdf.moveTo(MARGIN, at).lineTo(MARGIN + WIDTH, at).lineWidth(0.5).stroke(RULE) // prettier-ignore
      pdf.rect(MARGIN + WIDTH - 13, at + 7, 11, 11).lineWidth(0.8).stroke(INK) // prettier-ignore
    })
    const number = `${stop.properties.tour_position ?? ''}`
    part('H2', () => {
      write(pdf, number, { size: 12, colour: TRACK, x: MARGIN, y: at + 5, width: INDENT, isBold: true })
      write(pdf, head!, { size: 10, colour: INK, x: MARGIN + INDENT, y: at + 6, width, isBold: true })
    })
    y += 6 + high(head!, true)
    for (const line of lines) {
      const here = y
      part('P', () => write(pdf, line, { size: 8.5, colour: INK, x: MARGIN + INDENT, y: here, width }))
      y += high(line, false)
    }
    y += 6
  }
}

/** What the crew must know of a stop; the task first. */
function linesOf({ properties: p, reports }: WorkStop, language: Language): string[] {
  const say = (title: Localised | null | undefined) => title?.[language]
  const expected = p.planned_at && text(language, 'tour.expected', { at: clockText(p.planned_at, language) })
  const window = p.window && text(language, 'tour.window', p.window)
  const priority = p.priority !== 'normal' && text(language, `work.priority.${p.priority}`)
  const said = reports.map(({ protocol, category, description }) => `${protocol} · ${say(category.title)}: ${description}`) // prettier-ignore
  return [
    p.task,
    ...[
      [expected, window, text(language, 'tour.minutes', { n: p.planned_min }), priority, p.status !== 'planned' && text(language, `work.${p.status}`)], // prettier-ignore
      [say(p.address), say(p.district?.title), p.protocol],
    ].map((parts) => parts.filter(Boolean).join(' · ')),
    ...said
      .slice(0, MOST_SAID)
      .map((words) => (words.length > LONGEST_SAID ? `${words.slice(0, LONGEST_SAID)}…` : words)),
  ]
}

/** The rest is on the phone. */
const MOST_SAID = 2
const LONGEST_SAID = 220

const clockText = (at: string, language: Language): string =>
  new Intl.DateTimeFormat(language, { hour: '2-digit', minute: '2-digit', hour12: false, timeZone: 'Europe/Athens' }).format(new Date(at)) // prettier-ignore
