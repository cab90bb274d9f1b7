// More than a point: a stretch of a road, an area; placed and routed by its shares.
import { expect } from 'chai'
import type { RoutingRules } from '../../backend/reports/rules/contract.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { box, make, polygon, type Ring, smallTown } from '../support/make.ts'
import { decodeTile, tileAt } from '../support/tiles.ts'
import { world } from '../support/world.ts'

const line = (...coordinates: [number, number][]) => ({ type: 'LineString', coordinates })
const area = (...coordinates: Ring[]) => ({ type: 'Polygon', coordinates })
const send = (location: object, more: Record<string, unknown> = {}) =>
  post('/api/reports', { ...pothole(0, 0, more), location })
const preview = (location: object) => post('/api/route/preview', { category: 'pothole', location })
const stored = (id: string) =>
  world.db('report').where({ id }).first(
    'place',
    'district',
    world.db.raw('ST_X(geom) AS lon, ST_Y(geom) AS lat, ST_AsText(shape) AS shape, ST_Intersects(geom, ST_Buffer(shape, 1e-6)) AS is_on_it'), // prettier-ignore
  )

/** A stretch of which 30 % lie in the west and 70 % in the east. */
const OVER_BORDER = line([23.007, 37.01], [23.017, 37.01])

describe('reports that are more than a point', () => {
  beforeEach(async () => {
    await smallTown()
    await world
      .db('category')
      .where({ slug: 'pothole' })
      .update({ geometries: ['point', 'line', 'area'] })
  })

  it('a line over a border goes to the district with the larger share, and all touched ones are recorded', async () => {
    const { status, body } = await send(OVER_BORDER)
    expect(status, JSON.stringify(body)).to.equal(201)
    expect(body['district'].slug).to.equal('east')
    expect(body['crew'].slug).to.equal('crew-east')
    const kept = await stored(body['id'])
    const shares = kept.place.districts.map(({ slug, share }: { slug: string; share: number }) => [slug, share])
    expect(shares).to.deep.equal([['east', 0.7], ['west', 0.3]]) // prettier-ignore
    expect(kept.place.inside_share).to.equal(1)
    expect(kept.shape).to.equal('LINESTRING(23.007 37.01,23.017 37.01)')
    expect(kept.is_on_it).to.equal(true)
    expect(kept.lon, 'in the middle of the part that leads').to.be.closeTo(23.0135, 1e-5)
  })

  it('says why: how much of it lies there', async () => {
    const { body } = await preview(OVER_BORDER)
    expect(body['candidates'][0].share).to.equal(0.7)
    expect(body['explanation'].en).to.contain('70%')
    expect(body['length_m']).to.be.within(885, 895)
    expect(body['area_m2']).to.equal(null)
  })

  it('a line that is cut in halves goes the same way every time, whichever way it was drawn', async () => {
    const there = line([23.005, 37.01], [23.015, 37.01])
    const slugs = new Set<string>()
    for (const coordinates of [there.coordinates, there.coordinates.toReversed(), there.coordinates]) {
      const { body } = await preview({ type: 'LineString', coordinates })
      expect(body['place'].districts.map(({ share }: { share: number }) => share)).to.deep.equal([0.5, 0.5])
      slugs.add(`${body['district'].slug} ${body['crew'].slug}`)
    }
    expect([...slugs]).to.deep.equal(['east crew-east'])
  })

  it('a line along a slanted border lies on both sides', async () => {
    const corner: [number, number] = [23.0133337, 37.02]
    await world.db.raw(`UPDATE gis.district SET geom = ST_Multi(ST_GeomFromText('POLYGON((23 37, 23.0066667 37, 23.0133337 37.02, 23 37.02, 23 37))', 4326)) WHERE code = 'west'`) // prettier-ignore
    await world.db.raw(`UPDATE gis.district SET geom = ST_Multi(ST_GeomFromText('POLYGON((23.0066667 37, 23.02 37, 23.02 37.02, 23.0133337 37.02, 23.0066667 37))', 4326)) WHERE code = 'east'`) // prettier-ignore
    const on = (t: number): [number, number] => [23.0066667 + t * (corner[0] - 23.0066667), 37 + t * 0.02]
    const { body } = await preview(line(on(0.1), on(0.37), on(0.61), on(0.93)))
    const shares = body['place'].districts.map(({ share }: { share: number }) => share)
    expect(shares).to.have.length(2)
    for (const share of shares) expect(share).to.be.above(0.99)
  })

  it('an area with a hole counts without the hole, and its pin is not in it', async () => {
    const hole = [...box(23.011, 37.005, 23.014, 37.009)].reverse()
    const { body } = await send(area(box(23.008, 37.004, 23.015, 37.01), hole))
    // West 2 x 6, east 5 x 6 without a hole of 3 x 4.
    const { place, lon, lat, shape } = await stored(body['id'])
    expect(place.districts[0].slug).to.equal('east')
    expect(place.districts[0].share).to.be.closeTo(18 / 30, 0.001)
    const { rows } = await world.db.raw(`SELECT ST_Covers(ST_GeomFromText(?, 4326), ST_SetSRID(ST_MakePoint(?, ?), 4326)) AS is_in`, [shape, lon, lat]) // prettier-ignore
    expect(rows[0].is_in).to.equal(true)
    expect(lon).to.be.above(23.01)
  })

  it('an area is turned as RFC 7946 wants it', async () => {
    const { body } = await send(area([...box(23.004, 37.004, 23.006, 37.006)].reverse()))
    const { rows } = await world.db.raw(`SELECT ST_IsPolygonCCW(shape) AS is_ccw FROM report WHERE id = ?`, [body['id']]) // prettier-ignore
    expect(rows[0].is_ccw).to.equal(true)
  })

  it('half outside the town is taken and said; shares are of what lies inside', async () => {
    const { status, body } = await send(line([22.99, 37.01], [23.01, 37.01]))
    expect(status, JSON.stringify(body)).to.equal(201)
    const { place, lon } = await stored(body['id'])
    expect(place.inside_share).to.equal(0.5)
    expect(place.districts.map(({ slug, share }: { slug: string; share: number }) => [slug, share])).to.deep.equal([['west', 1]]) // prettier-ignore
    expect(lon).to.be.closeTo(23.005, 1e-5)
    expect(body['crew'].slug).to.equal('crew-west')
  })

  it('mostly outside still goes to whom its part inside belongs', async () => {
    const { body } = await preview(line([22.97, 37.01], [23.004, 37.01]))
    expect(body['place'].inside_share).to.be.closeTo(4 / 34, 0.001)
    expect(body['crew'].slug).to.equal('crew-west')
    expect(body['municipality'].slug).to.equal('town')
  })

  it('wholly outside is refused, and so are swapped coordinates, each in its own words', async () => {
    const away = await send(line([22.9, 37.01], [22.91, 37.01]))
    expect(away.status).to.equal(422)
    expect(away.body['type']).to.equal('urn:asty:problem:shape-outside')
    expect(away.body['distance_m']).to.be.within(7_900, 8_100)
    expect(away.body['errors'][0].path).to.equal('location.coordinates')
    const swapped = await send(line([37.01, 23.005], [37.01, 23.006]))
    expect(swapped.body['type']).to.equal('urn:asty:problem:swapped-coordinates')
    expect(await world.db('report').first()).to.equal(undefined)
  })

  it('what crosses itself, has no length, is too long or too large is refused with words', async () => {
    const kind = async (location: object) => {
      const { status, body } = await send(location, {})
      expect(status, JSON.stringify(body)).to.equal(422)
      return body['type'].split(':').at(-1)
    }
    expect(await kind(area([[23.001, 37.001], [23.003, 37.003], [23.003, 37.001], [23.001, 37.003], [23.001, 37.001]]))).to.equal('broken-shape') // prettier-ignore
    expect(await kind(line([23.005, 37.01], [23.005, 37.01]))).to.equal('broken-shape')
    expect(await kind(line([23, 37], [23.02, 37.02], [23, 37.02], [23.02, 37], [23, 37.01], [23.02, 37.01]))).to.equal('shape-too-large') // prettier-ignore
    expect(await kind(area(box(23, 37, 23.02, 37.02)))).to.equal('shape-too-large')
    expect(await kind(area([[23, 37], [23.001, 37], [23.001, 37.001], [23, 37.001]] as Ring))).to.equal('invalid-input') // prettier-ignore
    const many = Array.from({ length: 501 }, (_, n): [number, number] => [23.001 + n * 1e-6, 37.001])
    expect(await kind(line(...many))).to.equal('invalid-input')
    expect(await kind({ type: 'MultiPoint', coordinates: [[23, 37]] })).to.equal('invalid-input')
  })

  it('a line may cross itself: people walk in loops', async () => {
    const { status } = await send(line([23.001, 37.001], [23.003, 37.003], [23.003, 37.001], [23.001, 37.003]))
    expect(status).to.equal(201)
  })

  it('is refused where the category has only points, and a point where it has only lines', async () => {
    await world
      .db('category')
      .where({ slug: 'pothole' })
      .update({ geometries: ['point'] })
    const refused = await send(OVER_BORDER)
    expect(refused.status).to.equal(422)
    expect(refused.body['type']).to.equal('urn:asty:problem:geometry-not-allowed')
    expect(refused.body['geometries']).to.deep.equal(['point'])
    await world
      .db('category')
      .where({ slug: 'pothole' })
      .update({ geometries: ['line'] })
    expect((await post('/api/reports', pothole(23.005, 37.01))).body['type']).to.equal('urn:asty:problem:geometry-not-allowed') // prettier-ignore
  })

  it('a small area on the way does not take a long line away from its district', async () => {
    await make.layer('market', 'crew_area', [polygon('square', box(23.004, 37.009, 23.006, 37.011))])
    await make.crew('crew-square', 'works')
    await make.rule('pothole-square', { category: 'pothole', area: ['market', 'square'], department: 'works', crew: 'crew-square' }) // prettier-ignore
    expect((await preview(line([23.0045, 37.01], [23.0055, 37.01]))).body['crew'].slug).to.equal('crew-square')
    expect((await preview(line([23.0005, 37.01], [23.0095, 37.01]))).body['crew'].slug).to.equal('crew-west')
  })

  it('shows the shape to all; lists, open data and Open311 keep the point and offer the shape beside it', async () => {
    const { body } = await send(OVER_BORDER)
    const one = (await get(`/api/reports/${body['id']}`)).body
    expect(one['geometry'].type).to.equal('Point')
    expect(one['shape']).to.deep.equal(OVER_BORDER)
    expect(one['place'].districts).to.have.length(2)
    const listed = (await get('/api/reports')).body['features'][0]
    expect([listed.geometry.type, listed.shape.type]).to.deep.equal(['Point', 'LineString'])
    const open = (await get('/opendata/reports.geojson')).body['features'][0]
    expect(open.geometry.type).to.equal('Point')
    expect(open.properties.shape).to.deep.equal(OVER_BORDER)
    const [asked] = (await get('/open311/v2/requests.json?extensions=true')).body as unknown as Record<string, any>[] // eslint-disable-line @typescript-eslint/no-explicit-any -- a foreign form
    expect(asked!['extended_attributes'].shape).to.equal('LINESTRING(23.007 37.01,23.017 37.01)')
    expect(asked!['lat']).to.be.closeTo(37.01, 1e-6)
    expect(String((await get('/open311/v2/requests.xml?extensions=true')).body)).to.contain('<shape>LINESTRING(')
  })

  it('is near all along for who reports the same', async () => {
    const { body } = await send(OVER_BORDER)
    const near = (await get('/api/reports/nearby?lon=23.0165&lat=37.0102&category=pothole&radius_m=60')).body as unknown as { id: string; distance_m: number }[] // prettier-ignore
    expect(near.map(({ id }) => id)).to.deep.equal([body['id']])
    expect(near[0]!.distance_m).to.be.within(20, 25)
  })

  it('is found by any part of it, in a view of the map and in a drawn area', async () => {
    await make.account('head@town.example', 'administrator')
    const cookie = await signIn('head@town.example')
    const { body } = await send(OVER_BORDER)
    const found = async (path: string) => (await get(path, { cookie })).body['features'].map(({ id }: { id: string }) => id) // prettier-ignore
    expect(await found('/api/reports?bbox=23.0165,37.009,23.018,37.011')).to.deep.equal([body['id']])
    expect(await found('/api/reports?bbox=23.0172,37.009,23.018,37.011')).to.deep.equal([])
    expect(await found('/api/staff/reports?within=23.0165,37.009;23.018,37.009;23.0165,37.011')).to.deep.equal([body['id']]) // prettier-ignore
    expect(await found('/api/staff/reports?within=23.0172,37.009;23.018,37.009;23.0172,37.011')).to.deep.equal([])
    // Its point lies in the tile to the west; what is drawn here reaches over the edge by the buffer, and no further.
    const { x, y } = tileAt(23.0165, 37.0102, 18)
    const { shape, point } = await decodeTile(`/api/staff/reports/tiles/18/${x}/${y}.mvt`, cookie)
    expect([point, shape!.feature(0).properties['report_id']]).to.deep.equal([undefined, body['id']])
    for (const { x: column } of shape!.feature(0).loadGeometry().flat()) expect(column).to.be.within(-64, 4160)
  })

  it('is weighed by the same shares when rules are tried and published', async () => {
    await make.account('admin@town.example', 'administrator')
    const cookie = await signIn('admin@town.example')
    const { body } = await send(OVER_BORDER)
    const { version, rules } = (await get<RoutingRules>('/api/staff/routing', { cookie })).body
    const swapped = rules.map((rule) => ({ ...rule, crew: rule.area?.slug === 'east' ? 'crew-west' : 'crew-east' })) // prettier-ignore
    const tried = await post('/api/staff/routing/what-if', { rules: swapped }, { cookie })
    expect(tried.body, JSON.stringify(tried.body)).to.deep.include({ reports: 1, moved: 1, open_moved: 1 })
    const same = await post('/api/staff/routing/what-if', {}, { cookie })
    expect(same.body).to.deep.include({ reports: 1, moved: 0, open_moved: 0 })
    // The border moves east: now most of it lies in the west.
    const west = await world.db.raw(`SELECT id::text AS id FROM gis.district WHERE code = 'west'`)
    await world.db.raw(`UPDATE gis.district SET geom = ST_Multi(ST_MakeEnvelope(23.016, 37, 23.02, 37.02, 4326)) WHERE code = 'east'`) // prettier-ignore
    const geometry = { type: 'Polygon', coordinates: [box(23, 37, 23.016, 37.02)] }
    const moved = await post('/api/staff/routing/what-if', { area: { layer: 'district', id: west.rows[0].id, geometry } }, { cookie }) // prettier-ignore
    expect(moved.body['moves'][0].to.crew.slug).to.equal('crew-west')
    await world.db.raw(`UPDATE gis.district SET geom = ST_Multi(ST_MakeEnvelope(23, 37, 23.016, 37.02, 4326)) WHERE code = 'west'`) // prettier-ignore
    const published = await request('PUT', '/api/staff/routing', { cookie, body: { version, rules, moves_open: true } })
    expect(published.body['moved'], JSON.stringify(published.body)).to.equal(1)
    const desk = (await get(`/api/staff/reports/${body['id']}`, { cookie })).body
    expect(desk['properties'].crew.slug).to.equal('crew-west')
    expect(desk['routing'].candidates[0].share).to.equal(0.9)
    expect(desk['shape'].type).to.equal('LineString')
  })

  it('categories say how they are drawn, and who looks after them changes that', async () => {
    await make.account('admin@town.example', 'administrator')
    const cookie = await signIn('admin@town.example')
    const change = (geometries: string[]) => request('PATCH', '/api/staff/categories/pothole', { cookie, body: { geometries } }) // prettier-ignore
    expect((await change([])).status).to.equal(422)
    expect((await change(['area', 'point', 'area'])).body['geometries']).to.deep.equal(['point', 'area'])
    const listed = (await get('/api/categories')).body as unknown as { slug: string; geometries: string[] }[]
    expect(listed.find(({ slug }) => slug === 'roads')?.geometries).to.deep.equal(['point'])
  })

  it('costs points nothing: they have no shape and say no shares', async () => {
    const { body } = await post('/api/reports', pothole(23.005, 37.01))
    const one = (await get(`/api/reports/${body['id']}`)).body
    expect(one['shape']).to.equal(null)
    expect(one['place']).to.not.have.any.keys('districts', 'inside_share')
  })
})
