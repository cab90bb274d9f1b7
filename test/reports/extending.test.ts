// A report that closes by itself: who follows it hears before, and lets it stay open with one tap; so may staff.
import { expect } from 'chai'
import { expireReports, tellBeforeExpiry } from '../../backend/reports/expiry.ts'
import { get, point, post, signIn } from '../support/http.ts'
import { type MailServer, startMailServer } from '../support/mail.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

const DAY_MS = 86_400_000
const DAYS = 60

describe('the expiry of a report', () => {
  let head: string

  beforeEach(async () => {
    await smallTown()
    await world.db('category').where({ slug: 'pothole' }).update({ kind: 'note', expires_days: DAYS })
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
  })

  const send = async (contact?: object) => {
    const report = { category: 'pothole', location: point(23.005, 37.01), description: 'A remark', contact }
    const { body } = await post('/api/reports', report)
    return { id: body['id'] as string, token: body['follow_url'].split('/follow/')[1] as string }
  }
  /** As if all that happened to it so far had happened days ago. */
  const age = async (id: string, days: number) => {
    const ago = world.db.raw('now() - make_interval(days => ?)', [days])
    await world.db('report').where({ id }).update({ created_at: ago })
    await world.db('timeline_entry').where({ case_id: id }).update({ at: ago })
  }
  const read = async (path: string, cookie?: string) => (await get(path, { cookie })).body
  const extend = (token: string) => post(`/api/follow/${token}/extend`, undefined)
  const extendAtDesk = (id: string, cookie = head) => post(`/api/staff/reports/${id}/extend`, undefined, { cookie })
  const daysUntil = (at: string) => Math.round((Date.parse(at) - Date.now()) / DAY_MS)

  it('is told to all who see it, and that it may be put off only in its last week', async () => {
    const { id, token } = await send()
    const [open, own, staff] = [`/api/reports/${id}`, `/api/follow/${token}`, `/api/staff/reports/${id}`]
    expect(daysUntil((await read(open))['expires_at'])).to.equal(DAYS)
    expect((await read(own))['extend_to']).to.equal(null)
    await age(id, DAYS - 8)
    for (const body of [await read(own), await read(staff, head)]) expect(body['extend_to']).to.equal(null)
    await age(id, DAYS - 6)
    for (const body of [await read(own), await read(staff, head)]) {
      expect(daysUntil(body['expires_at'])).to.equal(6)
      expect(daysUntil(body['extend_to'])).to.equal(DAYS)
    }
    expect(await read(open)).to.not.have.property('extend_to')
    await post(`/api/staff/reports/${id}/status`, { status: 'in_progress', note: 'Looking' }, { cookie: head })
    expect((await read(open))['expires_at'], 'somebody works on it').to.equal(null)
  })

  it('is put off with one tap by who follows it, by the days of the category', async () => {
    const { id, token } = await send()
    await age(id, DAYS - 1)
    const { status, body } = await extend(token)
    expect(status).to.equal(200)
    expect(daysUntil(body['expires_at'])).to.equal(DAYS)
    expect(body['extend_to']).to.equal(null)
    expect(body['timeline'].at(-1)).to.deep.include({ kind: 'extended', status: null, is_public: true })
    expect((await read(`/api/reports/${id}`))['timeline'].at(-1)).to.include({ kind: 'extended', actor: null })
    const events = await world.db('event').where({ subject_id: id, type: 'report.changed' })
    expect(events.map(({ payload }) => payload.action)).to.deep.equal(['extended'])
    await world.db('timeline_entry').where({ kind: 'extended' }).update({ at: world.db.raw(`now() - interval '59 days'`) }) // prettier-ignore
    await world
      .db('report')
      .where({ id })
      .update({ created_at: world.db.raw(`now() - interval '500 days'`) })
    await expireReports(world.db)
    expect((await read(`/api/reports/${id}`))['properties'].status).to.equal('submitted')
    await age(id, DAYS + 1)
    await expireReports(world.db)
    expect((await read(`/api/reports/${id}`))['properties'].status).to.equal('resolved')
  })

  it('may be put off by who said "me too", and by staff, who are named', async () => {
    const { id } = await send()
    const { body } = await post(`/api/reports/${id}/support`, { device: 'a-token-of-this-browser' })
    await age(id, DAYS - 2)
    expect((await extend(body['follow_url'].split('/follow/')[1])).status).to.equal(200)
    await age(id, DAYS - 2)
    const staff = await extendAtDesk(id)
    expect(staff.status).to.equal(200)
    expect(staff.body['timeline'].at(-1)).to.include({ kind: 'extended', actor: 'head@town.example' })
    const acts = await world.db('audit_entry').where({ action: 'report.extend', subject_id: id })
    expect(acts).to.have.length(1)
  })

  it('is not put off too early, when it does not come, and not by strangers', async () => {
    const { id, token } = await send()
    for (const refused of [await extend(token), await extendAtDesk(id)]) {
      expect(refused.status).to.equal(409)
      expect(refused.body['type']).to.match(/extend-not-now/)
    }
    await age(id, DAYS - 1)
    expect((await extend('nobody')).status).to.equal(404)
    expect((await extendAtDesk('nonsense')).status).to.equal(404)
    await make.account('desk@town.example', 'department_head', { department: 'desk' })
    expect((await extendAtDesk(id, await signIn('desk@town.example'))).status).to.equal(404)
    await world.db('category').update({ expires_days: null })
    expect((await extend(token)).status).to.equal(409)
    const entries = await world.db('timeline_entry').where({ case_id: id, kind: 'extended' })
    expect(entries).to.deep.equal([])
  })

  describe('is told by mail', () => {
    let mail: MailServer, node: Node
    before(async () => {
      mail = await startMailServer()
      node = await startNode({ smtpUrl: mail.url }, { works: true })
    })
    after(async () => {
      await node.close()
      mail.close()
    })
    const tell = () =>
      tellBeforeExpiry({ db: world.db, jobs: world.town.jobs, config: { ...world.config, publicUrl: 'https://town.example' } }) // prettier-ignore

    it('a week before, to all who follow it, once each time', async () => {
      const { id, token } = await send({ email: 'anna@mail.example' })
      await post(`/api/reports/${id}/support`, { device: 'a-token-of-this-browser', email: 'ben@mail.example' })
      const young = await send({ email: 'young@mail.example' })
      await age(young.id, DAYS - 8)
      await age(id, DAYS - 6)
      await tell()
      await tell()
      const letter = await mail.next('anna@mail.example')
      expect(letter).to.include(`https://town.example/follow/${token}`)
      await mail.next('ben@mail.example')
      expect(mail.letters).to.have.length(2)
      await extend(token)
      await tell()
      await age(id, DAYS - 6)
      await world
        .db('report')
        .where({ id })
        .update({ expiry_told_at: world.db.raw(`now() - interval '60 days'`) })
      await tell()
      await mail.next('anna@mail.example')
      await mail.next('ben@mail.example')
      expect(mail.letters, 'again, when its days were counted anew').to.have.length(4)
    })

    it('also to the proven address of the account that sent it', async () => {
      await make.account('maria@mail.example', 'citizen')
      const cookie = await signIn('maria@mail.example')
      const report = { category: 'pothole', location: point(23.005, 37.01), description: 'A remark' }
      const { body } = await post('/api/reports', report, { cookie })
      await age(body['id'], DAYS - 6)
      await tell()
      await mail.next('maria@mail.example')
    })
  })
})
