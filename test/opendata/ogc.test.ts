// OGC API - Features, requirement by requirement (17-069r4, 18-058r1, 19-079r2): tests carry the requirements' names.
import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { makeSights, sight } from '../support/sights.ts'
import { world } from '../support/world.ts'

interface Link {
  rel: string
  href: string
  type: string
}
type Feature = { id: number; properties: Record<string, unknown>; geometry: { coordinates: number[] } | null }

const EPSG = 'http://www.opengis.net/def/crs/EPSG/0'
const CRS84 = 'http://www.opengis.net/def/crs/OGC/1.3/CRS84'
const here = (href: string) => href.replace(world.url, '')
const items = (query = '') => get(`/ogc/collections/sight/items${query && `?${query}`}`)
const codesIn = (features: Feature[]) => features.map(({ properties }) => properties['code']).join('')
const codes = async (query: string) => [...codesIn((await items(query)).body['features'])].sort().join('')
const link = (links: Link[], rel: string) => links.find((one) => one.rel === rel)

describe('OGC API - Features', () => {
  before(async () => {
    await smallTown()
    await makeSights()
    await make.layer('pipe', 'network', [polygon('p', box(23, 37, 23.01, 37.01))], { visibility: 'staff' })
    const across = [sight('w', 179.9, 10), sight('x', -179.9, 10), sight('y', 0, 10)]
    await make.layer('buoy', 'other', across, { geometry_type: 'Point', title_fields: null })
    const zone = [polygon('z', [...box(23, 37, 23.01, 37.01)].reverse())]
    await make.layer('zone', 'planning', zone, { licence: 'CC0-1.0' })
  })

  describe('Part 1: documents', () => {
    it('/req/core/root-success: the landing page leads to description, conformance and data', async () => {
      const { body } = await get('/ogc')
      expect(body['title']).to.be.a('string')
      for (const rel of ['self', 'alternate', 'service-desc', 'service-doc', 'conformance', 'data']) {
        const found = link(body['links'], rel)
        expect(found, rel).to.have.property('type')
        const { status, headers } = await get(here(found!.href), { headers: { Accept: found!.type } })
        expect(status, rel).to.equal(200)
        expect(headers.get('content-type')).to.include(found!.type.split(';')[0])
      }
    })

    it('/req/core/conformance-success: says what it conforms to', async () => {
      const { body } = await get('/ogc/conformance')
      for (const name of ['core', 'oas30', 'html', 'geojson'])
        expect(body['conformsTo']).to.include(`http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/${name}`)
    })

    it('/req/core/fc-md-success: lists every public collection with its links, and no other', async () => {
      const { body } = await get('/ogc/collections')
      const ids = body['collections'].map(({ id }: { id: string }) => id)
      expect(ids).to.include.members(['sight', 'district', 'reports']).and.not.include('pipe')
      for (const one of body['collections']) {
        const found = (one.links as Link[]).filter(({ rel }) => rel === 'items')
        expect(found.map(({ type }) => type)).to.have.members(['application/geo+json', 'text/html'])
        expect(one.itemType).to.equal('feature')
        const alone = await get(`/ogc/collections/${one.id}`)
        const { links: _, ...facts } = one
        expect(alone.body).to.deep.include(facts)
        expect(link(alone.body['links'], 'license')?.href).to.match(/spdx/)
      }
    })

    it('/req/core/fc-md-extent: extents are CRS84, in space and time', async () => {
      const { body } = await get('/ogc/collections/sight')
      expect(body['extent'].spatial).to.deep.equal({ bbox: [[23.001, 37.001, 23.019, 37.019]], crs: CRS84 })
      expect(body['extent'].temporal.interval).to.deep.equal([['2019-01-01T00:00:00Z', null]])
      expect((await get('/ogc/collections/zone')).body['extent']).to.not.have.property('temporal')
    })

    it('/req/oas30/completeness: the API document has every path and every parameter, and nothing else is taken', async () => {
      const { body, headers } = await get('/ogc/api')
      expect(headers.get('content-type')).to.equal('application/vnd.oai.openapi+json; version=3.0; charset=utf-8')
      expect(body['openapi']).to.match(/^3\.0\./)
      const { parameters } = body['paths']['/collections/sight/items'].get
      const names = parameters.map((p: { $ref?: string; name?: string }) => p.name ?? p.$ref?.split('/').at(-1))
      expect(names).to.include.members(['limit', 'bbox', 'datetime', 'crs', 'filter', 'sortby', 'visits', 'resultType'])
      expect(names).to.not.include('secret')
      expect(Object.keys(body['paths'])).to.not.include('/collections/pipe')
      const values: Record<string, string> = { f: 'json', lang: 'en', limit: '2', bbox: '23,37,24,38', 'bbox-crs': CRS84, crs: CRS84, datetime: '2025-01-01', filter: 'visits=1', 'filter-lang': 'cql2-text', 'filter-crs': CRS84, sortby: 'code', properties: 'code', skipGeometry: 'true', resultType: 'hits', cursor: 'WyIxIl0', code: 'a', name: 'a', height_m: '1.5', visits: '1', is_open: 'true', valid_from: '2025-01-01', valid_to: '2025-01-01', seen_at: '2025-01-01T00:00:00Z' } // prettier-ignore
      for (const name of names) expect((await items(`${name}=${encodeURIComponent(values[name]!)}`)).status, name).to.equal(200) // prettier-ignore
      expect(names).to.have.members(Object.keys(values))
    })

    it('/req/core/query-param-unknown and query-param-invalid: 400 with the parameter', async () => {
      for (const [path, name] of [
        ['/ogc?foo=1', 'foo'],
        ['/ogc/conformance?limit=1', 'limit'],
        ['/ogc/api?x=', 'x'],
        ['/ogc/collections?bbox=1', 'bbox'],
        ['/ogc/collections/sight?foo=1', 'foo'],
        ['/ogc/collections/sight/queryables?foo=1', 'foo'],
        ['/ogc/collections/sight/items?foo=1', 'foo'],
        ['/ogc/collections/sight/items?secret=mole', 'secret'],
        ['/ogc/collections/sight/items?limit=1&limit=2', 'limit'],
        ['/ogc/collections/sight/items/1?limit=1', 'limit'],
        ['/ogc?f=xml', 'f'],
        ['/ogc?lang=fr', 'lang'],
      ] as const) {
        const { status, body, headers } = await get(path)
        expect(status, path).to.equal(400)
        expect(headers.get('content-type')).to.include('application/problem+json')
        expect(headers.get('access-control-allow-origin')).to.equal('*')
        expect(body['errors'][0].path, path).to.equal(name)
      }
    })

    it('answers HEAD and OPTIONS, allows other sites to read, says what it varies by', async () => {
      const path = `${world.url}/ogc/collections/sight/items`
      const head = await fetch(path, { method: 'HEAD' })
      expect(head.status).to.equal(200)
      expect(head.headers.get('content-type')).to.include('geo+json')
      expect(await head.text()).to.equal('')
      const options = await fetch(path, { method: 'OPTIONS' })
      expect(options.status).to.equal(204)
      expect(options.headers.get('allow')).to.equal('GET, HEAD, OPTIONS')
      const { headers } = await items()
      expect(headers.get('access-control-allow-origin')).to.equal('*')
      expect(headers.get('vary')).to.include('Accept').and.include('Accept-Language').and.include('Accept-Encoding')
      expect(headers.get('content-language')).to.equal('en')
      expect(headers.get('link')).to.include('rel="self"').and.include('rel="alternate"; type="text/html"')
      expect((await request('DELETE', '/ogc/collections/sight/items/1')).status).to.equal(401)
      const packed = await fetch(path, { headers: { 'Accept-Encoding': 'gzip' } })
      expect(packed.headers.get('content-encoding')).to.equal('gzip')
    })

    it('a page larger than what is packed at once arrives whole in every encoding', async () => {
      const posts = Array.from({ length: 1000 }, (_, n) => sight(randomBytes(150).toString('hex'), 23 + n / 1e5, 37))
      await make.layer('post', 'other', posts, { geometry_type: 'Point', title_fields: null })
      for (const encoding of ['identity', 'br', 'gzip', 'deflate']) {
        const page = await fetch(`${world.url}/ogc/collections/post/items?limit=1000`, {
          headers: { 'Accept-Encoding': encoding },
          signal: AbortSignal.timeout(10_000),
        })
        expect(((await page.json()) as { features: unknown[] }).features, encoding).to.have.length(1000)
      }
    })

    it('gives the form that was asked for: f before Accept, 406 for none', async () => {
      const form = async (path: string, accept: string) => {
        const { status, headers } = await get(path, { headers: { Accept: accept } })
        return `${status} ${headers.get('content-type')?.split(';')[0]}`
      }
      expect(await form('/ogc', 'text/html,application/xhtml+xml,*/*;q=0.8')).to.equal('200 text/html')
      expect(await form('/ogc', '*/*')).to.equal('200 application/json')
      expect(await form('/ogc?f=html', 'application/json')).to.equal('200 text/html')
      expect(await form('/ogc/collections/sight/items', 'application/json')).to.equal('200 application/geo+json')
      expect(await form('/ogc/collections/sight/queryables', '*/*')).to.equal('200 application/schema+json')
      expect(await form('/ogc', 'image/png')).to.equal('406 application/problem+json')
    })

    it('speaks Greek and English', async () => {
      const title = async (path: string, language: string) =>
        (await get(path, { headers: { 'Accept-Language': language } })).body['title']
      expect(await title('/ogc', 'en')).to.include('Open data')
      expect(await title('/ogc', 'el')).to.include('Ανοικτά δεδομένα')
      expect(await title('/ogc?lang=en', 'el')).to.include('Open data')
    })
  })

  describe('Part 1: features', () => {
    it('/req/core/fc-response: a page has its links, time and numbers', async () => {
      const { body, headers } = await items('limit=2')
      expect(headers.get('content-type')).to.equal('application/geo+json; charset=utf-8')
      expect(body).to.include({ type: 'FeatureCollection', numberMatched: 5, numberReturned: 2 })
      expect(Date.now() - Date.parse(body['timeStamp'])).to.be.within(-5000, 60_000)
      expect(link(body['links'], 'self')?.href).to.equal(`${world.url}/ogc/collections/sight/items?limit=2`)
      expect(link(body['links'], 'collection')?.href).to.match(/sight$/)
      for (const one of body['links']) expect(one).to.have.all.keys('rel', 'href', 'type', 'title')
      expect(body['features'][0].properties).to.not.have.property('secret')
      expect(JSON.stringify(body)).to.not.include('mole')
    })

    it('/req/core/fc-limit-response: 1 to the most; more is the most; anything else is wrong', async () => {
      expect((await items('limit=3')).body['features']).to.have.length(3)
      expect((await items('limit=999999999')).status).to.equal(200)
      for (const limit of ['0', '-1', '1.5', '1e9', 'NaN', '', 'ten', '9'.repeat(30)])
        expect((await items(`limit=${limit}`)).status, limit).to.equal(400)
    })

    it('next leads through all of it, each feature once, in the order of any field', async () => {
      for (const query of ['', 'sortby=-visits,name', 'sortby=height_m', 'sortby=valid_to,-code', 'bbox=23,37,24,38']) {
        const seen: unknown[] = []
        let path = `/ogc/collections/sight/items?limit=2&${query}`
        for (let page = 0; path && page < 5; page++) {
          const { body, status } = await get(path)
          expect(status, path).to.equal(200)
          seen.push(...codesIn(body['features']))
          expect(body['numberMatched']).to.equal(5)
          const next = link(body['links'], 'next')
          if (next && query) expect(new URL(next.href).search).to.include(query.split('=')[0])
          path = next ? here(next.href) : ''
        }
        const whole = (await items(query)).body['features']
        expect(seen.join(''), query).to.equal(codesIn(whole)).and.have.length(5)
      }
      expect(codesIn((await items('sortby=-visits,name')).body['features'])).to.equal('cbaed')
      expect(codesIn((await items('sortby=height_m')).body['features'])).to.equal('eacbd')
    })

    it('next stays where it was while features come and go', async () => {
      await make.layer('moving', 'other', ['1', '2', '3', '4'].map((n) => sight(n, 23, 37)), { geometry_type: 'Point', title_fields: null }) // prettier-ignore
      const first = await get('/ogc/collections/moving/items?limit=2')
      const [gone, last] = first.body['features'] as Feature[]
      await world.db('gis.moving').where({ id: gone!.id }).delete()
      const next = await get(here(link(first.body['links'], 'next')!.href))
      const ids = next.body['features'].map(({ id }: Feature) => id)
      expect(ids).to.have.length(2)
      expect(Math.min(...ids)).to.be.greaterThan(last!.id)
      expect(next.body['numberMatched']).to.equal(3)
      await world.db('gis.moving').delete()
      expect((await get('/ogc/collections/moving/items')).body).to.deep.include({ numberMatched: 0, features: [] })
    })

    it('refuses a place in the list that nobody was given', async () => {
      for (const cursor of [
        'x',
        'W10',
        Buffer.from('["1","2"]').toString('base64url'),
        Buffer.from('[1]').toString('base64url'),
        Buffer.from('["1; DROP"]').toString('base64url'),
        Buffer.from('["\\u0000"]').toString('base64url'),
        '',
      ])
        // prettier-ignore
        expect((await items(`cursor=${cursor}`)).status, cursor).to.equal(400)
      const badDate = Buffer.from('["soon","1"]').toString('base64url')
      expect((await items(`sortby=valid_from&cursor=${badDate}`)).status).to.equal(400)
    })

    it('/req/core/fc-bbox-response: what touches the box, with 4 or 6 numbers, also across the antimeridian', async () => {
      expect(await codes('bbox=23,37,23.0025,37.0025')).to.equal('ab')
      expect(await codes('bbox=23,37,-5,23.0025,37.0025,5')).to.equal('ab')
      expect(await codes('bbox=23.001,37.001,23.001,37.001')).to.equal('a')
      const buoys = await get('/ogc/collections/buoy/items?bbox=179,0,-179,20')
      expect([...codesIn(buoys.body['features'])].sort().join('')).to.equal('wx')
      expect((await get('/ogc/collections/zone/items?bbox=23.009,37.009,24,38')).body['numberReturned']).to.equal(1)
      for (const bbox of ['', '1', '1,2,3', '1,2,3,4,5', '1,2,3,NaN', '1,2,3,Infinity', 'a,b,c,d', '23,38,24,37', '1,2,,4', '200,0,210,10', '0,-91,1,0'])
        expect((await items(`bbox=${bbox}`)).status, bbox).to.equal(400) // prettier-ignore
    })

    it('/req/core/fc-time-response: instants, intervals and open ends; what knows no time is always there', async () => {
      expect(await codes('datetime=2024-06-01')).to.equal('acd')
      expect(await codes('datetime=2024-12-31T15:00:00Z')).to.equal('acd')
      expect(await codes('datetime=2019-01-15/2019-12-31')).to.equal('de')
      expect(await codes('datetime=2025-01-01/..')).to.equal('bcd')
      expect(await codes('datetime=../2019-01-01')).to.equal('de')
      expect(await codes('datetime=/2019-01-01T00:00:00%2B00:00')).to.equal('de')
      expect((await get('/ogc/collections/zone/items?datetime=2020-01-01')).body['numberReturned']).to.equal(1)
      for (const datetime of ['', '..', '../..', '/', 'yesterday', '2025', '2025-13-01', '2025-02-30', '0000-01-01', '10000-01-01', '2025-01-02/2025-01-01', '2025-01-01/2025-01-02/2025-01-03', '2025-01-01T25:00:00Z', '2025-01-01T00:00:00'])
        expect((await items(`datetime=${datetime}`)).status, datetime).to.equal(400) // prettier-ignore
    })

    it('/rec/core/fc-filters: properties by value, several with commas', async () => {
      expect(await codes('visits=30')).to.equal('bc')
      expect(await codes('code=a,c,x&is_open=true')).to.equal('ac')
      expect(await codes('valid_from=2024-01-01')).to.equal('a')
      for (const query of ['visits=many', 'is_open=2', 'valid_from=2024', 'height_m=1e999'])
        expect((await items(query)).status, query).to.equal(400)
    })

    it('properties, skipGeometry and resultType make answers smaller', async () => {
      const { body } = await items('properties=name,code&skipGeometry=true&limit=1')
      expect(body['features'][0]).to.have.property('geometry', null)
      expect(Object.keys(body['features'][0].properties)).to.deep.equal(['code', 'name'])
      expect((await items('properties=')).body['features'][0].properties).to.deep.equal({})
      const hits = await items('resultType=hits&visits=30')
      expect(hits.body).to.deep.include({ numberMatched: 2, numberReturned: 0, features: [] })
      for (const query of [
        'properties=secret',
        'properties=nothing',
        'skipGeometry=maybe',
        'resultType=all',
        'sortby=secret',
        'sortby=',
      ])
        // prettier-ignore
        expect((await items(query)).status, query).to.equal(400)
    })

    it('/req/core/f-success: one feature with its links; 404 for what is not there', async () => {
      const [first] = (await items('limit=1')).body['features'] as Feature[]
      const { body, headers } = await get(`/ogc/collections/sight/items/${first!.id}`)
      expect(body).to.deep.include({ type: 'Feature', id: first!.id, properties: first!.properties })
      for (const rel of ['self', 'alternate', 'collection']) expect(link(body['links'], rel), rel).to.have.property('type') // prettier-ignore
      const again = await get(`/ogc/collections/sight/items/${first!.id}`, { headers: { 'If-None-Match': headers.get('etag')! } }) // prettier-ignore
      expect(again.status).to.equal(304)
      for (const path of ['sight/items/0', 'sight/items/x', 'sight/items/1;2', `sight/items/${'9'.repeat(40)}`, 'nothing/items', 'pipe/items', 'pipe/items/1', 'pipe', 'pipe/queryables', 'reports/items/7', 'constructor/items', 'reports/items/00000000-0000-0000-0000-000000000000'])
        expect((await get(`/ogc/collections/${path}`)).status, path).to.equal(404) // prettier-ignore
    })

    it('/req/geojson/content: exterior rings are counter-clockwise, numbers have seven decimals at most', async () => {
      const { body } = await get('/ogc/collections/zone/items')
      const ring: [number, number][] = body['features'][0].geometry.coordinates[0][0]
      const area = ring.reduce((sum, [x, y], i) => sum + x * ring[(i + 1) % ring.length]![1] - ring[(i + 1) % ring.length]![0] * y, 0) // prettier-ignore
      expect(area).to.be.greaterThan(0)
      expect(body).to.not.have.property('crs')
    })

    it('tells caches what they may keep, and changes its tag with the data', async () => {
      const before = await items('limit=1')
      const etag = before.headers.get('etag')!
      const again = await get('/ogc/collections/sight/items?limit=1', { headers: { 'If-None-Match': etag } })
      expect(again.status).to.equal(304)
      await world.db('gis.sight').where({ code: 'a' }).update({ visits: 11 })
      expect((await items('limit=1')).headers.get('etag')).to.not.equal(etag)
      await world.db('gis.sight').where({ code: 'a' }).update({ visits: 10 })
    })

    it('remembers pages and counts until the layer changes, whoever changes it', async () => {
      const query = `filter=${encodeURIComponent("code = 'a'")}`
      const asked = async () => {
        const { body } = await items(query)
        return [body['numberMatched'], body['features'].map(({ properties }: Feature) => properties['name'])]
      }
      const [count, names] = await asked()
      expect(await asked()).to.deep.equal([count, names])
      await world.db.raw(`UPDATE gis.sight SET name = 'Elsewhere' WHERE code = 'a'`)
      expect(await asked()).to.deep.equal([count, ['Elsewhere']])
      await world.db.raw(`UPDATE gis.sight SET code = 'was a', name = ? WHERE code = 'a'`, names)
      expect(await asked()).to.deep.equal([0, []])
      await world.db.raw(`UPDATE gis.sight SET code = 'a' WHERE code = 'was a'`)
      expect(await asked()).to.deep.equal([count, names])
    })

    it('publishes the public reports and not a word of theirs', async () => {
      await make.category('private', { parent: 'roads', is_public: false })
      await post('/api/reports', pothole(23.005, 37.005, { contact: { name: 'Maria Secret', email: 'm@example.org' } }))
      const hiddenOne = { ...pothole(23.006, 37.005), category: 'private', description: 'hidden' }
      expect((await post('/api/reports', hiddenOne)).status).to.equal(201)
      const { body } = await get('/ogc/collections/reports/items?category=pothole&sortby=-created_at')
      expect(body).to.include({ numberMatched: 1, numberReturned: 1 })
      expect(body['features'][0].properties).to.include({ category: 'pothole', status: 'submitted' })
      expect(JSON.stringify(body)).to.not.match(/Maria|m@example|deep hole|hidden|token|contact/)
      const one = await get(`/ogc/collections/reports/items/${body['features'][0].id}`)
      expect(one.status).to.equal(200)
      const all = await get('/ogc/collections/reports/items?resultType=hits')
      expect(all.body['numberMatched']).to.equal(1)
      const hidden = await world.db('report').where({ is_public: false }).first('id')
      expect((await get(`/ogc/collections/reports/items/${hidden.id}`)).status).to.equal(404)
      for (const filter of [`description LIKE '%hole%'`, `contact IS NULL`, `follow_token LIKE '%'`])
        expect((await get(`/ogc/collections/reports/items?filter=${encodeURIComponent(filter)}`)).status).to.equal(400)
    })
  })

  describe('Part 2: coordinate reference systems', () => {
    it('/req/crs/fc-md-crs-list: every collection says what it can be had in, and what it is kept in', async () => {
      const { body } = await get('/ogc/collections/sight')
      expect(body['crs'][0]).to.equal(CRS84)
      expect(body['crs']).to.include.members([4326, 3857, 2100, 4258].map((code) => `${EPSG}/${code}`))
      expect(body['crs']).to.include(body['storageCrs'])
    })

    it('/req/crs/ogc-crs-header: the answer is in the system that was asked for, axes as the authority orders them', async () => {
      const first = async (crs: string) => {
        const { body, headers } = await items(`code=a&crs=${encodeURIComponent(crs)}`)
        return { header: headers.get('content-crs'), at: (body['features'][0] as Feature).geometry!.coordinates }
      }
      expect(await first(CRS84)).to.deep.equal({ header: `<${CRS84}>`, at: [23.001, 37.001] })
      expect(await first(`${EPSG}/4326`)).to.deep.equal({ header: `<${EPSG}/4326>`, at: [37.001, 23.001] })
      expect((await first('[EPSG:4326]')).header).to.equal(`<${EPSG}/4326>`)
      const { rows } = await world.db.raw(`
        SELECT ST_X(ST_Transform(geom, 2100)) AS east, ST_Y(ST_Transform(geom, 2100)) AS north,
               ST_X(geom_3857) AS x, ST_Y(geom_3857) AS y FROM gis.sight WHERE code = 'a'`)
      const [{ east, north, x, y }] = rows
      const grid = (await first(`${EPSG}/2100`)).at
      expect(grid[0]).to.be.closeTo(east, 0.006)
      expect(grid[1]).to.be.closeTo(north, 0.006)
      const mercator = (await first(`${EPSG}/3857`)).at
      expect(mercator[0]).to.be.closeTo(x, 0.006)
      expect(mercator[1]).to.be.closeTo(y, 0.006)
      const { body } = await items(`limit=1&crs=${encodeURIComponent(`${EPSG}/2100`)}`)
      expect(link(body['links'], 'next')?.href).to.include('2100')
    })

    it('knows where the Greek Grid lies: Serres to the centimetre', async () => {
      await make.layer('town_hall', 'poi', [sight('serres', 23.547, 41.087)], { geometry_type: 'Point', title_fields: null }) // prettier-ignore
      const { body } = await get(`/ogc/collections/town_hall/items?crs=${encodeURIComponent(`${EPSG}/2100`)}`)
      const [east, north] = body['features'][0].geometry.coordinates
      expect(east).to.be.closeTo(461802.249, 0.01)
      expect(north).to.be.closeTo(4548228.032, 0.01)
    })

    it('/req/crs/fc-bbox-crs-valid-value: the box is in bbox-crs, axes as the authority orders them', async () => {
      expect(await codes(`bbox=37,23,37.0025,23.0025&bbox-crs=${encodeURIComponent(`${EPSG}/4326`)}`)).to.equal('ab')
      const { rows } = await world.db.raw(`
        SELECT ST_XMin(b) AS w, ST_YMin(b) AS s, ST_XMax(b) AS e, ST_YMax(b) AS n
          FROM (SELECT ST_Extent(ST_Transform(geom, 2100)) AS b FROM gis.sight WHERE code IN ('a', 'b')) AS t`)
      const [{ w, s, e, n }] = rows
      const around = [w - 1, s - 1, e + 1, n + 1].join(',')
      expect(await codes(`bbox=${around}&bbox-crs=${encodeURIComponent(`${EPSG}/2100`)}`)).to.equal('ab')
      for (const query of [
        `crs=${EPSG}/9999`,
        'crs=',
        'crs=EPSG:2100',
        `bbox=1,2,3,4&bbox-crs=nothing`,
        `bbox=23,37,24,38&bbox-crs=${EPSG}/2100`,
      ])
        // prettier-ignore
        expect((await items(query)).status, query).to.equal(400)
    })
  })

  describe('Part 3 and 5: what can be asked', () => {
    it('/req/queryables/get-queryables-response: a JSON Schema with a closed list', async () => {
      const { body, headers } = await get('/ogc/collections/sight/queryables')
      expect(headers.get('content-type')).to.include('application/schema+json')
      expect(body['$schema']).to.match(/2020-12/)
      expect(body['$id']).to.equal(`${world.url}/ogc/collections/sight/queryables`)
      expect(body).to.include({ type: 'object', additionalProperties: false })
      expect(body['properties'].visits).to.deep.include({ type: 'integer', title: 'visits (en)' })
      expect(body['properties'].height_m).to.deep.include({ type: 'number', 'x-ogc-unit': 'm' })
      expect(body['properties'].valid_from).to.deep.include({ type: 'string', format: 'date' })
      expect(body['properties'].geometry).to.deep.include({ format: 'geometry-point' })
      expect(body['properties']).to.not.have.property('secret')
    })

    it('sortables are queryables without geometry; the schema names the id and the geometry', async () => {
      const sortables = (await get('/ogc/collections/sight/sortables')).body['properties']
      expect(sortables).to.have.property('visits')
      expect(sortables).to.not.have.property('geometry')
      const schema = (await get('/ogc/collections/zone/schema')).body['properties']
      expect(schema.id).to.deep.include({ 'x-ogc-role': 'id' })
      expect(schema.geometry).to.deep.include({ 'x-ogc-role': 'primary-geometry', format: 'geometry-multipolygon' })
    })
  })

  describe('Part 4: editing by GIS officers', () => {
    let cookie: string
    const path = '/ogc/collections/plan/items'
    const feature = (code: string, geometry: unknown, more = {}) => ({ type: 'Feature', geometry, properties: { code, name: code, ...more } }) // prettier-ignore
    const square = (x: number) => ({ type: 'Polygon', coordinates: [box(x, 37, x + 0.001, 37.001)] })
    const send = (method: string, to: string, body?: unknown, headers: Record<string, string> = {}) => request(method, to, { cookie, body, headers }) // prettier-ignore
    const tag = async (to: string) => (await get(to)).headers.get('etag')!

    before(async () => {
      await make.account('gis@town.example', 'gis_officer', { department: 'works' })
      cookie = await signIn('gis@town.example')
      await make.layer('plan', 'planning', [polygon('p1', box(23, 37, 23.001, 37.001))])
    })

    it('/req/create-replace-delete/post-response: a new feature has an address and is found there', async () => {
      const { status, headers, body } = await send('POST', path, feature('p2', square(23.002)))
      expect(status).to.equal(201)
      const made = here(headers.get('location')!)
      expect(made).to.equal(`${path}/${body['id']}`)
      expect((await get(made)).body['properties']).to.deep.equal({ code: 'p2', name: 'p2' })
      expect((await get('/ogc/collections/plan/items')).body['numberMatched']).to.equal(2)
      const entry = await world.db('audit_entry').where({ action: 'feature.create', subject_id: 'plan' }).first()
      expect(entry).to.include({ subject_id: 'plan' })
    })

    it('takes coordinates in the system that Content-Crs names', async () => {
      const grid = await get(`${path}/1?crs=${encodeURIComponent(`${EPSG}/2100`)}`)
      const { status, headers } = await send('POST', path, feature('p3', grid.body['geometry']), { 'Content-Crs': `<${EPSG}/2100>` }) // prettier-ignore
      expect(status).to.equal(201)
      const [[corner]] = (await get(here(headers.get('location')!))).body['geometry'].coordinates[0]
      expect(corner[0]).to.be.closeTo(23, 0.000_001)
    })

    it('/req/optimistic-locking-etags: who has not seen the last version changes nothing', async () => {
      const etag = await tag(`${path}/1`)
      expect((await send('PUT', `${path}/1`, feature('p1', square(23)))).status).to.equal(428)
      const first = await send('PATCH', `${path}/1`, { properties: { name: 'first' } }, { 'If-Match': etag })
      expect(first.status).to.equal(204)
      const second = await send('PATCH', `${path}/1`, { properties: { name: 'second' } }, { 'If-Match': etag })
      expect(second.status).to.equal(412)
      expect((await get(`${path}/1`)).body['properties'].name).to.equal('first')
      const replaced = await send('PUT', `${path}/1`, { geometry: square(23.005), properties: { code: 'p1' } }, { 'If-Match': await tag(`${path}/1`) }) // prettier-ignore
      expect(replaced.status).to.equal(204)
      expect((await get(`${path}/1`)).body['properties']).to.deep.equal({ code: 'p1', name: null })
    })

    it('two at the same moment: one wins, the other is told', async () => {
      const etag = await tag(`${path}/1`)
      const both = await Promise.all(['x', 'y'].map((name) => send('PATCH', `${path}/1`, { properties: { name } }, { 'If-Match': etag }))) // prettier-ignore
      expect(both.map(({ status }) => status).sort()).to.deep.equal([204, 412])
    })

    it('refuses what the layer cannot hold, with the path, and stores nothing', async () => {
      const bowTie = { type: 'Polygon', coordinates: [[[23, 37], [23.01, 37.01], [23.01, 37], [23, 37.01], [23, 37]]] } // prettier-ignore
      for (const [body, status, at] of [
        [feature('p9', { type: 'Point', coordinates: [23, 37] }), 422, 'geometry'],
        [feature('p9', null), 422, 'geometry'],
        [feature('p9', bowTie), 422, 'geometry'],
        [feature('p9', { type: 'Polygon', coordinates: [[[23, 37]]] }), 400, 'geometry'],
        [feature('p9', square(200)), 400, 'geometry'],
        [feature('p9', square(23), { stars: 5 }), 422, 'properties.stars'],
        [feature('p9', square(23), { name: 5 }), 422, 'properties.name'],
        [{ geometry: square(23), properties: { name: 'no key' } }, 422, 'properties.code'],
        [feature('p1', square(23)), 409, 'properties.code'],
      ] as const) {
        const answer = await send('POST', path, body)
        expect(answer.status, JSON.stringify(body).slice(0, 90)).to.equal(status)
        expect(answer.body['errors'][0].path).to.equal(at)
      }
      expect((await get(`${path}?code=p9`)).body['numberMatched']).to.equal(0)
    })

    it('/req/create-replace-delete/delete-response: gone is gone; what is not there is 404', async () => {
      const { headers } = await send('POST', path, feature('p4', square(23.01)))
      const made = here(headers.get('location')!)
      expect((await send('DELETE', made, undefined, { 'If-Match': await tag(made) })).status).to.equal(204)
      expect((await get(made)).status).to.equal(404)
      expect((await send('DELETE', made, undefined, { 'If-Match': '*' })).status).to.equal(404)
      expect((await send('PUT', `${path}/999`, feature('p7', square(23)), { 'If-Match': '*' })).status).to.equal(404)
      expect((await send('POST', '/ogc/collections/reports/items', feature('x', square(23)))).status).to.equal(404)
    })

    it('says who may do what', async () => {
      const allowed = async (headers: Record<string, string>) =>
        (await fetch(world.url + path, { method: 'OPTIONS', headers })).headers.get('allow')
      expect(await allowed({})).to.equal('GET, HEAD, OPTIONS')
      expect(await allowed({ Cookie: cookie })).to.equal('GET, HEAD, OPTIONS, POST')
      expect((await request('POST', path, { body: feature('x', square(23)) })).status).to.equal(401)
    })
  })

  describe('pages', () => {
    const page = async (path: string) => (await get(path, { headers: { Accept: 'text/html' } })).body as unknown as string // prettier-ignore

    it('/req/html/content: show what the data says, in both languages, without a script', async () => {
      const text = await page('/ogc/collections/sight/items?limit=2&lang=el')
      expect(text)
        .to.match(/<html lang="el">/)
        .and.include('2 από 5')
        .and.include('rel="next"')
      expect(text).to.not.match(/mole|secret|<script>/)
      expect(await page('/ogc/collections/sight?lang=en'))
        .to.include('visits (en)')
        .and.include('CC-BY-4.0')
      expect(await page('/ogc/collections?lang=en')).to.include('/ogc/collections/zone')
      for (const path of ['/ogc', '/ogc/api', '/ogc/conformance', '/ogc/collections/sight/queryables', '/ogc/collections/sight/items/1'])
        expect(await page(path), path).to.match(/^<!doctype html>/) // prettier-ignore
    })

    it('write the words of the data as words', async () => {
      const name = `<img src=x onerror=alert(1)> & "it's"`
      await make.layer('tricky', 'other', [sight('t', 23, 37, { name })], {
        geometry_type: 'Point',
        title: { el: '<b>x</b>', en: '<b>x</b>' },
        title_fields: null,
        fields: [
          { name: 'code', type: 'text', title: { el: 'c', en: '<i>c</i>' }, is_public: true },
          { name: 'name', type: 'text', title: { el: 'n', en: 'n' }, is_public: true },
        ],
      })
      for (const path of ['', '/items', '/items/1', '/schema']) {
        const text = await page(`/ogc/collections/tricky${path}?lang=en`)
        expect(text, path).to.not.match(/<img src=x|<b>x<\/b>|<i>c/)
      }
      expect(await page('/ogc/collections/tricky/items')).to.include('&lt;img src=x onerror=alert(1)&gt; &amp; &quot;it&#39;s&quot;') // prettier-ignore
    })

    it('keep the policy of pages; data keeps that of data', async () => {
      const policy = async (f: string) => (await get(`/ogc?f=${f}`)).headers.get('content-security-policy')
      expect(await policy('html'))
        .to.include("script-src 'self'")
        .and.not.include('unsafe')
      expect(await policy('json'))
        .to.include("default-src 'none'")
        .and.include('sandbox')
    })
  })
})
