// Reports as a feed: what public_report holds and no word of a citizen.
import type { z } from 'zod'
import type { Localised } from '../../core/contract.ts'
import { sql } from '../../core/db/sql.ts'
import type { Feed, FeedItem, Form } from '../../core/feeds.ts'
import { type Context, reading } from '../../core/http/context.ts'
import { badParameter } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { cityTitle } from '../../places/service.ts'
import type { Status } from '../../reports/contract.ts'
import type { FeedQuery } from './contract.ts'

const MOST = 50
/** A feed without items was never changed, and has to name a time. */
const NEVER = new Date(0).toISOString()

type Query = z.output<typeof FeedQuery>

interface Row {
  id: string
  protocol: string
  status: Status
  created_at: string
  updated_at: string
  category: string
  category_title: Localised
  district_title: Localised | null
  lon: number
  lat: number
}

/** The newest reports that the query leaves, in the caller's language. Throws bad-parameter for what there is none of. */
export async function reportFeed(ctx: Context, query: Query, form: Form): Promise<Feed> {
  const { language, baseUrl } = ctx
  const [city, category, district] = await Promise.all([
    cityTitle(ctx),
    query.category === undefined ? undefined : categoryTitle(ctx, query.category),
    query.district === undefined ? undefined : districtTitle(ctx, query.district),
  ])
  const rows = await reading(ctx, (db) =>
    sql<Row>(db, 'opendata/report_feed', {
      category: query.category ?? null,
      district: query.district ?? null,
      bbox: query.bbox === undefined ? null : boxOf(query.bbox),
      most: MOST,
    }),
  )
  const what = [category, district].flatMap((title) => (title ? [title[language]] : []))
  const latest = Math.max(...rows.map(({ updated_at }) => Date.parse(updated_at)))
  return {
    title: [text(language, 'feed.reports'), ...what].join(' · '),
    author: city[language],
    language,
    self: selfOf(ctx, query, form),
    page: `${baseUrl}/reports`,
    updated_at: rows.length > 0 ? new Date(latest).toISOString() : NEVER,
    items: rows.map((row) => itemOf(ctx, row)),
  }
}

function itemOf({ language, baseUrl }: Context, row: Row): FeedItem {
  const { id, protocol, created_at, updated_at, category_title, district_title, lon, lat } = row
  const category = category_title[language]
  return {
    id: `urn:uuid:${id}`,
    url: `${baseUrl}/reports/${id}`,
    title: [category, district_title?.[language]].filter(Boolean).join(', '),
    text: text(language, 'feed.report', { protocol, status: text(language, `status.${row.status}`) }),
    created_at: new Date(created_at).toISOString(),
    updated_at: new Date(updated_at).toISOString(),
    category: { slug: row.category, title: category },
    point: [Number(lon.toFixed(6)), Number(lat.toFixed(6))],
  }
}

// The language is in the address too: the same address must not be two feeds to a reader.
function selfOf({ language, baseUrl }: Context, { category, district, bbox }: Query, form: Form): string {
  const given = Object.entries({ category, district, bbox, lang: language }).filter(([, value]) => value !== undefined)
  return `${baseUrl}/feeds/reports.${form}?${new URLSearchParams(given as [string, string][])}`
}

async function categoryTitle(ctx: Context, slug: string): Promise<Localised> {
  const row = await ctx.db('category').where({ slug }).first('title')
  if (!row) throw badParameter('category', 'parameter.category')
  return row.title
}

async function districtTitle(ctx: Context, slug: string): Promise<Localised> {
  const row = await ctx.db('area').where({ role: 'district', slug }).first('title')
  if (!row) throw badParameter('district', 'parameter.district')
  return row.title ?? { el: slug, en: slug }
}

function boxOf(bbox: string): number[] {
  const box = bbox.split(',').map(Number)
  const [west = NaN, south = NaN, east = NaN, north = NaN] = box
  if (!(west <= east && south <= north && Math.abs(west) <= 180 && east <= 180 && south >= -90 && north <= 90))
    throw badParameter('bbox', 'parameter.box')
  return box
}
