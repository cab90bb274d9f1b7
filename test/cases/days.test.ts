// The town's own days: promises count with them from then on, and those that were given stay.
import { expect } from 'chai'
import { dayInAthens } from '../../backend/core/days.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const DAYS = '/api/staff/local-days'
const moment = async (expression: string): Promise<unknown> =>
  (await world.db.raw(`SELECT ${expression} AS at`)).rows[0].at
const isWorked = async (day: string) =>
  (await world.db.raw('SELECT is_working_day(?::date) AS yes', [day])).rows[0].yes as boolean

describe('the days of the town', () => {
  let cookie: string
  beforeEach(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    cookie = await signIn('admin@town.example')
  })
  const add = (day: string, more: object = {}) => post(DAYS, { day, title: both('A day'), ...more }, { cookie })
  const listed = async (year: number) => (await get<{ day: string }[]>(`${DAYS}?year=${year}`, { cookie })).body

  it('are listed by year, with those of every year from their first on', async () => {
    expect((await add('2026-05-29', { title: both('A strike') })).status).to.equal(201)
    const patron = await add('2025-12-06', { title: both('Saint Nicholas'), is_yearly: true })
    expect(patron.body).to.deep.include({ day: '2025-12-06', title: both('Saint Nicholas'), is_yearly: true, is_worked: false, is_worked_in_greece: false }) // prettier-ignore
    await add('2024-02-29', { is_yearly: true })
    const days = async (year: number) => (await listed(year)).map(({ day }) => day)
    expect(await days(2024)).to.deep.equal(['2024-02-29'])
    expect(await days(2025)).to.deep.equal(['2025-12-06'])
    expect(await days(2026)).to.deep.equal(['2026-05-29', '2026-12-06'])
    expect(await days(2028)).to.deep.equal(['2028-02-29', '2028-12-06'])
    const [strike] = await listed(2026)
    expect(strike).to.include({ is_worked_in_greece: true, is_yearly: false })
  })

  it('are no working days, each year from the first; the holidays of Greece stay', async () => {
    await add('2025-12-05', { is_yearly: true })
    expect(await isWorked('2024-12-05')).to.equal(true)
    expect(await isWorked('2025-12-05')).to.equal(false)
    expect(await isWorked('2028-12-05')).to.equal(false)
    expect(await isWorked('2028-12-06')).to.equal(true)
    for (const holiday of ['2026-03-25', '2026-04-10', '2026-12-25', '2026-12-26']) expect(await isWorked(holiday), holiday).to.equal(false) // prettier-ignore
  })

  it('are worked all the same where that is said; one of its own goes before one of every year', async () => {
    await add('2026-10-28', { is_worked: true })
    await add('2026-12-05', { is_worked: true })
    expect(await isWorked('2026-10-28'), 'a public holiday').to.equal(true)
    expect(await isWorked('2027-10-28'), 'of another year').to.equal(false)
    expect(await isWorked('2026-12-05'), 'a Saturday').to.equal(true)
    await add('2024-12-01', { is_yearly: true })
    expect(await isWorked('2026-12-01')).to.equal(false)
    expect((await add('2026-12-01', { is_worked: true })).status, 'this year they work').to.equal(201)
    expect(await isWorked('2026-12-01')).to.equal(true)
    expect(await isWorked('2027-12-01')).to.equal(false)
  })

  it('put promises off: working days, hours, and what a report gets back that waited', async () => {
    // From Friday 4 December 2026 five working days end on Friday the 11th.
    const due = () => moment(`add_working_days('2026-12-04 10:00 Europe/Athens', 5)`)
    const hours = () => moment(`add_working_hours('2026-12-07 12:00 Europe/Athens', 24)`)
    const between = () => moment(`working_days_between('2026-12-04 10:00Z', '2026-12-11 10:00Z')`)
    expect(await due()).to.deep.equal(await moment(`'2026-12-11 23:59:59 Europe/Athens'::timestamptz`))
    expect(await hours()).to.deep.equal(await moment(`'2026-12-08 12:00 Europe/Athens'::timestamptz`))
    expect(await between()).to.equal(5)
    await add('2026-12-08')
    expect(await due()).to.deep.equal(await moment(`'2026-12-14 23:59:59 Europe/Athens'::timestamptz`))
    expect(await hours()).to.deep.equal(await moment(`'2026-12-09 12:00 Europe/Athens'::timestamptz`))
    expect(await between()).to.equal(4)
  })

  it('are weeks on end, and there is a promise all the same', async () => {
    for (let day = 1; day <= 24; day++) await world.db('local_day').insert({ day_on: `2027-02-${String(day).padStart(2, '0')}`, title: both('A strike') }) // prettier-ignore
    expect(await moment(`add_working_hours('2027-02-01 12:00 Europe/Athens', 1)`)).to.deep.equal(await moment(`'2027-02-25 01:00 Europe/Athens'::timestamptz`)) // prettier-ignore
    expect(await moment(`add_working_days('2027-02-01 12:00 Europe/Athens', 1)`)).to.deep.equal(await moment(`'2027-02-25 23:59:59 Europe/Athens'::timestamptz`)) // prettier-ignore
  })

  it('change no promise that was given, and the next one', async () => {
    const send = async (lon: number) => {
      const { body } = await post('/api/reports', pothole(lon, 37.01))
      return world.db('report').where({ id: body['id'] }).first('id', 'due_at', 'answer_due_at')
    }
    const before = await send(23.005)
    const last = dayInAthens(new Date(before.due_at))
    expect((await add(last)).status).to.equal(201)
    const after = await send(23.015)
    expect(Date.parse(after.due_at)).to.be.greaterThan(Date.parse(before.due_at))
    await request('POST', `/api/staff/reports/${before.id}/status`, { cookie, body: { status: 'in_progress' } })
    const { due_at, answer_due_at } = await world.db('report').where({ id: before.id }).first()
    expect({ due_at, answer_due_at }).to.deep.equal({ due_at: before.due_at, answer_due_at: before.answer_due_at })
    const [day] = await listed(Number(last.slice(0, 4)))
    expect((await request('DELETE', `${DAYS}/${(day as unknown as { id: string }).id}`, { cookie })).status).to.equal(204) // prettier-ignore
    expect((await send(23.006)).due_at).to.deep.equal(before.due_at)
  })

  it('are there once, and what is no day is refused in both languages', async () => {
    expect((await add('2026-05-29')).status).to.equal(201)
    const again = await add('2026-05-29')
    expect(again.status).to.equal(409)
    expect(again.body['type']).to.include('day-exists')
    expect(again.body['errors'][0].path).to.equal('day')
    await add('2026-12-06', { is_yearly: true })
    expect((await add('2030-12-06', { is_yearly: true })).status).to.equal(409)
    for (const day of ['2026-02-30', 'tomorrow', '1999-12-31', '2100-01-01']) expect((await add(day)).status, day).to.equal(422) // prettier-ignore
    expect((await post(DAYS, { day: '2026-06-01', title: { el: 'Μόνο ελληνικά' } }, { cookie })).status).to.equal(422)
    expect((await request('DELETE', `${DAYS}/999999`, { cookie })).status).to.equal(404)
    expect(await world.db('audit_entry').where({ action: 'local_day.add' }).orderBy('id', 'desc').first('detail')).to.have.nested.property('detail.day', '2026-12-06') // prettier-ignore
  })

  it('are for administrators', async () => {
    await make.account('head@town.example', 'department_head', { department: 'works' })
    const head = await signIn('head@town.example')
    expect((await get(`${DAYS}?year=2026`, { cookie: head })).status).to.equal(403)
    expect((await post(DAYS, { day: '2026-05-29', title: both('x') }, { cookie: head })).status).to.equal(403)
    expect((await post(DAYS, { day: '2026-05-29', title: both('x') })).status).to.equal(401)
  })
})
