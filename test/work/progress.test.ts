// What a crew and its planner do shows in the reports that the work answers.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'

const DAY = '2027-03-01'

describe('a report whose work is planned', () => {
  let head: string
  let crew: string
  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    head = await signIn('head@town.example')
    crew = await signIn('west@town.example')
  })

  const report = async () => (await post('/api/reports', pothole(23.005, 37.01))).body['id'] as string
  const order = async (reports: string[], more = {}) =>
    (await post('/api/staff/work', { task: 'Fill the hole', reports, ...more }, { cookie: head })).body
  const planned = { crew: 'crew-west', day: DAY }
  const plan = async (id: string, body: object) => {
    const { version } = (await get(`/api/staff/work/${id}`, { cookie: head })).body['properties']
    return post(`/api/staff/work/${id}/plan`, { version, ...body }, { cookie: head })
  }
  const act = (id: string, name: string, more = {}) =>
    post(`/api/staff/work/${id}/acts`, { act: name, at: new Date().toISOString(), ...more }, { cookie: crew })
  const states = async (id: string) => {
    const { timeline } = (await get(`/api/reports/${id}`)).body
    return (timeline as { status: string | null }[]).flatMap(({ status }) => status ?? [])
  }

  it('is planned with it, under way with it, and closed by nobody but who says so', async () => {
    const [one, two] = [await report(), await report()]
    const { id } = await order([one, two])
    expect(await states(one)).to.deep.equal(['submitted'])
    await plan(id, planned)
    await act(id, 'arrive')
    await act(id, 'done')
    for (const each of [one, two]) expect(await states(each)).to.deep.equal(['submitted', 'planned', 'in_progress'])
  })

  it('is received again when its last planned work is taken off or called off', async () => {
    const id = await report()
    const [first, second] = [await order([id], planned), await order([id], planned)]
    await plan(first['id'], { crew: null, day: null })
    expect((await states(id)).at(-1), 'another is planned').to.equal('planned')
    const { version } = (await get(`/api/staff/work/${second['id']}`, { cookie: head })).body['properties']
    await post(`/api/staff/work/${second['id']}/cancel`, { version, reason: 'Rain' }, { cookie: head })
    expect((await states(id)).at(-1)).to.equal('acknowledged')
  })

  it('is received again when its work answers it no more, or was not possible', async () => {
    const [one, two] = [await report(), await report()]
    const { id } = await order([one, two], planned)
    await request('DELETE', `/api/staff/work/${id}/reports/${one}`, { cookie: head })
    expect((await states(one)).at(-1)).to.equal('acknowledged')
    await act(id, 'not_possible', { note: 'A car stands there' })
    expect((await states(two)).at(-1)).to.equal('acknowledged')
  })

  it('stays what staff have made of it', async () => {
    const id = await report()
    await post(`/api/staff/reports/${id}/status`, { status: 'waiting_for_citizen', note: 'Which?' }, { cookie: head })
    const made = await order([id], planned)
    expect((await states(id)).at(-1)).to.equal('waiting_for_citizen')
    await post(`/api/staff/reports/${id}/status`, { status: 'resolved', note: 'It was nothing' }, { cookie: head })
    await act(made['id'], 'arrive')
    expect((await states(id)).at(-1)).to.equal('resolved')
  })
})
