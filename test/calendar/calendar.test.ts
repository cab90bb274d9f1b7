// What is on: for people by days, for their calendars as iCalendar, read by a library that no one here wrote.
import { expect } from 'chai'
import ICAL from 'ical.js'
import { sameTimeAfter } from '../../backend/core/days.ts'
import type { FieldDefinition } from '../../backend/layers/contract.ts'
import { get, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const field = (name: string, type: FieldDefinition['type'] = 'text', more: Partial<FieldDefinition> = {}) => ({
  name,
  type,
  title: both(name),
  is_public: true,
  ...more,
})

const event = (code: string, starts_at: string | null, ends_at: string | null, more: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: { code, name_el: `Εκδήλωση ${code}`, name_en: `Event ${code}`, starts_at, ends_at, ...more },
  geometry: { type: 'Point', coordinates: [23.005, 37.012345] },
})

const FIELDS = [
  field('code'),
  field('name_el'),
  field('name_en'),
  field('kind', 'text', { codes: { culture: { el: 'Πολιτισμός', en: 'Culture' } } }),
  field('starts_at', 'timestamp'),
  field('ends_at', 'timestamp'),
  field('status'),
  field('description_el'),
  field('place_en'),
  field('url'),
  field('phone', 'text', { is_public: false }),
]

const codes = (body: Record<string, unknown>): string[] =>
  (body['happenings'] as { title: { en: string } }[]).map(({ title }) => title.en.replace('Event ', ''))

async function parsed(path: string) {
  const answer = await get<string>(path)
  expect(answer.status, answer.body).to.equal(200)
  const component = new ICAL.Component(ICAL.parse(answer.body))
  const events = component.getAllSubcomponents('vevent').map((one) => new ICAL.Event(one))
  return { ...answer, component, of: (code: string) => events.find(({ uid }) => uid.startsWith(`event-${code}@`))! }
}

describe('the calendar of events', () => {
  before(async () => {
    await smallTown()
    const features = [
      event('concert', '2030-06-10T20:30:00+03:00', '2030-06-10T23:00:00+03:00', {
        kind: 'culture',
        description_el: 'Με την ορχήστρα; φέρτε, μια καρέκλα\nκαι νερό.',
        place_en: 'Theatre, upper town',
        url: 'https://theatre.example/concert',
        phone: '2999 000000',
      }),
      event('exhibition', '2030-06-01T00:00:00+03:00', '2030-06-21T00:00:00+03:00', { kind: 'culture' }),
      event('market', '2030-06-12T07:00:00+03:00', null, { status: 'cancelled', url: 'javascript:alert(1)' }),
      event('late', '2030-06-11T23:30:00+03:00', '2030-06-12T02:00:00+03:00', { status: 'who knows' }),
      event('undated', null, null),
    ]
    const more = { geometry_type: 'Point' as const, title_fields: { el: 'name_el', en: 'name_en' }, fields: FIELDS }
    await make.layer('event', 'event', features, more)
    await make.layer('inner', 'event', [event('meeting', '2030-06-10T10:00:00+03:00', null)], {
      ...more,
      visibility: 'staff',
    })
    await make.account('gis@town.example', 'gis_officer')
  })

  it('tells what is on within days of Athens, the soonest first, also what began before', async () => {
    const { body } = await get('/api/calendar?from=2030-06-10&to=2030-06-12')
    expect(codes(body)).to.deep.equal(['exhibition', 'concert', 'late', 'market'])
    expect(body).to.deep.include({ kinds: [{ slug: 'culture', title: { el: 'Πολιτισμός', en: 'Culture' } }] })
    // At half past eleven in Athens it is still the day before in London, and the night belongs to both days.
    expect(codes((await get('/api/calendar?from=2030-06-12&to=2030-06-12')).body)).to.deep.equal(['exhibition', 'late', 'market']) // prettier-ignore
    expect(codes((await get('/api/calendar?from=2030-06-13&to=2030-06-20')).body)).to.deep.equal(['exhibition'])
    expect(codes((await get('/api/calendar?from=2030-06-21&to=2030-06-30')).body), 'ended with the midnight before').to.deep.equal([]) // prettier-ignore
    expect(codes((await get('/api/calendar?from=2030-06-10&to=2030-06-12&kind=culture')).body)).to.deep.equal(['exhibition', 'concert']) // prettier-ignore
  })

  it('knows whole days from hours, and takes no word or address for what it is not', async () => {
    const { happenings } = (await get('/api/calendar?from=2030-06-10&to=2030-06-12')).body
    expect(happenings[0]).to.deep.include({ is_all_day: true, starts_at: '2030-05-31T21:00:00.000Z', ends_at: '2030-06-20T21:00:00.000Z' }) // prettier-ignore
    expect(happenings[1]).to.deep.include({
      is_all_day: false,
      status: 'scheduled',
      place: both('Theatre, upper town'),
      url: 'https://theatre.example/concert',
      phone: null,
      point: [23.005, 37.012345],
    })
    expect(happenings[2]['status'], 'an unknown word').to.equal('scheduled')
    expect(happenings[3]).to.deep.include({ status: 'cancelled', ends_at: null, url: null })
  })

  it('shows inner layers and closed fields to staff alone, and to nobody’s calendar', async () => {
    const cookie = await signIn('gis@town.example')
    const { body } = await get('/api/calendar?from=2030-06-10&to=2030-06-10', { cookie })
    expect(codes(body)).to.deep.equal(['exhibition', 'meeting', 'concert'])
    expect(body['happenings'][2]['phone']).to.equal('2999 000000')
    const { rows } = await world.db.raw('SELECT id FROM gis.inner')
    expect((await get(`/feeds/calendar/inner/${rows[0].id}.ics`, { cookie })).status).to.equal(404)
  })

  it('refuses days that are none, turned round, or too many, and says which', async () => {
    for (const query of ['from=2030-02-30', 'from=2030-06-02&to=2030-06-01', 'from=2030-01-01&to=2031-06-01']) {
      const { status, body } = await get(`/api/calendar?${query}`)
      expect(status, query).to.be.oneOf([400, 422])
      expect(body['errors'][0]['path'], query).to.match(/from|to/)
    }
  })

  it('gives one event as iCalendar that a calendar reads', async () => {
    const { happenings } = (await get('/api/calendar?from=2030-06-10&to=2030-06-12')).body
    const address = (n: number, lang = 'el') => `/feeds/calendar/event/${happenings[n].id}.ics?lang=${lang}`
    const { headers, of, component, body } = await parsed(address(1))
    expect(headers.get('content-type')).to.equal('text/calendar; charset=utf-8')
    for (const line of body.split('\r\n')) expect(Buffer.byteLength(line), line).to.be.at.most(75)
    expect(component.getFirstPropertyValue('version')).to.equal('2.0')
    const concert = of('concert')
    expect(concert.summary).to.equal('Εκδήλωση concert')
    expect(concert.description).to.equal('Με την ορχήστρα; φέρτε, μια καρέκλα\nκαι νερό.')
    expect(concert.location).to.equal('Theatre, upper town')
    expect(concert.startDate.toJSDate().toISOString()).to.equal('2030-06-10T17:30:00.000Z')
    expect(concert.endDate.toJSDate().toISOString()).to.equal('2030-06-10T20:00:00.000Z')
    expect(concert.uid).to.equal('event-concert@town.asty')
    expect(concert.component.getFirstProperty('geo')?.toICALString()).to.equal('GEO:37.012345;23.005')
    expect(concert.component.getFirstPropertyValue('url')).to.equal('https://theatre.example/concert')
    expect(body, 'closed field').not.to.include('2999')

    const exhibition = (await parsed(address(0))).of('exhibition')
    expect(exhibition.startDate.isDate).to.equal(true)
    expect([exhibition.startDate.toString(), exhibition.endDate.toString()], 'the last day is not counted').to.deep.equal(['2030-06-01', '2030-06-21']) // prettier-ignore
    const market = (await parsed(address(3, 'en'))).of('market')
    expect(market.component.getFirstPropertyValue('status')).to.equal('CANCELLED')
    expect(market.summary).to.equal('Cancelled: Event market')
  })

  it('gives a calendar to subscribe to, that changes when an event does', async () => {
    const soon = new Date(Date.now() + 3 * 86_400_000).toISOString()
    await world.db('gis.event').insert({ code: 'soon', name_el: 'Σύντομα', name_en: 'Soon', starts_at: soon, geom: world.db.raw('ST_SetSRID(ST_MakePoint(23.01, 37.01), 4326)') }) // prettier-ignore
    const first = await parsed('/feeds/calendar.ics?lang=en')
    expect(first.of('soon').summary).to.equal('Soon')
    expect(first.component.getFirstPropertyValue('x-wr-calname')).to.equal('What’s on · town')
    const etag = first.headers.get('etag')!
    expect((await get('/feeds/calendar.ics?lang=en', { headers: { 'If-None-Match': etag } })).status).to.equal(304)
    expect((await parsed('/feeds/calendar.ics?lang=en&kind=culture')).of('soon')).to.equal(undefined)
    await world.db('gis.event').where({ code: 'soon' }).update({ name_en: 'Very soon' })
    expect((await parsed('/feeds/calendar.ics?lang=en')).of('soon').summary).to.equal('Very soon')
  })

  it('is a dataset like every layer, asked by time', async () => {
    const { body } = await get('/ogc/collections/event/items?datetime=2030-06-11T00:00:00Z/2030-06-11T22:00:00Z&f=json')
    // What knows no time is of any time (OGC 17-069r4, 7.15.4).
    expect(body['features'].map(({ properties }: { properties: { code: string } }) => properties.code)).to.include.members(['exhibition', 'late', 'undated']).and.not.include('concert') // prettier-ignore
    expect((await get<string>('/opendata/catalog.ttl')).body).to.include('/opendata/event>')
  })
})

describe('days of the demo city', () => {
  it('come later at the same time of the clock, also over a change of the clocks', () => {
    const cases = [
      ['2026-11-20T07:00:00+02:00', 7, '2026-11-27T07:00:00+02:00'],
      ['2026-11-20T07:00:00+02:00', 140, '2027-04-09T07:00:00+03:00'],
      ['2026-10-24T03:30:00+03:00', 1, '2026-10-25T03:30:00+02:00'],
      ['2026-11-20T00:00:00+02:00', 364, '2027-11-19T00:00:00+02:00'],
    ] as const
    for (const [from, days, to] of cases)
      expect(sameTimeAfter(new Date(from), days).toISOString(), from).to.equal(new Date(to).toISOString())
  })
})
