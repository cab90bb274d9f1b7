// Everything that is published, as DCAT-AP 3.0.1 with the profile of high-value datasets.
import type { Quad } from 'n3'
import type { Localised } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { localised, type TextKey } from '../../core/i18n/text.ts'
import { cityTitle } from '../../places/service.ts'
import { type Collection, listCollections } from '../collections.ts'
import { firstMoment } from '../features.ts'
import { type Format, formats, formatsOf } from '../formats.ts'
import { both, iri, moment, PREFIXES, resource, typed } from './graph.ts'
import { newestVersions, nameOf, type Version } from '../versions/versions.ts'
import { authority, dataTheme, frequency, HVD_LAW, hvdCategory, inspireTheme, licenceUri } from './vocabulary.ts'

/** Addresses of what the catalogue tells of; they stay. */
const catalogueUri = ({ baseUrl }: Context) => `${baseUrl}/opendata/catalog`
export const datasetUri = ({ baseUrl }: Context, slug: string): string => `${baseUrl}/opendata/${slug}`

interface Service {
  name: 'features' | 'tiles' | 'open311'
  endpoint: string
  description: string
  /** Address of the specification. */
  standard: string
  serves: (collection: Collection) => boolean
}

const servicesOf = ({ baseUrl }: Context): Service[] => [
  {
    name: 'features',
    endpoint: `${baseUrl}/ogc`,
    description: `${baseUrl}/ogc/api`,
    standard: 'http://www.opengis.net/doc/IS/ogcapi-features-1/1.0',
    serves: () => true,
  },
  {
    name: 'tiles',
    endpoint: `${baseUrl}/tiles`,
    description: `${baseUrl}/api/openapi.json`,
    standard: 'https://github.com/mapbox/tilejson-spec/tree/master/3.0.0',
    serves: ({ layer }) => layer !== null,
  },
  {
    name: 'open311',
    endpoint: `${baseUrl}/open311/v2`,
    description: `${baseUrl}/open311/v2/discovery.json`,
    standard: 'http://wiki.open311.org/GeoReport_v2/',
    serves: ({ slug }) => slug === 'reports',
  },
]

const said = (key: TextKey, values?: Localised) => both(localised(key, (language) => ({ name: values?.[language] })))

/** The whole catalogue as one graph. */
export async function catalogueGraph(ctx: Context): Promise<Quad[]> {
  const [city, collections] = await Promise.all([cityTitle(ctx), listCollections(ctx)])
  const services = servicesOf(ctx)
  const versions = await newestVersions(ctx, collections)
  const datasets = await Promise.all(
    collections.map((collection) =>
      datasetQuads(
        ctx,
        collection,
        versions.filter((version) => version.collection === collection.slug),
      ),
    ),
  )
  return [
    ...catalogueQuads(ctx, city, collections, services),
    ...datasets.flat(),
    ...services.flatMap((service) => serviceQuads(ctx, service, collections.filter(service.serves))),
  ]
}

const serviceUri = (ctx: Context, name: string) => `${catalogueUri(ctx)}#${name}`
const publisher = (ctx: Context) => iri(`${catalogueUri(ctx)}#publisher`)
const contact = (ctx: Context) => iri(`${catalogueUri(ctx)}#contact`)

function catalogueQuads(ctx: Context, city: Localised, collections: readonly Collection[], services: Service[]) {
  const extent = collections.find(({ layer }) => layer?.role === 'boundary')?.bbox ?? null
  const changed = collections.map(({ updated_at }) => updated_at).sort()
  return [
    ...resource(catalogueUri(ctx), 'dcat:Catalog', {
      'dct:title': both(localised('ogc.title', (language) => ({ city: city[language] }))),
      'dct:description': said('catalogue.description'),
      'dct:publisher': publisher(ctx),
      'dcat:contactPoint': contact(ctx),
      'dct:language': ['ELL', 'ENG'].map((code) => iri(authority('language', code))),
      'dct:license': iri(licenceUri('CC-BY-4.0')),
      'foaf:homepage': iri(`${ctx.baseUrl}/opendata`),
      'dct:modified': moment(changed.at(-1) ?? new Date(0).toISOString()),
      'dcat:themeTaxonomy': iri(authority('data-theme', '').slice(0, -1)),
      'dct:spatial': extent && iri(`${catalogueUri(ctx)}#spatial`),
      'dcat:dataset': collections.map(({ slug }) => iri(datasetUri(ctx, slug))),
      'dcat:service': services.map(({ name }) => iri(serviceUri(ctx, name))),
    }),
    ...place(`${catalogueUri(ctx)}#spatial`, extent),
    ...resource(`${ctx.baseUrl}/opendata`, 'foaf:Document', {}),
    ...resource(publisher(ctx).value, 'foaf:Agent', {
      'foaf:name': both(city),
      'foaf:homepage': iri(`${ctx.baseUrl}/`),
      'dct:type': iri('http://purl.org/adms/publishertype/LocalAuthority'),
    }),
    ...resource(`${ctx.baseUrl}/`, 'foaf:Document', {}),
    ...resource(contact(ctx).value, 'vcard:Organization', {
      'vcard:fn': both(city),
      'vcard:hasURL': iri(`${ctx.baseUrl}/`),
    }),
  ]
}

/** One literal: more than one form of the same box is an error of the profile. Longitude first: CRS84. */
function place(address: string, bbox: Collection['bbox']): Quad[] {
  if (!bbox) return []
  const [west, south, east, north] = bbox
  const ring = [[west, south], [east, south], [east, north], [west, north], [west, south]].map((corner) => corner.join(' ')) // prettier-ignore
  return resource(address, 'dct:Location', {
    'dcat:bbox': typed(`POLYGON((${ring.join(', ')}))`, 'geosparql:wktLiteral'),
  })
}

const contactQuads = (address: string, { contact: office }: Collection): Quad[] =>
  office
    ? resource(address, 'vcard:Organization', {
        'vcard:fn': both(office.name),
        'vcard:hasEmail': office.email && iri(`mailto:${office.email}`),
        'vcard:hasURL': office.url && iri(office.url),
      })
    : []

async function datasetQuads(ctx: Context, collection: Collection, versions: readonly Version[]): Promise<Quad[]> {
  const { slug, title, description, bbox, layer } = collection
  const own = datasetUri(ctx, slug)
  const since = await firstMoment(ctx, collection)
  const theme = layer?.theme ?? 'works'
  const hvd = hvdOf(collection)
  const page = `${ctx.baseUrl}/ogc/collections/${slug}?f=html`
  const forms = [
    ...formatsOf(collection).map(({ extension }) => extension),
    'api',
    ...(layer ? ['tiles'] : []),
    ...versions.map(({ extension }) => `snapshot-${extension}`),
  ]
  const inspire = layer && inspireTheme(layer.role)
  return [
    ...resource(own, 'dcat:Dataset', {
      'dct:title': both(title),
      'dct:description': both(described(title, description)),
      'dct:identifier': typed(own, 'xsd:anyURI'),
      'dct:publisher': publisher(ctx),
      'dcat:contactPoint': collection.contact ? iri(`${own}#contact`) : contact(ctx),
      'dcat:keyword': said(`theme.${theme}`),
      'dcat:theme': [iri(dataTheme(theme)), ...(inspire ? [iri(inspire)] : [])],
      'dct:accessRights': iri(authority('access-right', 'PUBLIC')),
      'dct:accrualPeriodicity': iri(frequency(collection.update_frequency)),
      'dct:modified': moment(collection.updated_at),
      'dct:spatial': bbox && iri(`${own}#spatial`),
      'dct:temporal': since !== null && iri(`${own}#temporal`),
      'dcat:landingPage': iri(page),
      'dcatap:applicableLegislation': hvd && iri(HVD_LAW),
      'dcatap:hvdCategory': hvd && iri(hvd),
      'dcat:distribution': forms.map((form) => iri(`${own}#${form}`)),
    }),
    ...resource(page, 'foaf:Document', {}),
    ...contactQuads(`${own}#contact`, collection),
    ...place(`${own}#spatial`, bbox),
    ...(since ? resource(`${own}#temporal`, 'dct:PeriodOfTime', { 'dcat:startDate': moment(since) }) : []),
    ...distributionQuads(ctx, collection),
    ...versions.flatMap((version) => versionQuads(ctx, collection, version)),
  ]
}

const hvdOf = ({ layer, licence }: Collection) => layer && hvdCategory(layer.role, licence)

/** A description is mandatory; who has written none has at least said what it is. */
const described = (title: Localised, { el, en }: Localised): Localised => ({ el: el || title.el, en: en || title.en })

/** What is said of every distribution. */
const promised = (collection: Collection) => ({
  'dct:license': iri(licenceUri(collection.licence)),
  'dcatap:availability': iri(authority('planned-availability', 'STABLE')),
  'dcatap:applicableLegislation': hvdOf(collection) && iri(HVD_LAW),
})

function distributionQuads(ctx: Context, collection: Collection): Quad[] {
  const { slug, layer, title } = collection
  const own = datasetUri(ctx, slug)
  const common = { ...promised(collection), 'dct:modified': moment(collection.updated_at) }
  const api = (form: string, key: TextKey, address: string, service: Service['name'], type: string, code?: string) =>
    resource(`${own}#${form}`, 'dcat:Distribution', {
      ...common,
      'dct:title': said(key, title),
      'dct:description': said('catalogue.by_service'),
      'dcat:accessURL': iri(address),
      'dcat:accessService': iri(serviceUri(ctx, service)),
      'dct:format': code ? iri(authority('file-type', code)) : null,
      'dcat:mediaType': mediaType(type),
    })
  const whole = ({ extension, name, media_type, zipped_type, file_type }: Format) =>
    resource(`${own}#${extension}`, 'dcat:Distribution', {
      ...common,
      'dct:title': said('catalogue.whole', { el: name, en: name }),
      'dct:description': said('catalogue.whole_description'),
      'dcat:accessURL': iri(`${own}.${extension}`),
      'dcat:downloadURL': iri(`${own}.${extension}`),
      'dct:format': file_type ? iri(authority('file-type', file_type)) : null,
      // FlatGeobuf's is not registered.
      'dcat:mediaType': extension !== 'fgb' && mediaType(zipped_type ?? media_type),
      'dcat:compressFormat': zipped_type && mediaType(media_type),
    })
  return [
    ...formatsOf(collection).flatMap(whole),
    ...api('api', 'catalogue.api', `${ctx.baseUrl}/ogc/collections/${slug}/items`, 'features', 'application/geo+json', 'GEOJSON'),
    ...(layer
      ? api('tiles', 'catalogue.tiles', `${ctx.baseUrl}/tiles/${slug}.json`, 'tiles', 'application/vnd.mapbox-vector-tile')
      : []),
  ] // prettier-ignore
}

/** The newest file that stays as it is: it alone can have a checksum. */
function versionQuads(ctx: Context, collection: Collection, version: Version): Quad[] {
  const { slug, title } = collection
  const made = moment(new Date(version.created_at).toISOString())
  const address = `${datasetUri(ctx, slug)}#snapshot-${version.extension}`
  const file = `${datasetUri(ctx, slug)}/versions/${nameOf(version)}`
  const form = formats.find(({ extension }) => extension === version.extension)!
  return [
    ...resource(address, 'dcat:Distribution', {
      'dct:title': said('catalogue.version', title),
      'dct:description': said('catalogue.version_description'),
      ...promised(collection),
      'dcat:accessURL': iri(`${datasetUri(ctx, slug)}/versions`),
      'dcat:downloadURL': iri(file),
      'dct:format': form.file_type ? iri(authority('file-type', form.file_type)) : null,
      'dcat:mediaType': mediaType(form.media_type),
      'dcat:byteSize': typed(String(version.bytes), 'xsd:nonNegativeInteger'),
      'dct:issued': made,
      'dct:modified': made,
      'spdx:checksum': iri(`${address}-checksum`),
    }),
    ...resource(`${address}-checksum`, 'spdx:Checksum', {
      'spdx:algorithm': iri(`${PREFIXES.spdx}checksumAlgorithm_sha256`),
      'spdx:checksumValue': typed(version.sha256, 'xsd:hexBinary'),
    }),
  ]
}

const mediaType = (type: string) => iri(`http://www.iana.org/assignments/media-types/${type}`)

function serviceQuads(ctx: Context, { name, endpoint, description, standard }: Service, served: readonly Collection[]) {
  const hvd = [...new Set(served.flatMap((collection) => hvdOf(collection) ?? []))]
  return [
    ...resource(serviceUri(ctx, name), 'dcat:DataService', {
      'dct:title': said(`catalogue.service.${name}`),
      'dct:description': said(`catalogue.service.${name}.description`),
      'dcat:endpointURL': iri(endpoint),
      'dcat:endpointDescription': iri(description),
      'dcat:servesDataset': served.map(({ slug }) => iri(datasetUri(ctx, slug))),
      'dcat:contactPoint': contact(ctx),
      'dct:publisher': publisher(ctx),
      'dcat:keyword': said('ogc.open_data'),
      'dcat:theme': iri(authority('data-theme', 'GOVE')),
      'dct:license': iri(licenceUri('CC-BY-4.0')),
      'dct:accessRights': iri(authority('access-right', 'PUBLIC')),
      'dct:conformsTo': iri(standard),
      'foaf:page': hvd.length > 0 && iri(`${ctx.baseUrl}/opendata`),
      'dcatap:applicableLegislation': hvd.length > 0 && iri(HVD_LAW),
      'dcatap:hvdCategory': hvd.map(iri),
    }),
    ...resource(standard, 'dct:Standard', {}),
  ]
}
