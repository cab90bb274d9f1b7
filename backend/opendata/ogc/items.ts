// Features of a collection: pages by keyset, and one by its id.
import { createHash } from 'node:crypto'
import { badParameter, problem } from '../../core/http/problem.ts'
import { type Collection, getCollection } from '../collections.ts'
import { everything, type FeatureQuery, readPage, rowVersion } from '../features.ts'
import { keptCount, keptPage } from '../pages.ts'
import { featurePage, itemsPage } from './html.ts'
import { at, GEOJSON, HTML, JSON_TYPE, type Link, link, selfAndAlternate, withParameters } from './links.ts'
import type { Answer, Asked } from './negotiate.ts'
import { cursorOf, DEFAULT_LIMIT, readCrs, readItemsQuery, readParameters } from './parameters.ts'

/** What a page for people shows without being asked. */
const HTML_LIMIT = 25

const NOTHING = { features: [], count: 0, next: null }

/** A page of features. Throws not-found, bad-parameter. */
export async function items(asked: Asked, slug: string): Promise<Answer> {
  const { ctx, address, form } = asked
  const collection = await getCollection(ctx, slug)
  const query = readItemsQuery(collection, asked.query, form === 'html' ? HTML_LIMIT : DEFAULT_LIMIT)
  const [matched, page] = await computed(() =>
    Promise.all([keptCount(ctx, collection, query.where), query.isCount ? NOTHING : keptPage(ctx, collection, query)]),
  )
  const links: Link[] = [
    ...selfAndAlternate(ctx, address, form, GEOJSON),
    link(ctx, 'collection', at(ctx, `/collections/${slug}`), JSON_TYPE, 'ogc.collection'),
    ...(page.next
      ? [link(ctx, 'next', withParameters(address, { cursor: cursorOf(page.next) }), form === 'html' ? HTML : GEOJSON, 'ogc.next')]
      : []),
    ...(query.after
      ? [link(ctx, 'first', withParameters(address, { cursor: null }), form === 'html' ? HTML : GEOJSON, 'ogc.first')]
      : []),
  ] // prettier-ignore
  return {
    type: GEOJSON,
    links,
    headers: { 'Content-Crs': `<${query.crs.uri}>` },
    ...(!query.isCount && { dataset: slug }),
    version: `${slug}-${collection.version}`,
    json: () => {
      const head = { type: 'FeatureCollection', timeStamp: new Date().toISOString(), numberMatched: matched, numberReturned: page.count, links } // prettier-ignore
      // The features are JSON already, and may be many.
      return [Buffer.from(`${JSON.stringify(head).slice(0, -1)},"features":[`), ...page.features, Buffer.from(']}')]
    },
    html: () => itemsPage(asked, collection, { ...query, matched, links, features: JSON.parse(`[${page.features.join('')}]`) }),
  } // prettier-ignore
}

/** One feature. Throws not-found, bad-parameter. */
export async function item(asked: Asked, slug: string, id: string): Promise<Answer> {
  const { ctx, address, form } = asked
  const collection = await getCollection(ctx, slug)
  const crs = readCrs(readParameters(asked.query, ['f', 'lang', 'crs']), 'crs')
  const query: FeatureQuery = { ...everything(collection, 1), crs, where: [withId(collection, id)] }
  const [feature] = (await readPage(ctx, collection, query)).features
  if (feature === undefined) throw problem('not-found')
  const row = await rowVersion(ctx, collection, id)
  const links = [
    ...selfAndAlternate(ctx, address, form, GEOJSON),
    link(ctx, 'collection', at(ctx, `/collections/${slug}`), JSON_TYPE, 'ogc.collection'),
  ]
  return {
    type: GEOJSON,
    links,
    headers: { 'Content-Crs': `<${crs.uri}>` },
    dataset: slug,
    // Who edits sends it back as If-Match.
    version: row ?? createHash('sha256').update(feature).digest('hex').slice(0, 16),
    json: () => `${feature.slice(0, -1)},"links":${JSON.stringify(links)}}`,
    html: () => featurePage(asked, collection, JSON.parse(feature)),
  }
}

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i

function withId({ id_type }: Collection, id: string) {
  if (!(id_type === 'uuid' ? UUID : /^-?\d{1,18}$/).test(id)) throw problem('not-found')
  return { text: `f.id = ?::${id_type}`, values: [id] }
}

/** What the database cannot compute with its data (division by zero, a number too large, a cut-off pattern) is the filter's fault. */
export async function computed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    const { code, message } = error as { code?: string; message: string }
    if (!code?.startsWith('22')) throw error
    throw badParameter('filter', 'parameter.compute', { reason: message.split(' - ').at(-1) })
  }
}
