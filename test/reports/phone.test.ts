// Reports by telephone: who calls, what became of it, and a new one in the same series.
import { expect } from 'chai'
import { sql } from '../../backend/core/db/sql.ts'
import { get, post, pothole, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('the telephone', () => {
  let agent: string, parks: string, crew: string

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('agent@town.example', 'agent')
    await make.account('parks@town.example', 'agent', { department: 'parks' })
    await make.account('crew@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    agent = await signIn('agent@town.example')
    parks = await signIn('parks@town.example')
    crew = await signIn('crew@town.example')
  })

  const register = (more: object = {}, cookie = agent, headers = {}) =>
    post('/api/staff/reports', { ...pothole(23.005, 37.01), language: 'el', ...more }, { cookie, headers })
  const find = (q: string, cookie = agent) =>
    post('/api/staff/callers', { q }, { cookie }) as Promise<{ status: number; body: any }> // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely

  const contact = { name: 'Μαρία Παπαδάκη', phone: '+30 22713 50001' }

  it('gives a call the next number of the one series, and remembers how it came', async () => {
    const before = (await post('/api/reports', pothole(23.005, 37.01))).body['protocol'] as string
    const { status, body, headers } = await register({ contact, notice_read: true })
    expect(status).to.equal(201)
    expect(Number(body['protocol'].slice(5))).to.equal(Number(before.slice(5)) + 1)
    expect(headers.get('location')).to.equal(`/api/staff/reports/${body['id']}`)
    const row = await world.db('report').where({ id: body['id'] }).first()
    expect(row).to.include({ channel: 'phone', language: 'el', reporter_id: null })
    expect(row.contact).to.deep.equal(contact)
    const [audit] = await world.db('audit_entry').where({ action: 'report.register', subject_id: body['id'] })
    expect(audit.detail).to.deep.equal({ notice_read: true })
    expect(body['crew'].slug, 'routed like any other').to.equal('crew-west')
  })

  it('keeps no contact of who was not told what becomes of it', async () => {
    const { status, body } = await register({ contact })
    expect([status, body['errors'][0].path]).to.deep.equal([422, 'notice_read'])
    expect((await register()).status, 'nameless').to.equal(201)
  })

  it('makes one report of one call, however often it is sent', async () => {
    const key = { 'Idempotency-Key': 'call-1' }
    const [first, second] = [await register({}, agent, key), await register({}, agent, key)]
    expect(second.body['id']).to.equal(first.body['id'])
  })

  it('finds what the caller has the number or the code of, without what tells how to reach who reported', async () => {
    const { body } = await register({ contact, notice_read: true })
    const { lookup_code } = await world.db('report').where({ id: body['id'] }).first('lookup_code')
    const spoken = lookup_code.replace(/(...)(...)(...)/, '$1 $2 $3')
    for (const q of [body['protocol'] as string, lookup_code, spoken]) {
      const found = (await find(q)).body
      expect(found.map(({ id }: { id: string }) => id), q).to.deep.equal([body['id']]) // prettier-ignore
      expect(found[0], q).to.include({ phone: '…001', email: null })
      expect((await find(q, parks)).body, 'of another department').to.deep.equal([])
    }
  })

  it('takes a "me too" of a caller, who is found by it from then on', async () => {
    const { id, protocol } = (await post('/api/reports', pothole(23.005, 37.01))).body as unknown as { id: string; protocol: string } // prettier-ignore
    const who = { name: 'Νίκος Βαρδής', phone: '22713 50077' }
    const join = (more: object = {}, cookie = agent) =>
      post(`/api/staff/reports/${id}/support`, { contact: who, language: 'el', notice_read: true, ...more }, { cookie })
    expect((await join({ notice_read: false })).body['errors'][0].path).to.equal('notice_read')
    expect((await join({}, crew)).status).to.equal(403)
    const { status, body } = await join({ note: 'In front of number 12' })
    expect(status, JSON.stringify(body)).to.equal(201)
    expect(body).to.include({ protocol, support_count: 1 })
    expect(body['lookup_code']).to.match(/^\d{9}$/)
    for (const q of ['2271350077', 'βαρδης'])
      expect((await find(q)).body[0], q).to.include({ protocol, name: who.name })
    expect((await find('2271350077', parks)).body).to.deep.equal([])
    expect((await find('βαρδης')).body[0].phone).to.equal('…077')
    const months = await world.db('category').where({ slug: 'pothole' }).first('contact_months')
    await world.db('report').where({ id }).update({ status: 'resolved', closed_at: world.db.raw('now() - make_interval(months => ?)', [months.contact_months + 1]) }) // prettier-ignore
    await sql(world.db, 'reports/anonymise_supports', { now: new Date().toISOString() })
    expect(await world.db('report_support').where({ report_id: id }).first('name', 'phone')).to.deep.equal({ name: null, phone: null }) // prettier-ignore
  })

  it('takes reports for which others must send a photo', async () => {
    await make.category('dump', { parent: 'roads' })
    await world.db('category').where({ slug: 'dump' }).update({ needs_photo: true })
    await make.form('dump', {
      questions: [{ code: 'plate', type: 'photo', title: both('Plate'), is_required: true }],
      stops: [],
    })
    expect((await register({ category: 'dump' })).status).to.equal(201)
    const [{ id }] = await world.db('attachment').insert({ width_px: 4, height_px: 3, size_bytes: 9 }).returning('id')
    const typed = (more: object) => post('/api/reports', { ...pothole(23.005, 37.01), category: 'dump', ...more })
    expect((await typed({ photos: [id] })).status, 'the question').to.equal(422)
    expect((await typed({})).status).to.equal(422)
    expect((await typed({ answers: { plate: id } })).status, 'a photo is a photo').to.equal(201)
  })

  it('asks what the category asks, and says when to call somebody else', async () => {
    await make.category('leak', { parent: 'roads' })
    await make.form('leak', {
      questions: [{ code: 'deep', type: 'yes_no', title: both('Deep?'), is_required: true }],
      stops: [{ text: both('Run'), phone: '112', only_when: { question: 'deep', values: ['true'] }, is_final: true }],
    })
    expect((await register({ category: 'leak' })).status).to.equal(422)
    expect((await register({ category: 'leak', answers: { deep: true } })).status).to.equal(409)
    expect((await register({ category: 'leak', answers: { deep: false } })).status).to.equal(201)
  })

  it('finds what somebody told before by the number, however it is written, with what became of it', async () => {
    const { body: sent } = await register({ contact: { ...contact, phone: '22713 50002' }, notice_read: true })
    const head = await make.account('head@town.example', 'department_head', { department: 'works' }).then(() => signIn('head@town.example')) // prettier-ignore
    await post(`/api/staff/reports/${sent['id']}/status`, { status: 'in_progress', note: 'On Monday' }, { cookie: head }) // prettier-ignore
    for (const q of ['2271350002', '+302271350002', '22713-50002']) {
      const { body } = await find(q)
      expect(body, q).to.have.length(1)
      expect(body[0]).to.include({ protocol: sent['protocol'], status: 'in_progress', last_note: 'On Monday', name: contact.name }) // prettier-ignore
    }
    expect((await find('2271350003')).body).to.deep.equal([])
    const views = await get(`/api/follow/${sent['follow_url'].split('/follow/')[1]}`)
    expect(views.body['contact_views'], 'the reporter reads of the look').to.have.length(3)
    const [look] = await world.db('audit_entry').where({ action: 'caller.find' }).orderBy('id', 'desc')
    expect(look.detail, 'and nothing of the number').to.deep.equal({ by: 'phone', found: 0 })
  })

  it('finds by a part of the name, and then tells no number', async () => {
    await register({ contact: { name: 'Γιάννης Ρίτσος', phone: '6971234567', email: 'g@mail.example' }, notice_read: true }) // prettier-ignore
    const { body } = await find('ριτσοσ')
    expect(body[0]).to.include({ name: 'Γιάννης Ρίτσος', phone: '…567', email: null })
    expect((await find('%_%')).body, 'no wildcards').to.deep.equal([])
  })

  it('shows nobody what is not theirs', async () => {
    await register({ contact: { name: 'Ξένη Άλλου', phone: '6970000001' }, notice_read: true })
    expect((await find('6970000001', parks)).body).to.deep.equal([])
    expect((await find('6970000001', crew)).status).to.equal(403)
    expect((await register({}, crew)).status).to.equal(403)
    expect((await register({}, '')).status).to.equal(401)
    expect((await find('69')).status).to.equal(422)
  })
})
