// Features that are valid on certain days only: map, answers, search and routing are those of the day that is asked about.
import { expect } from 'chai'
import { dayAfter, dayInAthens } from '../../backend/core/days.ts'
import type { Here } from '../../backend/here/contract.ts'
import type { DayAhead, FieldDefinition, Layer } from '../../backend/layers/contract.ts'
import type { TopologyFault } from '../../backend/layers/topology/contract.ts'
import type { SearchResult } from '../../backend/places/contract.ts'
import type { FoundSchools } from '../../backend/schools/contract.ts'
import { get, point, post, pothole, request, signIn } from '../support/http.ts'
import { both, box, make, polygon, type Ring, smallTown } from '../support/make.ts'
import { decodeTile } from '../support/tiles.ts'
import { world } from '../support/world.ts'

const TODAY = dayInAthens()
const YESTERDAY = dayAfter(TODAY, -1)
const TOMORROW = dayAfter(TODAY, 1)
const LATER = dayAfter(TODAY, 400)

const field = (name: string, type: FieldDefinition['type'] = 'text', is_public = true): FieldDefinition => ({ name, type, title: both(name), is_public }) // prettier-ignore
const DATED = [field('code'), { ...field('name'), is_searchable: true }, field('valid_from', 'date'), field('valid_to', 'date')] // prettier-ignore
const dated = (code: string, ring: Ring, valid_from: string | null, valid_to: string | null) => {
  const made = polygon(code, ring)
  return { ...made, properties: { ...made.properties, valid_from, valid_to } }
}

const [WEST, EAST, ALL] = [box(23, 37, 23.01, 37.02), box(23.01, 37, 23.02, 37.02), box(23, 37, 23.02, 37.02)]
/** Two halves until today; one whole from tomorrow on. */
const CHANGE = [dated('oldwest', WEST, null, TODAY), dated('oldeast', EAST, null, TODAY), dated('whole', ALL, TOMORROW, null)] // prettier-ignore

describe('features that are valid on certain days', () => {
  let cookie: string
  const units = (fields = DATED) => make.layer('unit', 'municipal_unit', CHANGE, { fields })
  const where = (at = '') => get<Here>(`/api/where?lon=23.005&lat=37.01${at && `&at=${at}`}`)
  const unitOn = async (at?: string) => (await where(at)).body.place.municipal_unit?.slug
  const layerOn = async (at = '', slug = 'unit') =>
    (await get<Layer[]>(`/api/layers${at && `?at=${at}`}`)).body.find((layer) => layer.slug === slug)!
  const codesIn = async (path: string) => {
    const found = Object.values(await decodeTile(path))[0]!
    return Array.from({ length: found.length }, (_, n) => found.feature(n).properties['code']).sort()
  }
  const tilePath = ({ tiles }: Layer) => tiles.replace('{z}/{x}/{y}', '10/577/398')

  beforeEach(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
  })

  it('are told from their first day to their last, and on the days that are asked about', async () => {
    await units()
    expect([await unitOn(), await unitOn(TODAY), await unitOn(TOMORROW), await unitOn(LATER), await unitOn(YESTERDAY)]).to.deep.equal(['oldwest', 'oldwest', 'whole', 'whole', 'oldwest']) // prettier-ignore
    expect((await where('tomorrow')).status).to.equal(422)
    expect(await unitOn(), 'a connection that was asked about another day').to.equal('oldwest')
  })

  it('are announced by day: what begins, and what is not any more', async () => {
    const ahead = async (as?: string) => (await get<DayAhead[]>('/api/layers/days', { cookie: as })).body
    expect(await ahead()).to.deep.equal([])
    await units()
    const layer = { slug: 'unit', title: both('unit') }
    expect(await ahead()).to.deep.equal([{ day: TOMORROW, layer, begin: 1, end: 2 }])
    await world.db('gis.unit').insert({ code: 'then', name: 'then', valid_from: LATER, valid_to: LATER, geom: world.db.raw('(SELECT geom FROM gis.unit LIMIT 1)') }) // prettier-ignore
    expect((await ahead()).slice(1)).to.deep.equal([
      { day: LATER, layer, begin: 1, end: 0 },
      { day: dayAfter(LATER, 1), layer, begin: 0, end: 1 },
    ])
    await world.db.raw(`UPDATE layer SET fields = (SELECT jsonb_agg(CASE WHEN f->>'name' = 'valid_to' THEN f || '{"is_public": false}' ELSE f END) FROM jsonb_array_elements(fields) AS f) WHERE slug = 'unit'`) // prettier-ignore
    expect(await ahead(), 'days that are for staff').to.deep.equal([])
    expect(await ahead(cookie)).to.have.length(3)
  })

  it('are in the tiles of the day; each day has an address of its own', async () => {
    await units()
    const [today, then] = [await layerOn(), await layerOn(TOMORROW)]
    expect(today.is_dated).to.equal(true)
    expect(today.tiles).to.match(new RegExp(`&at=${TODAY}$`))
    expect(await codesIn(tilePath(today))).to.deep.equal(['oldeast', 'oldwest'])
    expect(await codesIn(tilePath(then))).to.deep.equal(['whole'])
    expect(await codesIn(tilePath(then).replace(/\?.*/, ''))).to.deep.equal(['oldeast', 'oldwest'])
    const wrong = await get(tilePath(today).replace(TODAY, '2026-02-30'))
    expect([wrong.status, (wrong.body as { errors: { path: string }[] }).errors[0]?.path]).to.deep.equal([400, 'at'])
    const { body } = await get<{ tiles: string[] }>('/tiles/unit.json')
    expect(body.tiles[0], 'who keeps the address sees tomorrow what is valid tomorrow').to.not.include('at=')
  })

  it('are left out although the public may not see the days', async () => {
    await units(DATED.map((one) => ({ ...one, is_public: !one.name.startsWith('valid') })))
    const today = await layerOn()
    expect([today.is_dated, today.fields.map(({ name }) => name)]).to.deep.equal([true, ['code', 'name']])
    expect(await codesIn(tilePath(today))).to.deep.equal(['oldeast', 'oldwest'])
  })

  it('are found by the search of the day', async () => {
    await units()
    const found = async (at: string) => (await get<SearchResult[]>(`/api/search?q=whole&at=${at}`)).body.map(({ title }) => title.en) // prettier-ignore
    expect(await found(TODAY)).to.deep.equal([])
    expect(await found(TOMORROW)).to.deep.equal(['whole'])
  })

  it('are all in open data, with their days, and asked for by datetime', async () => {
    await units()
    const ids = async (query = '') => (await get<{ features: { properties: { code: string } }[] }>(`/ogc/collections/unit/items${query}`)).body.features.map(({ properties }) => properties.code).sort() // prettier-ignore
    expect(await ids()).to.deep.equal(['oldeast', 'oldwest', 'whole'])
    expect(await ids(`?datetime=${TOMORROW}`)).to.deep.equal(['whole'])
  })

  it('send a report to the area of its day', async () => {
    await units()
    const { body } = await post<{ id: string }>('/api/reports', pothole(23.005, 37.01))
    const row = await world.db('report').where({ id: body.id }).first('place')
    expect(row.place.municipal_unit.slug).to.equal('oldwest')
  })

  it('tile with those of their day only', async () => {
    await units()
    const check = async (at: string) => (await get<{ gaps: number; overlaps: number }>(`/api/staff/layers/unit/topology?min_area_m2=0&within_boundary=true&at=${at}`, { cookie })).body // prettier-ignore
    for (const day of [TODAY, TOMORROW])
      expect(await check(day), JSON.stringify(await check(day))).to.include({ gaps: 0, overlaps: 0 })
    await make.layer('plan', 'planning', [dated('a', WEST, null, TODAY), dated('b', box(23.005, 37, 23.02, 37.02), null, null), dated('c', ALL, LATER, null)], { fields: DATED }) // prettier-ignore
    const address = `/api/staff/layers/plan/topology`
    const { body } = await get<{ faults: TopologyFault[] }>(`${address}?min_area_m2=0`, { cookie })
    const [{ geometry, features }] = body.faults as [TopologyFault]
    expect(features.map(({ title }) => title?.en)).to.have.members(['a', 'b'])
    const assigned = await post(`${address}/assign`, { geometry, to: features[0]!.id, features: features.map(({ id, version }) => ({ id, version })) }, { cookie }) // prettier-ignore
    expect(assigned.status, JSON.stringify(assigned.body)).to.equal(200)
    const whole = await world.db('gis.plan').where({ code: 'c' }).first(world.db.raw('ST_NPoints(geom) AS corners'))
    expect(whole.corners, 'the plan of another day').to.equal(5)
  })

  it('make the school of next year another one', async () => {
    const school = (code: string) => ({ type: 'Feature', properties: { code, name: code }, geometry: point(23.005, 37.01) }) // prettier-ignore
    await make.layer('school', 'school', ['first', 'second'].map(school), { geometry_type: 'Point' })
    const year = Number(TODAY.slice(0, 4)) + 2
    const zone = (code: string, from: string | null, to: string | null, own: string) => {
      const made = dated(code, ALL, from, to)
      return { ...made, properties: { ...made.properties, school: own } }
    }
    await make.layer('zone', 'school_zone', [zone('now', null, `${year}-08-31`, 'first'), zone('then', `${year}-09-01`, null, 'second')], { fields: [...DATED, field('school')] }) // prettier-ignore
    const of = async (asked: string) => (await get<FoundSchools>(`/api/schools?lon=23.005&lat=37.01${asked}`)).body.levels.flatMap(({ schools }) => schools.map(({ title }) => title?.en)) // prettier-ignore
    expect(await of('')).to.deep.equal(['first'])
    expect(await of(`&school_year=${year}-${year + 1}`)).to.deep.equal(['second'])
  })

  it('are of all days until their layer is given days, and a change is entered in advance', async () => {
    await make.layer('unit', 'municipal_unit', [polygon('one', ALL)])
    expect((await layerOn()).is_dated).to.equal(false)
    const address = '/api/staff/layers/unit/dates'
    expect((await post(address, {})).status).to.equal(401)
    expect((await post(address, {}, { cookie })).status).to.equal(201)
    expect((await post(address, {}, { cookie })).status, 'once').to.equal(409)
    expect([(await layerOn()).is_dated, await unitOn()]).to.deep.equal([true, 'one'])
    const { id } = await world.db('gis.unit').first('id')
    const path = `/ogc/collections/unit/items/${id}`
    const change = { properties: { valid_to: TODAY } }
    const { headers } = await fetch(world.url + path)
    const ended = await request('PATCH', path, { cookie, body: change, headers: { 'If-Match': headers.get('etag')! } })
    expect(ended.status, JSON.stringify(ended.body)).to.be.oneOf([200, 204])
    const next = { ...polygon('two', ALL), properties: { code: 'two', name: 'two', valid_from: TOMORROW } }
    expect((await post('/ogc/collections/unit/items', next, { cookie })).status).to.equal(201)
    expect([await unitOn(), await unitOn(TOMORROW)]).to.deep.equal(['one', 'two'])
  })
})
