// "What is here" on paper: a map at 1:2000, where it is, and the cards.
import type { Language, Localised } from '../core/contract.ts'
import type { Context } from '../core/http/context.ts'
import { distanceText, localised, text } from '../core/i18n/text.ts'
import type { Sheet } from '../core/pdf.ts'
import type { Layer } from '../layers/contract.ts'
import { dayText, drawPin, drawSheet, factsOf, type Line, listLayers } from '../layers/service.ts'
import { cityTitle } from '../places/service.ts'
import type { Card, FoundFeature, Here, Subject } from './contract.ts'

const SCALE = 2000

/** On paper the facts that one takes away; the portal has all. Null: all. */
const FACTS: Record<Subject, readonly string[] | null> = {
  schools: ['phone', 'email'],
  building: null,
  works: ['status', 'starts_on', 'ends_on'],
  networks: [],
  places: [],
  other: [],
}

/** Draws the sheet; it is to be sent with sendSheet(). */
export async function drawHere(ctx: Context, here: Here): Promise<Sheet> {
  const { language, baseUrl } = ctx
  const { lon, lat, place, cards } = here
  const [from, layers] = await Promise.all([cityTitle(ctx), listLayers(ctx)])
  return drawSheet(ctx, {
    from,
    title: place.address?.title[language] ?? `${lat.toFixed(5)}, ${lon.toFixed(5)}`,
    lon,
    lat,
    scale: SCALE,
    on: drawPin,
    under: coordinates(here, language),
    blocks: [
      placeBlock(here, language),
      ...cards.map((card) => cardBlock(card, layers, language)),
      ...reportBlock(here, language),
    ],
    note: text(language, 'sheet.informative'),
    url: `${baseUrl}/place/${lon.toFixed(6)},${lat.toFixed(6)}`,
    origins: cards.flatMap(({ sources }) => sources),
  })
}

function coordinates({ lon, lat, grid }: Here, language: Language): string {
  const m = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 1, minimumFractionDigits: 1 })
  const values = { lat: lat.toFixed(6), lon: lon.toFixed(6), east: m(grid.east), north: m(grid.north) }
  return text(language, 'sheet.coordinates', values)
}

function placeBlock({ place }: Here, language: Language): Line[] {
  const say = (title: Localised | undefined) => title?.[language]
  const parts = [say(place.municipal_unit?.title), say(place.district?.title), say(place.block?.title)].filter(Boolean)
  const outside = place.municipality ? [] : [{ text: text(language, 'sheet.outside') }]
  const title = { text: text(language, 'sheet.place'), isTitle: true }
  return [title, ...outside, ...parts.map((part) => ({ text: String(part) }))]
}

function cardBlock({ subject, features }: Card, layers: Layer[], language: Language): Line[] {
  const kept = FACTS[subject]
  const linesOf = (feature: FoundFeature): Line[] => {
    const fields = layers.find(({ slug }) => slug === feature.layer.slug)?.fields ?? []
    const facts = factsOf(fields, feature.properties, language).filter(({ name }) => !kept || kept.includes(name))
    const name = feature.title?.[language] ?? feature.layer.title[language]
    const year = feature.zone?.school_year
    const zone = year ? [text(language, 'sheet.school_year', { year })] : []
    const far = feature.distance_m >= 1 ? [distanceText(language, feature.distance_m)] : []
    return [
      { text: [name, ...zone, ...far].join(' · ') },
      ...facts.map(({ title, value }) => ({ text: `   ${title}: ${value}` })),
    ]
  }
  return [{ text: text(language, `subject.${subject}`), isTitle: true }, ...features.flatMap(linesOf)]
}

function reportBlock({ reports }: Here, language: Language): Line[][] {
  if (reports.length === 0) return []
  const lines = reports.map(({ category, status, created_at, distance_m }) => {
    const state = localised(`status.${status}`)[language]
    return {
      text: [category[language], state, dayText(created_at, language), distanceText(language, distance_m)].join(' · '),
    }
  })
  return [[{ text: text(language, 'subject.reports'), isTitle: true }, ...lines]]
}
