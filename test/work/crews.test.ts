import { expect } from 'chai'
import { get, point, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const both = (text: string) => ({ el: text, en: text })

describe('crews', () => {
  let admin: string
  let head: string
  let parks: string

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.crew('gardeners', 'parks')
    await make.account('admin@town.example', 'administrator')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    ;[admin, head, parks] = await Promise.all(['admin', 'head', 'parks'].map((name) => signIn(`${name}@town.example`))) as [string, string, string] // prettier-ignore
    for (const slug of ['lift', 'electricity'])
      await request('PUT', `/api/staff/skills/${slug}`, { cookie: admin, body: { title: both(slug) } })
  })

  const crew = async (slug: string, cookie = admin) =>
    (await get('/api/staff/crews', { cookie })).body.find((one: { slug: string }) => one.slug === slug)
  const change = (slug: string, body: Record<string, unknown>, cookie = admin) =>
    request('PATCH', `/api/staff/crews/${slug}`, { cookie, body })

  it('have a shift from the start, their people, and the areas that the rules give them', async () => {
    expect(await crew('crew-west')).to.deep.include({
      ...{ shift_from: '07:00', shift_to: '15:00', weekdays: [1, 2, 3, 4, 5], depot: null, load_units: null },
      ...{ is_active: true, skills: [], version: 1 },
      areas: [{ layer: 'district', slug: 'west', title: both('west') }],
    })
    const { members } = await crew('crew-west')
    expect(members.map(({ name, role }: { name: string; role: string }) => [name, role])).to.deep.equal([
      ['west@town.example', 'crew_member'],
    ])
    await world.db('account').where({ email: 'west@town.example' }).update({ disabled_at: world.db.fn.now() })
    expect((await crew('crew-west')).members).to.deep.equal([])
  })

  it('are changed by whoever gives rights, with an entry in the audit; a stale change is refused with both versions', async () => {
    const facts = { vehicle: 'Φορτηγό', load_units: 12, shift_from: '06:30', weekdays: [1, 6], depot: point(23.004, 37.004) } // prettier-ignore
    const { status, body } = await change('crew-west', { version: 1, ...facts, skills: ['lift'] })
    expect(status).to.equal(200)
    expect(body).to.deep.include({ ...facts, shift_to: '15:00', version: 2 })
    expect(body['skills']).to.deep.equal([{ slug: 'lift', title: both('lift') }])
    const stale = await change('crew-west', { version: 1, vehicle: 'x' })
    expect(stale.status).to.equal(409)
    expect(stale.body['current'].vehicle).to.equal('Φορτηγό')
    expect(stale.body['yours'].vehicle).to.equal('x')
    const audit = await world.db('audit_entry').where({ action: 'crew.change' }).first()
    expect(audit.subject_id).to.equal('crew-west')
    const nowhere = await change('crew-west', { version: 2, depot: null })
    expect(nowhere.body['depot']).to.equal(null)
  })

  it('are seen by their own department only, and changed by nobody of it', async () => {
    expect(await crew('crew-west', head)).to.not.equal(undefined)
    expect(await crew('crew-west', parks)).to.equal(undefined)
    expect((await change('crew-west', { version: 3, vehicle: 'x' }, head)).status).to.equal(403)
    expect((await request('PUT', '/api/staff/skills/lift', { cookie: head, body: { title: both('x') } })).status).to.equal(403) // prettier-ignore
  })

  it('are added once to a department that there is', async () => {
    const input = { slug: 'night', title: both('Night'), department: 'works', shift_from: '15:00', shift_to: '23:00' }
    expect((await post('/api/staff/crews', input, { cookie: admin })).status).to.equal(201)
    expect((await post('/api/staff/crews', input, { cookie: admin })).status).to.equal(409)
    expect((await post('/api/staff/crews', { ...input, slug: 'n2', department: 'moon' }, { cookie: admin })).status).to.equal(422) // prettier-ignore
    const backwards = await post('/api/staff/crews', { ...input, slug: 'n3', shift_from: '16:00', shift_to: '15:00' }, { cookie: admin }) // prettier-ignore
    expect(backwards.body['errors'][0].path).to.equal('shift_to')
    expect((await change('crew-east', { version: 1, skills: ['flying'] })).body['errors'][0].path).to.equal('skills')
  })

  it('keep a skill that is needed, and lose one that is not', async () => {
    const gone = (slug: string) => request('DELETE', `/api/staff/skills/${slug}`, { cookie: admin })
    expect((await gone('lift')).status).to.equal(409)
    expect((await gone('electricity')).status).to.equal(204)
    expect((await gone('electricity')).status).to.equal(404)
  })

  describe('and what orders ask of them', () => {
    const order = async (more: Record<string, unknown> = {}) => {
      const { body } = await post('/api/reports', pothole(23.005, 37.01))
      return (await post('/api/staff/work', { reports: [body['id']], task: 'x', ...more }, { cookie: head })).body
    }

    it('is half an hour, one unit and no window until somebody says otherwise; due when its report is', async () => {
      const { id, properties } = await order()
      expect(properties).to.deep.include({ planned_min: 30, load_units: 1, window: null, skills: [], planned_at: null })
      const report = await world.db('report').first('due_at').orderBy('created_at', 'desc')
      expect(Date.parse(properties.due_at)).to.equal(Date.parse(report.due_at))
      const window = { from: '09:00', to: '11:30' }
      const { body } = await request('PATCH', `/api/staff/work/${id}`, {
        cookie: head,
        body: { version: 1, planned_min: 45, load_units: 3, window, skills: ['lift'] },
      })
      expect(body['properties']).to.deep.include({ planned_min: 45, load_units: 3, window })
      expect(body['properties'].skills[0].slug).to.equal('lift')
      const wrong = await request('PATCH', `/api/staff/work/${id}`, {
        cookie: head,
        body: { version: 2, window: { from: '11:00', to: '09:00' } },
      })
      expect(wrong.body['errors'][0].path).to.equal('window.to')
      await world.db('report').update({ closed_at: world.db.fn.now(), status: 'resolved' })
      const closed = await get(`/api/staff/work/${id}`, { cookie: head })
      expect(closed.body['properties'].due_at).to.equal(null)
    })

    it('is the median of what such work has taken, once there are five', async () => {
      for (const minutes of [10, 20, 50, 60]) {
        const { id } = await order()
        await world.db('work_order').where({ id }).update({ status: 'done', spent_min: minutes, finished_at: world.db.fn.now() }) // prettier-ignore
      }
      expect((await order()).properties.planned_min).to.equal(30)
      const { id } = await order()
      await world
        .db('work_order')
        .where({ id })
        .update({ status: 'done', spent_min: 55, finished_at: world.db.fn.now() })
      expect((await order()).properties.planned_min).to.equal(50)
      expect((await order({ planned_min: 5 })).properties.planned_min).to.equal(5)
    })
  })
})
