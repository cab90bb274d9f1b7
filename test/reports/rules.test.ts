// The routing console: rules as a whole, what others would have done, and open reports that follow them.
import { expect } from 'chai'
import type { Rule, RoutingRules, WhatIf } from '../../backend/reports/rules/contract.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { both, box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const WHAT_IF = '/api/staff/routing/what-if'

describe('the routing console', () => {
  let cookie: string
  let account: string

  beforeEach(async () => {
    await smallTown()
    account = await make.account('admin@town.example', 'administrator')
    cookie = await signIn('admin@town.example')
  })

  const rules = async () => (await get<RoutingRules>('/api/staff/routing', { cookie })).body
  const tried = async (body: object) => {
    const answer = await post(WHAT_IF, body, { cookie })
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200)
    return answer.body as unknown as WhatIf
  }
  const publish = (body: object) => request('PUT', '/api/staff/routing', { cookie, body })
  const report = async (lon: number) => (await post('/api/reports', pothole(lon, 37.01))).body['id'] as string
  const crewOf = async (id: string) =>
    (await world.db('report as r').join('crew as w', 'w.id', 'r.crew_id').where('r.id', id).first('w.slug'))?.slug
  /** The crew of the west does the east, too. */
  const westDoesAll = async () =>
    (await rules()).rules.map((rule): Rule => (rule.crew === 'crew-east' ? { ...rule, crew: 'crew-west' } : rule))

  it('lists rules and the areas that they may name', async () => {
    const { rules: listed, areas, version } = await rules()
    expect(listed[0]).to.deep.equal({ slug: 'pothole-west', title: both('pothole-west'), category: 'pothole', area: { layer: 'district', slug: 'west' }, department: 'works', crew: 'crew-west', rank: 100, valid_from: null, valid_to: null }) // prettier-ignore
    expect(areas.find(({ layer }) => layer.slug === 'district')?.areas.map(({ slug }) => slug)).to.deep.equal(['east', 'west']) // prettier-ignore
    expect(version).to.match(/^[0-9a-f]{32}$/)
  })

  it('shows an area that a rule may name', async () => {
    const area = (layer: string, slug: string) => get(`/api/staff/routing/area?layer=${layer}&slug=${slug}`, { cookie })
    const { body } = await area('district', 'west')
    // 0.01° of 23° east at 37° north, by 0.02°.
    expect(body['area_m2']).to.be.closeTo(889 * 2219, 5000)
    expect(body['geometry'].type).to.be.oneOf(['Polygon', 'MultiPolygon'])
    expect(JSON.stringify(body['geometry'].coordinates)).to.include('[23.01,37.02]')
    expect((await area('district', 'south')).status).to.equal(404)
    expect((await area('nothing', 'west')).status).to.equal(404)
  })

  it('tells what other rules would have done, and does nothing', async () => {
    await report(23.005)
    const ids = [await report(23.015), await report(23.016)]
    await world.db('report').where({ id: ids[1] }).update({ closed_at: world.db.fn.now(), status: 'resolved' })
    const before = await rules()
    const works = { slug: 'works', title: both('works') }
    const crew = (slug: string) => ({ slug, title: both(slug) })
    const seen = await tried({ rules: await westDoesAll() })
    expect(seen).to.deep.include({ reports: 3, moved: 2, open_moved: 1 })
    expect(seen.moves).to.deep.equal([{ from: { department: works, crew: crew('crew-east') }, to: { department: works, crew: crew('crew-west') }, count: 2 }]) // prettier-ignore
    expect(seen.points.map(({ id }) => id)).to.have.members(ids)
    expect(seen.points[0]!.point[0]).to.be.closeTo(23.0155, 0.001)
    expect(seen.points[0]!.move).to.equal(0)
    expect(await rules()).to.deep.equal(before)
    expect(await crewOf(ids[0]!)).to.equal('crew-east')
    await world.db('report').update({ created_at: world.db.raw(`now() - interval '40 days'`) })
    expect(await tried({ rules: await westDoesAll() })).to.deep.include({ reports: 0, moved: 0, open_moved: 1 })
    expect((await tried({ rules: [] })).open_moved, 'without rules the department of the category, and no crew').to.equal(2) // prettier-ignore
  })

  it('tells what another boundary would have done', async () => {
    const id = await report(23.0095)
    const feature = await world.db('gis.district').where({ code: 'east' }).first('id')
    const geometry = { type: 'Polygon', coordinates: [box(23.009, 37, 23.02, 37.02)] }
    const history = await world.db('feature_change').count('* as n').first()
    const area = { layer: 'district', id: String(feature.id), geometry }
    // Both hold it then: the smaller one wins.
    await world.db('gis.district').where({ code: 'west' }).update({ geom: world.db.raw('ST_Multi(ST_MakeEnvelope(22.99, 37, 23.01, 37.02, 4326))') }) // prettier-ignore
    const seen = await tried({ area })
    expect(seen).to.deep.include({ reports: 1, moved: 1, open_moved: 1 })
    expect(seen.moves[0]!.to.crew!.slug).to.equal('crew-east')
    expect(seen.points[0]!.id).to.equal(id)
    expect((await world.db('gis.district').where({ code: 'east' }).select(world.db.raw('ST_XMin(geom) AS x')))[0].x).to.be.closeTo(23.01, 1e-9) // prettier-ignore
    expect(Number((await world.db('feature_change').count('* as n').first())?.['n'])).to.be.at.most(Number(history?.['n']) + 1) // prettier-ignore
    const bad = (more: object) => post(WHAT_IF, { area: { ...area, ...more } }, { cookie })
    const bowtie = { type: 'Polygon', coordinates: [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]] } // prettier-ignore
    expect((await bad({ geometry: bowtie })).body['errors'][0].path).to.equal('area.geometry')
    expect((await bad({ geometry: { type: 'Polygon', coordinates: [[['a']]] } })).body['errors'][0].path).to.equal('area.geometry') // prettier-ignore
    expect((await bad({ id: '999' })).status).to.equal(404)
    expect((await bad({ layer: 'nothing' })).status).to.equal(404)
  })

  it('finds where two rules contradict each other: neither area in the other', async () => {
    await make.layer('zone', 'crew_area', [
      polygon('middle', box(23.008, 37.005, 23.012, 37.015)),
      polygon('corner', box(23.001, 37.001, 23.004, 37.004)),
    ])
    expect((await tried({})).overlaps).to.deep.equal([])
    const rule = (slug: string, more: object = {}) =>
      make.rule(slug, { category: 'pothole', area: ['zone', slug], department: 'desk', ...more })
    await rule('middle')
    await rule('corner')
    const { overlaps } = await tried({})
    // An area inside another is an exception; one across an edge is a contradiction, on both sides.
    expect(overlaps.map(({ rules }) => rules.map(({ slug }) => slug))).to.have.deep.members([
      ['pothole-west', 'middle'],
      ['pothole-east', 'middle'],
    ])
    // 0.002° of 23° east at 37° north, by 0.01°.
    for (const { area_m2 } of overlaps) expect(area_m2).to.be.closeTo(178 * 1110, 3000)
    expect(overlaps[0]!.geometry['type']).to.be.oneOf(['Polygon', 'MultiPolygon'])
    await world.db('routing_rule').where({ slug: 'middle' }).update({ valid_to: '2020-01-01' })
    await world.db('routing_rule').whereNot({ slug: 'middle' }).update({ valid_from: '2020-01-01' })
    expect((await tried({})).overlaps, 'one after the other').to.deep.equal([])
    await make.rule('twice', { category: 'pothole', area: ['district', 'west'], department: 'desk' })
    expect((await tried({})).overlaps.map(({ rules }) => rules.map(({ slug }) => slug))).to.deep.equal([['pothole-west', 'twice']]) // prettier-ignore
    await world.db('routing_rule').where({ slug: 'twice' }).update({ rank: 5 })
    expect((await tried({})).overlaps, 'the rank says who goes first').to.deep.equal([])
  })

  it('finds where only the central desk is left', async () => {
    expect((await tried({})).holes, 'the group has a department').to.deep.equal([])
    await world.db('category').update({ department_id: null })
    await make.category('sign', { parent: 'roads' })
    const holes = async () => (await tried({})).holes.map(({ categories, area_m2 }) => [categories.map(({ slug }) => slug), Math.round(area_m2 / 1e4)]) // prettier-ignore
    const town = (await world.db.raw(`SELECT area_m2 / 1e4 AS ha FROM area WHERE role = 'boundary'`)).rows[0].ha
    expect(await holes()).to.deep.equal([[['sign'], Math.round(town)]])
    await world.db('routing_rule').where({ slug: 'pothole-east' }).delete()
    expect(await holes()).to.deep.equal([
      [['sign'], Math.round(town)],
      [['pothole'], Math.round(town / 2)],
    ])
    await make.rule('all', { department: 'works' })
    expect(await holes()).to.deep.equal([])
  })

  it('publishes rules; open reports that nobody has touched follow, with reason, story and news', async () => {
    const [open, byHand, closed, inWork] = [await report(23.015), await report(23.016), await report(23.017), await report(23.018)] // prettier-ignore
    await world.db('report').where({ id: byHand }).update({ is_assigned_by_hand: true })
    await world.db('report').where({ id: closed }).update({ closed_at: world.db.fn.now(), status: 'resolved' })
    const order = await post('/api/staff/work', { task: 'Fill it', reports: [inWork], department: 'works' }, { cookie })
    expect(order.status, JSON.stringify(order.body)).to.equal(201)
    const { version } = await rules()
    const answer = await publish({ version, rules: await westDoesAll(), moves_open: true })
    expect(answer.status, JSON.stringify(answer.body)).to.equal(200)
    expect(answer.body['moved']).to.equal(1)
    expect(answer.body['rules'].version).to.not.equal(version)
    expect(await Promise.all([open, byHand, closed, inWork].map(crewOf))).to.deep.equal(['crew-west', 'crew-east', 'crew-east', 'crew-east']) // prettier-ignore
    const { body } = await get(`/api/staff/reports/${open}`, { cookie })
    expect(body['timeline']?.at(-1), JSON.stringify(body)).to.deep.include({ kind: 'assigned' })
    expect(body['routing'].explanation.en).to.include('pothole-east')
    expect(body['routing'].moved.reason, 'rules were published').to.equal(null)
    expect(await world.db('event').where({ subject_id: open, actor_id: account, type: 'report.changed' })).to.have.length(1) // prettier-ignore
    expect(await world.db('audit_entry').where({ action: 'routing.publish' })).to.have.length(1)
    expect(await crewOf(await report(23.015)), 'new ones too').to.equal('crew-west')
    const again = await publish({ version, rules: [] })
    expect(again.status).to.equal(409)
    expect(again.body['current'].rules).to.have.length(2)
  })

  it('leaves reports to those who have begun them', async () => {
    const begun = ['in_progress', 'waiting_for_citizen', 'forwarded', 'planned']
    const ids: Record<string, string> = {}
    for (const [k, status] of ['submitted', 'acknowledged', ...begun].entries()) {
      ids[status] = await report(23.0151 + k / 10_000)
      await world.db('report').where({ id: ids[status] }).update({ status })
    }
    expect((await tried({ rules: await westDoesAll() })).open_moved).to.equal(2)
    const { version } = await rules()
    expect((await publish({ version, rules: await westDoesAll(), moves_open: true })).body['moved']).to.equal(2)
    for (const [status, id] of Object.entries(ids))
      expect(await crewOf(id), status).to.equal(begun.includes(status) ? 'crew-east' : 'crew-west')
  })

  describe('when a boundary was saved', () => {
    const open = async () => (await get('/api/staff/routing/open', { cookie })).body
    const move = (reason: string) => post('/api/staff/routing/moves', { reason }, { cookie })
    const split = async (lon: number) => {
      for (const [code, ring] of [['west', box(23, 37, lon, 37.02)], ['east', box(lon, 37, 23.02, 37.02)]] as const) // prettier-ignore
        await world.db('gis.district').where({ code }).update({ geom: world.db.raw('ST_Multi(ST_SetSRID(ST_GeomFromGeoJSON(?), 4326))', [JSON.stringify({ type: 'Polygon', coordinates: [ring] })]) }) // prettier-ignore
    }

    it('tells which open reports belong elsewhere by now, and from whom to whom', async () => {
      const [stays, crossed] = [await report(23.005), await report(23.012)]
      expect(await open()).to.deep.include({ reports: 2, moved: 0, moves: [], points: [] })
      await split(23.013)
      const found = await open()
      expect(found).to.deep.include({ reports: 2, moved: 1 })
      expect(found['moves'][0]).to.deep.include({ count: 1 })
      expect([found['moves'][0].from.crew.slug, found['moves'][0].to.crew.slug]).to.deep.equal(['crew-east', 'crew-west']) // prettier-ignore
      expect(found['points'].map(({ id }: { id: string }) => id)).to.deep.equal([crossed])
      expect(await Promise.all([stays, crossed].map(crewOf)), 'nothing is done yet').to.deep.equal(['crew-west', 'crew-east']) // prettier-ignore
    })

    it('moves them when it is asked, with the reason in each decision and in the audit', async () => {
      const [crossed, begun] = [await report(23.012), await report(23.0125)]
      await world.db('report').where({ id: begun }).update({ status: 'in_progress' })
      await split(23.013)
      expect((await move(' ')).status).to.equal(422)
      expect((await move('New boundaries of the districts')).body).to.deep.equal({ moved: 1 })
      expect(await Promise.all([crossed, begun].map(crewOf))).to.deep.equal(['crew-west', 'crew-east'])
      const { body } = await get(`/api/staff/reports/${crossed}`, { cookie })
      expect(body['routing'].moved.reason).to.equal('New boundaries of the districts')
      expect(Date.now() - Date.parse(body['routing'].moved.at)).to.be.lessThan(60_000)
      expect(body['routing'].explanation.en).to.include('pothole-west')
      expect(body['timeline'].at(-1)).to.deep.include({ kind: 'assigned', note: null })
      const audit = await world.db('audit_entry').where({ action: 'routing.move' }).orderBy('id', 'desc').first()
      expect(audit.detail).to.deep.equal({ reason: 'New boundaries of the districts', moved: 1 })
      expect(await world.db('event').where({ subject_id: crossed, actor_id: account, type: 'report.changed' })).to.have.length(1) // prettier-ignore
      expect((await open())['moved']).to.equal(0)
      expect((await move('Once more')).body).to.deep.equal({ moved: 0 })
    })
  })

  it('says which rule names what is not there, and changes nothing', async () => {
    const { version, rules: listed } = await rules()
    const [first, second] = listed as [Rule, Rule]
    for (const [path, wrong] of [
      ['rules.1.crew', { crew: 'nobody' }],
      ['rules.1.department', { department: 'nobody', crew: null }],
      ['rules.1.category', { category: 'nothing' }],
      ['rules.1.area', { area: { layer: 'district', slug: 'south' } }],
      ['rules.1.slug', { slug: first.slug }],
      ['rules.1.rank', { rank: -1 }],
    ] as const) {
      const { status, body } = await publish({ version, rules: [first, { ...second, ...wrong }] })
      expect(status, path).to.be.oneOf([400, 422])
      expect(body['errors'][0].path).to.equal(path)
    }
    expect((await rules()).version).to.equal(version)
  })

  it('decides about many as about each', async () => {
    await make.layer('market', 'crew_area', [{ type: 'Feature', properties: { code: 'square', name: 'square' }, geometry: { type: 'Polygon', coordinates: [box(23.004, 37.009, 23.012, 37.011)] } }]) // prettier-ignore
    await make.rule('roads-square', { category: 'roads', area: ['market', 'square'], department: 'works', rank: 5 })
    await make.rule('pothole-square', { category: 'pothole', area: ['market', 'square'], department: 'works', crew: 'crew-east' }) // prettier-ignore
    const ids: string[] = []
    for (const lon of [23.0045, 23.008, 23.01, 23.0119, 23.0125, 23.003]) ids.push(await report(lon))
    const said = await Promise.all(ids.map(crewOf))
    await world.db('report').update({ crew_id: null })
    const { version, rules: listed } = await rules()
    await publish({ version, rules: listed, moves_open: true })
    expect(await Promise.all(ids.map(crewOf))).to.deep.equal(said)
    expect(new Set(said).size).to.equal(2)
  })

  it('is for who manages categories', async () => {
    await make.account('head@town.example', 'department_head', { department: 'works' })
    const head = await signIn('head@town.example')
    expect((await get('/api/staff/routing', { cookie: head })).status).to.equal(403)
    expect((await post(WHAT_IF, {}, { cookie: head })).status).to.equal(403)
    expect((await get('/api/staff/routing/open', { cookie: head })).status).to.equal(403)
    expect((await post('/api/staff/routing/moves', { reason: 'Mine' }, { cookie: head })).status).to.equal(403)
    expect((await post(WHAT_IF, {})).status).to.equal(401)
  })
})
