import { expect } from 'chai'
import sharp from 'sharp'
import type { FieldDefinition } from '../../backend/layers/contract.ts'
import { openingAt, weekOf } from '../../backend/places/poi/hours.ts'
import { momentOf, wallClock } from '../../backend/places/poi/wallclock.ts'
import { get, point, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const PHARMACY = 'Mo-Fr 08:00-14:00, Tu,Th,Fr 17:30-21:00; PH off'

describe('opening hours', () => {
  const cases: [hours: string, at: string, summary: string | undefined, changes: string | null][] = [
    [PHARMACY, '2026-11-27T10:00:00Z', 'Open until 14:00', '2026-11-27T12:00:00.000Z'],
    [PHARMACY, '2026-11-27T13:00:00Z', 'Closed, opens at 17:30', '2026-11-27T15:30:00.000Z'],
    [PHARMACY, '2026-11-29T13:00:00Z', 'Closed, opens tomorrow at 08:00', '2026-11-30T06:00:00.000Z'],
    [PHARMACY, '2026-11-27T21:00:00Z', 'Closed, opens on Monday at 08:00', '2026-11-30T06:00:00.000Z'],
    // Christmas on a Friday, the day after it a holiday too.
    [PHARMACY, '2026-12-24T20:00:00Z', 'Closed, opens on Monday at 08:00', '2026-12-28T06:00:00.000Z'],
    // Easter of the Orthodox: 12 April 2026, with the Friday before and the Monday after.
    [PHARMACY, '2026-04-09T20:00:00Z', 'Closed, opens on Tuesday at 08:00', '2026-04-14T05:00:00.000Z'],
    ['24/7', '2026-11-27T10:00:00Z', 'Open day and night', null],
    ['Mo-Su 18:00-02:00', '2026-11-27T22:30:00Z', 'Open until 02:00', '2026-11-28T00:00:00.000Z'],
    ['Mo-Su 07:00-24:00', '2026-11-27T10:00:00Z', 'Open until 24:00', '2026-11-27T22:00:00.000Z'],
    ['Jun-Sep: Mo-Su 10:00-18:00', '2026-11-27T10:00:00Z', 'Closed, opens on 1 June at 10:00', '2027-06-01T07:00:00.000Z'],
    ['Mo-Fr 09:00-12:00 || "κατόπιν ραντεβού"', '2026-11-27T16:00:00Z', 'Ask before you go: κατόπιν ραντεβού', '2026-11-30T07:00:00.000Z'],
    ['τα πρωινά', '2026-11-27T10:00:00Z', undefined, null],
    ['Mo '.repeat(500), '2026-11-27T10:00:00Z', undefined, null],
    // The last Sunday of October: the same clock twice in one night.
    ['Mo-Su 08:00-20:00', '2026-10-24T21:00:00Z', 'Closed, opens at 08:00', '2026-10-25T06:00:00.000Z'],
  ] // prettier-ignore
  for (const [hours, at, summary, changes] of cases)
    it(`says of "${hours.slice(0, 50)}" at ${at}: ${summary ?? 'nothing'}`, () => {
      const { summary: said, changes_at, text } = openingAt(hours, new Date(at))
      expect([said?.en, changes_at]).to.deep.equal([summary, changes])
      expect(text).to.equal(hours)
    })

  it('says it in Greek', () => {
    expect(openingAt(PHARMACY, new Date('2026-11-27T21:00:00Z')).summary?.el).to.equal('Κλειστό, ανοίγει τη Δευτέρα στις 08:00') // prettier-ignore
  })

  it('lays out seven days from today, with holidays by name, nights with their evening and days cut at midnight', () => {
    const told = (hours: string, at: string) =>
      weekOf(hours, new Date(at)).map(({ on, holiday, spans }) => [on.slice(5), holiday, ...spans.map(({ from, to }) => `${from}-${to}`)].join(' ')) // prettier-ignore
    expect(told(PHARMACY, '2026-12-23T22:30:00Z')).to.deep.equal([
      '12-24  08:00-14:00 17:30-21:00',
      '12-25 Χριστούγεννα',
      '12-26 Δεύτερη μέρα των Χριστουγέννων',
      '12-27 ',
      '12-28  08:00-14:00',
      '12-29  08:00-14:00 17:30-21:00',
      '12-30  08:00-14:00',
    ])
    expect(told('24/7', '2026-11-27T10:00:00Z')[6]).to.equal('12-03  00:00-24:00')
    expect(told('Fr-Sa 20:00-03:00', '2026-11-27T22:30:00Z').slice(0, 2)).to.deep.equal(['11-28  20:00-03:00', '11-29 ']) // prettier-ignore
    expect(told('τα πρωινά', '2026-11-27T10:00:00Z')).to.deep.equal([])
  })

  it('reads the clock of Athens on any machine, over both changes of the clock', () => {
    for (const at of [
      '2026-11-28T07:15:00Z',
      '2026-07-01T21:59:59Z',
      '2026-03-29T00:59:00Z',
      '2026-03-29T01:00:00Z',
      '2026-10-25T02:00:00Z',
    ])
      // prettier-ignore
      expect(momentOf(wallClock(new Date(at))).toISOString()).to.equal(new Date(at).toISOString())
  })
})

const field = (name: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  name,
  type: 'text',
  title: { el: name, en: name },
  is_public: true,
  ...more,
})
const kind = field('kind', { codes: { pharmacy: { el: 'Φαρμακείο', en: 'Pharmacy' }, museum: { el: 'Μουσείο', en: 'Museum' } } }) // prettier-ignore
const FIELDS = [
  ...['code', 'name', 'opening_hours', 'phone', 'wheelchair', 'website', 'description_el'].map((name) => field(name)),
  kind,
  field('photos', { type: 'json' }),
  field('owner', { is_public: false }),
]
const place = (code: string, lon: number, lat: number, more: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: { code, name: code, kind: 'pharmacy', ...more },
  geometry: point(lon, lat),
})
const FRIDAY_NOON = '2026-11-27T10:00:00Z'
/** 300 m to the east (0.0034°) are more degrees than 320 m to the north (0.0029°), but fewer metres. */
const HERE = [23.01, 37.01] as const

describe('places', () => {
  let cookie: string
  before(async () => {
    await smallTown()
    await make.layer('poi', 'poi', [
      place('east', HERE[0] + 0.0034, HERE[1], { opening_hours: PHARMACY, wheelchair: 'yes', phone: '2999 1', owner: 'Μαρία' }),
      place('north', HERE[0], HERE[1] + 0.0029, { opening_hours: 'Sa 10:00-12:00', wheelchair: 'no' }),
      place('here', ...HERE, { opening_hours: 'τα πρωινά', kind: 'museum', description_el: 'Παλιά </script><b>πέτρα</b>', website: 'javascript:alert(1)', photos: ['/media/a.jpg', '//evil.example/a.jpg', 'https://evil.example/a.jpg'] }),
      place('far', 23.05, 37.05, { opening_hours: '24/7' }),
    ], { geometry_type: 'Point', fields: FIELDS }) // prettier-ignore
    await make.layer('stop', 'poi', [{ type: 'Feature', properties: { code: 'b1' }, geometry: point(23.011, 37.01) }], { geometry_type: 'Point', fields: [field('code')], title_fields: null }) // prettier-ignore
    await make.layer('walk', 'poi', [{
      type: 'Feature',
      properties: { code: 'w1', name: 'Περίπατος', profile: [[0, 2], [500, 40.5], [1100, 12]] },
      geometry: { type: 'LineString', coordinates: [[23.02, 37.01], [23.03, 37.01]] },
    }], { geometry_type: 'LineString', fields: [field('code'), field('name'), field('profile', { type: 'json' })] }) // prettier-ignore
    await make.layer('secret', 'poi', [place('s1', ...HERE)], { geometry_type: 'Point', fields: FIELDS, visibility: 'staff' }) // prettier-ignore
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
  })

  const find = async (query: string, options = {}) => {
    const { status, body } = await get(`/api/places?${query}`, options)
    expect(status, JSON.stringify(body)).to.equal(200)
    return body
  }
  const ids = async (query: string, options = {}) =>
    (await find(query, options))['features'].map(({ id }: { id: string }) => id)
  const near = `near=${HERE.join(',')}`

  it('come nearest first, in metres, from all layers of places that are public', async () => {
    const { features } = await find(near)
    const told = features.map((one: { id: string; properties: { distance_m: number } }) => `${one.id} ${Math.round(one.properties.distance_m)}`) // prettier-ignore
    expect(told).to.deep.equal(['poi/here 0', 'stop/1 89', 'poi/east 303', 'poi/north 322', 'walk/w1 890', 'poi/far 5690']) // prettier-ignore
    expect(await ids(near, { cookie }), 'staff').to.include('secret/s1')
  })

  it('come page by page without one twice or missing, with a point and without', async () => {
    for (const query of [`${near}&limit=2`, 'limit=2', `${near}&limit=2&open=${FRIDAY_NOON}`]) {
      const seen: string[] = []
      let next: string | undefined = `/api/places?${query}`
      while (next) {
        const { body }: { body: Record<string, any> } = await get(next) // eslint-disable-line @typescript-eslint/no-explicit-any -- see http.ts
        seen.push(...body['features'].map(({ id }: { id: string }) => id))
        next = body['links'][0]?.href.replace(world.url, '')
      }
      expect(seen, query).to.deep.equal(await ids(query.replace('limit=2', 'limit=50')))
      expect(seen).to.have.length(query.includes('open') ? 2 : 6)
    }
    expect((await get('/api/places?cursor=nonsense')).status).to.equal(400)
  })

  it('are chosen by kind, access, name, box and by being open at a moment', async () => {
    expect(await ids(`${near}&kind=museum,stop`)).to.deep.equal(['poi/here', 'stop/1'])
    expect(await ids(`${near}&wheelchair=yes`)).to.deep.equal(['poi/east'])
    expect(await ids(`${near}&q=ΠΕΡΙΠ`)).to.deep.equal(['walk/w1'])
    expect(await ids('bbox=23.04,37.04,23.06,37.06')).to.deep.equal(['poi/far'])
    expect(await ids(`${near}&open=${FRIDAY_NOON}`)).to.deep.equal(['poi/east', 'poi/far'])
    expect(await ids(`${near}&open=2026-11-28T09:00:00Z`)).to.deep.equal(['poi/north', 'poi/far'])
    for (const wrong of ['near=here', 'near=200,37', 'bbox=1,2,3', 'open=soon', 'wheelchair=maybe', 'limit=0'])
      expect((await get(`/api/places?${wrong}`)).status, wrong).to.equal(422)
  })

  it('tell what is known of each: kind, hours, what may be shown, and nothing that is not public', async () => {
    const { body } = await get(`/api/places/poi/east?at=${FRIDAY_NOON}`)
    expect(body['kind']).to.deep.equal({ slug: 'pharmacy', title: kind.codes?.['pharmacy'] })
    expect(body['opening'].summary).to.deep.equal({ el: 'Ανοιχτό έως τις 14:00', en: 'Open until 14:00' })
    expect(body['week']).to.have.length(7)
    expect(body['properties']).to.not.have.property('owner')
    expect((await get('/api/places/poi/east', { cookie })).body['properties']).to.have.property('owner')
    const here = (await get('/api/places/poi/here')).body
    expect([here['opening'].text, here['opening'].summary, here['week']]).to.deep.equal(['τα πρωινά', null, []])
    expect(here['website'], 'no script').to.equal(null)
    expect(here['photos']).to.deep.equal([{ url: '/media/a.jpg', credit: null }])
    expect((await get('/api/places/stop/1')).body['title'], 'no title but its kind').to.deep.equal({ el: 'stop', en: 'stop' }) // prettier-ignore
    for (const nothing of ['poi/nobody', 'secret/s1', 'district/west', 'nothing/1'])
      expect((await get(`/api/places/${nothing}`)).status, nothing).to.equal(404)
  })

  it('may be routes with an elevation profile', async () => {
    const { body } = await get('/api/places/walk/w1')
    expect(body['profile']).to.deep.equal([[0, 2], [500, 40.5], [1100, 12]]) // prettier-ignore
    expect(body['length_m']).to.be.closeTo(890, 1)
    expect(body['point']).to.deep.equal([23.02, 37.01])
  })

  describe('on duty', () => {
    const load = (csv: string, as = cookie) =>
      request('PUT', '/api/staff/places/poi/duties', { cookie: as, body: { csv } })

    it('are read from the list of the association, in Greek, by key or by name', async () => {
      const { status, body } = await load('Ημερομηνία;Από;Έως;Φαρμακείο\n27/11/2026;08:00;08:00;ΕΑΣΤ\n27/11/2026;08:00;23:00;north\n2026-11-28;;;far\n'.replace('ΕΑΣΤ', 'EAST')) // prettier-ignore
      expect([status, body]).to.deep.equal([200, { duties: 3, from: '2026-11-27', to: '2026-11-28' }])
      expect(await ids(`${near}&duty=${FRIDAY_NOON}`), 'nearest first').to.deep.equal(['poi/east', 'poi/north'])
      expect(await ids(`${near}&duty=2026-11-27T21:00:00Z`), 'at 23:00').to.deep.equal(['poi/east'])
      expect(await ids(`${near}&duty=2026-11-28T06:00:00Z`), 'at 8:00').to.deep.equal(['poi/far'])
      const { features } = await find(`${near}&duty=${FRIDAY_NOON}`)
      expect(features[1].properties.on_duty_until).to.equal('2026-11-27T21:00:00.000Z')
      const east = (await get(`/api/places/poi/east?at=${FRIDAY_NOON}`)).body
      expect(east['on_duty_until']).to.equal('2026-11-28T06:00:00.000Z')
      expect(east['duties']).to.have.length(1)
    })

    it('are replaced for the days of a new list, and only for those', async () => {
      expect((await load('date,place\n2026-11-28,north\n')).body).to.deep.equal({ duties: 1, from: '2026-11-28', to: '2026-11-28' }) // prettier-ignore
      expect(await ids(`${near}&duty=2026-11-28T12:00:00Z`)).to.deep.equal(['poi/north'])
      expect(await ids(`${near}&duty=${FRIDAY_NOON}`)).to.deep.equal(['poi/east', 'poi/north'])
    })

    it('stay as they were when a line is wrong, each told with its number', async () => {
      const { status, body } = await load('date;place;from\n31/11/2026;east;\n1/12/2026;nobody;\n1/12/2026;east;late\n')
      expect(status).to.equal(422)
      expect(body['errors'].map(({ message }: { message: string }) => message)).to.deep.equal([
        'Line 2: the date is written 2026-12-01 or 1/12/2026.',
        'Line 3: no place is called "nobody".',
        'Line 4: times are written like 08:00.',
      ])
      expect((await load('a;b\n1;2\n')).body['errors'][0].message).to.include('date')
      expect(await ids(`${near}&duty=2026-11-28T12:00:00Z`)).to.deep.equal(['poi/north'])
      const nowhere = await request('PUT', '/api/staff/places/district/duties', { cookie, body: { csv: 'date;place' } })
      expect(nowhere.status).to.equal(404)
    })
  })

  describe('have a page of their own', () => {
    it('with title, description, picture and hours for search engines and messengers, in two languages', async () => {
      const { status, headers, body } = await get<string>('/places/poi/east?lang=el')
      expect(status).to.equal(200)
      expect(headers.get('content-security-policy')).to.include(`script-src 'self'`)
      expect(body).to.include('<html lang="el">')
      expect(body).to.match(/<title>east – .+<\/title>/)
      expect(body).to.include('<meta property="og:locale" content="el_GR">')
      expect(body).to.include(`<meta property="og:image" content="${world.url}/places/poi/east/preview.png?lang=el">`)
      expect(body).to.include(`hreflang="en" href="${world.url}/places/poi/east?lang=en"`)
      expect(body).to.include(`<link rel="canonical" href="${world.url}/places/poi/east">`)
      const thing = JSON.parse(/<script type="application\/ld\+json">(.*?)<\/script>/s.exec(body)?.[1] ?? '')
      expect([thing['@type'], thing.telephone]).to.deep.equal(['Pharmacy', '2999 1'])
      expect(thing.openingHoursSpecification[0]).to.include.keys('dayOfWeek', 'opens', 'closes', 'validFrom')
      expect((await get<string>('/places/poi/east?lang=en')).body).to.include('content="en_GB"')
      expect((await get<string>('/places')).body).to.include('Places and services')
    })

    it('in which no text of a layer becomes markup', async () => {
      const { body } = await get<string>('/places/poi/here')
      expect(body).to.not.include('<b>')
      expect(body.match(/<\/script>/g)).to.have.length(2)
    })

    it('that is not found where there is no place, and says nothing of one that is closed', async () => {
      for (const path of ['/places/poi/nobody', '/places/secret/s1']) {
        const { status, body } = await get<string>(path)
        expect(status).to.equal(404)
        expect(body).to.include('noindex').and.not.include('og:title')
      }
    })

    it('and a picture of the map, kept by caches until it changes', async () => {
      const answer = await fetch(`${world.url}/places/poi/east/preview.png?lang=el`)
      expect(answer.status).to.equal(200)
      expect(answer.headers.get('cache-control')).to.include('public')
      const { width, height, format } = await sharp(Buffer.from(await answer.arrayBuffer())).metadata()
      expect([width, height, format]).to.deep.equal([1200, 630, 'png'])
      const again = await get('/places/poi/east/preview.png?lang=el', { headers: { 'If-None-Match': answer.headers.get('etag') ?? '' } }) // prettier-ignore
      expect(again.status).to.equal(304)
      expect((await fetch(`${world.url}/places/walk/w1/preview.png`)).status).to.equal(200)
      expect((await get('/places/secret/s1/preview.png', { cookie })).status, 'not even for staff').to.equal(404)
    })

    it('in the map of the site', async () => {
      const { body } = await get<string>('/sitemap.xml')
      expect(body).to.include(`<loc>${world.url}/places/poi/east</loc>`)
      expect(body).to.include(`${world.url}/places/walk/w1?lang=en`)
      expect(body).to.not.include('secret')
    })
  })
})
