// Who follows a report hears by mail that it moves: in their language, with the words for their report, and no longer than they want to.
import { expect } from 'chai'
import { newsJob } from '../../backend/reports/letters/letters.ts'
import { retain } from '../../backend/reports/retention/run.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { type MailServer, readable, startMailServer } from '../support/mail.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

interface Sent {
  id: string
  protocol: string
  follow_url: string
}

describe('letters about a report', () => {
  let node: Node, mail: MailServer
  let head: string
  /** Letters before this test. */
  let earlier = 0

  before(async () => {
    await smallTown()
    await make.category('secret', { parent: 'roads', is_public: false })
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
    mail = await startMailServer()
    node = await startNode({ smtpUrl: mail.url, mailFrom: 'desk@town.example', publicUrl: world.url }, { works: true })
  })
  after(async () => {
    await node?.close()
    mail?.close()
  })
  beforeEach(async () => {
    await world.db('report_news').delete()
    await world.db.raw(`DELETE FROM pgboss.job WHERE name LIKE 'report-%'`)
    earlier = mail.letters.length
  })

  const inGreek = { headers: { 'Accept-Language': 'el' } }
  const send = async (email = 'maria@home.example', more = {}, options = {}) =>
    (await post('/api/reports', pothole(23.005, 37.01, { contact: { email }, ...more }), options)).body as Sent
  let devices = 0
  const support = async (id: string, email: string, options = {}) =>
    (await post(`/api/reports/${id}/support`, { device: `a-device-of-the-test-${devices++}`, email }, options)).body as Sent // prettier-ignore
  const move = async (id: string, status: string, more = {}) =>
    expect(
      (
        await post(
          `/api/staff/reports/${id}/status`,
          { status, ...(status === 'resolved' && { note: 'Done' }), ...more },
          { cookie: head },
        )
      ).status,
    ).to.equal(200)
  const merge = async (id: string, into: string) =>
    expect((await post(`/api/staff/reports/${id}/merge`, { into }, { cookie: head })).status).to.equal(200)
  const look = () => newsJob.work({ db: world.db, jobs: world.town.jobs } as never, null)
  /** All letters that will come by themselves have come. */
  const settled = () =>
    until(async () => !(await world.db('pgboss.job').where({ name: 'report-letter' }).whereIn('state', ['created', 'active', 'retry']).first('id'))) // prettier-ignore
  /** Sends what is due as if its minutes had passed. Returns the letters since the test began. */
  const tell = async () => {
    await world.db('report_news').update({ changed_at: world.db.raw(`now() - interval '5 minutes'`) })
    await look()
    await settled()
    return mail.letters.slice(earlier).map((letter, at) => ({ letter, to: /^To: (.*)\r$/m.exec(letter)?.[1] ?? '', ...readable(mail.sources[earlier + at]!) })) // prettier-ignore
  }
  /** The one letter to somebody. */
  const only = (letters: Awaited<ReturnType<typeof tell>>, to: string) => {
    const own = letters.filter((each) => each.to === to)
    expect(own, to).to.have.length(1)
    return own[0]!
  }

  const STEPS = [
    ['acknowledged', {}, 'We have received it'],
    ['planned', {}, 'The work is planned'],
    ['in_progress', {}, 'It is in progress'],
    ['waiting_for_citizen', { note: 'Which side of the road?' }, 'We need your answer'],
    ['forwarded', { note: 'The water company has it' }, 'Forwarded to another body'],
    ['resolved', { note: 'Filled this morning' }, 'Resolved'],
    ['rejected', { note: 'It is a private yard' }, 'Closed without action'],
  ] as const
  for (const [status, more, step] of STEPS)
    it(`say that it is ${status}, with the words of staff, the number and the private link`, async () => {
      const { id, protocol, follow_url } = await send()
      await move(id, status, more)
      const { subject, words } = only(await tell(), 'maria@home.example')
      expect(subject).to.equal(`${protocol}: ${step}`)
      expect(words).to.include(`${protocol} (pothole)`).and.include(follow_url)
      if ('note' in more) expect(words).to.include(more.note)
      expect(words, 'words of citizens stay here').to.not.include('deep hole')
    })

  it('say that it is open again, by staff or by who says that it is not fixed', async () => {
    const { id, protocol, follow_url } = await send()
    await move(id, 'resolved')
    await tell()
    await post(`/api/follow/${follow_url.split('/follow/')[1]}/reopen`, { words: 'Still there, says Maria' })
    await move(id, 'resolved')
    await tell()
    await move(id, 'in_progress')
    const letters = await tell()
    expect(letters.map(({ subject }) => subject)).to.deep.equal(['Resolved', 'Resolved', 'Open again'].map((step) => `${protocol}: ${step}`)) // prettier-ignore
    await move(id, 'resolved')
    await tell()
    await post(`/api/follow/${follow_url.split('/follow/')[1]}/reopen`, { words: 'Still there, says Maria' })
    const last = (await tell()).at(-1)!
    expect(last.subject).to.equal(`${protocol}: Open again`)
    expect(last.words).to.not.include('Still there')
  })

  it('go to the reporter and all who said "me too", each once, in the own language and with the own link', async () => {
    await make.account('nikos@town.example', 'citizen')
    await make.account('unproven@town.example', 'citizen')
    const nikos = await signIn('nikos@town.example')
    const unproven = await signIn('unproven@town.example')
    await world.db('account').where({ email: 'unproven@town.example' }).update({ email_verified_at: null })
    const report = await send('maria@home.example', {}, inGreek)
    const eleni = await support(report.id, 'eleni@home.example')
    const again = await support(report.id, 'Maria@home.example')
    const byAccount = (await post(`/api/reports/${report.id}/support`, {}, { cookie: nikos })).body as Sent
    await post(`/api/reports/${report.id}/support`, {}, { cookie: unproven })
    await post(`/api/reports/${report.id}/support`, { device: 'a-device-without-mail' })
    await move(report.id, 'in_progress')
    const letters = await tell()
    expect(letters.map(({ to }) => to)).to.have.members(['maria@home.example', 'eleni@home.example', 'nikos@town.example']) // prettier-ignore
    const urls = [report, eleni, again, byAccount].map(({ follow_url }) => follow_url)
    const linksIn = (words: string) => urls.filter((url) => words.includes(url))
    const maria = only(letters, 'maria@home.example')
    expect(maria.subject).to.equal(`${report.protocol}: Είναι σε εξέλιξη`)
    expect(linksIn(maria.words)).to.deep.equal([report.follow_url])
    expect(only(letters, 'eleni@home.example').subject).to.equal(`${report.protocol}: It is in progress`)
    expect(linksIn(only(letters, 'eleni@home.example').words)).to.deep.equal([eleni.follow_url])
    expect(linksIn(only(letters, 'nikos@town.example').words)).to.deep.equal([byAccount.follow_url])
    for (const { words } of letters) expect(words).to.not.match(/maria|eleni|nikos/i)
  })

  it('are in both languages where staff have written it down and nobody knows which', async () => {
    const { id, protocol } = await send('maria@home.example', {}, { cookie: head })
    await support(id, 'eleni@home.example', { cookie: head })
    await move(id, 'acknowledged')
    const letters = await tell()
    for (const to of ['maria@home.example', 'eleni@home.example'])
      expect(only(letters, to).subject).to.equal(`${protocol}: Την παραλάβαμε · We have received it`)
  })

  it('wait until nothing moves for some minutes, and tell all that was said in one', async () => {
    const { id, protocol } = await send()
    await move(id, 'acknowledged')
    await move(id, 'planned', { note: 'On Tuesday' })
    await look()
    expect(await world.db('report_news').select('report_id'), 'it may go on').to.have.length(1)
    await move(id, 'in_progress')
    await move(id, 'resolved', { note: 'Done already', is_public: true })
    const { subject, words } = only(await tell(), 'maria@home.example')
    expect(subject).to.equal(`${protocol}: Resolved`)
    expect(words).to.match(/The work is planned · .*\nOn Tuesday\n\nResolved · .*\nDone already/)
    expect(words, 'what was passed through without a word').to.not.match(/received|in progress/)
    expect(await tell(), 'each thing once').to.have.length(1)
  })

  it('tell nothing of what colleagues say to each other, of who has it now, or of a slip put right at once', async () => {
    const { id } = await send()
    await post(`/api/staff/reports/${id}/notes`, { note: 'Ask the neighbour', mentions: [] }, { cookie: head })
    await post(`/api/staff/reports/${id}/assign`, { department: 'works', crew: 'crew-east' }, { cookie: head })
    expect(await world.db('report_news').select('report_id')).to.deep.equal([])
    await move(id, 'acknowledged', { note: 'Only for colleagues', is_public: false })
    expect(only(await tell(), 'maria@home.example').words).to.not.include('colleagues')
    await move(id, 'planned')
    await move(id, 'acknowledged')
    expect(await tell()).to.have.length(1)
  })

  it('tell of a bulk change when it can no longer be undone, and nothing when it was', async () => {
    const [one, two] = [await send('one@home.example'), await send('two@home.example')]
    const twin = await send('twin@home.example')
    await merge(twin.id, one.id)
    await world.db('report_news').delete()
    const bulk = async (status: string, note: string) => {
      const reports = await Promise.all([one, two].map(async ({ id }) => ({ id, seen_at: (await get(`/api/staff/reports/${id}`, { cookie: head })).body['properties'].updated_at }))) // prettier-ignore
      return (await post('/api/staff/reports/bulk', { reports, action: { kind: 'status', status, note } }, { cookie: head })).body['id'] as string // prettier-ignore
    }
    for (const status of ['in_progress', 'resolved']) {
      const slip = await bulk(status, 'For the wrong ones')
      expect(await tell(), 'it can be undone').to.deep.equal([])
      expect((await post(`/api/staff/reports/bulk/${slip}/undo`, {}, { cookie: head })).status).to.equal(200)
      expect(await tell(), 'it was undone').to.deep.equal([])
      expect(await world.db('report_news').select('report_id')).to.deep.equal([])
    }
    await bulk('resolved', 'The street is new')
    await world.db('report_bulk').update({ at: world.db.raw(`now() - interval '11 minutes'`) })
    const letters = await tell()
    for (const to of ['one@home.example', 'two@home.example', 'twin@home.example'])
      expect(only(letters, to).words).to.include('The street is new')
    expect(letters).to.have.length(3)
  })

  it('reach those whose report is treated together with another, under their own number, and tell of nothing private', async () => {
    const main = await send('main@home.example')
    const twin = await send('twin@home.example', {}, inGreek)
    await merge(twin.id, main.id)
    await move(main.id, 'in_progress', { note: 'A crew is there' })
    let letters = await tell()
    const twinLetter = only(letters, 'twin@home.example')
    expect(twinLetter.subject).to.equal(`${twin.protocol}: Είναι σε εξέλιξη`)
    expect(twinLetter.words).to.include(main.protocol).and.include('A crew is there').and.include(twin.follow_url)
    expect(twinLetter.words).to.not.include(main.follow_url)
    earlier = mail.letters.length
    await move(main.id, 'waiting_for_citizen', { note: 'Which side?' })
    letters = await tell()
    expect(only(letters, 'main@home.example').subject).to.equal(`${main.protocol}: We need your answer`)
    expect(only(letters, 'twin@home.example').subject).to.equal(`${twin.protocol}: Περιμένουμε την απάντηση άλλου πολίτη`) // prettier-ignore
    earlier = mail.letters.length
    await move(main.id, 'resolved', { note: 'Filled' })
    letters = await tell()
    expect(letters).to.have.length(2)
    expect(only(letters, 'twin@home.example').words.match(/Filled/g), 'once').to.have.length(1)
    earlier = mail.letters.length
    const hidden = await send('hidden@home.example', { category: 'secret' })
    const other = await send('other@home.example', { category: 'secret' })
    await merge(other.id, hidden.id)
    await move(hidden.id, 'in_progress', { note: 'Between us' })
    await move(hidden.id, 'resolved', { note: 'Also between us' })
    await move(hidden.id, 'in_progress')
    await move(hidden.id, 'planned', { note: 'Between us again' })
    letters = await tell()
    expect(only(letters, 'hidden@home.example').words).to.include('Between us')
    const { words } = only(letters, 'other@home.example')
    expect(words).to.include('Open again').and.not.include('etween us').and.not.include(hidden.protocol)
  })

  it('carry the own words of a work order’s closing to the reporter of each report', async () => {
    const [one, two] = [await send('one@home.example'), await send('two@home.example')]
    const order = (await post('/api/staff/work', { reports: [one.id, two.id], task: 'Fill', crew: 'crew-west', day: '2026-12-01' }, { cookie: head })).body['id'] as string // prettier-ignore
    await post(`/api/staff/work/${order}/acts`, { act: 'done', at: new Date().toISOString() }, { cookie: head, headers: { 'Idempotency-Key': 'done-by-the-test' } }) // prettier-ignore
    const reports = [{ id: one.id, note: 'The hole at your door is filled' }, { id: two.id, note: 'We filled it, thank you' }] // prettier-ignore
    expect((await post(`/api/staff/work/${order}/closing`, { reports }, { cookie: head })).status).to.equal(200)
    const letters = await tell()
    expect(letters).to.have.length(2)
    for (const [to, own, other] of [
      ['one@home.example', 'at your door', 'thank you'],
      ['two@home.example', 'thank you', 'at your door'],
    ] as const)
      expect(only(letters, to).words).to.include(own).and.include('Resolved').and.not.include(other)
  })

  it('end with one tap, for that report and that person (RFC 8058)', async () => {
    const report = await send()
    const other = await send()
    await support(report.id, 'MARIA@home.example')
    await support(report.id, 'eleni@home.example')
    await move(report.id, 'acknowledged')
    const { letter, words } = only(await tell(), 'maria@home.example')
    expect(letter).to.include('List-Unsubscribe-Post: List-Unsubscribe=One-Click')
    const address = /^List-Unsubscribe:\s+<([^>]+)>/m.exec(letter)?.[1] ?? ''
    expect(address).to.match(new RegExp(`^${world.url}/api/report-letters/[0-9a-f]{32}/stop$`))
    const looked = await fetch(address, { redirect: 'manual' })
    expect([looked.status, looked.headers.get('location')]).to.deep.equal([303, `/stop-letters/${address.split('/').at(-2)}`]) // prettier-ignore
    expect(words).to.include(`${world.url}${looked.headers.get('location')}`)
    expect(await world.db('report_letter').whereNotNull('stopped_at'), 'looking ends nothing').to.deep.equal([])
    const body = new URLSearchParams({ 'List-Unsubscribe': 'One-Click' })
    for (const time of ['first', 'again'])
      expect((await fetch(address, { method: 'POST', body })).status, time).to.equal(204)
    earlier = mail.letters.length
    await move(report.id, 'in_progress')
    await move(other.id, 'in_progress')
    const letters = await tell()
    expect(letters.map(({ to }) => to)).to.have.members(['eleni@home.example', 'maria@home.example'])
    expect(only(letters, 'maria@home.example').subject).to.include(other.protocol)
    expect((await post('/api/report-letters/nothing/stop', undefined)).status, 'a wrong one tells nothing').to.equal(
      204,
    )
  })

  it('tell what may be told when they go: nothing to who took the words back, is forgotten or has ended them meanwhile', async () => {
    const [back, gone, old, ended, stays] = [await send('back@home.example'), await send('gone@home.example'), await send('old@home.example'), await send('ended@home.example'), await send('stays@home.example')] // prettier-ignore
    for (const { id } of [back, gone, old, ended, stays]) await move(id, 'resolved')
    mail.isBusy = true
    await world.db('report_news').update({ changed_at: world.db.raw(`now() - interval '5 minutes'`) })
    await look()
    await until(async () => (await world.db('pgboss.job').where({ name: 'report-letter', state: 'retry' })).length === 5) // prettier-ignore
    await request('PATCH', `/api/follow/${back.follow_url.split('/follow/')[1]}`, { body: { description: '' } })
    await world.db('case_record').where({ id: gone.id }).delete()
    await world
      .db('report')
      .where({ id: old.id })
      .update({ closed_at: world.db.raw(`now() - interval '10 years'`) })
    await retain(world.db, { isDryRun: false })
    const { token } = await world.db('report_letter').where({ report_id: ended.id }).first('token')
    await post(`/api/report-letters/${token}/stop`, undefined)
    mail.isBusy = false
    await world.db.raw(`UPDATE pgboss.job SET start_after = now() WHERE name = 'report-letter' AND state = 'retry'`)
    await settled()
    expect((await tell()).map(({ to }) => to)).to.deep.equal(['stays@home.example'])
  })

  it('are put down in one statement for all, and looked after by one node alone', async () => {
    const report = await send()
    for (let n = 0; n < 20; n++) await support(report.id, `n${n}@home.example`)
    await move(report.id, 'acknowledged')
    await world.db('report_news').update({ changed_at: world.db.raw(`now() - interval '5 minutes'`) })
    await Promise.all([look(), look(), look()])
    expect(await tell()).to.have.length(21)
  })
})
