// Points counted by cell: every one once, and none that the public may not see.
import { expect } from 'chai'
import { get, point, post, pothole, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const cells = (query: string, cookie?: string) => get<Cells>(`/api/analytics/cells?${query}`, { cookie })
const points = (query = '', cookie?: string) => get<Points>(`/api/analytics/points?${query}`, { cookie })

interface Cells {
  width_m: number
  total: number
  before_total: number
  lon: number[]
  lat: number[]
  count: number[]
  before: number[]
  district: ({ el: string } | null)[]
}
interface Points {
  total: number
  lon: number[]
  lat: number[]
  day: (number | null)[]
}

const RADIUS_M = 6_378_137
const x = (lon: number) => (lon * Math.PI * RADIUS_M) / 180
const lonOf = (metres: number) => (metres * 180) / Math.PI / RADIUS_M
const sum = (numbers: number[]) => numbers.reduce((all, one) => all + one, 0)
const tree = (lon: number, lat: number, properties: object = {}) => ({
  type: 'Feature',
  properties: { code: `${lon} ${lat}`, ...properties },
  geometry: point(lon, lat),
})
const field = (name: string, type: 'text' | 'date') => ({ name, type, title: both(name), is_public: true })
const POINTS = { geometry_type: 'Point', title_fields: null } as const

describe('analytics on the map', () => {
  let head: string
  let parks: string

  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.department('parks')
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    parks = await signIn('parks@town.example')
    await make.category('quiet', { parent: 'roads', is_public: false })
    const ids: string[] = []
    for (const lon of [23.002, 23.002, 23.002, 23.006, 23.015]) ids.push((await post('/api/reports', pothole(lon, 37.01))).body['id']) // prettier-ignore
    await post('/api/reports', { ...pothole(23.018, 37.018), category: 'quiet' })
    await world.db.raw(`UPDATE report SET created_at = '2026-05-10 09:00+03'`)
    await world.db.raw(`UPDATE report SET created_at = '2025-05-10 09:00+03' WHERE id = ANY(?)`, [ids.slice(3)])
    const trees = [tree(23.001, 37.001, { seen: '2026-05-01' }), tree(23.019, 37.019, { seen: null })]
    await make.layer('tree', 'other', trees, { ...POINTS, fields: [field('code', 'text'), field('seen', 'date')] })
    await make.layer('valve', 'other', [tree(23.01, 37.01)], { ...POINTS, fields: [field('code', 'text')], visibility: 'staff' }) // prettier-ignore
  })

  it('counts every public report in one cell, of either shape and any size, the fullest first', async () => {
    for (const shape of ['hexagon', 'square'])
      for (const size of [20, 200, 20_000]) {
        const { status, body } = await cells(`from=2025-01-01&to=2026-12-31&shape=${shape}&size_m=${size}`)
        expect(status, JSON.stringify(body)).to.equal(200)
        expect([body.total, sum(body.count)], `${shape} ${size}`).to.deep.equal([5, 5])
        expect(body.count).to.deep.equal([...body.count].sort((a, b) => b - a))
      }
    const { body } = await cells('from=2025-01-01&to=2026-12-31&size_m=100')
    expect(body.count).to.deep.equal([3, 1, 1])
    expect(body.district[0]?.el).to.equal('west')
    // Mercator is stretched by 1 / cos 37.01°.
    expect(body.width_m).to.be.closeTo(125.2, 0.2)
  })

  it('puts a point into the cell whose centre is nearest', async () => {
    const { body } = await cells('from=2025-01-01&to=2026-12-31&size_m=300&shape=hexagon')
    const distance = (n: number, lon: number, lat: number) =>
      Math.hypot(body.lon[n]! - lon, (body.lat[n]! - lat) / 0.7986)
    // From the centre of a hexagon to a corner it is its width by √3.
    expect(distance(0, 23.002, 37.01)).to.be.at.most(lonOf(body.width_m / Math.sqrt(3)))
  })

  it('counts a point on the border of two cells once', async () => {
    const { body } = await cells('source=tree&shape=square&size_m=100')
    const border = lonOf(Math.round(x(23.005) / body.width_m) * body.width_m)
    await make.layer('edge', 'other', [tree(border, 37.01), tree(border, 37.0101)], { ...POINTS, fields: [field('code', 'text')] }) // prettier-ignore
    for (const shape of ['hexagon', 'square']) {
      const edge = (await cells(`source=edge&shape=${shape}&size_m=100`)).body
      expect(sum(edge.count), shape).to.equal(2)
    }
  })

  it('compares two stretches of days, the largest difference first', async () => {
    const { body } = await cells('from=2026-01-01&to=2026-12-31&before_from=2025-01-01&before_to=2025-12-31&size_m=200')
    expect(body).to.include({ total: 3, before_total: 2 })
    expect(body.count.map((count, n) => count - body.before[n]!)).to.deep.equal([3, -1, -1])
  })

  it('gives points with their day in Athens, the earliest first', async () => {
    const { body } = await points('from=2025-01-01&to=2026-12-31')
    expect(body.total).to.equal(5)
    expect(body.lon).to.have.length(5)
    const day = Date.parse('2026-05-10') / 86_400_000
    expect(body.day).to.deep.equal([day - 365, day - 365, day, day, day])
    expect((await points('source=tree')).body.day).to.deep.equal([null, Date.parse('2026-05-01') / 86_400_000])
    expect((await points('source=tree&from=2026-04-01&to=2026-06-01')).body.total).to.equal(1)
  })

  it('takes only a part: a box, a category', async () => {
    const all = 'from=2025-01-01&to=2026-12-31'
    expect((await cells(`${all}&bbox=23,37,23.01,37.02`)).body.total).to.equal(4)
    expect((await points(`${all}&bbox=23.01,37,23.02,37.02`)).body.total).to.equal(1)
    expect((await cells(`${all}&category=roads`)).body.total).to.equal(5)
    expect((await cells(`${all}&category=none`)).body).to.include({ total: 0 })
  })

  it('never tells where a private report lies, and shows staff the public ones of their own', async () => {
    const all = 'from=2025-01-01&to=2026-12-31'
    for (const cookie of [undefined, head]) {
      expect((await cells(all, cookie)).body.total).to.equal(5)
      expect((await points(all, cookie)).body.lon).not.to.include(23.018)
      expect((await cells(`${all}&category=quiet`, cookie)).body.total).to.equal(0)
    }
    expect((await points(all, parks)).body.total).to.equal(0)
  })

  it('knows only public layers of points', async () => {
    for (const ask of [cells, points]) {
      expect((await ask('source=valve')).status).to.equal(404)
      expect((await ask('source=valve', head)).status).to.equal(404)
      expect((await ask('source=nowhere')).status).to.equal(404)
      expect((await ask('source=district')).status).to.equal(400)
      expect((await ask('source=tree')).body.total).to.equal(2)
    }
  })

  it('says what is wrong', async () => {
    for (const query of ['size_m=1', 'shape=circle', 'bbox=1,2,3', 'bbox=24,37,23,38', 'from=yesterday'])
      expect((await cells(query)).status, query).to.equal(422)
    for (const query of [
      'before_from=2025-01-01',
      'from=2026-02-01&to=2026-01-01',
      'source=edge&from=2026-01-01',
      'source=tree&category=roads',
    ])
      // prettier-ignore
      expect((await cells(query)).status, query).to.equal(400)
  })

  it('refuses more cells than a picture holds', async () => {
    await world.db.raw(
      `INSERT INTO gis.edge (code, geom)
       SELECT n::text, ST_SetSRID(ST_MakePoint(23 + n % 150 * 0.001, 37 + n / 150 * 0.001), 4326) FROM generate_series(1, 20001) AS n`,
    )
    const { status, body } = await cells('source=edge&size_m=20')
    expect(status).to.equal(400)
    expect(JSON.stringify(body)).to.include('20000')
    expect((await cells('source=edge&size_m=1000')).body.total).to.equal(20_003)
  })
})
