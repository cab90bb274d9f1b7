// The catalogue, read by RDF libraries that had no part in writing it, and held against shapes written from the specification.
import { readFileSync } from 'node:fs'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { XMLParser } from 'fast-xml-parser'
import jsonld from 'jsonld'
import { DataFactory, Parser, type Quad, Store } from 'n3'
import SHACLValidator from 'rdf-validate-shacl'
import { RdfXmlParser } from 'rdfxml-streaming-parser'
import { makeVersions } from '../../backend/opendata/versions/jobs.ts'
import { get, post, pothole } from '../support/http.ts'
import { make, polygon, box, smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { world } from '../support/world.ts'

const { namedNode } = DataFactory
const DCAT = 'http://www.w3.org/ns/dcat#'
const DCT = 'http://purl.org/dc/terms/'
const DCATAP = 'http://data.europa.eu/r5r/'
const EU = 'http://publications.europa.eu/resource/authority'

const turtle = (text: string) => new Store(new Parser().parse(text))
const shapes = turtle(readFileSync(new URL('../fixtures/dcat-ap-shapes.ttl', import.meta.url), 'utf8'))

async function fromJsonLd(text: string): Promise<Store> {
  const documentLoader = () => Promise.reject(new Error('the document needs nothing from elsewhere'))
  const nquads = await jsonld.toRDF(JSON.parse(text), { format: 'application/n-quads', documentLoader, safe: true } as never) // prettier-ignore
  return turtle(String(nquads))
}

async function fromRdfXml(text: string): Promise<Store> {
  const store = new Store()
  for await (const quad of Readable.from([text]).pipe(new RdfXmlParser({ baseIRI: 'http://none.example/' })))
    store.addQuad(quad as Quad)
  return store
}

/** Every statement as a line; there are no blank nodes, so equal lines are equal graphs. */
const lines = (store: Store) =>
  store
    .getQuads(null, null, null, null)
    .map(({ subject, predicate, object }) =>
      JSON.stringify([
        subject.termType,
        subject.value,
        predicate.value,
        object.termType,
        object.value,
        object.termType === 'Literal' && [object.language, object.datatype.value],
      ]),
    ) // prettier-ignore
    .sort()

async function faults(store: Store): Promise<string[]> {
  const report = await new SHACLValidator(shapes).validate(store as never)
  return report.results.map((result) => `${result.focusNode?.value} ${result.path?.value} ${result.sourceConstraintComponent?.value}`) // prettier-ignore
}

const text = async (path: string, headers = {}) => {
  const response = await fetch(world.url + path, { headers })
  return { status: response.status, headers: response.headers, body: await response.text() }
}
const values = (store: Store, subject: string, predicate: string) =>
  store.getObjects(namedNode(subject), namedNode(predicate), null).map(({ value }) => value)

const OFFICE = { name: { el: 'Πολεοδομία', en: 'Planning office' }, email: 'plan@town.example', url: 'https://town.example/plan' } // prettier-ignore

describe('the catalogue of open data (DCAT-AP 3.0.1)', () => {
  let store: Store
  const dataset = (slug: string) => `${world.url}/opendata/${slug}`

  before(async () => {
    await smallTown()
    await makeSights()
    const zone = [polygon('z', box(23, 37, 23.01, 37.01))]
    await make.layer('pipe', 'network', zone, { visibility: 'staff' })
    await make.layer('zone', 'planning', zone, {
      licence: 'ODbL-1.0',
      theme: 'planning',
      update_frequency: 'half_yearly',
      contact: OFFICE,
    })
    const title = { el: 'Δρόμοι & «πλατείες» <νέοι>', en: 'Roads\' "ends" \\ & <more>\r\n' }
    await make.layer('street', 'street', [{ type: 'Feature', properties: { code: 's' }, geometry: { type: 'LineString', coordinates: [[23, 37], [23.01, 37.01]] } }], { geometry_type: 'LineString', title_fields: null, title }) // prettier-ignore
    await make.layer('unit', 'municipal_unit', zone, { licence: 'CC-BY-SA-4.0' })
    // The reports of a category that asks something are a dataset of their own.
    const depth = { code: 'depth', type: 'number' as const, title, is_public: true }
    await make.form('pothole', { questions: [depth], stops: [] })
    await post('/api/reports', pothole(23.005, 37.005, { answers: { depth: 3 } }))
    await makeVersions(world, new Date(Date.now() + 86_400_000))
    store = turtle((await text('/opendata/catalog.ttl')).body)
    expect(store.countQuads(null, namedNode('http://spdx.org/rdf/terms#checksum'), null, null)).to.be.greaterThan(2)
  })

  it('is one graph in three forms', async () => {
    const [json, xml] = [await text('/opendata/catalog.jsonld'), await text('/opendata/catalog.rdf')]
    expect(json.headers.get('content-type')).to.match(/^application\/ld\+json/)
    expect(xml.headers.get('content-type')).to.match(/^application\/rdf\+xml/)
    expect(lines(store).length).to.be.greaterThan(200)
    expect(lines(await fromJsonLd(json.body))).to.deep.equal(lines(store))
    expect(lines(await fromRdfXml(xml.body))).to.deep.equal(lines(store))
  })

  it('says how often a dataset is brought up to date, and whom to ask', async () => {
    const all = (slug: string, predicate: string) => values(store, dataset(slug), predicate)
    expect(all('zone', `${DCT}accrualPeriodicity`)).to.deep.equal([`${EU}/frequency/ANNUAL_2`])
    expect(all('street', `${DCT}accrualPeriodicity`)).to.deep.equal([`${EU}/frequency/IRREG`])
    const [contact = ''] = all('zone', `${DCAT}contactPoint`)
    expect(values(store, contact, 'http://www.w3.org/2006/vcard/ns#hasEmail')).to.deep.equal([
      'mailto:plan@town.example',
    ])
    expect(all('street', `${DCAT}contactPoint`)).to.deep.equal([`${world.url}/opendata/catalog#contact`])
    const page = (await text('/opendata/zone?f=html&lang=en')).body
    expect(page)
      .to.include('every six months')
      .and.include('href="mailto:plan@town.example"')
      .and.include('Planning office')
    expect((await get('/opendata/zone')).body).to.deep.include({ update_frequency: 'half_yearly', contact: OFFICE })
  })

  it('has what the specification asks for', async () => {
    expect(await faults(store)).to.deep.equal([])
  })

  it('would be found out if it had not', async () => {
    const broken = async (change: (copy: Store) => void) => {
      const copy = new Store(store.getQuads(null, null, null, null))
      change(copy)
      return (await faults(copy)).length
    }
    const without = (subject: string, predicate: string) => (copy: Store) =>
      copy.removeQuads(copy.getQuads(namedNode(subject), namedNode(predicate), null, null))
    const also = (subject: string, predicate: string, object: Quad['object']) => (copy: Store) =>
      copy.addQuad(namedNode(subject), namedNode(predicate), object)
    const catalogue = `${world.url}/opendata/catalog`
    const wkt = namedNode('http://www.opengis.net/ont/geosparql#wktLiteral')
    for (const [what, change] of [
      ['no title', without(dataset('sight'), `${DCT}title`)],
      ['no publisher', without(catalogue, `${DCT}publisher`)],
      ['a dataset that is nowhere', without(catalogue, `${DCAT}dataset`)],
      ['a licence as a text', also(`${dataset('sight')}#geojson`, `${DCT}license`, DataFactory.literal('CC BY'))],
      ['no access address', without(`${dataset('sight')}#geojson`, `${DCAT}accessURL`)],
      ['two boxes', also(`${dataset('sight')}#spatial`, `${DCAT}bbox`, DataFactory.literal('POINT(1 1)', wkt))],
      ['a theme of our own', also(dataset('sight'), `${DCAT}theme`, namedNode('http://example.org/roads'))],
      ['a category without the law', also(dataset('sight'), `${DCATAP}hvdCategory`, namedNode('http://data.europa.eu/bna/c_ac64a52d'))],
      ['high value under a licence that is not free', also(dataset('zone'), `${DCATAP}hvdCategory`, namedNode('http://data.europa.eu/bna/c_ac64a52d'))],
      ['no endpoint', without(`${catalogue}#features`, `${DCAT}endpointURL`)],
      ['a day that is none', also(dataset('sight'), `${DCT}modified`, DataFactory.literal('yesterday'))],
    ] as const) expect(await broken(change), what).to.be.greaterThan(0) // prettier-ignore
  })

  it('names every public layer and the reports, and no layer of staff', async () => {
    const datasets = values(store, `${world.url}/opendata/catalog`, `${DCAT}dataset`)
    expect(datasets).to.have.members(
      ['boundary', 'district', 'sight', 'zone', 'street', 'unit', 'reports', 'reports-pothole'].map(dataset),
    )
    for (const form of ['ttl', 'jsonld', 'rdf']) expect((await text(`/opendata/catalog.${form}`)).body).to.not.match(/pipe|secret/) // prettier-ignore
  })

  it('says theme, licence, law and category by what a layer is', () => {
    const themes = (slug: string) => values(store, dataset(slug), `${DCAT}theme`)
    const licence = (slug: string) => values(store, `${dataset(slug)}#geojson`, `${DCT}license`)
    const category = (slug: string) => values(store, dataset(slug), `${DCATAP}hvdCategory`)
    expect(themes('zone')).to.have.members([`${EU}/data-theme/REGI`, 'http://inspire.ec.europa.eu/theme/lu'])
    expect(themes('street')).to.include('http://inspire.ec.europa.eu/theme/tn')
    expect(licence('zone')).to.deep.equal([`${EU}/licence/ODC_BL`])
    expect(licence('street')).to.deep.equal([`${EU}/licence/CC_BY_4_0`])
    expect(category('boundary')).to.deep.equal(['http://data.europa.eu/bna/c_ac64a52d'])
    expect(category('street')).to.deep.equal(['http://data.europa.eu/bna/c_b79e35eb'])
    // its licence binds more than the regulation allows
    expect(category('unit')).to.deep.equal([])
    expect(category('sight')).to.deep.equal([])
  })

  it('tells where and since when, from the data', () => {
    expect(values(store, `${dataset('sight')}#spatial`, `${DCAT}bbox`)).to.deep.equal([
      'POLYGON((23.001 37.001, 23.019 37.001, 23.019 37.019, 23.001 37.019, 23.001 37.001))',
    ])
    expect(values(store, `${dataset('sight')}#temporal`, `${DCAT}startDate`)).to.deep.equal(['2019-01-01T00:00:00Z'])
    expect(values(store, dataset('street'), `${DCT}temporal`)).to.deep.equal([])
    expect(values(store, dataset('reports'), `${DCT}accrualPeriodicity`)).to.deep.equal([`${EU}/frequency/CONT`])
  })

  it('leads to addresses that answer', async () => {
    const addresses = new Set(['accessURL', 'downloadURL', 'endpointDescription'].flatMap((name) => store.getObjects(null, namedNode(DCAT + name), null).map(({ value }) => value))) // prettier-ignore
    expect(addresses.size).to.be.greaterThan(15)
    for (const address of addresses) {
      if (address.includes('/open311/')) continue
      expect((await fetch(address, { method: 'HEAD' })).status, address).to.equal(200)
    }
  })

  it('comes in the form that is asked for, and says that there are others', async () => {
    for (const [asked, type] of [
      ['text/turtle', 'text/turtle'],
      ['application/rdf+xml', 'application/rdf+xml'],
      ['application/ld+json;q=0.5, text/turtle;q=0.4', 'application/ld+json'],
      ['*/*', 'application/ld+json'],
    ] as const) {
      const { headers } = await text('/opendata/catalog', { Accept: asked })
      expect(headers.get('content-type'), asked).to.include(type)
      expect(headers.get('vary')).to.include('Accept')
      expect(headers.get('link')).to.include('rel="alternate"; type="text/turtle"')
    }
    expect((await get('/opendata/catalog', { headers: { Accept: 'image/png' } })).status).to.equal(406)
  })

  it('answers 304 while nothing has changed, and anew when something has', async () => {
    const etag = (await text('/opendata/catalog.ttl')).headers.get('etag')!
    const again = () => text('/opendata/catalog.ttl', { 'If-None-Match': etag })
    expect((await again()).status).to.equal(304)
    await world.db.raw(`UPDATE gis.sight SET name = 'new' WHERE code = 'a'`)
    expect((await again()).status).to.equal(200)
  })

  it('reads the same whatever language and account the caller has', async () => {
    const el = await text('/opendata/catalog.ttl', { 'Accept-Language': 'el' })
    const en = await text('/opendata/catalog.ttl', { 'Accept-Language': 'en' })
    expect(el.body).to.equal(en.body)
  })
})

describe('pages of datasets', () => {
  const BROWSER = { Accept: 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8' }
  const markup = (page: string) => {
    const blocks = [...page.matchAll(/<script type="application\/ld\+json">([^]*?)<\/script>/g)]
    expect(blocks).to.have.length(1)
    return JSON.parse(blocks[0]![1]!)
  }

  before(async () => {
    await smallTown()
    await makeSights()
    const zone = [polygon('z', box(23, 37, 23.01, 37.01))]
    await make.layer('pipe', 'network', zone, { visibility: 'staff' })
    await make.layer('tricky', 'other', zone, {
      title: { el: '</script><b>', en: '</script><script>alert(1)</script>' },
    })
  })

  it('are for browsers; programs get the same as JSON at the same address', async () => {
    for (const path of ['/opendata', '/opendata/sight']) {
      const page = await text(path, BROWSER)
      expect(page.headers.get('content-type'), path).to.include('text/html')
      expect(page.headers.get('vary')).to.include('Accept')
      const data = await get(path)
      expect(data.headers.get('content-type')).to.include('application/json')
    }
    expect((await get('/opendata/sight')).body).to.include({ slug: 'sight', feature_count: 5 })
    expect((await text('/opendata/pipe', BROWSER)).status).to.equal(404)
    expect((await text('/opendata?foo=1', BROWSER)).status).to.equal(400)
  })

  it('lead to every format, and have code that works as it is', async () => {
    const page = (await text('/opendata/sight?lang=en', BROWSER)).body
    const { body } = await get('/opendata/sight')
    expect(body['distributions']).to.have.length(8)
    for (const { href } of body['distributions']) {
      expect(page).to.include(`href="${href}"`)
      expect((await fetch(href, { method: 'HEAD' })).status).to.equal(200)
    }
    expect(page).to.include(`<code>${world.url}/ogc</code>`).and.include('geopandas')
    const [, code = ''] = /<code>(const response[^]*?)<\/code>/.exec(page) ?? []
    const unescaped = code
      .replaceAll('&#39;', "'")
      .replaceAll('&gt;', '>')
      .replace('console.log(', 'return [')
      .replace(/\)$/, ']')
    const run = new Function(`return (async () => { ${unescaped} })()`) as () => Promise<[number, { code: string }]>
    const [count, properties] = await run()
    expect(count).to.equal(5)
    expect(properties.code).to.equal('a')
  })

  it('show the first features, and none of what is not public', async () => {
    const page = (await text('/opendata/sight', BROWSER)).body
    expect(page)
      .to.include('Πλατεία Ελευθερίας')
      .and.not.match(/secret|mole/)
  })

  it('tell search engines what it is (schema.org)', async () => {
    const about = markup((await text('/opendata/sight?lang=en', BROWSER)).body)
    expect(about).to.include({ '@type': 'Dataset', name: 'sight', url: `${world.url}/opendata/sight`, temporalCoverage: '2019-01-01T00:00:00Z/..' }) // prettier-ignore
    expect(about.spatialCoverage.geo.box).to.equal('37.001 23.001 37.019 23.019')
    expect(about.distribution).to.have.length(8)
    expect(about.variableMeasured).to.deep.include({ '@type': 'PropertyValue', name: 'height_m', description: 'height_m (en)', unitText: 'm' }) // prettier-ignore
    const other = (await text('/ogc/collections/sight?f=html&lang=en')).body
    expect(markup(other)).to.deep.equal(about)
    expect(other).to.include(`<link rel="canonical" href="${world.url}/opendata/sight">`)
  })

  it('stay whole whatever is in a title', async () => {
    const page = (await text('/opendata/tricky?lang=en', BROWSER)).body
    expect(page).to.not.include('alert(1)</script>')
    expect(markup(page).name).to.equal('</script><script>alert(1)</script>')
  })

  it('are listed in the sitemap, which robots.txt names', async () => {
    const robots = await text('/robots.txt')
    expect(robots.headers.get('content-type')).to.include('text/plain')
    expect(robots.body).to.include(`Sitemap: ${world.url}/sitemap.xml`).and.include('Disallow: /api/')
    const sitemap = await text('/sitemap.xml')
    const { url } = new XMLParser({ ignoreAttributes: false }).parse(sitemap.body).urlset
    const places = url.map(({ loc }: { loc: string }) => loc)
    expect(places).to.include.members([`${world.url}/opendata`, `${world.url}/opendata/sight`]).and.not.include(`${world.url}/opendata/pipe`) // prettier-ignore
    for (const place of places.slice(1)) expect((await fetch(place, { headers: BROWSER })).status, place).to.equal(200)
    expect(url.find(({ loc }: { loc: string }) => loc.endsWith('/sight')).lastmod).to.match(/^\d{4}-\d\d-\d\dT/)
  })
})
