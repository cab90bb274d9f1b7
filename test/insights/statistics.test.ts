// What became of the reports: counted over what the caller may see.
import { expect } from 'chai'
import { renewStatistics } from '../../backend/insights/layer.ts'
import { get, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

type Row = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely

describe('statistics of reports', () => {
  let head: string
  let other: string
  /** Ids of ten reports of May 2026 in category pothole, in the order in which they came. */
  const ids: string[] = []

  const statistics = async (query = '', cookie?: string): Promise<Row> =>
    (await get(`/api/${cookie ? 'staff/' : ''}statistics?from=2026-05-01&to=2026-05-31&${query}`, { cookie })).body

  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.department('parks')
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    other = await signIn('parks@town.example')
    for (let n = 0; n < 10; n++) ids.push((await post('/api/reports', pothole(23.005, 37.01))).body['id'])
    await world.db.raw(
      `UPDATE report AS r
          SET created_at = timestamptz '2026-05-10 09:00+03' + n * interval '1 hour',
              due_at = timestamptz '2026-05-20 09:00+03'
         FROM unnest(?::uuid[]) WITH ORDINALITY AS known (id, n)
        WHERE r.id = known.id`,
      [ids],
    )
  })

  it('tell how many came and wait, and no median of a few', async () => {
    const { total, rows } = await statistics()
    expect(total).to.include({ received: 10, open: 10, overdue: 10, resolved: 0, answered: 0, in_time_share: 0 })
    expect(total['waiting']).to.equal(10)
    expect(total).to.include({ answer_h: null, resolution_days: null })
    expect(rows).to.have.length(1)
    expect(rows[0]).to.include({ key: 'pothole', received: 10 })
  })

  it('take the first answer of staff, whatever comes after it', async () => {
    await post(`/api/staff/reports/${ids[0]}/status`, { status: 'acknowledged' }, { cookie: head })
    const first = (await world.db('report').where({ id: ids[0] }).first('answered_at')).answered_at
    await post(`/api/staff/reports/${ids[0]}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    expect((await world.db('report').where({ id: ids[0] }).first('answered_at')).answered_at).to.equal(first)
    expect((await statistics())['total']).to.include({ answered: 1, resolved: 1, open: 9, answer_h: null })
  })

  it('give median and nine of ten, and the share that was in time', async () => {
    // Closed after 1, 2 … 8 days, the last three of them late.
    await world.db.raw(
      `UPDATE report AS r
          SET status = 'resolved', answered_at = created_at + n * interval '3 hours', closed_at = created_at + n * interval '1 day',
              due_at = created_at + interval '5 days'
         FROM unnest(?::uuid[]) WITH ORDINALITY AS known (id, n)
        WHERE r.id = known.id`,
      [ids.slice(0, 8)],
    )
    const { total } = await statistics()
    expect(total['resolution_days']).to.deep.equal({ median: 4.5, p90: 7.3 })
    expect(total['answer_h']).to.deep.equal({ median: 13.5, p90: 21.9 })
    // Five of eight, and two that are open and overdue.
    expect(total['in_time_share']).to.equal(0.5)
  })

  it('tell what is open now, whenever it came, and for how long', async () => {
    await world.db.raw(`UPDATE report SET status = 'submitted', closed_at = NULL, created_at = now() - interval '100 days' - n * interval '10 days'
                          FROM unnest(?::uuid[]) WITH ORDINALITY AS known (id, n) WHERE report.id = known.id`, [ids.slice(0, 5)]) // prettier-ignore
    const { total, rows } = await statistics('by=category')
    expect(total).to.include({ received: 5, waiting: 7 })
    expect(total['waiting_days'].median).to.be.within(110, 150)
    expect(rows[0]).to.include({ key: 'pothole', received: 5, waiting: 7 })
    expect((await statistics('by=month'))['rows'].map(({ key }: Row) => key)).to.deep.equal(['2026-05'])
    const now = (await get('/api/statistics?from=2020-01-01&to=2020-01-31')).body as Row
    expect(now['rows'][0], 'nothing came then, and they wait').to.include({ key: 'pothole', received: 0, waiting: 7, reopened_share: null }) // prettier-ignore
    await world.db.raw(
      `UPDATE report SET status = 'resolved', created_at = timestamptz '2026-05-10 09:00+03', closed_at = timestamptz '2026-05-12 09:00+03' WHERE id = ANY(?)`,
      [ids.slice(0, 5)],
    )
  })

  it('tell how many were opened again, of those that had been closed', async () => {
    await world.db('report').whereIn('id', ids.slice(0, 2)).update({ reopened_count: 1, status: 'in_progress', closed_at: null }) // prettier-ignore
    // Two of the eight that had an end.
    expect((await statistics())['total']).to.include({ reopened: 2, reopened_share: 0.25 })
  })

  it('tell the share of first answers that came in time', async () => {
    // Answered after 3, 6 … 24 hours; two are neither answered nor late.
    await world.db.raw(`UPDATE report SET answer_due_at = CASE WHEN answered_at IS NULL THEN now() + interval '1 day' ELSE created_at + interval '12 hours' END`) // prettier-ignore
    const { rows } = await world.db.raw('SELECT count(*) FILTER (WHERE answered_at <= answer_due_at)::float8 / count(answered_at) AS share FROM report') // prettier-ignore
    expect((await statistics())['total'].answer_in_time_share).to.equal(rows[0].share)
    expect(rows[0].share).to.be.within(0.3, 0.9)
  })

  it('come by district, department, month, crew and channel', async () => {
    const keys = async (by: string, cookie?: string) =>
      (await statistics(`by=${by}`, cookie))['rows'].map(({ key, received }: Row) => `${key} ${received}`)
    expect(await keys('month')).to.deep.equal(['2026-05 10'])
    expect(await keys('department')).to.deep.equal(['works 10'])
    expect(await keys('channel', head)).to.deep.equal(['web 10'])
    expect(await keys('crew', head)).to.deep.equal(['crew-west 10'])
    const [district] = (await statistics('by=district'))['rows']
    expect(district).to.include({ key: 'west', received: 10 })
    expect(district['area_km2']).to.be.within(1, 10)
    expect((await get('/api/statistics?by=crew')).status).to.equal(422)
  })

  it('count what the caller may see, and nothing else', async () => {
    await make.category('quiet', { parent: 'roads', is_public: false })
    const { id } = (await post('/api/reports', { ...pothole(23.005, 37.01), category: 'quiet' })).body
    await world.db('report').where({ id }).update({ created_at: '2026-05-11T10:00:00Z' })
    expect((await statistics())['total'].received).to.equal(10)
    expect((await statistics('', head))['total'].received).to.equal(11)
    expect((await statistics('', other))['total'].received).to.equal(0)
    expect((await statistics('category=quiet'))['total'].received).to.equal(0)
  })

  it('are a layer and a dataset by district, counted anew every day', async () => {
    const feature = async (): Promise<Row> =>
      (await get('/ogc/collections/report_statistics/items?district=west')).body['features'][0]
    await world.db.raw(`UPDATE report SET created_at = now() - interval '3 days' WHERE id = ANY(?)`, [ids.slice(0, 6)])
    await renewStatistics(world.db)
    const before = await feature()
    expect(before['properties']).to.include({ received: 10, name_en: 'west' })
    expect(before['geometry'].type).to.equal('MultiPolygon')
    await world.db.raw(`UPDATE report SET created_at = now() - interval '3 years' WHERE id = ?`, [ids[0] ?? null])
    await renewStatistics(world.db)
    const after = await feature()
    expect(after['id']).to.equal(before['id'])
    expect(after['properties'].received).to.equal(9)
    expect((await get('/opendata/report_statistics.csv')).status).to.equal(200)
  })

  it('refuse days that make no span', async () => {
    expect((await get('/api/statistics?from=2026-05-02&to=2026-05-01')).status).to.equal(400)
    expect((await get('/api/statistics?from=yesterday')).status).to.equal(422)
  })
})
