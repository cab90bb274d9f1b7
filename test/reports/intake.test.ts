import { expect } from 'chai'
import { post, pothole, get } from '../support/http.ts'
import { smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'
import { submitReport } from '../../backend/reports/intake.ts'
import { createLimits } from '../../backend/core/http/limits.ts'
import { openSealer } from '../../backend/core/secrets.ts'
import { sql } from '../../backend/core/db/sql.ts'
import type { Context } from '../../backend/core/http/context.ts'
import type { ReportInput } from '../../backend/reports/contract.ts'

const context = (): Context => ({
  db: world.db,
  reads: world.db,
  distrustReplica: () => undefined,
  engine: world.database.engine,
  config: world.config,
  sealer: openSealer(world.config),
  limits: createLimits(world.db, false),
  jobs: world.town.jobs,
  storage: world.town.storage,
  address: '127.0.0.1',
  actor: null,
  key: null,
  renewActor: async () => null,
  language: 'en',
  requestId: 'test',
  baseUrl: world.url,
})

const at = (now: string) =>
  submitReport(context(), pothole(23.005, 37.01, { photos: [], answers: {} }) as unknown as ReportInput, { now })

describe('submitting a report', () => {
  before(smallTown)

  it('answers with protocol number, department, date and a private link', async () => {
    const { status, headers, body } = await post(
      '/api/reports',
      pothole(23.005, 37.01, { contact: { email: 'a@example.org' } }),
    )
    expect(status).to.equal(201)
    expect(headers.get('location')).to.equal(`/api/reports/${body['id']}`)
    expect(body['protocol']).to.match(/^\d{4}\/\d{6}$/)
    expect(Date.parse(body['due_at'])).to.be.greaterThan(Date.now())
    const token = body['follow_url'].split('/follow/')[1]
    const follow = await get(`/api/follow/${token}`)
    expect(follow.body['properties'].protocol).to.equal(body['protocol'])
    expect(follow.body['timeline'].map((t: { kind: string }) => t.kind)).to.deep.equal(['submitted'])
    expect(JSON.stringify(follow.body)).to.not.include('a@example.org')
  })

  it('writes report, timeline and event together', async () => {
    const { body } = await post('/api/reports', pothole(23.005, 37.01))
    const events = await world.db('event').where({ subject_id: body['id'] })
    expect(events.map(({ type }) => type)).to.deep.equal(['report.created'])
    expect(await world.db('timeline_entry').where({ case_id: body['id'] })).to.have.length(1)
  })

  it('returns the same report for the same Idempotency-Key, also when both come at once', async () => {
    const headers = { 'Idempotency-Key': 'one-draft' }
    const answers = await Promise.all(
      Array.from({ length: 6 }, () => post('/api/reports', pothole(23.005, 37.01), { headers })),
    )
    expect(answers.map(({ status }) => status)).to.deep.equal(Array(6).fill(201))
    expect(new Set(answers.map(({ body }) => JSON.stringify(body))).size).to.equal(1)
    expect(await world.db('report').where({ idempotency_key: 'one-draft' })).to.have.length(1)
  })

  it('refuses an Idempotency-Key that comes again with other content', async () => {
    const headers = { 'Idempotency-Key': 'two-drafts' }
    await post('/api/reports', pothole(23.005, 37.01), { headers })
    const { status, body } = await post('/api/reports', pothole(23.006, 37.01), { headers })
    expect(status).to.equal(422)
    expect(body['type']).to.equal('urn:asty:problem:key-reused')
  })

  it('names every bad field at once', async () => {
    const { status, body } = await post('/api/reports', {
      category: '',
      location: { type: 'Line' },
      contact: { email: 'no' },
    })
    expect(status).to.equal(422)
    const paths = body['errors'].map((e: { path: string }) => e.path)
    expect(paths).to.include.members(['category', 'description', 'contact.email', 'location.type'])
  })

  it('refuses a category that does not exist, and a group', async () => {
    for (const category of ['nonsense', 'roads']) {
      const { status, body } = await post('/api/reports', pothole(23.005, 37.01, { category }))
      expect(status).to.equal(422)
      expect(body['errors'][0].path).to.equal('category')
    }
  })

  it('starts a new year at 1, by the clock of Athens', async () => {
    const last = await at('2030-12-31T21:59:59Z')
    const first = await at('2030-12-31T22:00:00Z')
    expect(last.protocol).to.equal('2030/000001')
    expect(first.protocol).to.equal('2031/000001')
  })

  it('promises working days: weekends, fixed holidays and Orthodox Easter do not count', async () => {
    // Good Friday 2026 is 10 April, Easter Monday 13 April; five working days from Wednesday 8 April end on Friday 17.
    const { due_at } = await at('2026-04-08T09:00:00Z')
    expect(due_at.slice(0, 10)).to.equal('2026-04-17')
    const easters = await world.db.raw(
      `SELECT array_agg(orthodox_easter(y)::text ORDER BY y) AS days FROM generate_series(2024, 2030) AS y`,
    )
    // Church calendar: 5 May 2024, 20 April 2025, 12 April 2026, 2 May 2027, 16 April 2028, 8 April 2029, 28 April 2030.
    expect(easters.rows[0].days).to.deep.equal([
      '2024-05-05',
      '2025-04-20',
      '2026-04-12',
      '2027-05-02',
      '2028-04-16',
      '2029-04-08',
      '2030-04-28',
    ])
  })
})

describe('protocol numbers', () => {
  before(smallTown)

  it('have no gaps and no doubles under 64 submissions at once, a third of which abort', async () => {
    const input = pothole(23.005, 37.01, { photos: [], answers: {} }) as unknown as ReportInput
    const now = '2040-06-01T10:00:00Z'
    const one = async (n: number) => {
      if (n % 3 !== 0) return submitReport(context(), input, { now })
      // Draws its number as the others do, then fails before it commits.
      return world.db
        .transaction(async (trx) => {
          await submitReport({ ...context(), db: trx }, input, { now })
          await trx.raw('SELECT pg_sleep(0.002)')
          throw new Error('aborted')
        })
        .catch((error: Error) => error)
    }
    const results = await Promise.all(Array.from({ length: 64 }, (_, n) => one(n)))
    const kept = results.filter((result) => !(result instanceof Error))
    const rows = await world.db('case_record').where({ year: 2040 }).orderBy('number')
    expect(rows.map(({ number }) => number)).to.deep.equal(Array.from({ length: kept.length }, (_, n) => n + 1))
    expect(kept).to.have.length(42)
  })
})

describe('the spatial part of routing', () => {
  it('uses the GiST index of each layer through the view', async () => {
    await smallTown()
    const plan = await world.db.transaction(async (trx) => {
      await trx.raw('SET LOCAL enable_seqscan = off')
      const { rows } = await trx.raw(
        `EXPLAIN SELECT slug FROM area WHERE geom && ST_Expand(ST_SetSRID(ST_MakePoint(23, 37), 4326), 1e-6)`,
      )
      return rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
    })
    expect(plan.match(/Index Scan/g) ?? []).to.have.length.at.least(2)
  })

  it('places many points in one statement', async () => {
    const rows = await sql<{ n: number }>(world.db, 'places/where', {
      lons: [23.005, 23.015],
      lats: [37.01, 37.01],
      edge_deg: 1e-6,
      address_m: 150,
    })
    expect(rows.map(({ n }) => n)).to.deep.equal([1, 2])
  })
})
