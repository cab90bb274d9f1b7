// What an officer edits: read whole and exact, written by the one way, and nobody's work lost.
import { expect } from 'chai'
import { get, request, signIn } from '../support/http.ts'
import { box, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'
import { moved, removed, toGeometry, toParts } from '../../web/src/map/shape.ts'
import { snapped } from '../../web/src/layers/edit/snap.ts'

const URL = '/api/staff/layers/district/features'

interface Feature {
  id: string
  version: string
  properties: Record<string, unknown>
  geometry: { type: string; coordinates: never }
}

describe('features for editing', () => {
  let cookie: string
  const list = async (query = '') => (await get<{ features: Feature[]; next: string | null }>(URL + query, { cookie })).body // prettier-ignore
  const one = async (id: string) => (await get<Feature>(`${URL}/${id}`, { cookie })).body
  const write = (method: string, id: string, version: string, body?: object, who = cookie) =>
    request(method, `/ogc/collections/district/items/${id}`, { cookie: who, body, headers: { 'If-Match': `"${version}-"` } }) // prettier-ignore

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    await make.account('other@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
  })

  it('come by box, by page and by name, with closed fields, titles and versions', async () => {
    expect((await list()).features.map(({ properties }) => properties['code'])).to.have.members(['west', 'east'])
    const inBox = await list('?bbox=23.001,37.001,23.002,37.002')
    expect(inBox.features.map(({ properties }) => properties['code'])).to.deep.equal(['west'])
    expect(inBox.features[0]).to.deep.include({ title: { el: 'west', en: 'west' } })
    const first = await list('?limit=1')
    expect((await list(`?limit=1&cursor=${first.next}`)).features[0]!.id).to.not.equal(first.features[0]!.id)
    expect((await list('?q=EAS')).features.map(({ properties }) => properties['code'])).to.deep.equal(['east'])
    expect((await list('?q=%25')).features, 'a wildcard alone asks for nothing').to.have.length(2)
    expect((await get(`${URL}?bbox=1,2,3`, { cookie })).status).to.equal(422)
  })

  it('keep every digit on the way to the officer and back', async () => {
    const { id, version, geometry } = (await list()).features[0]!
    const digits: [number, number] = [23.012345678901234, 37.00000000000001]
    const parts = moved(toParts(geometry), { part: 0, ring: 0, index: 0 }, digits)
    expect((await write('PATCH', id, version, { geometry: toGeometry('Polygon', parts) })).status).to.equal(204)
    expect(toParts((await one(id)).geometry)[0]![0]![0]).to.deep.equal(digits)
    const { rows } = await world.db.raw('SELECT ST_X(p.geom) AS x FROM gis.district, ST_DumpPoints(geom) AS p WHERE id = ? LIMIT 1', [id]) // prettier-ignore
    expect(rows[0].x).to.equal(digits[0])
  })

  it('refuse who has seen an older version, and say which there is and who made it', async () => {
    const { id, version } = (await list()).features[0]!
    const other = await signIn('other@town.example')
    await write('PATCH', id, version, { properties: { name: 'theirs' } }, other)
    const { status, body } = await write('PATCH', id, version, { properties: { name: 'mine' } })
    expect(status).to.equal(412)
    expect(body['changed_by']).to.equal('other@town.example')
    expect(body['version']).to.equal((await one(id)).version)
    await write('PATCH', id, body['version'], { properties: { name: 'mine' } })
    const { entries } = (await get(`/api/staff/layers/district/history?feature=${id}&limit=2`, { cookie })).body
    expect(entries.map(({ who }: { who: string }) => who)).to.deep.equal(['gis@town.example', 'other@town.example'])
    expect(entries[0].before.properties.name).to.equal('theirs')
  })

  it('say in a sentence what is wrong with a geometry, and where', async () => {
    const { id, version } = (await list()).features[0]!
    const bowtie = { type: 'Polygon', coordinates: [[[23, 37], [23.01, 37.01], [23.01, 37], [23, 37.01], [23, 37]]] } // prettier-ignore
    const { status, body } = await write('PATCH', id, version, { geometry: bowtie })
    expect(status).to.equal(422)
    expect(body['detail']).to.include('crosses itself')
    expect(body['at'].coordinates).to.deep.equal([23.005, 37.005])
    const empty = await write('PATCH', id, version, { geometry: { type: 'MultiPolygon', coordinates: [] } })
    expect(empty.status).to.equal(422)
  })

  it('follow SQL: another version, other tiles, and the history names the role', async () => {
    const { id, version } = (await list()).features[0]!
    const tiles = async () => (await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'district').tiles // prettier-ignore
    const address = await tiles()
    await world.db('gis.district').where({ id }).update({ name: 'by SQL' })
    expect((await one(id)).version).to.not.equal(version)
    expect(await tiles(), 'an open portal asks this and draws anew').to.not.equal(address)
    const { entries } = (await get(`/api/staff/layers/district/history?feature=${id}&limit=1`, { cookie })).body
    expect(entries[0].role).to.be.a('string')
  })

  it('are only those of layers in the catalogue, for who manages layers', async () => {
    for (const slug of ['area', 'pg_class', 'account', 'nothing'])
      expect((await get(`/api/staff/layers/${slug}/features`, { cookie })).status, slug).to.equal(404)
    expect((await get(URL)).status).to.equal(401)
    expect((await get(`${URL}/999`, { cookie })).status).to.equal(404)
  })
})

describe('a geometry while it is edited', () => {
  const hole = box(23.002, 37.002, 23.004, 37.004)
  const multi = {
    type: 'MultiPolygon',
    coordinates: [[box(23, 37, 23.01, 37.01), hole], [box(23.02, 37, 23.03, 37.01)]],
  }

  it('comes back as it was, with parts and holes', () => {
    expect(toGeometry('Polygon', toParts(multi))).to.deep.equal(multi)
    const line = { type: 'MultiLineString', coordinates: [[[23, 37], [24, 38]], [[25, 37], [26, 37]]] } // prettier-ignore
    expect(toGeometry('LineString', toParts(line))).to.deep.equal(line)
  })

  it('loses only the corner that is taken; too few corners take the hole, and a shell its part', () => {
    const parts = toParts(multi)
    const corner = { part: 0, ring: 1, index: 0 }
    const triangle = removed('Polygon', parts, corner)
    expect(triangle[0]![1]).to.have.length(3)
    expect(removed('Polygon', triangle, corner)[0], 'no hole').to.have.length(1)
    const shell = { part: 0, ring: 0, index: 0 }
    expect(removed('Polygon', removed('Polygon', parts, shell), shell)).to.deep.equal([parts[1]])
  })

  it('snaps to a corner to the last digit, else onto an edge, else not at all', () => {
    const project = ([lon, lat]: [number, number]) => ({ x: lon * 1e6, y: lat * 1e6 })
    const corner: [number, number] = [23.00000123456789, 37.00000000000001]
    const line: [number, number][] = [corner, [23.0002, 37.00000000000001]]
    expect(snapped([23.000005, 37.000004], [line], project)).to.deep.equal(corner)
    const [lon, lat] = snapped([23.0001, 37.000008], [line], project)!
    expect(lon).to.be.closeTo(23.0001, 1e-9)
    expect(lat).to.be.closeTo(37, 1e-9)
    expect(snapped([23.0001, 37.00005], [line], project)).to.equal(null)
  })
})
