import { expect } from 'chai'
import { get, signIn } from '../support/http.ts'
import { box, make, polygon } from '../support/make.ts'
import { decodeTile, tileAt } from '../support/tiles.ts'
import { world } from '../support/world.ts'

const zone = (code: string, west: number) => {
  const feature = polygon(code, box(west, 37, west + 0.01, 37.01))
  return { ...feature, properties: { ...feature.properties, secret_note: 'only for staff', height_m: 3.5 } }
}
const text = (name: string, is_public = true) => ({
  name,
  type: 'text' as const,
  title: { el: name, en: name },
  is_public,
})
const FIELDS = [
  text('code'),
  text('name'),
  text('secret_note', false),
  { ...text('height_m'), type: 'number' as const },
]

// Tile 14/9238/… that holds 23.005 E, 37.005 N (Web Mercator).
const Z = 14
const { x, y } = tileAt(23.005, 37.005, Z)
const address = (layer: string) => `/tiles/${layer}/${Z}/${x}/${y}.mvt`

describe('tiles and downloads', () => {
  let staff: string

  before(async () => {
    await world.reset()
    await make.layer('zones', 'planning', [zone('a', 23), zone('b', 23.01)], { fields: FIELDS })
    await make.layer('pipes', 'planning', [zone('p', 23)], { fields: FIELDS, visibility: 'staff' })
    await make.department('works')
    await make.account('gis@town.example', 'gis_officer', { department: 'works' })
    staff = await signIn('gis@town.example')
  })

  it('hold the features with their public fields, at the right place', async () => {
    const layer = (await decodeTile(address('zones')))['zones']
    expect(layer?.length).to.be.at.least(1)
    const feature = layer!.feature(0)
    expect(feature.properties).to.include({ code: 'a', height_m: 3.5 })
    expect(feature.properties).to.not.have.property('secret_note')
    const { geometry } = feature.toGeoJSON(x, y, Z)
    const ring = (geometry.type === 'Polygon' ? geometry.coordinates[0] : []) as [number, number][]
    expect(Math.min(...ring.map(([lon]) => lon))).to.be.closeTo(23, 1e-4)
    expect(Math.max(...ring.map(([, lat]) => lat))).to.be.closeTo(37.01, 1e-4)
  })

  it('wind the rings of polygons as the specification asks', async () => {
    const [ring] = (await decodeTile(address('zones')))['zones']!.feature(0).loadGeometry()
    const area = ring!.reduce(
      (sum, p, i) => sum + p.x * ring![(i + 1) % ring!.length]!.y - ring![(i + 1) % ring!.length]!.x * p.y,
      0,
    )
    expect(area).to.be.greaterThan(0)
  })

  it('show staff the fields of staff', async () => {
    const tile = await decodeTile(address('zones'), staff)
    expect(tile['zones']!.feature(0).properties).to.include({ secret_note: 'only for staff' })
  })

  it('keep a private layer from everyone else, by every door', async () => {
    for (const path of [address('pipes'), '/tiles/pipes.json', '/opendata/pipes.geojson']) {
      expect((await get(path)).status, path).to.equal(404)
    }
    for (const path of [
      '/api/layers',
      '/opendata',
      '/api/where?lon=23.005&lat=37.005',
      '/api/search?q=pipes',
      '/api/search?q=p',
    ]) {
      expect(JSON.stringify((await get(path)).body), path).to.not.include('"pipes"')
    }
    expect((await decodeTile(address('pipes'), staff))['pipes']).to.not.equal(undefined)
    expect((await get('/opendata/pipes.geojson', { cookie: staff })).status, 'open data is what is open').to.equal(404)
  })

  it('keep a private field from everyone else, by every door', async () => {
    for (const path of [
      '/api/layers',
      '/tiles/zones.json',
      '/opendata/zones.geojson',
      '/api/where?lon=23.005&lat=37.005',
    ]) {
      const { status, body } = await get(path)
      expect(status).to.equal(200)
      expect(JSON.stringify(body), path).to.not.include('secret_note').and.not.include('only for staff')
    }
  })

  it('answer 304 to who has them, until a row changes', async () => {
    for (const path of [address('zones'), '/opendata/zones.geojson']) {
      const etag = (await get(path)).headers.get('etag') ?? ''
      expect((await get(path, { headers: { 'If-None-Match': etag } })).status).to.equal(304)
      await world.db.raw(`UPDATE gis.zones SET name = name || '!' WHERE code = 'a'`)
      const changed = await get(path, { headers: { 'If-None-Match': etag } })
      expect(changed.status, path).to.equal(200)
      expect(changed.headers.get('etag')).to.not.equal(etag)
    }
  })

  it('move to a new address when a field, the zooms or the audience are changed by SQL', async () => {
    await make.layer('plots', 'planning', [zone('a', 23)], { fields: FIELDS })
    const revision = async () => (await world.db('layer').where({ slug: 'plots' }).first('revision')).revision
    const tileOf = async () => {
      const { body } = await get('/tiles/plots.json')
      const [template] = body['tiles'] as [string]
      const path = new URL(template.replace('{z}', String(Z)).replace('{x}', String(x)).replace('{y}', String(y)))
      return { path: path.pathname + path.search, fields: body['vector_layers'][0].fields }
    }
    const before = await tileOf()
    expect((await decodeTile(before.path))['plots']!.feature(0).properties).to.have.property('height_m')
    expect((await get(before.path)).headers.get('cache-control')).to.include('max-age=86400')

    const closed = JSON.stringify(FIELDS.map((f) => (f.name === 'height_m' ? { ...f, is_public: false } : f)))
    await world.db.raw(`UPDATE layer SET fields = ?::jsonb WHERE slug = 'plots'`, [closed])
    const after = await tileOf()
    expect(after.path).to.not.equal(before.path)
    expect(after.fields).to.not.have.property('height_m')
    expect((await decodeTile(after.path))['plots']!.feature(0).properties).to.not.have.property('height_m')
    expect((await get(after.path)).headers.get('cache-control')).to.include('max-age=86400')
    expect((await get(before.path)).headers.get('cache-control'), 'the old address').to.include('max-age=60')

    for (const change of ['min_zoom = 3', 'max_zoom = 15', `visibility = 'staff'`, 'key_field = NULL']) {
      const old = await revision()
      await world.db.raw(`UPDATE layer SET ${change} WHERE slug = 'plots'`)
      expect(await revision(), change).to.equal(old + 1)
    }
    expect((await get(after.path)).status, 'closed').to.equal(404)
  })

  it('stay at their address when only words are changed, and move one step with a row', async () => {
    const revision = async () => (await world.db('layer').where({ slug: 'zones' }).first('revision')).revision
    const old = await revision()
    await world.db('layer').where({ slug: 'zones' }).update({ attribution: '{"el": "α", "en": "a"}', min_zoom: 0 })
    expect(await revision()).to.equal(old)
    await world.db('gis.zones').where({ code: 'b' }).update({ name: 'new' })
    expect(await revision()).to.equal(old + 1)
  })

  it('are described by TileJSON 3.0.0', async () => {
    const { body } = await get('/tiles/zones.json')
    expect(body['tilejson']).to.equal('3.0.0')
    expect(body['vector_layers'][0].fields).to.have.property('height_m')
    expect(body['bounds'][0]).to.be.closeTo(23, 1e-6)
  })

  it('are empty where nothing is, and no address outside the world is a tile', async () => {
    expect((await get('/tiles/zones/14/0/0.mvt')).status).to.equal(204)
    for (const path of [
      '/tiles/zones/2/9/0.mvt',
      '/tiles/zones/99/0/0.mvt',
      '/tiles/zones/a/b/c.mvt',
      '/tiles/nothing/1/0/0.mvt',
    ]) {
      expect((await get(path)).status, path).to.equal(404)
    }
  })

  it('are never larger than half a megabyte: of too many points some all over, of too many areas the largest', async () => {
    const words = 'λέξεις '.repeat(9)
    const sizeOf = async (path: string) => (await (await fetch(world.url + path)).arrayBuffer()).byteLength
    const pathOf = (layer: string, z: number) => `/tiles/${layer}/${z}/${tileAt(23.02, 37.005, z).x}/${tileAt(23.02, 37.005, z).y}.mvt` // prettier-ignore
    const one = { type: 'Feature', properties: { code: 'x', name: 'x' }, geometry: { type: 'Point', coordinates: [23.02, 37] } } // prettier-ignore
    await make.layer('crowd', 'other', [one], { fields: FIELDS, geometry_type: 'Point' })
    await world.db.raw(
      `INSERT INTO gis.crowd (code, name, geom)
       SELECT n, ? || n, ST_SetSRID(ST_MakePoint(23.02 + n % 100 / 1e4, 37 + n / 100 / 1e4), 4326) FROM generate_series(1, 12000) AS n`,
      [words],
    )
    expect(await sizeOf(pathOf('crowd', 10))).to.be.within(300_000, 500_000)
    const crowd = (await decodeTile(pathOf('crowd', 10)))['crowd']!
    const places = Array.from({ length: crowd.length }, (_, n) => crowd.feature(n).loadGeometry()[0]![0]!)
    expect(new Set(places.map(({ x, y }) => `${x} ${y}`)).size, 'not those of one corner').to.be.above(500)

    await make.layer('plates', 'other', [zone('big', 23.02)], { fields: FIELDS })
    await world.db.raw(
      `INSERT INTO gis.plates (code, name, geom)
       SELECT n, ? || n, ST_Multi(ST_MakeEnvelope(west, south, west + 8e-5, south + 8e-5, 4326))
         FROM generate_series(1, 11000) AS n, LATERAL (SELECT 23.02 + n % 100 / 1e4 AS west, 37 + n / 100 / 1e4 AS south) AS corner`,
      [words],
    )
    expect(await sizeOf(pathOf('plates', 12))).to.be.within(300_000, 500_000)
    expect((await decodeTile(pathOf('plates', 12)))['plates']!.feature(0).properties['code'], 'the largest first').to.equal('big') // prettier-ignore
  })

  it('download as RFC 7946, page by page, whole', async () => {
    const many = Array.from({ length: 2500 }, (_, n) => ({
      type: 'Feature',
      properties: { code: `n${n}` },
      geometry: { type: 'Point', coordinates: [23 + n / 1e5, 37] },
    }))
    await make.layer('many', 'poi', many, { geometry_type: 'Point', title_fields: null })
    const { status, headers, body } = await get('/opendata/many.geojson')
    expect(status).to.equal(200)
    expect(headers.get('content-type')).to.include('application/geo+json')
    expect(headers.get('access-control-allow-origin')).to.equal('*')
    expect(body['features']).to.have.length(2500)
    expect(new Set(body['features'].map((f: { id: number }) => f.id)).size).to.equal(2500)
  })
})
