// "What is here" as one sheet of A4 paper: a map at 1:2000, where it is, and the cards in two columns.
import type { Language, Localised } from '../core/contract.ts'
import type { Context } from '../core/http/context.ts'
import { distanceText, localised, text } from '../core/i18n/text.ts'
import { BOTTOM, INK, MARGIN, MM, MUTED, openSheet, RULE, type Sheet, WIDTH } from '../core/pdf.ts'
import type { Layer } from '../layers/contract.ts'
import { dayText, drawMap, drawPin, drawScale, factsOf, type Frame, listLayers, readMap } from '../layers/service.ts'
import { cityTitle } from '../places/service.ts'
import type { Card, FoundFeature, Here, Subject } from './contract.ts'

const SCALE = 2000
const MAP_HEIGHT = 92 * MM
const COLUMN_GAP = 8 * MM
const COLUMN = (WIDTH - COLUMN_GAP) / 2
/** What stands at the foot of the sheet needs this much, points. */
const FOOT = 62

/** On paper the facts that one takes away; the portal has all. Null: all. */
const FACTS: Record<Subject, readonly string[] | null> = {
  schools: ['phone', 'email'],
  building: null,
  works: ['status', 'starts_on', 'ends_on'],
  networks: [],
  places: [],
  other: [],
}

interface Line {
  text: string
  isTitle?: boolean
}

/** Draws the sheet; it is to be sent with sendSheet(). */
export async function drawHere(ctx: Context, here: Here): Promise<Sheet> {
  const { language } = ctx
  const frame = {
    left: MARGIN,
    top: MARGIN + 48,
    width: WIDTH,
    height: MAP_HEIGHT,
    lon: here.lon,
    lat: here.lat,
    scale: SCALE,
  }
  const [city, layers, drawn] = await Promise.all([cityTitle(ctx), listLayers(ctx), readMap(ctx, frame)])
  const title = titleOf(here, language)
  const sheet = openSheet(language, `${title}, ${city[language]}`, city[language])
  head(sheet, city[language], title, language)
  const { pdf, part } = sheet
  part(
    'Figure',
    () => drawMap(pdf, frame, drawn, language, () => drawPin(pdf)),
    text(language, 'sheet.map', { place: title, scale: SCALE }),
  )
  sheet.decoration(() => drawScale(pdf, frame, language))
  part('P', () =>
    pdf
      .font('plain', 9)
      .fillColor(MUTED)
      .text(coordinates(here, language), MARGIN, frame.top + frame.height + 5),
  )
  columns(sheet, frame, [
    placeBlock(here, language),
    ...here.cards.map((card) => cardBlock(card, layers, language)),
    ...reportBlock(here, language),
  ])
  foot(sheet, here, ctx)
  return sheet
}

const titleOf = ({ place, lat, lon }: Here, language: Language) =>
  place.address ? place.address.title[language] : `${lat.toFixed(5)}, ${lon.toFixed(5)}`

function head({ pdf, part }: Sheet, city: string, title: string, language: Language): void {
  part('P', () => {
    pdf.font('plain', 9).fillColor(MUTED).text(city, MARGIN, MARGIN, { lineBreak: false })
    pdf.text(dayText(new Date(), language), MARGIN, MARGIN, { width: WIDTH, align: 'right' })
  })
  part('H1', () =>
    pdf
      .font('bold', 17)
      .fillColor(INK)
      .text(title, MARGIN, MARGIN + 15, { width: WIDTH, height: 22, ellipsis: true }),
  )
}

function coordinates({ lon, lat, grid }: Here, language: Language): string {
  const m = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 })
  const grads = (value: number) => value.toFixed(6)
  return text(language, 'sheet.coordinates', {
    lat: grads(lat),
    lon: grads(lon),
    east: m(grid.east),
    north: m(grid.north),
  })
}

type Block = Line[]

function placeBlock({ place }: Here, language: Language): Block {
  const say = (title: Localised | undefined) => title?.[language]
  const parts = [say(place.municipal_unit?.title), say(place.district?.title), say(place.block?.title)].filter(Boolean)
  const outside = place.municipality ? [] : [{ text: text(language, 'sheet.outside') }]
  return [
    { text: text(language, 'sheet.place'), isTitle: true },
    ...outside,
    ...parts.map((part) => ({ text: String(part) })),
  ]
}

function cardBlock({ subject, features }: Card, layers: Layer[], language: Language): Block {
  const kept = FACTS[subject]
  const linesOf = (feature: FoundFeature): Line[] => {
    const fields = layers.find(({ slug }) => slug === feature.layer.slug)?.fields ?? []
    const facts = factsOf(fields, feature.properties, language).filter(({ name }) => !kept || kept.includes(name))
    const name = feature.title?.[language] ?? feature.layer.title[language]
    const zone = feature.zone?.school_year
      ? [text(language, 'sheet.school_year', { year: feature.zone.school_year })]
      : []
    const far = feature.distance_m >= 1 ? [distanceText(language, feature.distance_m)] : []
    return [
      { text: [name, ...zone, ...far].join(' · ') },
      ...facts.map(({ title, value }) => ({ text: `   ${title}: ${value}` })),
    ]
  }
  return [{ text: text(language, `subject.${subject}`), isTitle: true }, ...features.flatMap(linesOf)]
}

function reportBlock({ reports }: Here, language: Language): Block[] {
  if (reports.length === 0) return []
  const lines = reports.map(({ category, status, created_at, distance_m }) => ({
    text: [
      category[language],
      localised(`status.${status}`)[language],
      dayText(created_at, language),
      distanceText(language, distance_m),
    ].join(' · '),
  }))
  return [[{ text: text(language, 'subject.reports'), isTitle: true }, ...lines]]
}

/** Sets the blocks under the map, column by column; what has no room is left to the portal. */
function columns({ pdf, part }: Sheet, frame: Frame, blocks: Block[]): void {
  const top = frame.top + frame.height + 24
  const end = BOTTOM - FOOT
  let column = 0
  let y = top
  for (const block of blocks) {
    const heights = block.map(
      ({ text: words, isTitle }) =>
        pdf.font(isTitle ? 'bold' : 'plain', isTitle ? 10 : 8.5).heightOfString(words, { width: COLUMN }) +
        (isTitle ? 2 : 0.5),
    )
    // A heading does not stand alone at the foot of a column.
    if (y + (heights[0] ?? 0) + (heights[1] ?? 0) > end) [column, y] = [column + 1, top]
    for (const [index, { text: words, isTitle }] of block.entries()) {
      const high = heights[index] ?? 0
      if (y + high > end) [column, y] = [column + 1, top]
      if (column > 1) return
      const x = MARGIN + column * (COLUMN + COLUMN_GAP)
      const at = y
      part(isTitle ? 'H2' : 'P', () =>
        pdf
          .font(isTitle ? 'bold' : 'plain', isTitle ? 10 : 8.5)
          .fillColor(INK)
          .text(words, x, at, { width: COLUMN }),
      )
      y += high
    }
    y += 7
  }
}

/** That it is informative, where it comes from, and where to find the newest. */
function foot({ pdf, part, decoration }: Sheet, here: Here, { language, baseUrl }: Context): void {
  const top = BOTTOM - FOOT + 8
  decoration(() =>
    pdf
      .moveTo(MARGIN, top)
      .lineTo(MARGIN + WIDTH, top)
      .lineWidth(0.5)
      .stroke(RULE),
  )
  const credits = creditsOf(here, language)
  part('P', () =>
    pdf
      .font('bold', 8.5)
      .fillColor(INK)
      .text(text(language, 'sheet.informative'), MARGIN, top + 5, { width: WIDTH }),
  )
  const url = `${baseUrl}/place/${here.lon.toFixed(6)},${here.lat.toFixed(6)}`
  part('P', () =>
    pdf
      .font('plain', 6.5)
      .fillColor(MUTED)
      .text([url, ...credits].join('\n'), MARGIN, top + 18, {
        width: WIDTH,
        height: FOOT - 26,
        ellipsis: true,
      }),
  )
}

/** "Schools, bins: Municipality, 20 November 2026, CC-BY-4.0": layers of one origin and day together. */
function creditsOf({ cards }: Here, language: Language): string[] {
  const sources = new Map(cards.flatMap((card) => card.sources).map((source) => [source.layer.slug, source]))
  const titles = new Map<string, string[]>()
  for (const { layer, attribution, licence, updated_at } of sources.values()) {
    const origin = [attribution[language], dayText(updated_at, language), licence].filter(Boolean).join(', ')
    titles.set(origin, [...(titles.get(origin) ?? []), layer.title[language]])
  }
  return [...titles].map(([origin, layers]) => `${layers.join(', ')}: ${origin}`)
}
