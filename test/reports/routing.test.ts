import { expect } from 'chai'
import { get, post, pothole } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const preview = async (lon: number, lat: number, category = 'pothole') =>
  post('/api/route/preview', { category, location: { type: 'Point', coordinates: [lon, lat] } })

describe('routing a report', () => {
  beforeEach(smallTown)

  it('sends a report inside one district to the crew of that district', async () => {
    const { status, body } = await post('/api/reports', pothole(23.005, 37.01))
    expect(status).to.equal(201)
    expect(body['district'].slug).to.equal('west')
    expect(body['department'].slug).to.equal('works')
    expect(body['crew'].slug).to.equal('crew-west')
  })

  it('gives a point on a shared edge to one district, always the same one', async () => {
    const slugs = new Set<string>()
    for (const lat of [37.0001, 37.005, 37.01, 37.0123456789, 37.0199]) {
      const { body } = await preview(23.01, lat)
      slugs.add(body['district'].slug)
    }
    expect([...slugs]).to.deep.equal(['east'])
  })

  it('keeps a point on a slanted shared edge, which rounding puts on neither side', async () => {
    await world.reset()
    const corner: [number, number] = [23.0133337, 37.02]
    await make.layer('boundary', 'boundary', [polygon('town', box(23, 37, 23.02, 37.02))])
    await make.layer('district', 'district', [
      polygon('a', [[23, 37], [23.0066667, 37], corner, [23, 37.02], [23, 37]]),
      polygon('b', [[23.0066667, 37], [23.02, 37], [23.02, 37.02], corner, [23.0066667, 37]]),
    ])
    await make.department('desk', { is_central_desk: true })
    await make.category('roads')
    await make.category('pothole', { parent: 'roads' })
    for (const t of [0.1, 0.3, 0.37, 0.61, 0.93]) {
      const { body } = await preview(23.0066667 + t * (corner[0] - 23.0066667), 37 + t * 0.02)
      expect(body['district'], `at ${t}`).to.not.equal(null)
    }
  })

  it('gives a corner of three districts to one of them, always the same one', async () => {
    await make.layer('third', 'district', [polygon('north', box(23, 37.02, 23.02, 37.03))])
    await world.db.raw(`UPDATE gis.boundary SET geom = ST_Multi(ST_MakeEnvelope(23, 37, 23.02, 37.03, 4326))`)
    const answers = await Promise.all(Array.from({ length: 5 }, () => preview(23.01, 37.02)))
    const slugs = new Set(answers.map(({ body }) => body['district'].slug))
    expect(slugs.size).to.equal(1)
  })

  it('prefers the smaller of two areas that overlap', async () => {
    await make.layer('market', 'crew_area', [polygon('square', box(23.004, 37.009, 23.006, 37.011))])
    await make.crew('crew-square', 'works')
    await make.rule('pothole-square', {
      category: 'pothole',
      area: ['market', 'square'],
      department: 'works',
      crew: 'crew-square',
    })
    expect((await preview(23.005, 37.01)).body['crew'].slug).to.equal('crew-square')
    expect((await preview(23.0062, 37.01)).body['crew'].slug).to.equal('crew-west')
  })

  it('does not count a hole as inside', async () => {
    const ring = box(23, 37, 23.01, 37.02)
    const hole = [...box(23.004, 37.009, 23.006, 37.011)].reverse()
    await world.reset()
    await make.layer('boundary', 'boundary', [polygon('town', box(23, 37, 23.02, 37.02))])
    await make.layer('district', 'district', [
      polygon('west', ring, hole),
      polygon('east', box(23.01, 37, 23.02, 37.02)),
    ])
    await make.department('works')
    await make.category('roads', { department: 'works' })
    await make.category('pothole', { parent: 'roads' })
    const { status, body } = await preview(23.005, 37.01)
    expect(status).to.equal(200)
    expect(body['district']).to.equal(null)
    expect(body['department'].slug).to.equal('works')
  })

  it('refuses a point one metre outside, says how far, and stores nothing', async () => {
    const metre = 1 / (111_320 * Math.cos((37.01 * Math.PI) / 180))
    const { status, headers, body } = await post('/api/reports', pothole(23 - metre, 37.01))
    expect(status).to.equal(422)
    expect(headers.get('content-type')).to.include('application/problem+json')
    expect(body['type']).to.equal('urn:asty:problem:outside-municipality')
    expect(body['distance_m']).to.be.within(0.8, 1.2)
    expect(body['errors'][0].path).to.equal('location.coordinates')
    expect(await world.db('case_record').first()).to.equal(undefined)
  })

  it('refuses a point ten kilometres outside, in Greek when asked in Greek', async () => {
    const { status, body } = await post('/api/reports', pothole(23 - 0.1126, 37.01), {
      headers: { 'Accept-Language': 'el' },
    })
    expect(status).to.equal(422)
    expect(body['distance_m']).to.be.within(9_900, 10_100)
    expect(body['detail']).to.match(/10 km/)
    expect(body['title']).to.equal('Το σημείο είναι έξω από τον δήμο')
  })

  it('says so when longitude and latitude are swapped', async () => {
    const { status, body } = await post('/api/reports', pothole(37.01, 23.005))
    expect(status).to.equal(422)
    expect(body['type']).to.equal('urn:asty:problem:swapped-coordinates')
  })

  it('refuses coordinates that are none, with the path of the field', async () => {
    for (const coordinates of [[200, 37], [23, 91], ['23', 37], [23], [null, 37]]) {
      const { status, body } = await post('/api/route/preview', {
        category: 'pothole',
        location: { type: 'Point', coordinates },
      })
      expect(status, JSON.stringify(coordinates)).to.equal(422)
      expect(body['errors'][0].path).to.match(/^location\.coordinates/)
    }
  })

  it('falls to the department of the category when no rule fits the area', async () => {
    await world.db('routing_rule').delete()
    const { body } = await preview(23.005, 37.01)
    expect(body['department'].slug).to.equal('works')
    expect(body['rule'].slug).to.equal('category-department')
  })

  it('falls to the central desk when there is neither rule nor department: never lost', async () => {
    await make.category('other')
    await make.category('oddity', { parent: 'other' })
    const { body } = await preview(23.005, 37.01, 'oddity')
    expect(body['department'].slug).to.equal('desk')
    expect(body['rule'].slug).to.equal('central-desk')
  })

  it('keeps a report even where nobody is set up to answer', async () => {
    await world.db('routing_rule').delete()
    await world.db('category').update({ department_id: null })
    await world.db('department').update({ is_central_desk: false })
    const { status, body } = await post('/api/reports', pothole(23.005, 37.01))
    expect(status).to.equal(201)
    expect(body['department']).to.equal(null)
  })

  it('prefers the deeper category, whatever the area', async () => {
    await make.rule('roads-west', { category: 'roads', area: ['district', 'west'], department: 'desk', rank: 1 })
    await world.db('routing_rule').where({ slug: 'pothole-west' }).delete()
    await make.rule('pothole-anywhere', { category: 'pothole', department: 'works' })
    expect((await preview(23.005, 37.01)).body['rule'].slug).to.equal('pothole-anywhere')
  })

  it('decides between rules of equal weight by rank, then by name, always the same way', async () => {
    await make.rule('a-rule', { category: 'pothole', area: ['district', 'west'], department: 'desk' })
    expect((await preview(23.005, 37.01)).body['rule'].slug).to.equal('a-rule')
    await world.db('routing_rule').where({ slug: 'pothole-west' }).update({ rank: 1 })
    expect((await preview(23.005, 37.01)).body['rule'].slug).to.equal('pothole-west')
  })

  it('leaves out rules whose time has not come or has passed', async () => {
    await make.rule('a-past', {
      category: 'pothole',
      area: ['district', 'west'],
      department: 'desk',
      valid_to: '2020-01-01',
    })
    await make.rule('b-future', {
      category: 'pothole',
      area: ['district', 'west'],
      department: 'desk',
      valid_from: '2100-01-01',
    })
    expect((await preview(23.005, 37.01)).body['rule'].slug).to.equal('pothole-west')
  })

  it('explains the decision in both languages and stores it with the report', async () => {
    const { body: receipt } = await post('/api/reports', pothole(23.005, 37.01))
    const { routing } = await world.db('report').where({ id: receipt['id'] }).first('routing')
    expect(routing.candidates.map((c: { rule: { slug: string } }) => c.rule.slug)).to.deep.equal([
      'pothole-west',
      'category-department',
      'central-desk',
    ])
    expect(routing.candidates[0].is_winner).to.equal(true)
    expect(routing.explanation.el).to.include('pothole-west')
    expect(routing.explanation.en).to.include('inside the area "west"')
  })

  it('previews without storing anything', async () => {
    await preview(23.005, 37.01)
    expect(await world.db('case_record').first()).to.equal(undefined)
    expect(await world.db('protocol_series').first()).to.equal(undefined)
  })

  it('answers "what is here" from the same areas', async () => {
    const { body } = await get('/api/where?lon=23.005&lat=37.01')
    expect(body['place'].district.slug).to.equal('west')
    expect(body['place'].municipality.slug).to.equal('town')
  })
})
