// Many reports at once: each as it was seen or not at all, and a way back for some minutes.
import { expect } from 'chai'
import { get, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('many reports at once', () => {
  let head: string, crew: string, parks: string

  beforeEach(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('crew@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    crew = await signIn('crew@town.example')
    parks = await signIn('parks@town.example')
  })

  interface Seen {
    id: string
    seen_at: string
  }

  const seen = async (id: string, cookie = head): Promise<Seen> => ({
    id,
    seen_at: (await get(`/api/staff/reports/${id}`, { cookie })).body['properties'].updated_at,
  })
  const send = async (count: number): Promise<Seen[]> => {
    const reports: Seen[] = []
    for (let n = 0; n < count; n++) reports.push(await seen((await post('/api/reports', pothole(23.005, 37.01))).body['id'])) // prettier-ignore
    return reports
  }
  const act = (reports: Seen[], action: object, cookie = head) =>
    post('/api/staff/reports/bulk', { reports, action }, { cookie })
  const undo = (id: string, cookie = head) => post(`/api/staff/reports/bulk/${id}/undo`, {}, { cookie })
  const outcomes = (body: { results: { outcome: string }[] }) => body.results.map(({ outcome }) => outcome)
  const story = async (id: string) => (await get(`/api/reports/${id}`)).body['timeline']

  it('moves all of them with a note, in one act, and tells each one’s story', async () => {
    const reports = await send(3)
    const { status, body } = await act(reports, { kind: 'status', status: 'in_progress', note: 'This week' })
    expect(status).to.equal(200)
    expect(outcomes(body as never)).to.deep.equal(['done', 'done', 'done'])
    for (const { id } of reports)
      expect((await story(id)).at(-1)).to.include({ kind: 'status', status: 'in_progress', note: 'This week' })
    const audit = await world.db('audit_entry').where({ action: 'report.bulk', subject_id: body['id'] })
    expect(audit).to.have.length(1)
    expect(audit[0].detail.reports).to.have.members(reports.map(({ id }) => id))
    const events = await world.db('event').whereIn('subject_id', reports.map(({ id }) => id)).where({ type: 'report.changed' }) // prettier-ignore
    expect(events).to.have.length(3)
  })

  it('says of each what it did not do and why, and does nothing by halves', async () => {
    const [stale, closed, good, merged, main] = (await send(5)) as [Seen, Seen, Seen, Seen, Seen]
    await post(`/api/staff/reports/${stale.id}/status`, { status: 'acknowledged' }, { cookie: head })
    await post(`/api/staff/reports/${closed.id}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
    await post(`/api/staff/reports/${merged.id}/merge`, { into: main.id }, { cookie: head })
    const nowhere = { id: '00000000-0000-4000-8000-000000000000', seen_at: good.seen_at }
    const asked = [stale, await seen(closed.id), good, await seen(merged.id), nowhere]
    const { body } = await act(asked, { kind: 'status', status: 'acknowledged' })
    expect(outcomes(body as never)).to.deep.equal(['stale', 'move_not_allowed', 'done', 'merged', 'not_found'])
    expect(body['results'][4].protocol).to.equal(null)
    expect((await story(closed.id)).at(-1).status).to.equal('resolved')
    expect((await story(stale.id)).filter(({ kind }: { kind: string }) => kind === 'status')).to.have.length(1)
  })

  it('takes along what is treated together with one that closes', async () => {
    const [merged, main] = (await send(2)) as [Seen, Seen]
    await post(`/api/staff/reports/${merged.id}/merge`, { into: main.id }, { cookie: head })
    const { body } = await act([main], { kind: 'status', status: 'resolved', note: 'Filled' })
    expect(outcomes(body as never)).to.deep.equal(['done'])
    expect((await story(merged.id)).at(-1)).to.include({ status: 'resolved', note: 'Filled' })
    await undo(body['id'])
    const rows = await world.db('report').whereIn('id', [merged.id, main.id]).pluck('status')
    expect(rows).to.deep.equal(['submitted', 'submitted'])
  })

  it('gives reports to another department, only those that are the caller’s', async () => {
    const [one, two] = (await send(2)) as [Seen, Seen]
    const action = { kind: 'assign', department: 'parks', note: 'Roots of a tree' }
    expect(outcomes((await act([one], action, parks)).body as never)).to.deep.equal(['not_found'])
    expect((await act([one], action, crew)).status).to.equal(403)
    const { body } = await act([one, two], action)
    expect(outcomes(body as never)).to.deep.equal(['done', 'done'])
    const there = (await get(`/api/staff/reports/${one.id}`, { cookie: parks })).body
    expect(there['properties'].department.slug).to.equal('parks')
    expect(there['timeline'].at(-1)).to.include({ note: 'Roots of a tree', is_public: false })
    expect(JSON.stringify(await story(one.id))).to.not.include('Roots')
    const back = await undo(body['id'])
    expect(outcomes(back.body as never)).to.deep.equal(['done', 'done'])
    const [row] = await world.db('report').where({ id: one.id })
    expect(row.is_assigned_by_hand).to.equal(false)
    expect((await get(`/api/staff/reports/${one.id}`, { cookie: head })).status).to.equal(200)
  })

  it('puts back what nobody has changed since, says what it could not, and tells it in the story', async () => {
    const [one, two] = (await send(2)) as [Seen, Seen]
    const { body } = await act([one, two], { kind: 'status', status: 'resolved', note: 'Done' })
    await post(`/api/staff/reports/${two.id}/status`, { status: 'in_progress' }, { cookie: crew })
    expect((await undo(body['id'], crew)).status, 'only one’s own').to.equal(404)
    const back = await undo(body['id'])
    const of = (id: string) => back.body['results'].find((each: Seen) => each.id === id).outcome
    expect([of(one.id), of(two.id)]).to.deep.equal(['done', 'stale'])
    expect((await story(one.id)).map(({ kind, status }: Record<string, string>) => [kind, status])).to.deep.equal([
      ['submitted', 'submitted'],
      ['status', 'resolved'],
      ['undone', 'submitted'],
    ])
    const [row] = await world.db('report').where({ id: one.id })
    expect([row.status, row.closed_at, row.answered_at]).to.deep.equal(['submitted', null, null])
    expect((await story(two.id)).at(-1).status).to.equal('in_progress')
    expect((await undo(body['id'])).status, 'once').to.equal(409)
  })

  it('undoes nothing after ten minutes', async () => {
    const { body } = await act(await send(1), { kind: 'status', status: 'resolved', note: 'Done' })
    await world.db('report_bulk').update({ at: world.db.raw(`now() - interval '11 minutes'`) })
    const late = await undo(body['id'])
    expect([late.status, late.body['type']]).to.deep.equal([409, 'urn:asty:problem:undo-too-late'])
  })

  it('wants words for rejecting, a department that is there, and no more than a page', async () => {
    const reports = await send(1)
    const silent = await act(reports, { kind: 'status', status: 'rejected' })
    expect([silent.status, silent.body['errors'][0].path]).to.deep.equal([422, 'action.note'])
    const nobody = await act(reports, { kind: 'assign', department: 'harbour' })
    expect([nobody.status, nobody.body['errors'][0].path]).to.deep.equal([422, 'action.department'])
    expect(
      (await act(Array(501).fill(reports[0]), { kind: 'status', status: 'resolved', note: 'Done' })).status,
    ).to.equal(422)
    expect((await act(reports, { kind: 'status', status: 'resolved', note: 'Done' }, '')).status).to.equal(401)
  })

  it('does the same report once, however often it is named', async () => {
    const [one] = (await send(1)) as [Seen]
    const { body } = await act([one, one], { kind: 'status', status: 'acknowledged' })
    expect(outcomes(body as never)).to.deep.equal(['done'])
    expect((await story(one.id)).filter(({ kind }: { kind: string }) => kind === 'status')).to.have.length(1)
  })
})
