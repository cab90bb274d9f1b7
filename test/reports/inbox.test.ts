// The staff inbox: filters, order by deadline, pages, and filters with a name.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('the inbox', () => {
  let head: string
  let other: string
  const ids: string[] = []

  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('other@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
    other = await signIn('other@town.example')
    for (let n = 0; n < 5; n++) ids.push((await post('/api/reports', pothole(23.005, 37.01))).body['id'])
    // The later it came, the sooner it is due; two are due in the same moment.
    await world.db.raw(
      `UPDATE report AS r SET due_at = timestamptz '2026-12-01' - least(n, 4) * interval '1 day', channel = CASE WHEN n = 2 THEN 'phone' ELSE 'web' END
         FROM unnest(?::uuid[]) WITH ORDINALITY AS known (id, n) WHERE r.id = known.id`,
      [ids],
    )
  })

  const listed = async (query: string) => (await get(`/api/staff/reports?${query}`, { cookie: head })).body
  const idsIn = (body: Awaited<ReturnType<typeof listed>>): string[] =>
    body['features'].map(({ id }: { id: string }) => id)

  it('comes in the order of deadlines, page by page, each report once', async () => {
    const seen: string[] = []
    let path = 'sort=due&limit=2'
    for (let pages = 0; path && pages < 10; pages++) {
      const body = await listed(path)
      seen.push(...idsIn(body))
      const next = body['links'].find(({ rel }: { rel: string }) => rel === 'next')
      path = next ? new URL(next.href).search.slice(1) : ''
    }
    expect(new Set(seen)).to.have.property('size', 5)
    expect(seen.slice(0, 2)).to.have.members(ids.slice(3))
    expect(seen.slice(2)).to.deep.equal([ids[2], ids[1], ids[0]])
  })

  it('shows what came by one channel', async () => {
    expect(idsIn(await listed('channel=phone'))).to.deep.equal([ids[1]])
  })

  it('shows what lies in a drawn area, on its edge too, and nothing of a broken one', async () => {
    const [lon, lat] = [23.0052, 37.0102]
    const far = (await post('/api/reports', pothole(23.015, 37.015))).body['id']
    const area = `within=23.004,37.009;23.006,37.009;23.006,37.011;23.004,37.011`
    expect(idsIn(await listed(area))).to.have.members(ids)
    expect(idsIn(await listed(`within=23.005,37.01;${lon},37.01;${lon},${lat}`)), 'on a corner').to.have.length(5)
    for (const broken of ['23,37;23.1,37.1', 'x', '23,37;23,91;22,37'])
      expect((await get(`/api/staff/reports?within=${broken}`, { cookie: head })).status, broken).to.equal(422)
    await world.db('report').where({ id: far }).delete()
  })

  it('shows what lies near a street, however it is written', async () => {
    await make.layer('street', 'street', [
      { type: 'Feature', properties: { code: '1', name: 'Ερμού' }, geometry: { type: 'LineString', coordinates: [[23.0045, 37.0101], [23.0055, 37.0101]] } },
    ], { geometry_type: 'LineString' }) // prettier-ignore
    // About 11 m from the street.
    expect(idsIn(await listed('street=ERMOY&near_m=20'))).to.have.length(0)
    expect(idsIn(await listed('street=ΕΡΜΟΥ&near_m=20'))).to.have.members(ids)
    expect(idsIn(await listed('street=Ερμού&near_m=5'))).to.have.length(0)
    expect(idsIn(await listed('street=Αθηνάς'))).to.have.length(0)
  })

  it('shows what is due soon, and not what is late already', async () => {
    await world.db.raw(`UPDATE report SET due_at = now() + interval '5 hours' WHERE id = ?`, [ids[0]!])
    await world.db.raw(`UPDATE report SET due_at = now() - interval '5 hours' WHERE id = ?`, [ids[1]!])
    const soon = await listed('due_in_h=24')
    expect(idsIn(soon)).to.include(ids[0]).and.not.include(ids[1])
    expect(idsIn(await listed('due_in_h=4'))).to.not.include(ids[0])
  })

  it('keeps filters under a name, each member of staff their own', async () => {
    const save = (title: string, filters: object, cookie = head) =>
      post('/api/staff/views', { title, filters }, { cookie })
    const views = async (cookie: string) => (await get('/api/staff/views', { cookie })).body as unknown as object[]
    const { body, status } = await save('Late potholes', { category: 'pothole', overdue: 'true', sort: 'due' })
    expect(status).to.equal(200)
    expect(body['filters']).to.deep.equal({ category: 'pothole', overdue: 'true', sort: 'due' })
    await save('Late potholes', { category: 'pothole', sort: 'newest' })
    expect(await views(head)).to.have.length(1)
    expect(await views(other)).to.have.length(0)
    const remove = (cookie: string) => request('DELETE', `/api/staff/views/${body['id']}`, { cookie })
    expect((await remove(other)).status).to.equal(404)
    expect((await remove(head)).status).to.equal(204)
    expect(await views(head)).to.have.length(0)
  })

  it('refuses a name without words, filters that are none, and too many', async () => {
    const save = async (title: string, filters: object) =>
      (await post('/api/staff/views', { title, filters }, { cookie: head })).status
    expect(await save(' ', {})).to.equal(422)
    expect(await save('x', { sort: 'colour' })).to.equal(422)
    await world.db.raw(
      `INSERT INTO saved_view (account_id, title, filters) SELECT a.id, 'v' || n, '{}' FROM account AS a, generate_series(1, 50) AS n WHERE a.email = 'head@town.example'`,
    )
    expect(await save('one more', {})).to.equal(409)
    expect(await save('v1', {})).to.equal(200)
  })
})
