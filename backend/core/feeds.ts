// A feed as Atom (RFC 4287), RSS 2.0 or JSON Feed 1.1; places as GeoRSS-Simple. Whoever has news to tell fills in a Feed.
import { XMLBuilder } from 'fast-xml-parser'
import type { Language } from './contract.ts'
import { writable } from './xml.ts'

export interface Feed {
  title: string
  /** Who publishes it. */
  author: string
  language: Language
  /** This feed in the form that is written. */
  self: string
  /** The page that people read instead. */
  page: string
  /** Last change of any item, RFC 3339. */
  updated_at: string
  items: readonly FeedItem[]
}

export interface FeedItem {
  /** URI that never changes, whatever becomes of addresses. */
  id: string
  url: string
  title: string
  text: string
  created_at: string
  updated_at: string
  /** Key and title. */
  category: { slug: string; title: string } | null
  /** [lon, lat], degrees, WGS 84. */
  point: readonly [number, number] | null
}

export const forms = {
  atom: { type: 'application/atom+xml', write: asAtom },
  rss: { type: 'application/rss+xml', write: asRss },
  json: { type: 'application/feed+json', write: asJson },
}
export type Form = keyof typeof forms

const GEORSS = 'http://www.georss.org/georss'

const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true, indentBy: ' ' })

const xml = (content: Record<string, unknown>): string =>
  writable(builder.build({ '?xml': { '@version': '1.0', '@encoding': 'utf-8' }, ...content }))

/** GeoRSS writes latitude first. */
const georss = ({ point }: FeedItem) => point && { 'georss:point': `${point[1]} ${point[0]}` }

function asAtom({ title, author, language, self, page, updated_at, items }: Feed): string {
  const link = (rel: string, type: string, href: string) => ({ '@rel': rel, '@type': type, '@href': href })
  return xml({
    feed: {
      '@xmlns': 'http://www.w3.org/2005/Atom',
      '@xmlns:georss': GEORSS,
      '@xml:lang': language,
      id: self,
      title,
      updated: updated_at,
      author: { name: author },
      link: [link('self', forms.atom.type, self), link('alternate', 'text/html', page)],
      entry: items.map((item) => ({
        id: item.id,
        title: item.title,
        link: link('alternate', 'text/html', item.url),
        published: item.created_at,
        updated: item.updated_at,
        ...(item.category && { category: { '@term': item.category.slug, '@label': item.category.title } }),
        summary: item.text,
        ...georss(item),
      })),
    },
  })
}

const rfc822 = (at: string) => new Date(at).toUTCString().replace('GMT', '+0000')

function asRss({ title, author, language, self, page, updated_at, items }: Feed): string {
  return xml({
    rss: {
      '@version': '2.0',
      '@xmlns:atom': 'http://www.w3.org/2005/Atom',
      '@xmlns:georss': GEORSS,
      channel: {
        title,
        link: page,
        description: `${title}. ${author}`,
        language,
        lastBuildDate: rfc822(updated_at),
        'atom:link': { '@rel': 'self', '@type': forms.rss.type, '@href': self },
        item: items.map((item) => ({
          title: item.title,
          link: item.url,
          guid: { '@isPermaLink': 'false', '#text': item.id },
          pubDate: rfc822(item.created_at),
          ...(item.category && { category: item.category.title }),
          description: item.text,
          ...georss(item),
        })),
      },
    },
  })
}

function asJson({ title, author, language, self, page, items }: Feed): string {
  return JSON.stringify({
    version: 'https://jsonfeed.org/version/1.1',
    title,
    home_page_url: page,
    feed_url: self,
    language,
    authors: [{ name: author }],
    items: items.map((item) => ({
      id: item.id,
      url: item.url,
      title: item.title,
      content_text: item.text,
      date_published: item.created_at,
      date_modified: item.updated_at,
      ...(item.category && { tags: [item.category.title] }),
      // Members of our own begin with an underscore.
      ...(item.point && { _geometry: { type: 'Point', coordinates: item.point } }),
    })),
  })
}
