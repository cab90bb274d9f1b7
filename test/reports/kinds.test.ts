// Other kinds of reports than faults: which states they know, mailboxes without a workflow, and what is over after a while.
import { expect } from 'chai'
import { expireReports } from '../../backend/reports/expiry.ts'
import { get, point, post, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

interface Sent {
  id: string
  follow_url: string
}

describe('kinds of reports', () => {
  let head: string
  const KINDS = {
    accident: { kind: 'incident' },
    'lost-dog': { kind: 'pet', expires_days: 60 },
    remark: { kind: 'note' },
    mailbox: { has_workflow: false, expires_days: 30 },
  }

  beforeEach(async () => {
    await smallTown()
    for (const [slug, handled] of Object.entries(KINDS)) {
      await make.category(slug, { parent: 'roads' })
      await world.db('category').where({ slug }).update(handled)
    }
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
  })

  const send = async (category: string): Promise<Sent> => {
    const report = { category, location: point(23.005, 37.01), description: 'Words of somebody' }
    return (await post('/api/reports', report)).body as unknown as Sent
  }
  const staff = async (id: string) => (await get(`/api/staff/reports/${id}`, { cookie: head })).body
  const next = async (id: string) => (await staff(id))['next_statuses']
  const move = (id: string, status: string, note = 'Words') =>
    post(`/api/staff/reports/${id}/status`, { status, note }, { cookie: head })
  const row = (id: string) => world.db('report').where({ id }).first()
  /** As if all that happened to it so far had happened days ago. */
  const age = async (id: string, days: number) => {
    const ago = world.db.raw('now() - make_interval(days => ?)', [days])
    await world.db('report').where({ id }).update({ created_at: ago })
    await world.db('timeline_entry').where({ case_id: id }).update({ at: ago })
  }
  const work = async (...reports: string[]) =>
    (await post('/api/staff/work', { reports, task: 'Look at it' }, { cookie: head })).body

  it('know the states that make sense for them', async () => {
    expect(await next((await send('pothole')).id)).to.include.members(['planned', 'in_progress', 'forwarded'])
    for (const kind of ['accident', 'lost-dog'])
      expect(await next((await send(kind)).id)).to.deep.equal(['acknowledged', 'in_progress', 'waiting_for_citizen', 'forwarded', 'resolved', 'rejected']) // prettier-ignore
    expect(await next((await send('remark')).id)).to.not.include.oneOf(['planned', 'forwarded'])
  })

  it('refuse other moves, one by one and many at once', async () => {
    const dog = await send('lost-dog')
    const hole = await send('pothole')
    const { status, body } = await move(dog.id, 'planned')
    expect(status).to.equal(409)
    expect(body['type']).to.match(/status-not-allowed/)
    const reports = await Promise.all([dog, hole].map(async ({ id }) => ({ id, seen_at: (await staff(id))['properties'].updated_at }))) // prettier-ignore
    const many = await post('/api/staff/reports/bulk', { reports, action: { kind: 'status', status: 'planned' } }, { cookie: head }) // prettier-ignore
    expect(many.body['results'].map(({ outcome }: { outcome: string }) => outcome)).to.deep.equal(['move_not_allowed', 'done']) // prettier-ignore
    expect((await row(dog.id)).status).to.equal('submitted')
  })

  it('do not follow work to a state that they do not know', async () => {
    const dog = await send('lost-dog')
    const hole = await send('pothole')
    const order = await work(dog.id, hole.id)
    const plan = { version: order['properties'].version, crew: 'crew-west', day: '2026-12-01' }
    expect((await post(`/api/staff/work/${order['id']}/plan`, plan, { cookie: head })).status).to.equal(200)
    expect((await row(hole.id)).status).to.equal('planned')
    expect((await row(dog.id)).status).to.equal('submitted')
  })

  describe('without a workflow', () => {
    it('are received, seen and answered', async () => {
      const { id } = await send('mailbox')
      expect(await next(id)).to.deep.equal(['acknowledged', 'resolved', 'rejected'])
      expect((await move(id, 'in_progress')).status).to.equal(409)
      expect((await move(id, 'forwarded', '')).body['type']).to.match(/status-not-allowed/)
      expect((await move(id, 'acknowledged')).status).to.equal(200)
      expect(await next(id)).to.deep.equal(['resolved', 'rejected'])
      await move(id, 'resolved')
      expect(await next(id)).to.deep.equal(['acknowledged'])
    })

    it('are seen once more when somebody says that it is not over', async () => {
      const { id, follow_url } = await send('mailbox')
      await move(id, 'resolved')
      await post(`/api/follow/${follow_url.split('/follow/')[1]}/reopen`, { words: 'Not answered' })
      expect((await row(id)).status).to.equal('acknowledged')
      const { body } = await get(`/api/reports/${id}`)
      expect(body['timeline'].at(-1)).to.deep.include({ kind: 'reopened', status: 'acknowledged' })
    })

    it('may leave a state that they knew before', async () => {
      const { id } = await send('pothole')
      await move(id, 'planned')
      await world.db('category').where({ slug: 'pothole' }).update({ has_workflow: false })
      expect(await next(id)).to.deep.equal(['acknowledged', 'resolved', 'rejected'])
      expect((await move(id, 'resolved')).status).to.equal(200)
    })
  })

  describe('whose time is over', () => {
    it('close by themselves and say so in both languages, with what is treated together with them', async () => {
      const { id } = await send('lost-dog')
      const { id: merged } = await send('lost-dog')
      await post(`/api/staff/reports/${merged}/merge`, { into: id }, { cookie: head })
      await age(id, 61)
      await expireReports(world.db)
      for (const each of [id, merged]) {
        const { body } = await get(`/api/reports/${each}`)
        expect(body['properties'].status).to.equal('resolved')
        const last = body['timeline'].at(-1)
        expect(last).to.include({ kind: 'status', status: 'resolved' })
        expect(last.note)
          .to.match(/έκλεισε αυτόματα/)
          .and.match(/closed automatically/)
        const events = await world.db('event').where({ subject_id: each, type: 'report.changed' })
        expect(events.filter(({ payload }) => payload.action === 'expired')).to.have.length(1)
      }
      const { closed_at } = await row(id)
      await expireReports(world.db)
      expect((await row(id)).closed_at).to.deep.equal(closed_at)
    })

    it('stay before their day, after a new state, in work, and where nothing is over', async () => {
      const [young, seen, started, worked, hole] = await Promise.all(['lost-dog', 'lost-dog', 'lost-dog', 'lost-dog', 'pothole'].map(send)) as [Sent, Sent, Sent, Sent, Sent] // prettier-ignore
      await move(started.id, 'in_progress')
      await work(worked.id)
      await age(young.id, 59)
      for (const { id } of [seen, started, worked, hole]) await age(id, 600)
      await move(seen.id, 'acknowledged')
      await expireReports(world.db)
      for (const { id } of [young, seen, started, worked, hole]) expect((await row(id)).closed_at).to.equal(null)
      await world.db('work_order').update({ status: 'cancelled' })
      await expireReports(world.db)
      expect((await row(worked.id)).status).to.equal('resolved')
    })

    it('are counted anew when opened again', async () => {
      const { id, follow_url } = await send('mailbox')
      await age(id, 31)
      await expireReports(world.db)
      await age(id, 31)
      await post(`/api/follow/${follow_url.split('/follow/')[1]}/reopen`, { words: 'Still there' })
      await expireReports(world.db)
      expect((await row(id)).status).to.equal('acknowledged')
    })
  })

  it('are set by those who look after the categories, and told to all', async () => {
    await make.account('admin@town.example', 'administrator')
    const cookie = await signIn('admin@town.example')
    const words = { el: 'Βρέθηκε ζώο', en: 'Found animal' }
    const look = { title: words, description: words, icon: 'circle', colour: '#336699' }
    const added = await post('/api/staff/categories', { slug: 'found', parent: 'roads', ...look }, { cookie })
    expect(added.status).to.equal(201)
    expect(added.body).to.include({ kind: 'fault', has_workflow: true, expires_days: null })
    const change = (body: object) => request('PATCH', '/api/staff/categories/found', { body, cookie })
    const handled = { kind: 'pet', has_workflow: false, expires_days: 60 }
    expect((await change(handled)).body).to.include(handled)
    const all = (await get('/api/categories')).body as unknown as { slug: string }[]
    expect(all.find(({ slug }) => slug === 'found')).to.include(handled)
    for (const wrong of [{ kind: 'ghost' }, { expires_days: 0 }]) {
      const { status, body } = await change(wrong)
      expect(status).to.equal(422)
      expect(body['errors'][0].path).to.equal(Object.keys(wrong)[0])
    }
  })
})
