// How many people wait for a report, and what follows from it.
import { randomUUID } from 'node:crypto'
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

describe('the people who wait for a report', () => {
  let head: string
  beforeEach(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('west@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    head = await signIn('head@town.example')
  })
  const send = async () => (await post('/api/reports', pothole(23.005, 37.01))).body['id'] as string
  const support = (id: string, times: number) =>
    Promise.all(
      Array.from({ length: times }, () => post(`/api/reports/${id}/support`, { device: `device-${randomUUID()}` })),
    )
  const merge = (id: string, into: string) => post(`/api/staff/reports/${id}/merge`, { into }, { cookie: head })
  const people = async (id: string) =>
    (await get(`/api/staff/reports/${id}`, { cookie: head })).body['properties'].people_count as number
  const order = async (reports: string[], more = {}) =>
    (await post('/api/staff/work', { task: 'Fill the hole', reports, ...more }, { cookie: head })).body

  it('are who sent it, who said "me too", and those of what is treated together with it', async () => {
    const [main, twin] = [await send(), await send()]
    expect(await people(main)).to.equal(1)
    await support(main, 2)
    await support(twin, 1)
    await merge(twin, main)
    expect(await people(main)).to.equal(5)
    await support(twin, 1)
    expect(await people(main), 'said at the twin').to.equal(6)
    await post(`/api/staff/reports/${twin}/unmerge`, undefined, { cookie: head })
    expect([await people(main), await people(twin)]).to.deep.equal([4, 2])
  })

  it('sort the inbox: most first, page by page, each report once', async () => {
    const all = [await send(), await send(), await send(), await send(), await send()] as const
    await support(all[1], 2)
    await support(all[3], 3)
    await support(all[0], 2)
    const seen: string[] = []
    let path = '/api/staff/reports?sort=people&limit=2'
    for (let pages = 0; path && pages < 9; pages++) {
      const { body } = await get(path, { cookie: head })
      seen.push(...body['features'].map(({ id }: { id: string }) => id))
      path = body['links'].find(({ rel }: { rel: string }) => rel === 'next')?.href.slice(world.url.length) ?? ''
    }
    expect(seen).to.deep.equal([all[3], all[1], all[0], all[4], all[2]])
    const cursor = (parts: unknown[]) => Buffer.from(JSON.stringify(parts)).toString('base64url')
    for (const wrong of [cursor(['2026-01-01T00:00:00Z', all[0]]), cursor(['x', '2026-01-01T00:00:00Z', all[0]]), 'x'])
      expect((await get(`/api/staff/reports?sort=people&cursor=${wrong}`, { cookie: head })).status, wrong).to.equal(
        422,
      )
  })

  it('make a work order press more from five on, unless somebody says how much', async () => {
    const [few, many] = [await send(), await send()]
    await support(few, 2)
    await support(many, 4)
    expect((await order([few]))['properties']).to.include({ priority: 'normal', people_count: 3 })
    const made = await order([many])
    expect(made['properties']).to.include({ priority: 'high', people_count: 5 })
    expect((await order([many], { priority: 'low' }))['properties'].priority).to.equal('low')
    const twin = await send()
    await support(twin, 1)
    await merge(twin, few)
    expect((await order([few, twin]))['properties']).to.include({ priority: 'high', people_count: 5 })
    const changed = await request('PATCH', `/api/staff/work/${made['id']}`, { body: { version: made['properties'].version, priority: 'normal' }, cookie: head }) // prettier-ignore
    expect(changed.body['properties'].priority).to.equal('normal')
  })

  it('are told to the crew at its stop', async () => {
    const id = await send()
    await support(id, 2)
    await order([id], { crew: 'crew-west', day: '2026-12-01' })
    const { body } = await get('/api/staff/tour?day=2026-12-01', { cookie: await signIn('west@town.example') })
    expect(body['stops'][0].properties.people_count).to.equal(3)
  })
})
