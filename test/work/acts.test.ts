import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import sharp from 'sharp'
import { decide } from '../../backend/work/workflow.ts'
import { destroyFiles } from '../../backend/cases/service.ts'
import { retain } from '../../backend/reports/retention/run.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const DAY = '2026-12-01'
const EARLIER = '2026-11-20T08:30:00.000Z'

describe('what a crew did', () => {
  let head: string, west: string, colleague: string, east: string
  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    for (const [name, crew] of [
      ['west', 'crew-west'],
      ['colleague', 'crew-west'],
      ['east', 'crew-east'],
    ] as const)
      // prettier-ignore
      await make.account(`${name}@town.example`, 'crew_member', { department: 'works', crew })
    head = await signIn('head@town.example')
    west = await signIn('west@town.example')
    colleague = await signIn('colleague@town.example')
    east = await signIn('east@town.example')
  })

  const send = async () =>
    (await post('/api/reports', pothole(23.005, 37.01))).body as { id: string; protocol: string; follow_url: string }
  const planned = async (reports: string[] = []) => {
    const input = { reports: reports.length > 0 ? reports : [(await send()).id], task: 'Fill the hole', crew: 'crew-west', day: DAY } // prettier-ignore
    return (await post('/api/staff/work', input, { cookie: head })).body['id'] as string
  }
  const act = (id: string, body: Record<string, unknown>, { cookie = west, key = randomUUID() as string } = {}) =>
    post(`/api/staff/work/${id}/acts`, { at: EARLIER, ...body }, { cookie, headers: { 'Idempotency-Key': key } })
  const read = async (id: string) => (await get(`/api/staff/work/${id}`, { cookie: head })).body
  const upload = async () => {
    const form = new FormData()
    const picture = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#888' } }).jpeg().toBuffer() // prettier-ignore
    form.set('file', new Blob([new Uint8Array(picture)]), 'photo.jpg')
    return ((await (await fetch(`${world.url}/api/uploads`, { method: 'POST', body: form })).json()) as { id: string }).id // prettier-ignore
  }

  it('is kept with the times at which it happened, however late it comes', async () => {
    const id = await planned()
    await act(id, { act: 'arrive', at: '2026-11-20T08:00:00.000Z' })
    const { body } = await act(id, {
      act: 'done',
      note: 'Filled',
      materials: '2 bags',
      spent_min: 35,
      cost_cents: 4200,
    })
    expect(body['refusal']).to.equal(null)
    const order = await read(id)
    expect(order['properties'].status).to.equal('done')
    expect(order).to.deep.include({ materials: '2 bags', spent_min: 35, cost_cents: 4200, outcome: 'Filled' })
    expect(new Date(order['started_at']).toISOString()).to.equal('2026-11-20T08:00:00.000Z')
    expect(new Date(order['finished_at']).toISOString()).to.equal(EARLIER)
    expect(order['timeline'].map((e: { status: string }) => e.status)).to.deep.equal(['draft', 'planned', 'under_way', 'done']) // prettier-ignore
  })

  it('never lies in the future, whatever the clock of the phone says', async () => {
    const id = await planned()
    await act(id, { act: 'done', at: '2099-01-01T00:00:00Z' })
    expect(Date.parse((await read(id))['finished_at'])).to.be.at.most(Date.now())
  })

  it('counts once, however often it is sent', async () => {
    const id = await planned()
    const key = randomUUID()
    const body = { act: 'note', note: 'The gate is locked', photos: [{ id: await upload(), moment: 'before' }] }
    for (let n = 0; n < 3; n++) expect((await act(id, body, { key })).body['refusal']).to.equal(null)
    await Promise.all([act(id, { act: 'arrive' }, { key: 'same' }), act(id, { act: 'arrive' }, { key: 'same' })])
    const order = await read(id)
    expect(order['timeline'].filter((e: { kind: string }) => e.kind === 'note')).to.have.length(1)
    expect(order['timeline'].filter((e: { status: string }) => e.status === 'under_way')).to.have.length(1)
    expect(order['photos']).to.have.length(1)
    expect((await act(id, { ...body, note: 'Another' }, { key })).body['type']).to.include('key-reused')
  })

  it('wins when it is the first to finish; the second is kept as a note, with its photos', async () => {
    const id = await planned()
    await act(id, { act: 'not_possible', note: 'A car stands on it' })
    const photos = [{ id: await upload(), moment: 'after' }]
    const { body, status } = await act(
      id,
      { act: 'done', note: 'Filled it', spent_min: 20, photos },
      { cookie: colleague },
    )
    expect(status).to.equal(200)
    expect(body['refusal']).to.equal('finished')
    expect(body['message'].en).to.include('kept as a note')
    const order = await read(id)
    expect(order['properties'].status).to.equal('not_possible')
    expect(order['spent_min']).to.equal(null)
    expect(order['photos']).to.have.length(1)
    expect(order['timeline'].at(-1)).to.include({ kind: 'refused', status: 'done', note: 'Filled it · 20′' })
  })

  it('changes nothing on an order that was cancelled meanwhile, and says so', async () => {
    const id = await planned()
    await post(`/api/staff/work/${id}/cancel`, { version: 2, reason: 'The owner did it' }, { cookie: head })
    const { body } = await act(id, { act: 'done', note: 'Filled' })
    expect(body['refusal']).to.equal('cancelled')
    expect(body['order'].properties.status).to.equal('cancelled')
    expect((await read(id))['timeline'].at(-1)).to.include({ kind: 'refused', note: 'Filled' })
  })

  it('is kept where the order went to another crew meanwhile, and shows nothing of it', async () => {
    const id = await planned()
    await post(`/api/staff/work/${id}/plan`, { version: 2, crew: 'crew-east', day: DAY }, { cookie: head })
    const { body } = await act(id, { act: 'done', note: 'Filled' })
    expect(body).to.deep.include({ refusal: 'given_away', order: null })
    const order = await read(id)
    expect(order['properties']).to.deep.include({ status: 'planned' })
    expect(order['timeline'].at(-1)).to.include({ kind: 'refused', note: 'Filled' })
    expect((await act(id, { act: 'done' }, { cookie: east })).body['refusal']).to.equal(null)
  })

  it('needs a reason where it was not possible, and photos that are there', async () => {
    const id = await planned()
    expect((await act(id, { act: 'not_possible' })).body['type']).to.include('reason-needed')
    const photos = [{ id: randomUUID(), moment: 'after' }]
    expect((await act(id, { act: 'done', photos })).body['type']).to.include('unknown-photo')
    expect((await read(id))['properties'].status).to.equal('planned')
  })

  it('shows its photos to the staff of the order, and to nobody else', async () => {
    const id = await planned()
    const photo = await upload()
    await act(id, { act: 'done', photos: [{ id: photo, moment: 'after' }] })
    const [{ url, moment }] = (await read(id))['photos']
    expect(moment).to.equal('after')
    expect((await get(url, { cookie: west })).headers.get('content-type')).to.equal('image/jpeg')
    expect((await get(url, { cookie: east })).status).to.equal(404)
    expect((await get(url)).status).to.equal(401)
    expect((await get(`/api/photos/${photo}`)).status).to.equal(404)
    expect((await get(`/api/photos/${photo}`, { cookie: east })).status).to.equal(404)
  })

  it('may be planned again where it was not possible', async () => {
    const id = await planned()
    await act(id, { act: 'not_possible', note: 'A car' })
    const { body } = await post(
      `/api/staff/work/${id}/plan`,
      { version: 3, crew: 'crew-west', day: DAY },
      { cookie: head },
    )
    expect(body['properties'].status).to.equal('planned')
    expect(body['finished_at']).to.equal(null)
    expect((await act(id, { act: 'done' })).body['refusal']).to.equal(null)
  })

  it('follows one rule for every state and act', () => {
    const cases = [
      ['draft', 'done', 'done', null],
      ['planned', 'arrive', 'under_way', null],
      ['under_way', 'arrive', null, null],
      ['under_way', 'not_possible', 'not_possible', null],
      ['done', 'arrive', null, 'finished'],
      ['done', 'done', null, 'finished'],
      ['not_possible', 'not_possible', null, 'finished'],
      ['cancelled', 'done', null, 'cancelled'],
      ['cancelled', 'note', null, null],
    ] as const
    for (const [status, what, to, refusal] of cases)
      expect(decide({ status, offer: null, isOwn: true }, what), `${what} on ${status}`).to.deep.equal({ to, refusal })
    expect(decide({ status: 'planned', offer: null, isOwn: false }, 'done')).to.deep.equal({
      to: null,
      refusal: 'given_away',
    })
  })

  describe('and its reports', () => {
    const close = (id: string, reports: { id: string; note: string }[], cookie = west, photos: string[] = []) =>
      post(`/api/staff/work/${id}/closing`, { reports, photos }, { cookie })
    const follow = async (url: string) => (await get(`/api/follow/${url.split('/follow/')[1]}`)).body

    it('stay open until somebody confirms; then each reporter and supporter reads the words', async () => {
      const [one, two, other] = [await send(), await send(), await send()]
      const support = await post(`/api/reports/${one.id}/support`, { device: 'a-device-of-the-test' })
      const id = await planned([one.id, two.id])
      expect((await close(id, [{ id: one.id, note: 'x' }])).body['type']).to.include('not-done')
      await act(id, { act: 'done', note: 'Filled', at: new Date().toISOString() })
      const { reports } = await read(id)
      expect(reports.map((r: { may_close: boolean; status: string }) => [r.may_close, r.status])).to.deep.equal([[true, 'in_progress'], [true, 'in_progress']]) // prettier-ignore
      const toClose = async () => (await get('/api/staff/reports-to-close', { cookie: head })).body.map((r: { id: string }) => r.id) // prettier-ignore
      expect(await toClose()).to.include.members([one.id, two.id])
      expect((await close(id, [{ id: other.id, note: 'x' }])).status).to.equal(404)
      const { status, body } = await close(id, [
        { id: one.id, note: 'The hole at your door is filled' },
        { id: two.id, note: 'We filled it, thank you' },
      ])
      expect(status).to.equal(200)
      expect(body['reports'].map((r: { may_close: boolean }) => r.may_close)).to.deep.equal([false, false])
      for (const [url, note] of [
        [one.follow_url, 'The hole at your door is filled'],
        [support.body['follow_url'], 'The hole at your door is filled'],
        [two.follow_url, 'We filled it, thank you'],
      ]) {
        const seen = await follow(url)
        expect(seen['properties'].status).to.equal('resolved')
        expect(seen['timeline'].at(-1)).to.include({ status: 'resolved', note })
      }
      expect(await toClose()).to.not.include(one.id)
      expect(await world.db('audit_entry').where({ action: 'report.change', subject_id: one.id }).first()).to.exist
    })

    it('show the photos of what was done that somebody chose, and no others; each report has its own', async () => {
      const [one, two] = [await send(), await send()]
      const id = await planned([one.id, two.id])
      const [before, after, kept] = [await upload(), await upload(), await upload()]
      await act(id, { act: 'arrive', photos: [{ id: before, moment: 'before' }] })
      await act(id, { act: 'done', photos: [after, kept].map((photo) => ({ id: photo, moment: 'after' })) })
      const words = [one, two].map((report) => ({ id: report.id, note: 'Filled' }))
      for (const wrong of [before, await upload()]) {
        const { status, body } = await close(id, words, west, [wrong])
        expect([status, body['type'], body['errors'][0].path]).to.deep.equal([422, 'urn:asty:problem:unknown-photo', 'photos']) // prettier-ignore
      }
      expect((await close(id, words, west, [after])).status).to.equal(200)
      const shown: string[] = []
      for (const { id: report, follow_url } of [one, two]) {
        for (const seen of [(await get(`/api/reports/${report}`)).body, await follow(follow_url)]) {
          expect(seen['photos']).to.have.length(1)
          const photo = await fetch(world.url + seen['photos'][0].url)
          expect([photo.status, photo.headers.get('content-type')]).to.deep.equal([200, 'image/jpeg'])
          expect(seen['photos'][0].id).to.not.be.oneOf([before, after, kept])
        }
        shown.push((await get(`/api/reports/${report}`)).body['photos'][0].id)
      }
      expect((await read(id))['photos'], 'the order keeps its own').to.have.length(3)
      for (const photo of [before, after, kept]) expect((await get(`/api/photos/${photo}`)).status).to.equal(404)
      const withdraw = (photo: string) => request('PATCH', `/api/staff/reports/${one.id}/photos/${photo}`, { cookie: head, body: { is_published: false } }) // prettier-ignore
      expect((await withdraw(shown[0]!)).status).to.equal(200)
      const statuses = await Promise.all(shown.map(async (photo) => (await get(`/api/photos/${photo}`)).status))
      expect(statuses, 'withdrawn from one, not from the other').to.deep.equal([404, 200])
      // When the time of one report has come, its copy goes, and the order keeps what the crew took.
      await world
        .db('report')
        .where({ id: two.id })
        .update({ closed_at: world.db.raw(`now() - interval '20 years'`) })
      await retain(world.db, { isDryRun: false })
      await destroyFiles(world.db, world.town.storage)
      expect(await world.town.storage.get(`${shown[1]}.jpg`)).to.equal(undefined)
      expect(await world.town.storage.get(`${shown[0]}.jpg`)).to.be.instanceOf(Uint8Array)
      expect((await read(id))['photos']).to.have.length(3)
    })

    it('show no photo that nobody chose, and none where the closing was refused', async () => {
      const [one, two] = [await send(), await send()]
      const id = await planned([one.id])
      const after = await upload()
      await act(id, { act: 'done', photos: [{ id: after, moment: 'after' }] })
      const outside = [one, two].map((report) => ({ id: report.id, note: 'x' }))
      expect((await close(id, outside, west, [after])).status).to.equal(404)
      expect((await get(`/api/reports/${one.id}`)).body['photos']).to.deep.equal([])
      expect((await close(id, [{ id: one.id, note: 'x' }])).status).to.equal(200)
      expect((await get(`/api/reports/${one.id}`)).body['photos']).to.deep.equal([])
    })

    it('close all or none', async () => {
      const [one, two] = [await send(), await send()]
      const id = await planned([one.id, two.id])
      await act(id, { act: 'done' })
      await post(`/api/staff/reports/${two.id}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
      expect((await close(id, [{ id: one.id, note: 'x' }, { id: two.id, note: 'x' }])).status).to.equal(409) // prettier-ignore
      expect((await follow(one.follow_url))['properties'].status).to.equal('in_progress')
    })

    it('are closed only by who may change them', async () => {
      await make.department('parks')
      await make.account('parks@town.example', 'department_head', { department: 'parks' })
      const parks = await signIn('parks@town.example')
      const { id: report } = await send()
      const { body } = await post('/api/staff/work', { reports: [report], task: 'Cut the branch', department: 'parks' }, { cookie: head }) // prettier-ignore
      await act(body['id'], { act: 'done' }, { cookie: parks })
      const seen = await get(`/api/staff/work/${body['id']}`, { cookie: parks })
      expect(seen.body['reports'][0].may_close).to.equal(false)
      expect((await close(body['id'], [{ id: report, note: 'x' }], parks)).status).to.equal(404)
    })
  })
})
