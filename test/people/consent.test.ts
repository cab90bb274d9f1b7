// The ledger of consents: what people agreed to, in which words, and what counts now.
import { expect } from 'chai'
import { unzipSync } from 'fflate'
import { get, post, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const words = (text: string) => ({
  title: { el: text, en: text },
  text: { el: `${text}, όλο`, en: `${text}, in full` },
})
const NEWS = '/api/me/consents/news'

describe('consents', () => {
  let admin: string
  let cookie: string
  let account: string

  const put = (path: string, body: unknown, who = cookie) => request('PUT', path, { cookie: who, body })
  const agree = (version: number, path = NEWS) => put(path, { granted: true, version })
  const withdraw = (path = NEWS) => put(path, { granted: false })
  const counting = async (): Promise<string[]> =>
    (await world.db('consent_now').where({ account_id: account }).orderBy('purpose').pluck('purpose')) as string[]
  const reword = (text: string, asks_anew: boolean) =>
    post('/api/staff/consent-purposes/news/wordings', { ...words(text), asks_anew }, { cookie: admin })
  const ledger = () => world.db('consent').orderBy('id').select('version', 'is_granted', 'channel')

  beforeEach(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    account = await make.account('maria@town.example', 'citizen')
    ;[admin, cookie] = [await signIn('admin@town.example'), await signIn('maria@town.example')]
    for (const [slug, contact] of [
      ['news', 'email'],
      ['sms', 'phone'],
      ['surveys', 'any'],
    ] as const)
      await post('/api/staff/consent-purposes', { slug, contact, ...words(slug) }, { cookie: admin })
  })

  it('are asked for in words, and nobody has agreed until they say so', async () => {
    const { body } = await get<Record<string, unknown>[]>('/api/me/consents', { cookie })
    expect(body.map(({ purpose }) => purpose)).to.deep.equal(['news', 'sms', 'surveys'])
    expect(body[0]).to.deep.include({
      ...words('news'),
      version: 1,
      is_granted: false,
      is_reachable: true,
      entries: [],
    })
    expect(await counting()).to.deep.equal([])
  })

  it('are given and withdrawn by one act each, and every answer stays', async () => {
    expect((await agree(1)).body).to.deep.include({ is_granted: true })
    expect(await counting()).to.deep.equal(['news'])
    await agree(1)
    expect(await ledger(), 'the same answer twice is one').to.have.length(1)
    expect((await withdraw()).body).to.deep.include({ is_granted: false })
    expect(await counting()).to.deep.equal([])
    await withdraw()
    const { body } = await agree(1)
    expect(body['entries'].map((each: { is_granted: boolean }) => each.is_granted)).to.deep.equal([true, false, true])
    expect(body['entries'][0]).to.deep.include({ version: 1, channel: 'portal', ...words('news') })
    expect(await counting()).to.deep.equal(['news'])
  })

  it('are entries that nobody changes, not even in the database', async () => {
    await agree(1)
    const refused = async (statement: string) => {
      const error = await world.db.raw(statement).then(() => null, (failure: Error) => failure) // prettier-ignore
      expect(error?.message, statement).to.match(/append-only/)
    }
    await refused('UPDATE consent SET is_granted = false')
    await refused('UPDATE consent SET account_id = NULL')
    await refused('DELETE FROM consent')
    await refused('TRUNCATE consent')
    await refused(`UPDATE consent_wording SET text = '{}'`)
    await refused('DELETE FROM consent_wording WHERE version = 7')
    await refused('TRUNCATE consent_wording, consent')
  })

  it('belong to the words that were read: other words ask anew, unless they mean the same', async () => {
    await agree(1)
    expect((await reword('news, more simply', false)).body['wordings'][0]).to.deep.include({ version: 2 })
    expect(await counting(), 'the same meaning').to.deep.equal(['news'])
    await reword('news and offers', true)
    expect(await counting(), 'another meaning').to.deep.equal([])
    const { body } = await get('/api/me/consents', { cookie })
    expect(body[0]).to.deep.include({ ...words('news and offers'), version: 3, is_granted: false })
    expect(body[0].entries[0]).to.deep.include({ version: 1, ...words('news') })

    const stale = await agree(1)
    expect(stale.status).to.equal(409)
    expect(stale.body['type']).to.match(/wording-changed/)
    expect((await put(NEWS, { granted: true })).status, 'without the words that were read').to.equal(422)
    await agree(3)
    expect(await counting()).to.deep.equal(['news'])
    expect((await ledger()).map(({ version }) => version)).to.deep.equal([1, 3])
  })

  it('want a contact that is proven, and count only while there is one', async () => {
    const refused = await agree(1, '/api/me/consents/sms')
    expect(refused.status).to.equal(409)
    expect(refused.body).to.deep.include({ contact: 'phone' })
    await agree(1, '/api/me/consents/surveys')
    await agree(1)
    const prove = (columns: object) => world.db('account').where({ id: account }).update(columns)
    await prove({ phone: '+306912345678', phone_verified_at: world.db.fn.now() })
    await agree(1, '/api/me/consents/sms')
    expect(await counting()).to.deep.equal(['news', 'sms', 'surveys'])
    await prove({ email_verified_at: null })
    expect(await counting(), 'either will do for surveys').to.deep.equal(['sms', 'surveys'])
    await request('DELETE', '/api/me/phone', { cookie })
    expect(await counting()).to.deep.equal([])
    expect((await withdraw('/api/me/consents/sms')).status, 'is always possible').to.equal(200)
    await prove({ email_verified_at: world.db.fn.now(), disabled_at: world.db.fn.now() })
    expect(await counting(), 'of a closed account').to.deep.equal([])
  })

  it('do not count while the municipality does not ask; withdrawing goes on', async () => {
    await agree(1)
    const toggle = (is_active: boolean) =>
      request('PATCH', '/api/staff/consent-purposes/news', { cookie: admin, body: { is_active } })
    expect((await toggle(false)).body).to.deep.include({ is_active: false, consents: 0 })
    expect(await counting()).to.deep.equal([])
    const { body } = await get<{ purpose: string }[]>('/api/me/consents', { cookie })
    expect(body[0], 'those who answered see it').to.deep.include({ purpose: 'news', is_active: false })
    expect((await agree(1)).status).to.equal(404)
    expect((await withdraw()).status).to.equal(200)
    expect((await toggle(true)).body).to.deep.include({ is_active: true, consents: 0 })
    expect((await agree(1, '/api/me/consents/nothing')).status).to.equal(404)
  })

  it('said at the desk or on the telephone are written down by staff, whose look is recorded', async () => {
    const path = `/api/staff/people/${account}/consents`
    const said = await put(`${path}/news`, { granted: true, version: 1, channel: 'phone' }, admin)
    expect(said.body['entries'][0]).to.deep.include({ channel: 'phone', is_granted: true })
    expect(await counting()).to.deep.equal(['news'])
    expect((await put(`${path}/news`, { granted: false, channel: 'portal' }, admin)).status).to.equal(422)
    expect((await get(path, { cookie: admin })).body).to.have.length(3)
    expect((await get('/api/staff/people/999999/consents', { cookie: admin })).status).to.equal(404)
    expect((await get(path, { cookie })).status).to.equal(403)
    const trail = await world
      .db('audit_entry')
      .where({ subject_id: account })
      .whereLike('action', 'consent.%')
      .orderBy('id')
      .select('action', 'detail')
    expect(trail).to.deep.equal([
      { action: 'consent.record', detail: { purpose: 'news', granted: true, version: 1, channel: 'phone' } },
      { action: 'consent.read', detail: {} },
    ])
    await withdraw()
    expect(await counting(), 'what staff wrote down, they take back themselves').to.deep.equal([])
  })

  it('leave with one’s data; of an erased account the entry stays, without a name', async () => {
    await agree(1)
    const response = await fetch(`${world.url}/api/me/export`, { headers: { Cookie: cookie } })
    const data = JSON.parse(
      Buffer.from(unzipSync(new Uint8Array(await response.arrayBuffer()))['data.json'] ?? []).toString(),
    )
    expect(data.account.consents[0].entries[0]).to.deep.include({ ...words('news'), version: 1, is_granted: true })

    expect((await request('DELETE', '/api/me', { cookie })).status).to.equal(200)
    expect(await world.db('consent').select('account_id', 'version', 'is_granted', 'channel')).to.deep.equal([
      { account_id: null, version: 1, is_granted: true, channel: 'portal' },
    ])
    expect(await world.db('consent_now').first()).to.equal(undefined)
  })

  it('are asked for only in whole words, in both languages, and once under a name', async () => {
    const add = (body: unknown) => post('/api/staff/consent-purposes', body, { cookie: admin })
    expect((await add({ slug: 'news', contact: 'email', ...words('again') })).status).to.equal(409)
    const { status, body } = await add({
      slug: 'New One',
      contact: 'post',
      title: { el: ' ', en: 'x' },
      text: { el: 'x' },
    })
    expect(status).to.equal(422)
    expect(body['errors'].map(({ path }: { path: string }) => path)).to.have.members([
      'slug',
      'contact',
      'title.el',
      'text.en',
    ])
    expect((await post('/api/staff/consent-purposes/nothing/wordings', words('x'), { cookie: admin })).status).to.equal(
      404,
    )
  })

  it('of two answers at once are both written down, one after the other', async () => {
    const answers = await Promise.all([agree(1), withdraw(), agree(1), withdraw()])
    expect(answers.map(({ status }) => status)).to.deep.equal([200, 200, 200, 200])
    const entries = await ledger()
    entries.forEach(({ is_granted }, index) => expect(is_granted).to.equal(index % 2 === 0))
  })
})
