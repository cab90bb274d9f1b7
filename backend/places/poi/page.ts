// The address of a place: the portal's own page, with what search engines and messengers read in its head.
import type { Response } from 'express'
import type { Language, Localised } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { portalPage } from '../../core/http/portal.ts'
import { problem, ProblemError } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { cityTitle } from '../city.ts'
import type { PlaceDetail } from './contract.ts'
import { getPlace } from './one.ts'
import { PICTURE } from './preview.ts'
import { thingOf } from './schema.ts'

const LOCALE: Record<Language, string> = { el: 'el_GR', en: 'en_GB' }

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (words: string) => words.replace(/[&<>"']/g, (sign) => SIGNS[sign]!)

/** Sends the portal with the head of the place; of one that is not there the portal says so itself, with 404. */
export async function sendPlacePage(ctx: Context, layer: string, key: string, response: Response): Promise<void> {
  const language = languageAsked(response.req.query['lang']) ?? ctx.language
  const [city, place] = await Promise.all([cityTitle(ctx), findPlace(ctx, layer, key)])
  if (place) return sendPage(response, language, headOf({ ...ctx, language }, city, place))
  response.status(404)
  sendPage(response, language, `<title>${escaped(city[language])}</title><meta name="robots" content="noindex">`)
}

/** Sends the portal with the head of the list of places. */
export async function sendListPage(ctx: Context, response: Response): Promise<void> {
  const language = languageAsked(response.req.query['lang']) ?? ctx.language
  const city = (await cityTitle(ctx))[language]
  const title = `${text(language, 'places.title')} – ${city}`
  const address = `${ctx.baseUrl}/places`
  const head = [`<title>${escaped(title)}</title>`, meta('description', text(language, 'places.about', { city })), ...linksOf(address)] // prettier-ignore
  sendPage(response, language, head.join('\n    '))
}

const languageAsked = (asked: unknown): Language | undefined => (asked === 'el' || asked === 'en' ? asked : undefined)

const findPlace = (ctx: Context, layer: string, key: string) =>
  getPlace(ctx, layer, key, new Date()).catch((error: unknown) => {
    if (error instanceof ProblemError && error.kind === 'not-found') return undefined
    throw error
  })

function sendPage(response: Response, language: Language, head: string): void {
  const page = portalPage(language, head)
  if (!page) throw problem('not-found')
  response
    .set({ 'Content-Security-Policy': String(response.locals['pagePolicy']), 'Content-Language': language })
    .type('html')
    .send(page)
}

const meta = (name: string, words: string) => `<meta name="${name}" content="${escaped(words)}">`
const graph = (property: string, words: string) => `<meta property="${property}" content="${escaped(words)}">`
const linksOf = (address: string) => [
  `<link rel="canonical" href="${escaped(address)}">`,
  ...Object.keys(LOCALE).map((one) => `<link rel="alternate" hreflang="${one}" href="${escaped(`${address}?lang=${one}`)}">`), // prettier-ignore
  `<link rel="alternate" hreflang="x-default" href="${escaped(address)}">`,
]

function headOf(ctx: Context, city: Localised, place: PlaceDetail): string {
  const { language } = ctx
  const address = addressOf(ctx, place)
  const title = place.title[language]
  const about = aboutOf(place, city[language], language)
  const other = language === 'el' ? 'en' : 'el'
  return [
    `<title>${escaped(`${title} – ${city[language]}`)}</title>`,
    meta('description', about),
    ...linksOf(address),
    graph('og:type', 'place'),
    graph('og:site_name', city[language]),
    graph('og:title', title),
    graph('og:description', about),
    graph('og:url', address),
    graph('og:locale', LOCALE[language]),
    graph('og:locale:alternate', LOCALE[other]),
    graph('og:image', `${address}/preview.png?lang=${language}`),
    graph('og:image:type', 'image/png'),
    graph('og:image:width', String(PICTURE.width)),
    graph('og:image:height', String(PICTURE.height)),
    graph('og:image:alt', text(language, 'places.map_of', { place: title })),
    meta('twitter:card', 'summary_large_image'),
    // Data, not a script: nothing runs it. No text may end the element.
    `<script type="application/ld+json">${JSON.stringify(thingOf(place, address, language)).replaceAll('<', '\\u003c')}</script>`,
  ].join('\n    ')
}

/** The address that everybody shares. */
export const addressOf = ({ baseUrl }: Pick<Context, 'baseUrl'>, { layer, key }: PlaceDetail): string =>
  `${baseUrl}/places/${layer.slug}/${encodeURIComponent(key)}`

/** "Pharmacy · Ermou 3 · Open until 21:00. …" in a line. */
function aboutOf(
  { kind, title, address, description, opening }: PlaceDetail,
  city: string,
  language: Language,
): string {
  const what = kind.title[language] === title[language] ? null : kind.title[language]
  const facts = [what, address?.[language] ?? city, opening?.text].filter(Boolean).join(' · ')
  return [facts, description?.[language]].filter(Boolean).join('. ').slice(0, 300)
}
