import { expect } from 'chai'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { get, post, pothole, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const text = (name: string, is_public = true) => ({
  name,
  type: 'text' as const,
  title: { el: name, en: name },
  is_public,
})

describe('open data', () => {
  let staff: string

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer', { department: 'works' })
    staff = await signIn('gis@town.example')
    const clockwise = [...box(23, 37, 23.0100004, 37.1234567)].reverse()
    const zone = { ...polygon('z', clockwise), properties: { code: 'z', name: 'Ζώνη', inside: 'only for staff' } }
    const fields = [text('code'), text('name'), text('inside', false)]
    await make.layer('zone', 'planning', [zone], { fields, licence: 'CC0-1.0' })
    await make.layer('pipe', 'network', [zone], { fields, visibility: 'staff' })
  })

  it('lists every public layer and the reports, with what one needs to take them', async () => {
    const { body, headers } = await get('/opendata', { cookie: staff })
    const bySlug = Object.fromEntries(body.map((d: { slug: string }) => [d.slug, d]))
    expect(Object.keys(bySlug)).to.include.members(['zone', 'district', 'reports']).and.not.include('pipe')
    expect(bySlug['zone']).to.include({ licence: 'CC0-1.0', feature_count: 1 })
    expect(bySlug['zone'].distributions[0]).to.deep.equal({
      format: 'application/geo+json',
      href: `${world.url}/opendata/zone.geojson`,
    })
    expect(headers.get('access-control-allow-origin')).to.equal('*')
  })

  it('writes features as RFC 7946 asks, with public fields only, also for staff', async () => {
    for (const cookie of [undefined, staff]) {
      const { body, headers } = await get('/opendata/zone.geojson', { cookie })
      expect(headers.get('content-disposition')).to.equal('attachment; filename=zone.geojson')
      expect(headers.get('link')).to.include('CC0-1.0').and.include('rel="license"')
      const [feature] = body['features']
      expect(feature).to.include({ type: 'Feature', id: 1 })
      expect(feature.properties).to.deep.equal({ code: 'z', name: 'Ζώνη' })
      expect(body).to.not.have.property('crs')
      const ring: [number, number][] = feature.geometry.coordinates[0][0]
      expect(ring.flat().every((n) => n === Number(n.toFixed(7)))).to.equal(true)
    }
  })

  it('winds exterior rings counter-clockwise (RFC 7946 3.1.6)', async () => {
    const { body } = await get('/opendata/zone.geojson')
    const ring: [number, number][] = body['features'][0].geometry.coordinates[0][0]
    const area = ring.reduce((sum, [x, y], i) => {
      const [nx, ny] = ring[(i + 1) % ring.length]!
      return sum + x * ny - nx * y
    }, 0)
    expect(area).to.be.greaterThan(0)
  })

  it('answers 304 to a known tag, alone, weakened by a proxy or among others', async () => {
    const etag = (await get('/opendata/zone.geojson')).headers.get('etag')!
    for (const sent of [etag, `W/${etag}`, `"other", ${etag}`]) {
      expect((await get('/opendata/zone.geojson', { headers: { 'If-None-Match': sent } })).status, sent).to.equal(304)
    }
    expect((await get('/opendata/zone.geojson', { headers: { 'If-None-Match': '"other"' } })).status).to.equal(200)
  })

  it('is another copy once a field is closed to the public', async () => {
    const before = await get('/opendata/zone.geojson')
    await world.db.raw(`UPDATE layer SET fields = jsonb_set(fields, '{1,is_public}', 'false') WHERE slug = 'zone'`)
    const after = await get('/opendata/zone.geojson', { headers: { 'If-None-Match': before.headers.get('etag')! } })
    expect(after.status).to.equal(200)
    expect(after.body['features'][0].properties).to.deep.equal({ code: 'z' })
  })

  it('keeps a private layer to itself, without a hint', async () => {
    for (const cookie of [undefined, staff]) {
      const secret = await get('/opendata/pipe.geojson', { cookie })
      const nothing = await get('/opendata/nothing.geojson', { cookie })
      expect(secret.status).to.equal(404)
      expect({ ...secret.body, request_id: '' }).to.deep.equal({ ...nothing.body, request_id: '' })
    }
  })

  it('holds the public reports, without words, names and tokens', async () => {
    await make.category('private', { parent: 'roads', is_public: false })
    const contact = { name: 'Maria Secret', email: 'maria@example.org' }
    await post('/api/reports', pothole(23.005, 37.005, { contact }))
    const hidden = { ...pothole(23.006, 37.005), category: 'private', description: 'hidden' }
    expect((await post('/api/reports', hidden)).status).to.equal(201)
    const { body, headers } = await get('/opendata/reports.geojson')
    expect(body['features']).to.have.length(1)
    expect(body['features'][0].properties).to.include({ category: 'pothole', status: 'submitted', district: 'west' })
    expect(body['features'][0].properties.protocol).to.match(/^\d{4}\/000001$/)
    expect(JSON.stringify(body)).to.not.match(/Maria|maria@|token|deep hole|hidden/)
    await post('/api/reports', pothole(23.015, 37.005))
    expect((await get('/opendata/reports.geojson')).headers.get('etag')).to.not.equal(headers.get('etag'))
  })

  it('goes on serving when somebody hangs up half-way', async () => {
    const many = Array.from({ length: 5000 }, (_, n) => ({
      type: 'Feature',
      properties: { note: 'x'.repeat(200) },
      geometry: { type: 'Point', coordinates: [23 + n / 1e6, 37] },
    }))
    const definition = { slug: 'dots', title: { el: 'Σημεία', en: 'Dots' }, geometry_type: 'Point' as const }
    await importLayer(world.db, LayerDefinition.parse(definition), each(many))
    const hangUp = new AbortController()
    const response = await fetch(`${world.url}/opendata/dots.geojson`, { signal: hangUp.signal })
    await response.body!.getReader().read()
    hangUp.abort()
    expect((await get('/opendata/dots.geojson')).body['features']).to.have.length(5000)
  })

  it('answers HEAD without reading the features', async () => {
    const response = await fetch(`${world.url}/opendata/zone.geojson`, { method: 'HEAD' })
    expect(response.status).to.equal(200)
    expect(response.headers.get('etag')).to.match(/^"zone-/)
  })
})

describe('tiles of staff', () => {
  it('are private to caches and pages; those of the public are not', async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer', { department: 'works' })
    const cookie = await signIn('gis@town.example')
    const { body } = await get('/tiles/district.json')
    const pinned = body['tiles'][0].replace(world.url, '').replace('{z}/{x}/{y}', '6/36/24')
    const open = await get(pinned)
    const closed = await get(pinned, { cookie })
    expect(open.headers.get('cache-control')).to.equal('public, max-age=86400, stale-while-revalidate=600')
    expect(open.headers.get('access-control-allow-origin')).to.equal('*')
    expect(closed.headers.get('cache-control')).to.include('private')
    expect(closed.headers.get('access-control-allow-origin')).to.equal(null)
    expect(closed.headers.get('etag')).to.not.equal(open.headers.get('etag'))
    expect((await get('/tiles/district/6/36/24.mvt')).headers.get('cache-control')).to.include('max-age=60,')
  })

  it('end at the zoom of the layer', async () => {
    await world.db('layer').where({ slug: 'district' }).update({ min_zoom: 8, max_zoom: 12 })
    expect((await get('/tiles/district/6/36/24.mvt')).status).to.equal(204)
    expect((await get('/tiles/district/13/0/0.mvt')).status).to.equal(404)
  })
})
