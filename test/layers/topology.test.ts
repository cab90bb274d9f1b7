// Districts must cover the town once: gaps and overlaps are found, and mended without making others.
import { createReadStream, existsSync } from 'node:fs'
import { expect } from 'chai'
import { readFeatures } from '../../backend/core/geo/geojson.ts'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import type { TopologyFault } from '../../backend/layers/topology/contract.ts'
import { get, post, request, signIn } from '../support/http.ts'
import { box, make, polygon, type Ring, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const REAL = new URL('../../../shared/data/greece_municipalities_simplified.geojson', import.meta.url)
const ALL = '?min_area_m2=0'

interface Found {
  faults: TopologyFault[]
  gaps: number
  overlaps: number
}

describe('the topology of a layer that must tile', () => {
  let cookie: string
  const check = async (layer: string, query = ALL) =>
    (await get<Found>(`/api/staff/layers/${layer}/topology${query}`, { cookie })).body
  const counts = ({ gaps, overlaps }: Found) => ({ gaps, overlaps })
  const assign = (layer: string, { geometry, features }: TopologyFault, to: string) =>
    post(`/api/staff/layers/${layer}/topology/assign`, { geometry, to, features }, { cookie })
  const tiles = (...rings: Ring[]) => make.layer('zone', 'district', rings.map((ring, n) => polygon('abcdef'[n]!, ring))) // prettier-ignore
  const text = async (code: string) =>
    (await world.db('gis.zone').where({ code }).first(world.db.raw('ST_AsText(geom, 15) AS text'))).text as string

  beforeEach(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
  })

  it('finds nothing in districts that tile', async () => {
    expect(await check('district')).to.deep.equal({ faults: [], gaps: 0, overlaps: 0 })
    expect(counts(await check('district', `${ALL}&within_boundary=true`))).to.deep.equal({ gaps: 0, overlaps: 0 })
  })

  it('finds an overlap with both features, its area and its width', async () => {
    await tiles(box(23, 37, 23.01, 37.02), box(23.0099, 37, 23.02, 37.02))
    const { faults, ...rest } = await check('zone')
    expect(rest).to.deep.equal({ gaps: 0, overlaps: 1 })
    const [{ kind, area_m2, width_m, features }] = faults as [TopologyFault]
    expect(kind).to.equal('overlap')
    // 0.0001 degrees at 37 N are 8.89 m; 0.02 degrees to the north 2220 m.
    expect(width_m).to.be.closeTo(8.9, 0.1)
    expect(area_m2).to.be.closeTo(8.89 * 2220, 60)
    expect(features.map(({ title }) => title?.en)).to.have.members(['a', 'b'])
  })

  it('gives an overlap to one of the two; the other takes over its nodes, and so does a third on the border', async () => {
    await tiles(box(23, 37, 23.01, 37.02), [[23.0099, 37.003], [23.02, 37], [23.02, 37.02], [23.0099, 37.0171], [23.0099, 37.003]]) // prettier-ignore
    const { faults } = await check('zone', '?within_boundary=false&min_area_m2=0')
    const [fault] = faults as [TopologyFault]
    const { status, body } = await assign('zone', fault, fault.features[0]!.id)
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(await check('zone')).to.deep.equal({ faults: [], gaps: 0, overlaps: 0 })
    // The crossings are corners of both by now, to the last digit.
    const corners = (await text('b')).match(/23\.01 \S+?(?=[,)])/g)!
    expect(new Set(corners).size).to.equal(2)
    for (const corner of corners) expect(await text('a')).to.include(corner)
    const history = (await get('/api/staff/layers/zone/history', { cookie })).body
    expect(history.entries.map(({ action, who }: Record<string, string>) => [action, who])).to.deep.equal([
      ['change', 'gis@town.example'],
      ['change', 'gis@town.example'],
    ])
  })

  it('gives a gap to the neighbour that is chosen; the longest border is offered first', async () => {
    await tiles(
      box(23, 37, 23.01, 37.02),
      [[23.01, 37], [23.02, 37], [23.02, 37.02], [23.01, 37.02], [23.01, 37.015], [23.0101, 37.01], [23.01, 37.005], [23.01, 37]], // prettier-ignore
    )
    const { faults, ...rest } = await check('zone')
    expect(rest).to.deep.equal({ gaps: 1, overlaps: 0 })
    const [gap] = faults as [TopologyFault]
    expect(gap.features.map(({ title }) => title?.en)).to.have.members(['a', 'b'])
    expect(gap.features[0]!.border_m).to.be.at.least(gap.features[1]!.border_m!)
    const to = gap.features.find(({ title }) => title?.en === 'a')!.id
    expect((await assign('zone', gap, to)).body.changed).to.deep.equal([to])
    expect(counts(await check('zone'))).to.deep.equal({ gaps: 0, overlaps: 0 })
    expect(await text('a')).to.include('23.0101 37.01,')
    // Those who changed no ground have kept their geometry: the nodes of the gap were theirs.
    expect((await assign('zone', gap, to)).status, 'it was mended').to.equal(412)
  })

  it('tells what the layer leaves of the municipality when it is asked', async () => {
    await tiles(box(23, 37, 23.01, 37.02), box(23.01, 37, 23.02, 37.015))
    expect(counts(await check('zone'))).to.deep.equal({ gaps: 0, overlaps: 0 })
    const { faults } = await check('zone', '?within_boundary=true')
    expect(faults).to.have.length(1)
    expect((await assign('zone', faults[0]!, '1')).status).to.equal(200)
    expect(counts(await check('zone', `${ALL}&within_boundary=true`))).to.deep.equal({ gaps: 0, overlaps: 0 })
  })

  it('leaves an island in a gap out of it, and features without a hole have none', async () => {
    const ring = polygon('ring', box(23, 37, 23.02, 37.02), box(23.005, 37.005, 23.015, 37.015))
    await make.layer('zone', 'district', [ring, polygon('island', box(23.008, 37.008, 23.012, 37.012))])
    const { faults } = await check('zone')
    expect(faults).to.have.length(1)
    expect((faults[0]!.geometry as unknown as { coordinates: unknown[] }).coordinates, 'shell and hole').to.have.length(2) // prettier-ignore
  })

  it('finds the ground between neighbours that touch at two points only', async () => {
    await tiles(
      box(23, 37, 23.01, 37.02),
      [[23.01, 37], [23.02, 37], [23.02, 37.02], [23.01, 37.02], [23.0101, 37.01], [23.01, 37]], // prettier-ignore
    )
    const { faults, gaps } = await check('zone')
    expect(gaps).to.equal(1)
    expect(faults[0]!.features).to.have.length(2)
    expect((await assign('zone', faults[0]!, faults[0]!.features[1]!.id)).status).to.equal(200)
    expect(counts(await check('zone'))).to.deep.equal({ gaps: 0, overlaps: 0 })
  })

  it('refuses what leaves nothing of a feature, and who has seen another version', async () => {
    await tiles(box(23, 37, 23.02, 37.02), box(23.005, 37.005, 23.01, 37.01))
    const [inside] = (await check('zone')).faults as [TopologyFault]
    const idOf = (code: string) => inside.features.find(({ title }) => title?.en === code)!.id
    expect((await assign('zone', inside, idOf('a'))).status, 'b would vanish').to.equal(422)
    await world.db('gis.zone').where({ code: 'a' }).update({ name: 'other' })
    expect((await assign('zone', inside, idOf('b'))).status).to.equal(412)
    expect((await assign('zone', inside, '9')).status).to.equal(404)
    const [now] = (await check('zone')).faults as [TopologyFault]
    const onlyWinner = { ...now, features: now.features.filter(({ id }) => id === idOf('b')) }
    expect((await assign('zone', onlyWinner, idOf('b'))).status, 'a was not named').to.equal(412)
    expect((await assign('zone', now, idOf('b'))).status).to.equal(200)
    expect(counts(await check('zone'))).to.deep.equal({ gaps: 0, overlaps: 0 })
  })

  it('is for layers of polygons, and for those who manage layers', async () => {
    await make.layer('lamp', 'poi', [{ type: 'Feature', properties: { code: 'x' }, geometry: { type: 'Point', coordinates: [23.001, 37.001] } }], { geometry_type: 'Point', title_fields: null }) // prettier-ignore
    expect((await get('/api/staff/layers/lamp/topology', { cookie })).status).to.equal(422)
    expect((await get('/api/staff/layers/area/topology', { cookie })).status, 'a view of ours').to.equal(404)
    expect((await request('GET', '/api/staff/layers/district/topology')).status).to.equal(401)
  })

  it('mends the municipalities of Greece without breaking others', async function () {
    if (!existsSync(REAL)) return this.skip()
    const definition = LayerDefinition.parse({ slug: 'zone', title: { el: 'Δήμοι', en: 'Municipalities' }, geometry_type: 'Polygon' }) // prettier-ignore
    await importLayer(world.db, definition, readFeatures(createReadStream(REAL)))
    const first = await check('zone', '?min_area_m2=0&limit=500')
    expect(first.gaps, 'slivers between simplified borders').to.be.above(2000)
    expect(first.overlaps).to.be.above(500)
    const mended = first.faults.filter((_, n) => n % 100 === 0)
    for (const fault of mended) {
      // Each changes its neighbours, as if one had checked again in between.
      const rows = await world.db('gis.zone').select(world.db.raw('id::text, xmin::text AS version'))
      const versions = new Map(rows.map(({ id, version }) => [id, version]))
      const features = fault.features.map((feature) => ({ ...feature, version: versions.get(feature.id)! }))
      expect((await assign('zone', { ...fault, features }, features[0]!.id)).status).to.equal(200)
    }
    const after = await check('zone', '?min_area_m2=0&limit=1')
    expect(first.gaps + first.overlaps - after.gaps - after.overlaps).to.be.at.least(mended.length)
  })
})
