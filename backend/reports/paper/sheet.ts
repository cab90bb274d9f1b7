// Reports on paper, for who goes there: one with its story, or the list with its map. Contact details stay masked, as on the screen.
import type { Language } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import type { Context } from '../../core/http/context.ts'
import { localised, text } from '../../core/i18n/text.ts'
import { INK, MARGIN, MM, openSheet, type Pdf, type Sheet, WIDTH } from '../../core/pdf.ts'
import { dayText, drawHead, drawMap, drawPin, drawScale, type Frame, momentText, pointsPerMetre, readMap } from '../../layers/service.ts' // prettier-ignore
import { cityTitle } from '../../places/service.ts'
import type { StaffReportDetail, StaffReportFeature } from '../desk/contract.ts'
import { listStaffReports } from '../lists.ts'
import { getStaffReport } from '../service.ts'
import { MOST_ON_PAPER } from './contract.ts'
import { flow, type Row } from './flow.ts'

const MAP_HEIGHT = 92 * MM
const MAP_TOP = MARGIN + 48
const SCALES = [1000, 2000, 5000, 10_000, 25_000, 50_000, 100_000, 200_000]
/** Smaller maps show no houses and no numbers. */
const HOUSES_TO = 5000

interface Spot {
  id: string
  x_m: number
  y_m: number
  lon: number
  lat: number
  width_m: number
  height_m: number
}

/** The largest usual scale at which all of it is on the map. */
const scaleFor = ({ width_m, height_m }: Spot) =>
  SCALES.find((scale) => (width_m * 1000 * MM) / scale < WIDTH * 0.85 && (height_m * 1000 * MM) / scale < MAP_HEIGHT * 0.8) ?? SCALES.at(-1)! // prettier-ignore

/** Head and map; `on` draws upon the map with its middle as origin. Returns where the words may begin, points. */
async function open(
  ctx: Context,
  title: string,
  spot: Spot | undefined,
  on: (pdf: Pdf, points_per_m: number) => void,
): Promise<{ sheet: Sheet; top: number }> {
  const { language } = ctx
  const from = (await cityTitle(ctx))[language]
  const sheet = openSheet(language, `${title}, ${from}`, from)
  drawHead(sheet, { from, title, width: WIDTH }, language)
  if (!spot) return { sheet, top: MAP_TOP }
  const { lon, lat } = spot
  const frame: Frame = { left: MARGIN, top: MAP_TOP, width: WIDTH, height: MAP_HEIGHT, lon, lat, scale: scaleFor(spot) }
  const drawn = await readMap(ctx, frame, frame.scale > HOUSES_TO ? ['address', 'building'] : [])
  const { pdf, part, decoration } = sheet
  const map = () => drawMap(pdf, frame, drawn, language, { on: () => on(pdf, pointsPerMetre(frame)) })
  part('Figure', map, text(language, 'sheet.map', { place: title, scale: frame.scale }))
  decoration(() => drawScale(pdf, frame, language))
  return { sheet, top: MAP_TOP + MAP_HEIGHT + 14 }
}

const spotsOf = (ctx: Context, ids: readonly string[]) => sql<Spot>(ctx.db, 'reports/on_paper', { ids })

/** The sheet of a report; it is to be sent with sendSheet(). Throws not-found. */
export async function drawReport(ctx: Context, id: string): Promise<Sheet> {
  const { language, baseUrl } = ctx
  const report = await getStaffReport(ctx, id)
  const title = `${report.properties.protocol} · ${report.properties.category.title[language]}`
  const [spot] = await spotsOf(ctx, [id])
  const { sheet, top } = await open(ctx, title, spot, drawPin)
  flow(sheet, top, [factsOf(report, language), ...storyOf(report, language)], `${baseUrl}/desk/${id}`, language)
  return sheet
}

const said = (language: Language, key: Parameters<typeof text>[1], value: string | null | undefined) => (value ? [{ text: `${text(language, key)}: ${value}` }] : []) // prettier-ignore

function factsOf({ properties: p, place, contact }: StaffReportDetail, language: Language): Row {
  const where = [p.address?.[language], place.district?.title[language]].filter(Boolean).join(', ')
  const who = [p.department, p.crew].map((each) => each?.title[language]).filter(Boolean).join(', ') // prettier-ignore
  return {
    words: [
      { text: localised(`status.${p.status}`)[language], isTitle: true },
      ...said(language, 'paper.where', where),
      ...said(language, 'paper.who', who),
      ...said(language, 'paper.came', momentText(p.created_at, language)),
      ...said(language, 'paper.due', dayText(p.due_at, language)),
      ...said(language, 'paper.contact', contact && [contact.name, contact.phone, contact.email].filter(Boolean).join(' · ')), // prettier-ignore
      ...(p.description ? [{ text: text(language, 'paper.words', { words: p.description }) }] : []),
    ],
  }
}

function storyOf({ timeline }: StaffReportDetail, language: Language): Row[] {
  const rows = timeline.map(({ at, kind, status, department, crew, note, actor, is_public }): Row => {
    const what = kind === 'status' && status ? `status.${status}` as const : `paper.kind.${kind}` as const // prettier-ignore
    const head = [
      momentText(at, language),
      text(language, what),
      department?.title[language],
      crew?.title[language],
      actor,
    ]
    const internal = is_public ? [] : [text(language, 'paper.internal')]
    return {
      words: [
        { text: [...head.filter(Boolean), ...internal].join(' · '), isMuted: true },
        ...(note ? [{ text: note }] : []),
      ],
    }
  })
  return [{ words: [{ text: text(language, 'paper.story'), isTitle: true }] }, ...rows]
}

/** The list with its map; it is to be sent with sendSheet(). */
export async function drawList(
  ctx: Context,
  query: Omit<Parameters<typeof listStaffReports>[1], 'limit'>,
): Promise<Sheet> {
  const { language, baseUrl } = ctx
  const { features, links } = await listStaffReports(ctx, { ...query, limit: MOST_ON_PAPER })
  const spots = await spotsOf(ctx, features.map(({ id }) => id)) // prettier-ignore
  const numbers = new Map(features.map(({ id }, index) => [id, index + 1]))
  const dots = (pdf: Pdf, k: number) => {
    for (const { id, x_m, y_m } of spots) drawDot(pdf, x_m * k, -y_m * k, String(numbers.get(id)))
  }
  const { sheet, top } = await open(ctx, text(language, 'paper.list', { n: features.length }), spots[0], dots)
  const isCut = links.some(({ rel }) => rel === 'next')
  const cut: Row[] = isCut ? [{ words: [{ text: text(language, 'paper.cut', { n: MOST_ON_PAPER }), isTitle: true }] }] : [] // prettier-ignore
  const rows = features.map((report, index) => lineOf(report, index + 1, language))
  flow(sheet, top, [...cut, ...rows], `${baseUrl}/desk`, language)
  return sheet
}

const DOT = 6.5

function drawDot(pdf: Pdf, x: number, y: number, number: string): void {
  pdf.circle(x, y, DOT).lineWidth(1).fillAndStroke(INK, '#ffffff')
  pdf.font('bold', 6).fillColor('#ffffff')
  pdf.text(number, x - pdf.widthOfString(number) / 2, y - 4.2, { lineBreak: false })
}

/** Longer words are for the screen. */
const MOST_LETTERS = 220

function lineOf({ properties: p }: StaffReportFeature, number: number, language: Language): Row {
  const state = localised(`status.${p.status}`)[language]
  const where = p.address?.[language] ?? p.district?.title[language]
  const due = text(language, p.is_overdue ? 'paper.late' : 'paper.until', { day: dayText(p.due_at, language) })
  const words = p.description.length > MOST_LETTERS ? `${p.description.slice(0, MOST_LETTERS)}…` : p.description
  return {
    number,
    words: [
      { text: [p.category.title[language], where].filter(Boolean).join(' · '), isTitle: true },
      { text: [p.protocol, state, due, p.crew?.title[language]].filter(Boolean).join(' · '), isMuted: true },
      ...(words ? [{ text: words }] : []),
    ],
  }
}
