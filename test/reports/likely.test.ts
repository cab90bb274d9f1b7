// Which open reports probably mean the same, for staff.
import { expect } from 'chai'
import { get, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const AT = [23.005, 37.01] as const
const M_LON = 1 / 88_800 // degrees of longitude in a metre here

interface Cluster {
  main: { id: string; description: string }
  others: { id: string; distance_m: number; likeness: number; may_join: boolean }[]
}

describe('reports that probably mean the same', () => {
  let head: string
  let crew: string
  let parks: string
  beforeEach(async () => {
    await smallTown()
    await make.category('crack', { parent: 'roads' })
    await make.category('lights', { department: 'works' })
    await make.category('secret', { parent: 'roads', is_public: false })
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    crew = await signIn('west@town.example')
    parks = await signIn('parks@town.example')
  })
  const send = async (east_m = 0, more: Record<string, unknown> = {}) =>
    (await post('/api/reports', pothole(AT[0] + east_m * M_LON, AT[1], more))).body as { id: string; protocol: string }
  const of = async (id: string, cookie = head) =>
    (await get(`/api/staff/reports/${id}/likely`, { cookie })).body as unknown as Cluster[]
  const list = async (query = '', cookie = head) =>
    (await get(`/api/staff/likely-reports${query}`, { cookie })).body as unknown as Cluster[]
  const pairs = (clusters: Cluster[]) => clusters.map(({ main, others }) => [main.id, ...others.map(({ id }) => id)])
  const merge = (id: string, into: string) => post(`/api/staff/reports/${id}/merge`, { into }, { cookie: head })
  const notSame = (id: string, other: string, cookie = head) =>
    post(`/api/staff/reports/${id}/not-same`, { other }, { cookie })
  const older = (id: string, days: number) =>
    world.db.raw(`UPDATE report SET created_at = created_at - make_interval(days => ?) WHERE id = ?`, [days, id])

  it('are those of the category or a kin one near by, each pair under the oldest, likeliest first', async () => {
    const first = await send(0, { description: 'A hole like a well by the bakery' })
    const second = await send(10, { description: 'Hole like a well, by the bakery' })
    const third = await send(40, { description: 'A hole like a well by the bakery', category: 'crack' })
    await send(4, { category: 'lights' })
    await send(150)
    const [found, ...more] = await of(first.id)
    expect(more).to.deep.equal([])
    expect(pairs([found!])).to.deep.equal([[first.id, second.id, third.id]])
    expect(found!.main.description).to.equal('A hole like a well by the bakery')
    expect(found!.others[0]!.distance_m).to.be.closeTo(10, 0.5)
    expect(found!.others[0]).to.include({ may_join: true })
    expect(found!.others[0]!.likeness).to.be.greaterThan(found!.others[1]!.likeness)
    expect(pairs(await of(third.id)), 'from the other end').to.deep.equal([[second.id, third.id], [first.id, third.id]]) // prettier-ignore
    expect(pairs(await list()), 'each in one cluster only').to.deep.include([first.id, second.id, third.id])
  })

  it('come less likely with the months between them, and not once one is closed or treated together', async () => {
    const [first, second] = [await send(), await send(20, { description: 'Something else altogether, by the kerb' })]
    const near = (await of(first.id))[0]!.others[0]!.likeness
    await older(first.id, 20)
    expect((await of(first.id))[0]!.others[0]!.likeness).to.be.lessThan(near - 0.04)
    const third = await send(0)
    await merge(third.id, first.id)
    expect(pairs(await of(second.id))).to.deep.equal([[first.id, second.id]])
    await post(`/api/staff/reports/${first.id}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    expect(await of(second.id)).to.deep.equal([])
    expect(await list()).to.deep.equal([])
  })

  it('are led by one that others go with already, so that it can be done, and never two of those', async () => {
    const [first, second, third] = [await send(), await send(), await send()]
    await merge(third.id, second.id)
    expect(pairs(await of(first.id))).to.deep.equal([[second.id, first.id]])
    expect((await merge(first.id, second.id)).status).to.equal(200)
    const [fourth, fifth] = [await send(), await send()]
    await merge(fifth.id, fourth.id)
    expect(await of(fourth.id)).to.deep.equal([])
  })

  it('are not told again once somebody has said that they are not the same', async () => {
    const [first, second, third] = [await send(), await send(), await send()]
    expect((await notSame(second.id, first.id, parks)).status).to.equal(404)
    expect((await notSame(second.id, first.id, crew)).status).to.equal(204)
    expect((await notSame(first.id, second.id)).status, 'twice').to.equal(204)
    expect(pairs(await of(first.id))).to.deep.equal([[first.id, third.id]])
    expect(pairs(await of(second.id))).to.deep.equal([[second.id, third.id]])
    const said = await world
      .db('audit_entry')
      .where({ action: 'report.not_same', subject_id: second.id })
      .first('detail')
    expect(said).to.deep.equal({ detail: { other: first.id } })
    expect((await notSame(first.id, 'x')).status).to.equal(422)
  })

  it('are told only to those who see both, private ones to who answers for them, under the public one', async () => {
    const [secret, first] = [await send(0, { category: 'secret' }), await send(5)]
    expect(pairs(await of(first.id))).to.deep.equal([[first.id, secret.id]])
    expect((await merge(secret.id, first.id)).status).to.equal(200)
    await post(`/api/staff/reports/${secret.id}/unmerge`, undefined, { cookie: head })
    await make.account('agent@town.example', 'agent')
    const agent = await signIn('agent@town.example')
    expect(await of(first.id, agent)).to.deep.equal([])
    expect(await list('', agent)).to.deep.equal([])
    expect((await get(`/api/staff/reports/${first.id}/likely`, { cookie: parks })).status).to.equal(404)
    expect(await list('', parks)).to.deep.equal([])
    // What another department answers for is not this one's to join.
    await post(`/api/staff/reports/${secret.id}/assign`, { department: 'parks' }, { cookie: head })
    expect(await of(first.id)).to.deep.equal([])
    expect((await get('/api/staff/likely-reports')).status).to.equal(401)
  })

  it('of a list are those that its filters let through', async () => {
    const [west, twin] = [await send(), await send()]
    const [east, other] = [await send(700), await send(700)]
    expect(pairs(await list())).to.have.deep.members([
      [west.id, twin.id],
      [east.id, other.id],
    ])
    expect(pairs(await list('?district=east'))).to.deep.equal([[east.id, other.id]])
    expect(await list('?category=lights')).to.deep.equal([])
    expect((await get('/api/staff/likely-reports?within=x', { cookie: head })).status).to.equal(422)
  })
})
