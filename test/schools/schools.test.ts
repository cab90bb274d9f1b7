import { expect } from 'chai'
import { dayInAthens } from '../../backend/core/days.ts'
import type { FieldDefinition } from '../../backend/layers/contract.ts'
import type { Conflict, FoundSchools } from '../../backend/schools/contract.ts'
import { schoolYear } from '../../backend/schools/service.ts'
import { get, point, request, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const field = (name: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  name,
  type: 'text',
  title: { el: name, en: name },
  is_public: true,
  ...more,
})
const fields = (...names: string[]) => ['code', 'name', ...names].map((name) => field(name))
const at = (code: string, lon: number, lat: number, more: Record<string, unknown>) => ({
  type: 'Feature',
  properties: { code, name: code, ...more },
  geometry: point(lon, lat),
})
const zone = (code: string, west: number, school: string, school_year: string) => {
  const made = polygon(code, box(west, 37, west + 0.01, 37.02))
  return { ...made, properties: { ...made.properties, school, school_year } }
}
const YEAR = schoolYear(dayInAthens())
const NEXT = YEAR.replace(/\d+/g, (year) => String(Number(year) + 1))
/** House n of the street stands n steps of 20 m to the east of 23.00805: up to number 9 in the west. */
const house = (street: string, n: number, lat: number) =>
  at(`${street}-${n}`, 23.00805 + n * 0.0002, lat, { street, number: n === 7 ? '7Α' : String(n) })

const names = ({ levels }: FoundSchools, slug = 'primary') =>
  levels.find(({ level }) => level.slug === slug)?.schools.map(({ title, by }) => `${title?.el} ${by}`)

describe('the school finder', () => {
  let cookie: string
  const load = (csv: string, school_year = YEAR) =>
    request('PUT', '/api/staff/schools/register', { cookie, body: { school_year, csv } })

  before(async () => {
    await smallTown()
    const level = field('level', { codes: { primary: { el: 'Δημοτικό', en: 'Primary' }, secondary: { el: 'Γυμνάσιο', en: 'Secondary' } } }) // prettier-ignore
    await make.layer('school', 'school', [
      at('west', 23.005, 37.01, { level: 'primary', phone: '2999 1' }),
      at('east', 23.015, 37.01, { level: 'primary', phone: '2999 2' }),
      at('high', 23.015, 37.011, { level: 'secondary', phone: '2999 3' }),
    ], { geometry_type: 'Point', fields: [...fields('phone'), level] }) // prettier-ignore
    await make.layer('zones_primary', 'school_zone', [zone('z-west', 23, 'west', YEAR), zone('z-east', 23.01, 'east', YEAR), zone('z-next', 23, 'east', NEXT)], { fields: fields('school', 'school_year') }) // prettier-ignore
    await make.layer('zones_secondary', 'school_zone', [zone('z-high', 23, 'high', YEAR)], { fields: fields('school', 'school_year') }) // prettier-ignore
    await make.layer('street', 'street', ['Ερμού', 'Αθηνάς'].map((name, n) => ({
      type: 'Feature',
      properties: { code: `s${n}`, name },
      geometry: { type: 'LineString', coordinates: [[23.008, 37.01 + n / 500], [23.012, 37.01 + n / 500]] },
    })), { geometry_type: 'LineString', fields: fields() }) // prettier-ignore
    const numbers = Array.from({ length: 20 }, (_, n) => n + 1)
    const houses = numbers.flatMap((n) => [house('s0', n, 37.01), house('s1', n, 37.012)])
    await make.layer('address', 'address', houses, { geometry_type: 'Point', fields: fields('street', 'number') })
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
  })

  const ask = async (lon: number, lat: number, more = '') =>
    (await get<FoundSchools>(`/api/schools?lon=${lon}&lat=${lat}${more}`)).body

  it('answers by the zones of the year that is asked for', async () => {
    const body = await ask(23.005, 37.005)
    expect(body['school_year']).to.equal(YEAR)
    expect(body['school_years']).to.deep.equal([NEXT, YEAR])
    expect(names(body)).to.deep.equal(['west zone'])
    expect(names(body, 'secondary')).to.deep.equal(['high zone'])
    const { level, schools } = body.levels[0]!
    expect(level.title.el).to.equal('Δημοτικό')
    expect(schools[0]?.properties['phone']).to.equal('2999 1')
    expect(schools[0]?.distance_m).to.be.closeTo(555, 2)
    expect(names(await ask(23.005, 37.005, `&school_year=${NEXT}`))).to.deep.equal(['east zone'])
    const later = await ask(23.005, 37.005, '&school_year=2999-3000')
    expect(later['school_year'], 'the last that is known').to.equal(NEXT)
    expect((await get('/api/schools?lon=23&lat=37&school_year=soon')).status).to.equal(422)
  })

  it('takes the register of a directorate, in Greek, by name or by key, and asks it for the house', async () => {
    const csv = '\uFEFFΣχολείο;Οδός;Αριθμοί;Από;Έως;Απόφαση\nwest;ΕΡΜΟΥ;μονοί;1;9;Φ.1/2026\neast;Ερμού;μονοί;11;;\neast;ερμου;ζυγοί;;;\nwest;s1;;;;\n' // prettier-ignore
    const { status, body } = await load(csv)
    expect([status, body]).to.deep.equal([200, { rules: 4 }])
    const agreed = await ask(23.00945, 37.01)
    expect(names(agreed), 'number 7Α').to.deep.equal(['west register,zone'])
    const disputed = await ask(23.00965, 37.01)
    expect(names(disputed), 'number 8').to.deep.equal(['east register', 'west zone'])
    expect(disputed.levels[0]?.is_disputed).to.equal(true)
    expect(disputed.address?.title.el).to.equal('s0-8')
    expect(agreed.levels[0]?.schools[0]?.decision).to.equal('Φ.1/2026')
  })

  it('is what "what is here" says too', async () => {
    const { body } = await get('/api/where?lon=23.00965&lat=37.01')
    const card = body['cards'].find(({ subject }: { subject: string }) => subject === 'schools')
    expect(card.features.map(({ title }: { title: { el: string } }) => title.el).sort()).to.deep.equal(['east', 'high', 'west']) // prettier-ignore
  })

  it('shows staff, and nobody else, where register and zones contradict each other', async () => {
    const { body } = await get('/api/staff/schools/conflicts', { cookie })
    const told = body['conflicts'].map(
      ({ kind, street, from_number, to_number, houses, register, other }: Conflict) =>
        `${kind} ${street.el} ${from_number}-${to_number} ${houses} ${register?.el}/${other?.el}`,
    )
    expect(told).to.deep.equal(['zone Αθηνάς 10-20 11 west/east', 'zone Ερμού 2-8 4 east/west'])
    expect(body['rules']).to.equal(4)
    expect((await get('/api/staff/schools/conflicts')).status).to.equal(401)
    await load('school,street\nwest,s1\neast,s1\n', NEXT)
    const next = await get(`/api/staff/schools/conflicts?school_year=${NEXT}`, { cookie })
    expect(next.body['conflicts'].map(({ kind, houses }: { kind: string; houses: number }) => [kind, houses])).to.deep.equal([['double', 20]]) // prettier-ignore
  })

  it('refuses a register with a sentence for every wrong line, and keeps the one before', async () => {
    await world.db('gis.street').where({ code: 's1' }).update({ name: 'Ερμού' })
    const { status, body } = await load('school;street;numbers;from;to\nnobody;s0;;;\nwest;Ερμού;;;\nwest;s0;left;;\nwest;s0;odd;9;1\nwest;s0;odd;x;1\n') // prettier-ignore
    expect(status).to.equal(422)
    expect(
      body['errors'].map(({ path, message }: { path: string; message: string }) => `${path} ${message}`),
    ).to.deep.equal([
      'csv.2 Line 2: no school is called "nobody".',
      'csv.3 Line 3: several streets are called "Ερμού"; write the key.',
      'csv.4 Line 4: the numbers are "odd", "even" or "both".',
      'csv.5 Line 5: from is greater than to.',
      'csv.6 Line 6: from and to are written in digits.',
    ])
    expect((await load('a;b\n1;2\n')).body['errors'][0].message).to.include('school')
    expect((await load('school;street\n"west;s0\n')).status).to.equal(422)
    expect(await world.db('school_rule').where({ school_year: YEAR }).count()).to.deep.equal([{ count: '4' }])
  })
})
