// One hole, many reports: "me too" before sending, one main report afterwards.
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { unzipSync } from 'fflate'
import { retain } from '../../backend/reports/retention/run.ts'
import { served } from '../../backend/core/http/serve.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const AT = [23.005, 37.01] as const
const M_LON = 1 / 88_800 // degrees of longitude in a metre here
const tokenOf = (url: string) => url.split('/follow/')[1] ?? ''
const send = async (more: Record<string, unknown> = {}, east_m = 0) =>
  (await post('/api/reports', pothole(AT[0] + east_m * M_LON, AT[1], more))).body as { id: string; protocol: string; follow_url: string } // prettier-ignore
const support = (id: string, body: Record<string, unknown> = {}, cookie?: string) =>
  post(`/api/reports/${id}/support`, { device: randomUUID(), ...body }, { cookie })
const follow = (url: string) => get(`/api/follow/${tokenOf(url)}`)
const row = (id: string) => world.db('report').where({ id }).first()

async function photo(): Promise<string> {
  const [{ id }] = await world.db('attachment').insert({ width_px: 4, height_px: 3, size_bytes: 9 }).returning('id')
  await world.town.storage.put(`${id}.jpg`, Buffer.from('a photo'))
  return id
}

async function town(): Promise<void> {
  await smallTown()
  await make.category('crack', { parent: 'roads' })
  await make.category('secret', { parent: 'roads', is_public: false })
  await make.department('parks')
  await make.account('head@town.example', 'department_head', { department: 'works' })
  await make.account('parks@town.example', 'department_head', { department: 'parks' })
  await make.account('maria@town.example', 'citizen')
}

describe('what is known already', () => {
  beforeEach(town)
  const near = async (query = '') =>
    (await get(`/api/reports/nearby?lon=${AT[0]}&lat=${AT[1]}&category=pothole${query}`)).body as unknown as {
      id: string
      likeness: number
    }[]

  it('comes likeliest first: by distance, category, age and words, also in greeklish', async () => {
    const far = await send({ description: 'Μεγάλη λακκούβα μπροστά στο σχολείο' }, 60)
    const sibling = await send({ category: 'crack' }, 20)
    const old = await send({}, 20)
    await world.db('report').where({ id: old.id }).update({ created_at: '2020-01-01' })
    const fresh = await send({}, 20)
    expect((await near()).map(({ id }) => id)).to.have.members([fresh.id, old.id, sibling.id, far.id])
    expect((await near())[0]?.id).to.equal(fresh.id)
    expect((await near()).at(-1)?.id).to.equal(far.id)
    for (const words of ['μεγαλη λακκουβα στο σχολειο', 'megali lakkouva mprosta sto sxoleio'])
      expect((await near(`&words=${encodeURIComponent(words)}`))[0]?.id, words).to.equal(far.id)
  })

  it('is looked for as far as the category says', async () => {
    const { id } = await send({}, 60)
    expect((await near()).map((each) => each.id)).to.deep.equal([id])
    await world.db('category').where({ slug: 'pothole' }).update({ same_place_m: 30 })
    expect(await near()).to.deep.equal([])
    expect(await near('&radius_m=100')).to.have.length(1)
  })

  it('stops a program that asks to be stopped, and stores nothing; without asking it is stored', async () => {
    const { id } = await send()
    const again = pothole(AT[0] + 10 * M_LON, AT[1], { description: 'Deep hole in the road' })
    const headers = { 'Idempotency-Key': 'a-program' }
    const { status, body } = await post('/api/reports?check_duplicates=true', again, { headers })
    expect(status).to.equal(409)
    expect(body['type']).to.equal('urn:asty:problem:likely-duplicate')
    expect(body['candidates'].map((each: { id: string }) => each.id)).to.deep.equal([id])
    expect(await world.db('report')).to.have.length(1)
    expect(await world.db('protocol_series').first('last_number')).to.deep.equal({ last_number: 1 })
    const cookie = await signIn('maria@town.example')
    const { key } = (await post('/api/me/keys', { title: 'App', scopes: ['reports.write'] }, { cookie })).body
    const ofKey = { ...headers, 'X-API-Key': key as string }
    expect((await post('/api/reports', again, { headers: ofKey })).status, 'with a key, without asking').to.equal(409)
    expect((await post('/api/reports?check_duplicates=false', again, { headers: ofKey })).status).to.equal(201)
    const elsewhere = pothole(AT[0] + 90 * M_LON, AT[1], { description: 'Κάτι εντελώς άλλο' })
    expect((await post('/api/reports?check_duplicates=true', elsewhere)).status).to.equal(201)
    const secret = pothole(AT[0], AT[1], { category: 'secret' })
    expect((await post('/api/reports?check_duplicates=true', secret)).status, 'in confidence').to.equal(201)
  })
})

describe('me too', () => {
  beforeEach(town)

  it('counts once a device, and gives everybody a link of their own', async () => {
    const report = await send()
    const device = randomUUID()
    const [first, again] = await Promise.all([support(report.id, { device }), support(report.id, { device })])
    expect([first.status, again.status]).to.deep.equal([201, 201])
    expect(again.body['follow_url']).to.equal(first.body['follow_url'])
    expect(first.body['follow_url']).to.not.equal(report.follow_url)
    const other = await support(report.id)
    expect(other.body).to.deep.include({ id: report.id, protocol: report.protocol, support_count: 2 })
    expect((await row(report.id)).support_count).to.equal(2)
    expect((await follow(other.body['follow_url'])).body).to.deep.include({ id: report.id, is_reporter: false })
    const anonymous = await post(`/api/reports/${report.id}/support`, {})
    expect(anonymous.body['errors'][0].path).to.equal('device')
  })

  it('counts an account and its browser once, and shows the report among its own', async () => {
    const report = await send()
    const device = randomUUID()
    const maria = await signIn('maria@town.example')
    const mine = await support(report.id, { device }, maria)
    expect((await support(report.id, { device: randomUUID() }, maria)).body).to.deep.equal(mine.body)
    const signedOut = await support(report.id, { device })
    expect(signedOut.body['follow_url'], 'others use the browser too').to.not.equal(mine.body['follow_url'])
    expect(signedOut.body['support_count']).to.equal(1)
    const { body } = await get('/api/me/reports', { cookie: maria })
    expect(body[0]).to.deep.include({ id: report.id, is_support: true, follow_url: mine.body['follow_url'] })
    const own = await post('/api/reports', pothole(...AT), { cookie: maria })
    expect((await support(own.body['id'], {}, maria)).body['type']).to.match(/own-report/)
  })

  it('joins an account later, once', async () => {
    const report = await send()
    const tokens = [await support(report.id), await support(report.id)].map(({ body }) => tokenOf(body['follow_url']))
    const maria = await signIn('maria@town.example')
    expect((await post('/api/me/reports', { tokens }, { cookie: maria })).body).to.deep.equal({ claimed: 1 })
    expect((await get('/api/me/reports', { cookie: maria })).body).to.have.length(1)
  })

  it('tells its words to staff and to nobody else, and its photos to nobody else before they are published', async () => {
    const given = await photo()
    const report = await send()
    const words = 'It broke my axle'
    const mine = (await support(report.id, { note: words, photos: [given] })).body['follow_url']
    const others = (await support(report.id)).body['follow_url']
    const head = await signIn('head@town.example')
    const staff = await get(`/api/staff/reports/${report.id}`, { cookie: head })
    expect(staff.body['properties'].support_count).to.equal(2)
    expect(staff.body['timeline'].find((t: { kind: string }) => t.kind === 'support')).to.deep.include({ note: words, is_public: false, said_by: 'supporter' }) // prettier-ignore
    expect(staff.body['photos']).to.have.length(1)
    for (const [door, sees] of [
      [mine, true],
      [others, false],
      [report.follow_url, false],
    ] as const) {
      const { body } = await follow(door)
      expect(JSON.stringify(body).includes(words), `${door} ${words}`).to.equal(sees)
      expect(body['photos'], door).to.have.length(sees ? 1 : 0)
      const seen = await get(`/api/photos/${given}?follow=${tokenOf(door)}`)
      expect(seen.status, door).to.equal(sees ? 200 : 404)
    }
    expect(JSON.stringify((await get(`/api/reports/${report.id}`)).body)).to.not.include(words)
    await request('PATCH', `/api/staff/reports/${report.id}/photos/${given}`, { cookie: head, body: { is_published: true } }) // prettier-ignore
    expect((await follow(report.follow_url)).body['photos']).to.have.length(1)
    expect((await support(report.id, { photos: [given] })).status, 'of another').to.equal(422)
  })

  it('is for open public reports only', async () => {
    const secret = await send({ category: 'secret' })
    const { status, body } = await support(secret.id)
    expect(status).to.equal(404)
    expect(body['title']).to.equal('Not found')
    const closed = await send()
    await world.db('report').where({ id: closed.id }).update({ status: 'resolved', closed_at: new Date() })
    for (const [language, title] of [
      ['en', 'The report is closed'],
      ['el', 'Η αναφορά έχει κλείσει'],
    ]) {
      const answer = await post(`/api/reports/${closed.id}/support`, { device: randomUUID() }, { headers: { 'Accept-Language': language as string } }) // prettier-ignore
      expect(answer.status).to.equal(409)
      expect(answer.body['title']).to.equal(title)
    }
    expect(await world.db('report_support')).to.deep.equal([])
  })

  it('lets address, device and account go with the time of the category, also when the reporter is forgotten before', async () => {
    const report = await send()
    await support(report.id, { email: 'maria@town.example' })
    await world.db('report').where({ id: report.id }).update({ status: 'resolved', closed_at: '2020-01-01', anonymised_at: '2020-01-01' }) // prettier-ignore
    expect((await retain(world.db, { isDryRun: true })).supporters).to.equal(1)
    expect((await retain(world.db, { isDryRun: false })).supporters).to.equal(1)
    expect(await world.db('report_support').first('email', 'device_hash', 'account_id')).to.deep.equal({ email: null, device_hash: null, account_id: null }) // prettier-ignore
    expect((await world.db('retention_run').first('supporters')).supporters).to.equal(1)
    expect((await retain(world.db, { isDryRun: false })).supporters).to.equal(0)
  })

  it('is taken along and forgotten with the account, whose report it is not', async () => {
    const given = await photo()
    const report = await send({ contact: { email: 'reporter@town.example' } })
    await support(report.id, { email: 'Maria@town.example', note: 'my words', photos: [given] })
    const maria = await signIn('maria@town.example')
    const response = await fetch(`${world.url}/api/me/export`, { headers: { Cookie: maria } })
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
    const text = Buffer.from(files['data.json'] ?? []).toString()
    const data = JSON.parse(text)
    expect(data.reports).to.deep.equal([])
    expect(data.supports[0]).to.deep.include({ protocol: report.protocol, email: 'Maria@town.example' })
    expect(data.supports[0].words[0].note).to.equal('my words')
    expect(text).to.not.include('reporter@town.example')
    expect(Object.keys(files)).to.include(`photos/${given}.jpg`)
    expect((await request('DELETE', '/api/me', { cookie: maria })).body).to.deep.equal({ reports_kept: 0 })
    expect(await world.db('report_support').first('email', 'device_hash', 'account_id')).to.deep.equal({ email: null, device_hash: null, account_id: null }) // prettier-ignore
    expect((await row(report.id)).contact).to.deep.equal({ email: 'reporter@town.example' })
  })
})

describe('treating reports together', () => {
  let head: string
  beforeEach(async () => {
    await town()
    head = await signIn('head@town.example')
  })
  const merge = (id: string, into: string, cookie = head) =>
    post(`/api/staff/reports/${id}/merge`, { into }, { cookie })
  const unmerge = (id: string) => post(`/api/staff/reports/${id}/unmerge`, undefined, { cookie: head })
  const move = (id: string, status: string, note = 'Done') => post(`/api/staff/reports/${id}/status`, { status, note }, { cookie: head }) // prettier-ignore

  it('keeps what is the report’s own, and says where it went', async () => {
    const [main, twin] = [await send(), await send({ description: 'The same hole' })]
    const { status, body } = await merge(twin.id, main.protocol)
    expect(status, JSON.stringify(body)).to.equal(200)
    expect(body).to.deep.include({ main: { id: main.id, protocol: main.protocol }, next_statuses: [] })
    const page = (await get(`/api/reports/${twin.id}`)).body
    expect(page['main']).to.deep.equal({ id: main.id, protocol: main.protocol })
    expect(page['properties']).to.deep.include({ protocol: twin.protocol, description: 'The same hole' })
    expect((await follow(twin.follow_url)).body['main'].protocol).to.equal(main.protocol)
    const seen = (await get(`/api/staff/reports/${main.id}`, { cookie: head })).body
    expect(seen['merged']).to.deep.equal([{ id: twin.id, protocol: twin.protocol }])
    expect((await move(twin.id, 'resolved')).body['type']).to.match(/merged-report/)
    expect((await support(twin.id)).body['id'], 'goes to the main one').to.equal(main.id)
    const trail = await world.db('audit_entry').where({ action: 'report.merge', subject_id: twin.id }).first('detail')
    expect(trail).to.deep.equal({ detail: { main: main.id } })
  })

  it('closes and opens with the main report, with its note', async () => {
    const [main, twin] = [await send(), await send()]
    await merge(twin.id, main.id)
    await move(main.id, 'in_progress')
    expect((await row(twin.id)).status).to.equal('submitted')
    await move(main.id, 'resolved', 'Filled')
    const { body } = await get(`/api/reports/${twin.id}`)
    expect(body['properties'].status).to.equal('resolved')
    expect(body['timeline'].at(-1)).to.deep.include({ status: 'resolved', note: 'Filled' })
    await move(main.id, 'in_progress')
    expect(await row(twin.id)).to.deep.include({ status: 'in_progress', closed_at: null })
  })

  /** All that belongs to a report; added: kinds of the entries that it has more than before, which must all be there still. */
  async function keptOf({ id }: { id: string }) {
    const story = await world.db('timeline_entry').where({ case_id: id }).orderBy('id')
    const supports = await world.db('report_support').where({ report_id: id }).orderBy('id')
    const rest = {
      supports,
      photos: await world.db('attachment').where({ case_id: id }).orderBy('id'),
      givers: await world.db('report_support_photo').whereIn('support_id', supports.map((each) => each.id)).orderBy('photo_id'), // prettier-ignore
      words: await world.db('report_words').whereIn('timeline_entry_id', story.map((each) => each.id)).orderBy('timeline_entry_id'), // prettier-ignore
      people: (await row(id)).people_count,
    }
    const added = (before: { story: typeof story; rest: typeof rest }): string[] => {
      expect(rest).to.deep.equal(before.rest)
      expect(story.slice(0, before.story.length)).to.deep.equal(before.story)
      return story.slice(before.story.length).map(({ kind }) => kind)
    }
    return { story, rest, added }
  }

  it('loses nothing when it is undone, also after the main report has closed', async () => {
    const [main, twin] = [await send(), await send({ photos: [await photo()] })]
    const given = (await support(twin.id, { note: 'It broke my wheel', photos: [await photo()], email: 'maria@town.example' })).body // prettier-ignore
    await support(main.id, { note: 'Mine, too' })
    await post(`/api/staff/reports/${twin.id}/notes`, { note: 'Ask the water company' }, { cookie: head })
    await move(twin.id, 'waiting_for_citizen', 'On which side?')
    const answered = await post(`/api/follow/${tokenOf(twin.follow_url)}/answer`, { words: 'On the left' })
    expect(answered.status).to.equal(200)
    await move(twin.id, 'acknowledged')
    const before = await row(twin.id)
    const kept = () => Promise.all([main, twin].map(keptOf))
    const had = await kept()
    const own = [await follow(twin.follow_url), await follow(given['follow_url'])]
    await merge(twin.id, main.id)
    await move(main.id, 'resolved', 'Filled')
    const { status, body } = await unmerge(twin.id)
    expect(status, JSON.stringify(body)).to.equal(200)
    const { updated_at: _, ...after } = await row(twin.id)
    const { updated_at: __, ...same } = before
    expect(after).to.deep.equal(same)
    // Only what was done to them has been added to their stories.
    const [mainHas, twinHas] = await kept()
    expect(twinHas!.added(had[1]!)).to.deep.equal(['merged', 'status', 'unmerged'])
    expect(mainHas!.added(had[0]!)).to.deep.equal(['merged', 'status', 'unmerged'])
    const seen = [await follow(twin.follow_url), await follow(given['follow_url'])]
    for (const [n, { body: then }] of own.entries()) {
      const now = seen[n]!.body
      expect(now['photos']).to.deep.equal(then['photos']).and.have.length(1)
      expect(now['timeline'].slice(0, then['timeline'].length)).to.deep.equal(then['timeline'])
      expect({ ...now['properties'], updated_at: '' }).to.deep.equal({ ...then['properties'], updated_at: '' })
    }
    expect(own[1]!.body['timeline'].map(({ note }: { note: string | null }) => note)).to.include('It broke my wheel')
    expect((await row(main.id)).status).to.equal('resolved')
    expect((await unmerge(twin.id)).body['type']).to.match(/not-merged/)
    expect((await get(`/api/reports/${twin.id}`)).body['main']).to.equal(null)
  })

  it('makes no chains: what is merged stands for its main report', async () => {
    const [main, twin, third] = [await send(), await send(), await send()]
    await merge(twin.id, main.id)
    expect((await merge(third.id, twin.protocol)).body['main'].id).to.equal(main.id)
    for (const [id, into] of [
      [main.id, twin.id],
      [main.id, main.id],
      [twin.id, third.id],
      [main.id, (await send()).id],
    ] as const)
      // prettier-ignore
      expect((await merge(id, into)).body['type'], `${id} into ${into}`).to.match(/merge-not-allowed/)
    const closed = await send()
    await move(closed.id, 'resolved')
    expect((await merge(closed.id, main.id)).status).to.equal(409)
    expect(await world.db('report').whereNotNull('main_id').orderBy('main_id').pluck('main_id')).to.deep.equal([main.id, main.id]) // prettier-ignore
  })

  it('ends in one main report when two are merged crosswise at once', async () => {
    const [one, two] = [await send(), await send()]
    const answers = await Promise.all([merge(one.id, two.id), merge(two.id, one.id)])
    expect(answers.map(({ status }) => status).toSorted()).to.deep.equal([200, 409])
  })

  it('wants the right for both', async () => {
    const [main, twin] = [await send(), await send()]
    await post(`/api/staff/reports/${main.id}/assign`, { department: 'parks' }, { cookie: head })
    expect((await merge(twin.id, main.id)).status).to.equal(404)
    expect((await merge(main.id, twin.id)).status).to.equal(404)
    expect((await merge(twin.id, main.id, await signIn('parks@town.example'))).status).to.equal(404)
    expect((await merge(twin.id, '2026/999999')).status).to.equal(404)
  })

  it('tells nobody of a private report: not its main page, not its main page’s reporter, not open data', async function () {
    // Some hundred doors, on a machine that may run other suites.
    this.timeout(240_000)
    const words = 'a neighbour nobody must know of'
    const [main, secret] = [await send(), await send({ category: 'secret', description: words })]
    expect((await merge(main.id, secret.id)).body['type'], 'public into private').to.match(/merge-not-allowed/)
    expect((await merge(secret.id, main.id)).status).to.equal(200)
    await move(main.id, 'in_progress', 'On our way')
    expect((await follow(secret.follow_url)).body['main'].protocol, 'its own reporter').to.equal(main.protocol)
    const doors = [
      `/api/follow/${tokenOf(main.follow_url)}`,
      `/api/follow/${tokenOf((await support(main.id)).body['follow_url'])}`,
      ...served
        .filter(({ endpoint, may }) => endpoint.method === 'GET' && may === 'anyone')
        .map(({ endpoint }) => endpoint.path.replace('{id}', main.id).replace('{dataset}', 'reports').replace('{collection}', 'reports').replace('{format}', 'json').replace(/\{\w+\}/g, 'report')), // prettier-ignore
    ]
    for (const door of doors) {
      const text = JSON.stringify((await get(door)).body)
      for (const trace of [words, secret.id, secret.protocol, secret.protocol.replace('/', '-'), '"merged"'])
        expect(text, `${door}: ${trace}`).to.not.include(trace)
    }
    const other = await send({ category: 'secret' })
    const third = await send({ category: 'secret' })
    await merge(third.id, other.id)
    const theirs = JSON.stringify((await follow(third.follow_url)).body)
    for (const trace of [other.id, other.protocol, '"merged"']) expect(theirs, trace).to.not.include(trace)
  })
})
