// Who hears of new reports: by category and place, once, by mail, and no longer than they want to.
import { expect } from 'chai'
import { unzipSync } from 'fflate'
import { subscriptionsJob } from '../../backend/reports/subscriptions/letters.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { get, point, post, pothole, request, signIn } from '../support/http.ts'
import { type MailServer, startMailServer } from '../support/mail.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

/** Near enough to the pothole of the tests, and not. */
const NEAR = [23.0055, 37.01]
const FAR = [23.0155, 37.01]

describe('subscriptions', () => {
  let node: Node, mail: MailServer
  let maria: string, nikos: string, agent: string
  /** Letters before this test. */
  let earlier = 0
  const letters = () => mail.letters.slice(earlier)

  before(async () => {
    await smallTown()
    await make.category('secret', { parent: 'roads', is_public: false })
    await make.category('parks')
    await make.category('bench', { parent: 'parks' })
    await make.category('patrol', { parent: 'roads' })
    await make.category('quiet', { parent: 'roads' })
    await world.db('category').where({ slug: 'patrol' }).update({ may_subscribe: 'staff' })
    await world.db('category').where({ slug: 'quiet' }).update({ may_subscribe: 'nobody' })
    for (const name of ['maria', 'nikos']) await make.account(`${name}@town.example`, 'citizen')
    await make.account('agent@town.example', 'agent')
    ;[maria, nikos, agent] = await Promise.all(['maria', 'nikos', 'agent'].map((name) => signIn(`${name}@town.example`))) as [string, string, string] // prettier-ignore
    mail = await startMailServer()
    node = await startNode({ smtpUrl: mail.url, mailFrom: 'desk@town.example' }, { works: true })
  })
  after(async () => {
    await node?.close()
    mail?.close()
  })
  beforeEach(async () => {
    await world.db('subscriber').delete()
    await world.db('subscription_inbox').delete()
    await world.db.raw(`DELETE FROM pgboss.job WHERE name LIKE 'subscription%'`)
    earlier = mail.letters.length
  })

  const subscribe = (cookie: string, input: object = {}, language = 'en') =>
    post('/api/me/subscriptions', { is_daily: false, ...input }, { cookie, headers: { 'Accept-Language': language } })
  const circle = ([lon, lat]: number[], radius_m = 100) => ({ around: { point: point(lon!, lat!), radius_m } })
  const area = (slug: string) => ({ area: { layer: 'district', slug } })
  const send = async (category = 'pothole', at = [23.005, 37.01], options = {}) =>
    (await post('/api/reports', { ...pothole(at[0]!, at[1]!), category }, options)).body['id'] as string
  const work = () => subscriptionsJob.work({ db: world.db, jobs: world.town.jobs } as never, null)
  const notices = () => world.db('subscription_notice').select('report_id', 'due_at')
  /** Looks who listens, and sends what is due as if its minutes had passed. */
  const tell = async () => {
    await work()
    await world.db('subscription_notice').update({ due_at: world.db.fn.now() })
    await work()
  }
  /** All letters that will come by themselves have come: no job for one is left. */
  const settled = () =>
    until(async () => {
      const open = await world.db('pgboss.job').where({ name: 'subscription-letter' }).whereIn('state', ['created', 'active', 'retry']).first('id') // prettier-ignore
      return !open
    })
  const idsIn = (letter: string) => [...letter.matchAll(/\/reports\/([0-9a-f-]{36})/g)].map(([, id]) => id)

  it('tell by category, group or all, in the town, an area or around a point', async () => {
    const made = []
    for (const input of [
      {},
      { category: 'roads' },
      { category: 'pothole' },
      { category: 'bench' },
      area('west'),
      area('east'),
      circle(NEAR),
      circle(FAR),
      { category: 'parks', ...circle(NEAR) },
    ])
      made.push((await subscribe(maria, input)).body)
    const report_id = await send()
    await work()
    const told = await world.db('subscription_notice').where({ report_id }).pluck('subscription_id')
    const heard = made.filter(({ id }) => told.includes(id)).map(({ category, area, around }) => category?.slug ?? area?.slug ?? around?.point.coordinates ?? 'all') // prettier-ignore
    expect(heard).to.have.deep.members(['all', 'roads', 'pothole', 'west', NEAR])
  })

  it('come as one letter for what has come together, in the language of the reader, with links', async () => {
    await subscribe(maria)
    await subscribe(maria, area('west'))
    await subscribe(nikos, { category: 'roads' }, 'el')
    const ids = [await send(), await send('bench'), await send('pothole', FAR)]
    await work()
    expect(letters(), 'they wait for what else comes').to.deep.equal([])
    await tell()
    const letter = await mail.next('maria@town.example')
    await mail.next('nikos@town.example')
    await settled()
    expect(letters(), 'one for each account').to.have.length(2)
    expect(letter).to.include('Subject: 3 new reports')
    expect(idsIn(letter)).to.have.members(ids)
    expect(letter).to.include(`${world.url}/subscriptions`)
    expect(letter, 'words of citizens stay here').to.not.include('deep hole')
    const greek = letters().find((each) => each.includes('nikos@')) ?? ''
    // Quoted-printable (RFC 2045, 6.7).
    const body = Buffer.from(greek.replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString() // prettier-ignore
    expect(body).to.include('Ζητήσατε να μαθαίνετε')
    expect(idsIn(body)).to.have.members([ids[0], ids[2]])
  })

  it('tell each thing once, however many look, and nobody of their own reports', async () => {
    await subscribe(maria)
    await subscribe(nikos)
    await send('pothole', NEAR, { cookie: nikos })
    await Promise.all([work(), work(), work()])
    await world.db('subscription_notice').update({ due_at: world.db.fn.now() })
    await Promise.all([work(), work(), work()])
    await mail.next('maria@town.example')
    await work()
    await settled()
    expect(letters()).to.have.length(1)
  })

  it('wait for the morning in Athens where daily is enough', async () => {
    await subscribe(maria, { is_daily: true })
    await send()
    await work()
    const [{ due_at }] = await notices()
    const due = new Date(due_at)
    expect(due.toLocaleTimeString('en-GB', { timeZone: 'Europe/Athens' })).to.equal('08:00:00')
    const ahead_ms = due.getTime() - Date.now()
    expect(ahead_ms).to.be.within(0, 25 * 3_600_000)
    await subscribe(maria, { category: 'pothole' })
    await send()
    await world.db('subscription_notice').where('due_at', '<', world.db.raw(`now() + interval '4 minutes'`)).update({ due_at: world.db.fn.now() }) // prettier-ignore
    await tell()
    expect(await notices(), 'what was told at once is not told again in the morning').to.deep.equal([])
  })

  it('never tell of what is private, has become so, or is gone', async () => {
    await subscribe(maria)
    await send('secret')
    await work()
    expect(await notices()).to.deep.equal([])
    const [stays, hidden, gone] = [await send(), await send(), await send()]
    await work()
    await world.db('report').where({ id: hidden }).update({ is_public: false })
    await world.db('case_record').where({ id: gone }).delete()
    await tell()
    expect(idsIn(await mail.next('maria@town.example'))).to.deep.equal([stays])
    const late = await send()
    await work()
    await world.db('subscription_notice').update({ due_at: world.db.fn.now() })
    mail.isBusy = true
    await work()
    await until(() => world.db('pgboss.job').where({ name: 'subscription-letter', state: 'retry' }).first('id'))
    // The mail server was away meanwhile.
    await world.db('report').where({ id: late }).update({ is_public: false })
    mail.isBusy = false
    await world.db.raw(
      `UPDATE pgboss.job SET start_after = now() WHERE name = 'subscription-letter' AND state = 'retry'`,
    )
    await settled()
    expect(letters()).to.have.length(1)
  })

  it('end with one tap of the letter, without signing in (RFC 8058)', async () => {
    await subscribe(maria)
    await send()
    await tell()
    const letter = await mail.next('maria@town.example')
    expect(letter).to.include('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    const address = /^List-Unsubscribe:\s+<([^>]+)>/m.exec(letter)?.[1] ?? ''
    expect(address).to.match(new RegExp(`^${world.url}/api/unsubscribe/[\\w-]{24}$`))
    const looked = await fetch(address, { redirect: 'manual' })
    expect(looked.status).to.equal(303)
    expect(looked.headers.get('location')).to.equal(new URL(address).pathname.replace('/api', ''))
    expect(await world.db('subscription').select('id'), 'looking ends nothing').to.have.length(1)
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    for (const time of ['first', 'again']) {
      const { status } = await fetch(address, { method: 'POST', body })
      expect(status, time).to.equal(204)
    }
    expect(await world.db('subscription').select('id')).to.deep.equal([])
    await send()
    await tell()
    await settled()
    expect(letters()).to.have.length(1)
    expect((await post('/api/unsubscribe/nothing', {})).status, 'a wrong one tells nothing').to.equal(204)
  })

  it('are for categories that say so', async () => {
    for (const category of ['patrol', 'quiet', 'secret', 'nothing']) {
      const { status, body } = await subscribe(maria, { category })
      expect([status, body['errors'][0].path], category).to.deep.equal([422, 'category'])
    }
    expect((await subscribe(agent, { category: 'quiet' })).status).to.equal(422)
    expect((await subscribe(agent, { category: 'patrol' })).status).to.equal(201)
    const slugs = async (cookie: string) =>
      (await get('/api/me/subscriptions', { cookie })).body['categories'].map(({ slug }: { slug: string }) => slug)
    expect(await slugs(maria)).to.have.members(['roads', 'pothole', 'parks', 'bench'])
    expect(await slugs(agent)).to.have.members(['roads', 'pothole', 'parks', 'bench', 'patrol'])
    // All means all that one may hear of.
    await subscribe(maria)
    await send('patrol')
    await send('quiet')
    await tell()
    expect(idsIn(await mail.next('agent@town.example'))).to.have.length(1)
    await settled()
    expect(letters()).to.have.length(1)
    await world.db('role_grant').update({ revoked_at: world.db.fn.now() })
    await send('patrol')
    await tell()
    await settled()
    await world.db('role_grant').update({ revoked_at: null })
    expect(letters(), 'who is staff no more').to.have.length(1)
  })

  it('are at most twenty for an account; the same again changes how often', async () => {
    const first = await subscribe(maria, circle(NEAR, 100))
    const again = await subscribe(maria, { ...circle(NEAR, 100), is_daily: true })
    expect([again.body['id'], again.body['is_daily']]).to.deep.equal([first.body['id'], true])
    for (let n = 1; n < 20; n++) expect((await subscribe(maria, circle(NEAR, 100 + n))).status).to.equal(201)
    const { status, body } = await subscribe(maria)
    expect([status, body['type']]).to.deep.equal([409, 'urn:asty:problem:too-many-subscriptions'])
    expect((await get('/api/me/subscriptions', { cookie: maria })).body['subscriptions']).to.have.length(20)
    expect((await subscribe(nikos)).status, 'others have their own').to.equal(201)
  })

  it('say what is wrong with them', async () => {
    const paths = async (input: object) => (await subscribe(maria, input)).body['errors'].map(({ path }: { path: string }) => path) // prettier-ignore
    expect(await paths({ ...area('west'), ...circle(NEAR) })).to.deep.equal(['around'])
    expect(await paths(area('north'))).to.deep.equal(['area'])
    expect(await paths(circle(NEAR, 10))).to.deep.equal(['around.radius_m'])
    expect(await paths({ is_daily: null })).to.deep.equal(['is_daily'])
    expect((await post('/api/me/subscriptions', { is_daily: true })).status).to.equal(401)
    await world.db('account').where({ email: 'maria@town.example' }).update({ email_verified_at: null })
    expect((await subscribe(maria)).body['type']).to.equal('urn:asty:problem:contact-unproven')
    await world.db('account').where({ email: 'maria@town.example' }).update({ email_verified_at: world.db.fn.now() })
  })

  it('are removed by their owner alone, with what was to be told', async () => {
    const { body } = await subscribe(maria)
    await send()
    await work()
    const remove = (cookie: string) => request('DELETE', `/api/me/subscriptions/${body['id']}`, { cookie })
    expect((await remove(nikos)).status).to.equal(404)
    expect((await remove(maria)).status).to.equal(204)
    expect((await remove(maria)).status).to.equal(404)
    expect(await notices()).to.deep.equal([])
  })

  it('are in the export of their owner, and go with the account', async () => {
    await make.account('eleni@town.example', 'citizen')
    const eleni = await signIn('eleni@town.example')
    await subscribe(eleni, area('west'))
    const headers = { Cookie: eleni, 'X-CSRF-Token': csrfOf(eleni.split('=')[1] ?? '') }
    const zip = await (await fetch(`${world.url}/api/me/export`, { headers })).arrayBuffer()
    const { subscriptions } = JSON.parse(Buffer.from(unzipSync(new Uint8Array(zip))['data.json'] ?? []).toString())
    expect(subscriptions[0]).to.deep.include({ is_daily: false, category: null })
    expect(subscriptions[0].area).to.include({ layer: 'district', slug: 'west' })
    expect((await request('DELETE', '/api/me', { cookie: eleni })).status).to.equal(200)
    expect(await world.db('subscriber').select('account_id')).to.deep.equal([])
  })
})
