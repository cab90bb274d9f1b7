// The short code of a report: said on the telephone, it opens what everybody may know, and a misheard digit shows.
import { expect } from 'chai'
import { post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

describe('the code for the telephone', () => {
  before(smallTown)

  const lookUp = (code: string) => post('/api/lookup', { code })
  const send = async (more = {}) => (await post('/api/reports', pothole(23.005, 37.01, more))).body

  it('is given with every report and tells its state, however it is typed', async () => {
    const sent = await send({ contact: { name: 'Anna', phone: '2101234567' } })
    const code = sent['lookup_code'] as string
    expect(code).to.match(/^\d{9}$/)
    const { status, body } = await lookUp(` ${code.slice(0, 3)} ${code.slice(3, 6)}-${code.slice(6)}`)
    expect(status).to.equal(200)
    expect(body).to.include({ protocol: sent['protocol'], status: 'submitted' })
    expect(body).to.have.all.keys('protocol', 'status', 'category', 'created_at', 'updated_at', 'due_at', 'closed_at')
  })

  it('is the same when the same is sent twice', async () => {
    const once = () => post('/api/reports', pothole(23.005, 37.01), { headers: { 'Idempotency-Key': 'k' } })
    expect((await once()).body['lookup_code']).to.equal((await once()).body['lookup_code'])
  })

  it('catches every digit that is wrong and every two that are swapped', async () => {
    // The example that descriptions of the algorithm give.
    expect((await world.db.raw(`SELECT damm_digit('572') AS digit`)).rows[0].digit).to.equal('4')
    const { rows } = await world.db.raw(`
      WITH code AS (SELECT n || damm_digit(n) AS code FROM (SELECT lpad((i * 7919 % 100000000)::text, 8, '0') AS n FROM generate_series(1, 200) AS i) AS numbers),
      wrong AS (
        SELECT overlay(code PLACING d::text FROM p FOR 1) AS code FROM code, generate_series(1, 9) AS p, generate_series(0, 9) AS d WHERE substr(code, p, 1) <> d::text
        UNION ALL
        SELECT overlay(code PLACING substr(code, p + 1, 1) || substr(code, p, 1) FROM p FOR 2) FROM code, generate_series(1, 8) AS p WHERE substr(code, p, 1) <> substr(code, p + 1, 1)
      )
      SELECT count(*)::int AS tried, count(*) FILTER (WHERE damm_digit(code) = '0')::int AS missed FROM wrong`)
    expect(rows[0].tried).to.be.greaterThan(17_000)
    expect(rows[0].missed).to.equal(0)
    const code = (await send())['lookup_code'] as string
    const last = (Number(code[8]) + 1) % 10
    const { status, body } = await lookUp(code.slice(0, 8) + last)
    expect([status, body['type']]).to.deep.equal([422, 'urn:asty:problem:misheard-code'])
  })

  it('tells of a private report only that it is there, and of none that there is none', async () => {
    await make.category('secret', { parent: 'roads', is_public: false })
    const { body } = await lookUp((await send({ category: 'secret' }))['lookup_code'])
    expect(body['category']).to.equal(null)
    expect((await lookUp('000000000')).status).to.equal(404)
    expect((await lookUp('12345')).status).to.equal(422)
  })

  it('is said to who calls, and cannot be tried at will', async () => {
    await make.account('agent@town.example', 'agent')
    const agent = await signIn('agent@town.example')
    const call = await post('/api/staff/reports', { ...pothole(23.005, 37.01), language: 'en' }, { cookie: agent })
    expect(call.body['lookup_code']).to.match(/^\d{9}$/)
    const node = await startNode({ rateLimits: true })
    const tries = []
    for (let n = 0; n < 21; n++)
      tries.push((await fetch(`${node.url}/api/lookup`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: '{"code":"000000000"}' })).status) // prettier-ignore
    await node.close()
    expect(new Set(tries.slice(0, 20))).to.deep.equal(new Set([404]))
    expect(tries[20]).to.equal(429)
  })
})
