import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'
import { ListQuery } from '../../reports/contract.ts'

export const FeedQuery = ListQuery.pick({ category: true, district: true, bbox: true }).extend({
  lang: z.enum(['el', 'en']).optional().describe('Language of the titles, before the header Accept-Language'),
})

const parts = {
  query: FeedQuery,
  headers: { 'If-None-Match': 'ETag of the copy that the caller has' },
  response: z.string(),
}

export const reportsAsAtom = endpoint('GET /feeds/reports.atom', {
  summary: 'The newest public reports, of a category, a district or a box: Atom (RFC 4287) with GeoRSS',
  produces: 'application/atom+xml',
  ...parts,
})

export const reportsAsRss = endpoint('GET /feeds/reports.rss', {
  summary: 'The newest public reports, of a category, a district or a box: RSS 2.0 with GeoRSS',
  produces: 'application/rss+xml',
  ...parts,
})

export const reportsAsJson = endpoint('GET /feeds/reports.json', {
  summary: 'The newest public reports, of a category, a district or a box: JSON Feed 1.1',
  produces: 'application/feed+json',
  ...parts,
})
