import { expect } from 'chai'
import { dayInAthens } from '../../backend/core/days.ts'
import type { FieldDefinition } from '../../backend/layers/contract.ts'
import { schoolYear } from '../../backend/schools/service.ts'
import { get, point, post, pothole, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { sheetAt } from '../support/pdf.ts'

const field = (name: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  name,
  type: 'text',
  title: { el: `${name} (el)`, en: `${name} (en)` },
  is_public: true,
  ...more,
})
const at = (code: string, lon: number, lat: number, more: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: { code, name: code, ...more },
  geometry: point(lon, lat),
})
const zone = (code: string, west: number, properties: Record<string, unknown>) => {
  const made = polygon(code, box(west, 37, west + 0.01, 37.02))
  return { ...made, properties: { ...made.properties, ...properties } }
}
const works = (code: string, lat: number, ends_on: string) => ({
  type: 'Feature',
  properties: { code, name: code, ends_on },
  geometry: { type: 'LineString', coordinates: [[23.001, lat], [23.009, lat]] }, // prettier-ignore
})

const THIS_YEAR = schoolYear(dayInAthens())
const HERE = 'lon=23.005&lat=37.01'
const NAMES = [field('code'), field('name')]

async function town(): Promise<void> {
  await smallTown()
  const zones = [
    zone('z-old', 23, { school: 's2', school_year: '2019-2020' }),
    zone('z-west', 23, { school: 's1', school_year: THIS_YEAR }),
    zone('z-east', 23.01, { school: 's2', school_year: THIS_YEAR }),
  ]
  await make.layer('school_zone', 'school_zone', zones, { fields: [...NAMES, field('school'), field('school_year')] })
  const schools = [
    at('s1', 23.006, 37.01, { phone: '2999 111', principal: 'not for all' }),
    at('s2', 23.0045, 37.01, { phone: '2999 222', principal: 'not for all' }),
  ]
  await make.layer('school', 'school', schools, {
    geometry_type: 'Point',
    fields: [...NAMES, field('phone'), field('principal', { is_public: false })],
    licence: 'CC0-1.0',
    attribution: { el: 'Διεύθυνση Εκπαίδευσης', en: 'Directorate' },
  })
  await make.layer('plan', 'planning', [zone('Κέντρο', 23, { coverage_pct: 60 })], {
    fields: [...NAMES, field('coverage_pct', { type: 'number', unit: '%' })],
  })
  await make.layer('dug', 'works', [works('now', 37.0101, '2999-01-01'), works('over', 37.01, '2001-01-01')], {
    geometry_type: 'LineString',
    fields: [...NAMES, field('ends_on', { type: 'date' })],
  })
  const pipes = { geometry_type: 'Point', fields: NAMES, title_fields: null } as const
  await make.layer('lamp', 'network', [at('L-1', 23.0051, 37.01), at('L-2', 23.0053, 37.01)], pipes)
  await make.layer('pipe', 'network', [at('P-1', 23.0051, 37.01)], { ...pipes, visibility: 'staff' })
  await make.layer('cafe', 'poi', [at('near', 23.006, 37.0101), at('far', 23.019, 37.019)], { geometry_type: 'Point', fields: NAMES }) // prettier-ignore
  await make.account('gis@town.example', 'gis_officer')
  await post('/api/reports', pothole(23.0052, 37.01))
  await post('/api/reports', pothole(23.0152, 37.01))
}

interface Told {
  subject: string
  features: { title: { el: string } | null; layer: { slug: string }; properties: Record<string, unknown> }[]
}
const cardsOf = (body: Record<string, unknown>) =>
  Object.fromEntries((body['cards'] as Told[]).map(({ subject, features }) => [subject, features]))

describe('what is here', () => {
  before(town)

  it('tells our school of this year, not the nearer one, with its telephone', async () => {
    const { body } = await get(`/api/where?${HERE}`)
    const [school, ...others] = cardsOf(body)['schools'] ?? []
    expect(others).to.deep.equal([])
    expect(school).to.deep.include({ properties: { code: 's1', name: 's1', phone: '2999 111' } })
    expect(school).to.have.nested.property('zone.school_year', THIS_YEAR)
    expect(school).to.have.property('distance_m').closeTo(89, 1)
  })

  it('tells works that are not over, what may be built, what is near, and open reports around', async () => {
    const { body } = await get(`/api/where?${HERE}`)
    const cards = cardsOf(body)
    const names = (subject: string) => cards[subject]?.map(({ title }) => title?.el)
    expect(names('works')).to.deep.equal(['now'])
    expect(names('building')).to.deep.equal(['Κέντρο'])
    expect(names('networks'), 'a key is no name').to.deep.equal([undefined])
    expect(names('places'), 'our own school is told once').to.deep.equal(['s2', 'near'])
    expect(body['reports']).to.have.length(1)
    expect(body['grid'].east).to.be.closeTo(411_401, 2000)
  })

  it('says of each card where it comes from, how old it is and what it may be used for', async () => {
    const { body } = await get(`/api/where?${HERE}`)
    const [{ sources }] = body['cards']
    expect(sources).to.have.length(1)
    expect(sources[0]).to.deep.include({ licence: 'CC0-1.0', attribution: { el: 'Διεύθυνση Εκπαίδευσης', en: 'Directorate' } }) // prettier-ignore
    expect(Date.parse(sources[0].updated_at)).to.be.closeTo(Date.now(), 600_000)
  })

  it('keeps layers and fields of the staff from everyone else', async () => {
    const cookie = await signIn('gis@town.example')
    const [ours, theirs] = [await get(`/api/where?${HERE}`, { cookie }), await get(`/api/where?${HERE}`)]
    expect(JSON.stringify(ours.body)).to.include('"pipe"').and.include('not for all')
    expect(JSON.stringify(theirs.body)).to.not.include('"pipe"').and.not.include('not for all')
  })

  it('answers also where there is nothing, and outside', async () => {
    const { status, body } = await get('/api/where?lon=25&lat=35')
    expect(status).to.equal(200)
    expect(body).to.deep.include({ cards: [], reports: [] })
    expect(body['place'].municipality).to.equal(null)
    expect((await get('/api/where?lon=23&lat=91')).status).to.equal(422)
  })

  it('prints as one tagged sheet of A4 in Greek and in English', async () => {
    const { words, info } = await sheetAt(`/api/where.pdf?${HERE}&language=el`)
    expect(info)
      .to.match(/Pages: +1\n/)
      .and.match(/Tagged: +yes/)
      .and.match(/A4/)
    for (const part of ['Σχολεία', 's1 · σχολικό έτος', '2999 111', 'coverage_pct (el): 60 %', 'now', '1:2.000', '37.010000° Β', 'ΕΓΣΑ87 (EPSG:2100): X 411', 'ενημερωτικό', 'CC0-1.0'])
      expect(words).to.include(part) // prettier-ignore
    expect(words).to.not.include('not for all')
    const english = await sheetAt(`/api/where.pdf?${HERE}&language=en`)
    expect(english.words).to.include('school year').and.include('informative')
    expect((await sheetAt('/api/where.pdf?lon=25&lat=35&language=en')).words).to.include('outside the municipality')
  })
})
