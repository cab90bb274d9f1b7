// Reports on paper: one with its story, the list with its map; nothing that the screen keeps masked.
import { expect } from 'chai'
import { get, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { sheetAt } from '../support/pdf.ts'
import { world } from '../support/world.ts'

describe('reports on paper', () => {
  let head: string, other: string, id: string, protocol: string

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    other = await signIn('parks@town.example')
    const contact = { name: 'Μαρία Παπαδάκη', phone: '6971234567' }
    const sent = await post('/api/reports', pothole(23.005, 37.01, { description: 'Λακκούβα στην Ερμού', contact }))
    ;({ id, protocol } = sent.body as unknown as { id: string; protocol: string })
    await post(`/api/staff/reports/${id}/status`, { status: 'in_progress', note: 'Ξεκινήσαμε' }, { cookie: head })
  })

  it('show one with its story in Greek letters, and no contact details', async () => {
    const { words, info } = await sheetAt(`/api/staff/reports/${id}.pdf?language=el`, world.url, head)
    expect(words)
      .to.include(protocol)
      .and.include('Λακκούβα στην Ερμού')
      .and.include('Ξεκινήσαμε')
      .and.include('1 από 1')
    expect(words).to.not.include('Παπαδάκη').and.not.include('6971234567')
    expect(info)
      .to.match(/Tagged:\s+yes/)
      .and.match(/Pages:\s+1/)
    expect((await get(`/api/staff/reports/${id}.pdf`, { cookie: other })).status).to.equal(404)
    expect((await get(`/api/staff/reports/${id}.pdf`)).status).to.equal(401)
  })

  it('show the list that the filters let through, page by page', async () => {
    for (let n = 0; n < 30; n++)
      await post('/api/reports', pothole(23.001 + n / 2000, 37.005, { description: `Hole ${n}` }))
    const all = await sheetAt('/api/staff/reports.pdf?language=en', world.url, head)
    expect(all.words).to.include('Reports: 31').and.include('Hole 29').and.include('2 of 3')
    const few = await sheetAt('/api/staff/reports.pdf?language=en&status=in_progress', world.url, head)
    expect(few.words).to.include('Reports: 1').and.include(protocol).and.not.include('Hole')
    const none = await sheetAt('/api/staff/reports.pdf?language=en', world.url, other)
    expect(none.words).to.include('Reports: 0')
  })
})
