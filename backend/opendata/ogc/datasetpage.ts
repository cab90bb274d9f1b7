// The page of a dataset: what it is, where it lies, how to get it.
import type { Localised } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { text, type TextKey } from '../../core/i18n/text.ts'
import { cityTitle } from '../../places/service.ts'
import { listVersions, nameOf, type Version } from '../versions/versions.ts'
import { KEEP_DAYS } from '../changes/jobs.ts'
import type { Collection } from '../collections.ts'
import type { UsageTotals } from '../usage/contract.ts'
import { usageTotalsOf } from '../usage/usage.ts'
import { everything, firstMoment, parsedFeatures, readPage } from '../features.ts'
import { formats, formatsOf } from '../formats.ts'
import { type Feature, featureTable, fieldTable, layout, linkList, mapOf, number } from './html.ts'
import { at, type Link } from './links.ts'
import { html, type Page, type Part } from './markup.ts'
import type { Asked } from './negotiate.ts'

/** What a page tells beyond the collection itself. */
export interface About {
  city: Localised
  since: string | null
  first: readonly Feature[]
  usage: Pick<UsageTotals, 'days_30' | 'days_365'>
  versions: readonly Version[]
}

const FIRST_FEATURES = 5

export async function readAbout(ctx: Context, collection: Collection): Promise<About> {
  const [city, since, page, usage, versions] = await Promise.all([
    cityTitle(ctx),
    firstMoment(ctx, collection),
    readPage(ctx, collection, { ...everything(collection, FIRST_FEATURES), hasGeometry: false }),
    usageTotalsOf(ctx, collection.slug),
    listVersions(ctx, collection),
  ])
  return { city, since, usage, versions, first: parsedFeatures(page.features) }
}

const addressOf = ({ ctx }: Asked, { slug }: Collection) => `${ctx.baseUrl}/opendata/${slug}`

export function datasetPage(asked: Asked, collection: Collection, links: readonly Link[], about: About | null): Page {
  const { ctx } = asked
  const { slug, title, description, licence, feature_count, updated_at, update_frequency, attribution, fields } =
    collection
  const say = (key: TextKey) => text(ctx.language, key)
  const facts: [TextKey, Part][] = [
    ['ogc.features', number(asked, feature_count)],
    ['ogc.changed', new Date(updated_at).toLocaleString(ctx.language, { timeZone: 'Europe/Athens' })],
    ['ogc.frequency', say(`frequency.${update_frequency}`)],
    ['ogc.licence', html`<a rel="license" href="https://spdx.org/licenses/${licence}.html">${licence}</a>`],
    ['ogc.source', attribution[ctx.language]],
    ['ogc.contact', collection.contact && contactOf(asked, collection.contact)],
    ['ogc.used', about && usageFact(asked, collection, about)],
  ]
  const content = [
    html`<p>${description[ctx.language]}</p>`,
    mapOf(collection, null),
    html`<dl>${facts.map(([key, value]) => value && html`<div><dt>${say(key)}</dt><dd>${value}</dd></div>`)}</dl>`,
    html`<h2 id="download">${say('ogc.downloads')}</h2>`,
    downloads(asked, collection),
    about && about.versions.length > 0 && [html`<h2>${say('ogc.versions')}</h2>`, versionList(asked, collection, about.versions)],
    html`<h2>${say('ogc.keep')}</h2>`,
    html`<p>${text(ctx.language, 'ogc.keep_how', { days: KEEP_DAYS })}</p>`,
    html`<pre tabindex="0"><code>curl "${addressOf(asked, collection)}/changes"</code></pre>`,
    about && about.first.length > 0 && [html`<h2>${say('ogc.preview')}</h2>`, featureTable(asked, collection, fields, about.first)],
    html`<p><a class="button primary" href="${at(ctx, `/collections/${slug}/items`)}?f=html&amp;lang=${ctx.language}">${say('ogc.browse')}</a></p>`,
    html`<h2>${say('ogc.fields')}</h2>`,
    fieldTable(asked, fields),
    html`<h2>${say('ogc.samples')}</h2>`,
    samples(asked, collection),
    html`<h2>${say('ogc.links')}</h2>`,
    linkList(links),
  ] // prettier-ignore
  const head = [
    // The same page lies under /ogc too.
    html`<link rel="canonical" href="${addressOf(asked, collection)}">`,
    about && html`<script type="application/ld+json">${inScript(markup(asked, collection, about))}</script>`,
  ] // prettier-ignore
  return layout(asked, title[ctx.language], [[say('ogc.collections'), '/collections']], content, head)
}

const usageFact = (asked: Asked, collection: Collection, { usage }: About): Page =>
  html`${text(asked.ctx.language, 'ogc.used_times', { days_30: number(asked, usage.days_30), days_365: number(asked, usage.days_365) })} <a href="${addressOf(asked, collection)}/usage">JSON</a>` // prettier-ignore

const contactOf = ({ ctx }: Asked, { name, email, url }: NonNullable<Collection['contact']>): Part => [
  url ? html`<a href="${url}">${name[ctx.language]}</a>` : name[ctx.language],
  email && html` <a href="mailto:${email}">${email}</a>`,
]

const downloads = (asked: Asked, collection: Collection): Page =>
  html`<ul class="links">${formatsOf(collection).map(
    ({ extension, name, media_type }) =>
      html`<li><a href="${addressOf(asked, collection)}.${extension}" type="${media_type}" download>${name}</a> <small>${text(asked.ctx.language, `format.${extension}`)}</small></li>`,
  )}</ul>` // prettier-ignore

const versionList = (asked: Asked, collection: Collection, versions: readonly Version[]): Page =>
  html`<ul class="links">${versions.map((version) => {
    const date = new Date(version.made_on).toLocaleDateString(asked.ctx.language, { dateStyle: 'long', timeZone: 'UTC' })
    const name = formats.find(({ extension }) => extension === version.extension)!.name
    return html`<li><a href="${addressOf(asked, collection)}/versions/${nameOf(version)}" download>${text(asked.ctx.language, 'ogc.version_of', { date, name })}</a> <small>${megabytes(asked, version)} · SHA-256 ${version.sha256.slice(0, 12)}…</small></li>`
  })}</ul>` // prettier-ignore

const megabytes = ({ ctx }: Asked, { bytes }: Version) =>
  `${Math.max(bytes / 1e6, 0.1).toLocaleString(ctx.language, { maximumFractionDigits: 1 })} MB`

function samples(asked: Asked, { slug, title, ...collection }: Collection): Page[] {
  const file = addressOf(asked, { slug, title, ...collection })
  const qgis = text(asked.ctx.language, 'ogc.qgis', { title: title[asked.ctx.language] })
  return [
    ['curl', `curl -o ${slug}.geojson "${file}.geojson"`],
    ['JavaScript', `const response = await fetch('${file}.geojson')\nconst { features } = await response.json()\nconsole.log(features.length, features[0]?.properties)`],
    ['Python', `import geopandas\n\ndata = geopandas.read_file("${file}.geojson")\nprint(data.head())`],
  ].map(([name, code]) => html`<h3>${name}</h3><pre tabindex="0"><code>${code}</code></pre>`)
    .concat(html`<h3>QGIS</h3><p>${qgis}</p><pre tabindex="0"><code>${at(asked.ctx, '')}</code></pre>`) // prettier-ignore
}

/** JSON inside a script element: nothing in it may end the element. A data block is not run, so the page's policy lets it be. */
const inScript = (value: unknown): Page => ({ text: JSON.stringify(value).replace(/</g, '\\u003c') })

/** schema.org, for search engines of datasets. */
function markup(asked: Asked, collection: Collection, { city, since }: About) {
  const { title, description, licence, updated_at, bbox, fields } = collection
  const { language, baseUrl } = asked.ctx
  const publisher = { '@type': 'GovernmentOrganization', name: city[language], url: `${baseUrl}/` }
  return {
    '@context': 'https://schema.org/',
    '@type': 'Dataset',
    '@id': addressOf(asked, collection),
    url: addressOf(asked, collection),
    name: title[language],
    description: description[language] || title[language],
    inLanguage: language,
    license: `https://spdx.org/licenses/${licence}.html`,
    isAccessibleForFree: true,
    creator: publisher,
    publisher,
    dateModified: updated_at,
    // South before west, as schema.org has it.
    ...(bbox && { spatialCoverage: { '@type': 'Place', geo: { '@type': 'GeoShape', box: `${bbox[1]} ${bbox[0]} ${bbox[3]} ${bbox[2]}` } } }),
    ...(since && { temporalCoverage: `${since}/..` }),
    variableMeasured: fields.map(({ name, title: meaning, unit }) => ({ '@type': 'PropertyValue', name, description: meaning[language], ...(unit && { unitText: unit }) })),
    distribution: formatsOf(collection).map(({ extension, media_type, name }) => ({ '@type': 'DataDownload', name, encodingFormat: media_type, contentUrl: `${addressOf(asked, collection)}.${extension}` })),
    includedInDataCatalog: { '@type': 'DataCatalog', '@id': `${baseUrl}/opendata/catalog`, url: `${baseUrl}/opendata` },
  } // prettier-ignore
}
