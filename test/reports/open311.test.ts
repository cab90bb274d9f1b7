// Open311 GeoReport v2: the core to the letter, in XML and JSON, and what goes beyond it.
import { expect } from 'chai'
import { addGrant } from '../../backend/people/service.ts'
import { XMLParser, XMLValidator } from 'fast-xml-parser'
import sharp from 'sharp'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const BASE = '/open311/v2'
const parser = new XMLParser({ parseTagValue: false, isArray: (name) => ['service', 'request', 'error', 'request_update', 'endpoint', 'format'].includes(name) }) // prettier-ignore

type Row = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely

async function xml(path: string): Promise<{ status: number; body: Row; type: string | null }> {
  const { status, headers, body } = await get(`${BASE}${path}`)
  const text = body as unknown as string
  expect(XMLValidator.validate(text), text.slice(0, 200)).to.equal(true)
  expect(text).to.match(/^<\?xml version="1.0" encoding="utf-8"\?>/)
  return { status, body: parser.parse(text), type: headers.get('content-type') }
}
const json = (path: string) => get<Row[] & Row>(`${BASE}${path}`)

async function send(fields: Record<string, string>, format = 'json', headers: Record<string, string> = {}) {
  const response = await fetch(`${world.url}${BASE}/requests.${format}`, {
    method: 'POST',
    headers: {
      'Content-Type': 'application/x-www-form-urlencoded',
      'Accept-Language': 'en',
      'X-API-Key': key,
      ...headers,
    },
    body: new URLSearchParams(fields),
  })
  const text = await response.text()
  return { status: response.status, text, body: (format === 'json' ? JSON.parse(text) : parser.parse(text)) as Row }
}

let key: string

const hole = { service_code: 'pothole', lat: '37.005', long: '23.005', description: 'Λακκούβα & "νερά" <βαθιά>' }

describe('Open311 GeoReport v2', () => {
  let staff: string

  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.category('accident', { parent: 'roads', is_public: false })
    staff = await signIn('head@town.example')
    await make.account('app@company.example', 'citizen')
    const owner = await signIn('app@company.example')
    const made = await post('/api/me/keys', { title: 'App', scopes: ['reports.write'] }, { cookie: owner })
    expect(made.status).to.equal(201)
    key = made.body['key']
  })
  beforeEach(() => world.db.raw('TRUNCATE case_record CASCADE'))

  it('tells what it offers and where', async () => {
    const { status, body, type } = await xml('/discovery.xml')
    expect(status).to.equal(200)
    expect(type).to.equal('text/xml; charset=utf-8')
    const { changeset, contact, key_service, endpoints } = body['discovery']
    expect([changeset, contact, key_service].every((value) => typeof value === 'string' && value !== '')).to.equal(true)
    expect(endpoints.endpoint[0]).to.include({ url: `${world.url}${BASE}`, type: 'production', specification: 'http://wiki.open311.org/GeoReport_v2' }) // prettier-ignore
    expect(endpoints.endpoint[0].formats.format).to.deep.equal(['text/xml', 'application/json'])
    const inJson = await json('/discovery.json')
    expect(inJson.headers.get('content-type')).to.equal('application/json; charset=utf-8')
    expect(inJson.body['endpoints'][0].url).to.equal(`${world.url}${BASE}`)
  })

  it('lists services with groups and keywords; XML and JSON say the same', async () => {
    const { body } = await json('/services.json')
    const service = body.find(({ service_code }) => service_code === 'pothole')
    expect(service).to.have.all.keys('service_code', 'service_name', 'description', 'metadata', 'type', 'keywords', 'group') // prettier-ignore
    expect(service).to.include({ metadata: false, type: 'realtime', group: 'roads' })
    expect(body.map(({ service_code }) => service_code)).to.not.include('roads')
    const { services } = (await xml('/services.xml')).body
    expect(services.service.map((one: Row) => one['service_code'])).to.deep.equal(
      body.map(({ service_code }) => service_code),
    )
    expect(services.service[0].metadata).to.equal('false')
    const greek = await get(`${BASE}/services.json`, { headers: { 'Accept-Language': 'el' } })
    expect(greek.status).to.equal(200)
    expect((await json('/services/pothole.json')).body).to.deep.equal({ service_code: 'pothole', attributes: [] })
    expect((await json('/services/nothing.json')).status).to.equal(404)
  })

  it('takes a request, which is a report like any other and is found again', async () => {
    const { status, body } = await send({ ...hole, email: 'anna@example.org', first_name: 'Anna', last_name: 'Petrou', address_string: 'Ermou 1', media_url: 'https://pictures.example/1.jpg' }) // prettier-ignore
    expect(status).to.equal(201)
    expect(body).to.have.length(1)
    expect(body[0]).to.have.all.keys('service_request_id', 'service_notice', 'account_id')
    expect(body[0].service_request_id).to.match(/^\d{4}-000001$/)

    const [seen] = (await json(`/requests/${body[0].service_request_id}.json`)).body
    expect(seen).to.deep.include({ service_request_id: body[0].service_request_id, status: 'open', service_code: 'pothole', description: hole.description, lat: 37.005, long: 23.005, media_url: null }) // prettier-ignore
    expect(seen!['requested_datetime']).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect(JSON.stringify(seen)).to.not.match(/anna|Petrou|pictures/i)

    const atDesk = (await get('/api/staff/reports', { cookie: staff })).body['features'][0]
    expect(atDesk.properties).to.deep.include({ channel: 'app', description: hole.description })
    const detail = await get(`/api/staff/reports/${atDesk.id}`, { cookie: staff })
    const notes = detail.body['timeline'].map(({ note }: Row) => note).join()
    expect(notes).to.include('Ermou 1').and.include('https://pictures.example/1.jpg')
    expect(detail.body['contact'].email).to.equal('a…@example.org')
  })

  it('answers a request in XML too, well-formed whatever the words', async () => {
    const { status, body } = await send({ ...hole, description: `]]> & <b> \u0001 "x"` }, 'xml')
    expect(status).to.equal(201)
    const id = body['service_requests'].request[0].service_request_id
    const seen = (await xml(`/requests/${id}.xml`)).body['service_requests'].request[0]
    expect(seen).to.include({ service_request_id: id, status: 'open', lat: '37.005', media_url: '', zipcode: '' })
    expect(seen.description).to.include(']]> & <b>')
    expect((await xml(`/tokens/${id}.xml`)).body['service_requests'].request[0]).to.deep.equal({ service_request_id: id, token: id }) // prettier-ignore
  })

  it('takes photos with it, and shows the one that staff have published', async () => {
    const photo = await sharp({ create: { width: 60, height: 40, channels: 3, background: '#345' } })
      .jpeg()
      .toBuffer()
    const form = new FormData()
    for (const [name, value] of Object.entries(hole)) form.set(name, value)
    form.append('media', new Blob([new Uint8Array(photo)]), 'a.jpg')
    const response = await fetch(`${world.url}${BASE}/requests.json`, {
      method: 'POST',
      body: form,
      headers: { 'X-API-Key': key },
    })
    expect(response.status).to.equal(201)
    const [{ service_request_id }] = (await response.json()) as [Row]
    const media = async () => (await json(`/requests/${service_request_id}.json`)).body[0]?.['media_url']
    expect(await media()).to.equal(null)
    await world.db('attachment').update({ published_at: world.db.fn.now() })
    expect((await fetch(await media())).headers.get('content-type')).to.equal('image/jpeg')
    form.set('media', new Blob(['not a picture']), 'a.jpg')
    const wrong = await fetch(`${world.url}${BASE}/requests.json`, {
      method: 'POST',
      body: form,
      headers: { 'X-API-Key': key },
    })
    expect(wrong.status).to.equal(400)
  })

  it('finds requests by id, code, state, time, change and place, page by page', async () => {
    const ids: string[] = []
    for (let n = 0; n < 3; n++) ids.push((await send({ ...hole, long: String(23.005 + n / 1000) })).body[0].service_request_id) // prettier-ignore
    await world.db('report').where({ id: await idOf(ids[0]!) }).update({ status: 'resolved', closed_at: world.db.fn.now(), created_at: '2026-01-10T00:00:00Z', updated_at: '2026-01-11T00:00:00Z' }) // prettier-ignore
    const found = async (query: string) => {
      const { status, body } = await json(`/requests.json?${query}`)
      expect(status, query).to.equal(200)
      return body.map(({ service_request_id }) => ids.indexOf(service_request_id)).join('')
    }
    expect(await found('')).to.equal('21')
    expect(await found(`service_request_id=${ids[2]},${ids[0]},2020-000001`)).to.equal('20')
    expect(await found(`service_request_id=${ids[0]}&status=open&service_code=nothing`)).to.equal('0')
    expect(await found('service_code=pothole,other')).to.equal('21')
    expect(await found('service_code=other')).to.equal('')
    expect(await found('status=closed')).to.equal('')
    expect(await found('start_date=2026-01-01T00:00:00Z&end_date=2026-02-01T00:00:00%2B02:00')).to.equal('0')
    expect(await found('start_date=2026-01-01T00:00:00Z&status=open,closed')).to.equal('0')
    expect(await found('updated_after=2026-01-10T12:00:00Z&status=closed')).to.equal('0')
    expect(await found('updated_before=2026-01-12T00:00:00Z&updated_after=2000-01-01T00:00:00Z')).to.equal('0')
    expect(await found('lat=37.005&long=23.007&radius=20')).to.equal('2')
    expect(await found('page_size=1&page=2')).to.equal('1')
    expect(await found('status=&service_code=')).to.equal('21')
    const [more] = (await json('/requests.json?extensions=true&page_size=1')).body
    expect(more!['extended_attributes']).to.include({ detailed_status: 'submitted', district: 'west' })
  })

  it('shows no private request by any of its doors', async () => {
    const { status, body } = await send({ ...hole, service_code: 'accident', description: 'secret blood' })
    expect(status).to.equal(201)
    const id = body[0].service_request_id
    expect((await json(`/requests/${id}.json`)).status).to.equal(404)
    expect((await json(`/tokens/${id}.json`)).status).to.equal(404)
    await world.db('timeline_entry').insert({ case_id: await idOf(id), kind: 'note', note: 'secret note' })
    for (const path of ['/requests.json', `/requests.json?service_request_id=${id}`, '/servicerequestupdates.json', `/servicerequestupdates.json?service_request_id=${id}`])
      expect((await json(path)).body, path).to.deep.equal([]) // prettier-ignore
    const unknown = await json('/requests/2020-999999.json')
    expect((await json(`/requests/${id}.json`)).body).to.deep.equal(unknown.body)
  })

  it('tells what was said to people, and nothing that was not', async () => {
    const { body } = await post('/api/reports', pothole(23.005, 37.005))
    await request('POST', `/api/staff/reports/${body['id']}/status`, { cookie: staff, body: { status: 'acknowledged', note: 'On Monday' } }) // prettier-ignore
    await request('POST', `/api/staff/reports/${body['id']}/status`, { cookie: staff, body: { status: 'in_progress', note: 'between us', is_public: false } }) // prettier-ignore
    const updates = (await json('/servicerequestupdates.json')).body
    const id = String(body['protocol']).replace('/', '-')
    expect(updates[0]).to.deep.include({ service_request_id: id, status: 'OPEN', description: 'On Monday' })
    expect(JSON.stringify(updates)).to.not.include('between us')
    const since = encodeURIComponent(String(updates.at(-1)!['updated_datetime']))
    expect((await json(`/servicerequestupdates.json?start_date=${since}`)).status).to.equal(200)
    expect((await json(`/requests/${id}.json`)).body[0]).to.include({ status_notes: 'On Monday' })
    expect((await xml('/servicerequestupdates.xml')).body['service_request_updates'].request_update).to.have.length(updates.length) // prettier-ignore
  })

  it('lists errors with code and description, 400, 403 or 404, in the form that was asked for', async () => {
    const wrong: [path: string, status: number][] = [
      ['/requests.json?start_date=yesterday', 400],
      ['/requests.json?start_date=2026-01-01', 400],
      ['/requests.json?start_date=2026-01-01T00:00:00Z&end_date=2026-06-01T00:00:00Z', 400],
      ['/requests.json?start_date=2026-02-01T00:00:00Z&end_date=2026-01-01T00:00:00Z', 400],
      ['/requests.json?status=maybe', 400],
      ['/requests.json?lat=37', 400],
      ['/requests.json?lat=a&long=b&radius=c', 400],
      ['/requests.json?page=0', 400],
      ['/requests.json?page_size=1001', 400],
      ['/requests.json?jurisdiction_id=elsewhere', 404],
      ['/services.json?jurisdiction_id=elsewhere', 404],
      ['/requests/1.json', 404],
      ['/tokens/1.json', 404],
    ]
    for (const [path, status] of wrong) {
      const answer = await json(path)
      expect(answer.status, path).to.equal(status)
      expect(answer.body, path).to.be.an('array').with.length.at.least(1)
      for (const error of answer.body) {
        expect(error).to.have.all.keys('code', 'description')
        expect(error['code']).to.equal(status)
      }
      const inXml = await xml(path.replace('.json', '.xml'))
      expect(inXml.status, path).to.equal(status)
      expect(inXml.body['errors'].error[0].code).to.equal(String(status))
    }
    const town = await world.db('area').where({ role: 'boundary' }).first('slug')
    expect((await json(`/services.json?jurisdiction_id=${town.slug}`)).status).to.equal(200)
    expect((await get(`${BASE}/requests.csv`)).status).to.equal(404)
  })

  it('refuses a request that cannot be one, and keeps nothing of it', async () => {
    const without = (name: string) => Object.fromEntries(Object.entries(hole).filter(([key]) => key !== name))
    for (const [fields, says] of [
      [without('service_code'), /service_code/],
      [without('lat'), /lat/],
      [without('description'), /description/],
      [{ ...hole, service_code: 'nothing' }, /category/],
      [{ ...hole, service_code: 'roads' }, /category/],
      [{ ...hole, lat: '95' }, /lat/],
      [{ ...hole, lat: '40', long: '26' }, /coordinates/],
      [{ ...hole, email: 'nobody' }, /email/],
      [{ ...hole, description: 'x'.repeat(4001) }, /description/],
      [{ ...hole, jurisdiction_id: 'elsewhere' }, /jurisdiction_id/],
    ] as [Record<string, string>, RegExp][]) {
      const { status, body } = await send(fields)
      expect(status, JSON.stringify(fields).slice(0, 80)).to.be.oneOf([400, 404])
      expect(body[0].description).to.match(says)
    }
    expect(await world.db('report').count('* as n').first()).to.deep.equal({ n: '0' })
  })

  it('wants a key of the right scope to send, and none to read', async () => {
    const form = (more: Record<string, string>) => send({ ...hole, ...more }, 'json', { 'X-API-Key': '' })
    for (const [fields, status] of [
      [{}, 403],
      [{ api_key: '' }, 403],
      [{ api_key: 'asty_wrong' }, 403],
      [{ api_key: key }, 201],
    ] as [Record<string, string>, number][]) {
      const answer = await form(fields)
      expect(answer.status, JSON.stringify(fields)).to.equal(status)
      if (status === 403) expect(answer.body[0].code).to.equal(403)
    }
    const wrong = await send(hole, 'xml', { 'X-API-Key': 'asty_wrong' })
    expect(wrong.status).to.equal(403)
    expect(wrong.body['errors'].error[0].code).to.equal('403')
    await world
      .db('api_key')
      .update({ scopes: [] })
      .catch(() => undefined)
    const { scopes } = await world.db('api_key').first('scopes')
    if (scopes.length === 0) expect((await send(hole)).status).to.equal(403)
    await world.db('api_key').update({ scopes: ['reports.write'] })
    expect((await json('/requests.json')).status).to.equal(200)
  })

  it('ignores who is signed in: a foreign page cannot act for its visitor', async () => {
    await make.account('citizen@town.example', 'citizen')
    const cookie = await signIn('citizen@town.example')
    const { status } = await send(hole, 'json', { Cookie: cookie, Origin: 'https://elsewhere.example' })
    expect(status).to.equal(201)
    const stored = await world.db('report').first('reporter_id')
    expect(stored.reporter_id).to.equal(null)
  })

  describe('updates that are sent', () => {
    let office: string
    const tell = async (fields: Record<string, string>, headers: Record<string, string> = { 'X-API-Key': key }, format = 'json') => {
      const body = new URLSearchParams({ update_id: 'u1', description: 'News', ...fields })
      const response = await fetch(`${world.url}${BASE}/servicerequestupdates.${format}`, { method: 'POST', body, headers: { 'Accept-Language': 'en', ...headers } })
      const text = await response.text()
      return { status: response.status, body: (format === 'json' ? JSON.parse(text) : parser.parse(text)) as Row }
    } // prettier-ignore
    const byOffice = () => ({ 'X-API-Key': office })
    const keyOf = async (cookie: string, scopes: string[]): Promise<string> =>
      (await post('/api/me/keys', { title: 'x', scopes }, { cookie })).body['key']
    const report = async (fields: Row = hole) => (await send(fields)).body[0].service_request_id as string
    const story = async (id: string) =>
      (await get(`/api/staff/reports/${await idOf(id)}`, { cookie: staff })).body['timeline'] as Row[]

    before(async () => {
      office = await keyOf(staff, ['reports.update'])
      await world.db('api_key').where({ title: 'App' }).update({ scopes: ['reports.write', 'reports.update'] }) // prettier-ignore
    })
    after(() =>
      world
        .db('api_key')
        .where({ title: 'App' })
        .update({ scopes: ['reports.write'] }),
    )

    it('move a report when staff made the key, as staff would', async () => {
      const id = await report()
      const seen = await tell({ service_request_id: id, status: 'IN_PROGRESS', description: 'We are there' }, byOffice()) // prettier-ignore
      expect(seen.status).to.equal(201)
      const updates = (await json(`/servicerequestupdates.json?service_request_id=${id}`)).body
      expect(updates).to.have.length(1)
      expect(updates[0]).to.include({ update_id: seen.body[0].update_id, detailed_status: 'in_progress', description: 'We are there' }) // prettier-ignore
      await tell({ service_request_id: id, update_id: 'u2', description: 'Half done' }, byOffice())
      const inXml = await tell({ service_request_id: id, update_id: 'u3', status: 'closed' }, byOffice(), 'xml')
      expect(inXml.body['service_request_updates'].request_update[0].update_id).to.match(/^\d+$/)
      expect((await story(id)).map(({ kind, status, note }) => [kind, status, note])).to.deep.equal([
        ['submitted', 'submitted', null],
        ['status', 'in_progress', 'We are there'],
        ['note', null, 'Half done'],
        ['status', 'resolved', 'News'],
      ])
      expect((await story(id)).at(-1)!['actor']).to.equal('head@town.example')
      const wrong = await tell({ service_request_id: id, update_id: 'u4', status: 'rejected' }, byOffice())
      expect([wrong.status, wrong.body[0].code]).to.deep.equal([400, 400])
    })

    it('are words of the reporter when the key is that of the sender, who closes nothing but may say that it is not fixed', async () => {
      const id = await report({ ...hole, service_code: 'accident' })
      expect((await tell({ service_request_id: id, media_url: 'https://pictures.example/2.jpg' })).status).to.equal(201)
      const last = await world.db('timeline_entry').where({ case_id: await idOf(id) }).orderBy('id') // prettier-ignore
      expect(last.slice(1).map(({ kind, is_public }) => [kind, is_public])).to.deep.equal([['note', false], ['note', false]]) // prettier-ignore
      expect(last[2].note).to.include('https://pictures.example/2.jpg')
      expect((await tell({ service_request_id: id, update_id: 'u2', status: 'closed' })).status).to.equal(403)
      await world.db('report').update({ status: 'resolved', closed_at: world.db.fn.now() })
      expect((await tell({ service_request_id: id, update_id: 'u2', status: 'open' })).status).to.equal(201)
      expect(await world.db('report').first('status')).to.deep.equal({ status: 'in_progress' })
    })

    it('come once, however often they are sent', async () => {
      const id = await report()
      const [first, second] = [await tell({ service_request_id: id }), await tell({ service_request_id: id })]
      expect(second).to.deep.equal(first)
      expect(await story(id)).to.have.length(2)
      expect((await tell({ service_request_id: id, description: 'Other news' })).status).to.equal(400)
      // The ids of one program are nothing to another.
      expect((await tell({ service_request_id: id, description: 'Other news' }, byOffice())).status).to.equal(201)
    })

    it('are refused without the right key, for requests of others, and when they make no sense', async () => {
      const id = await report()
      const stranger = await signIn('app@company.example')
      await make.account('other@company.example', 'citizen')
      const other = await keyOf(await signIn('other@company.example'), ['reports.update'])
      const own = await keyOf(stranger, ['reports.own'])
      // Who became staff after the key was made has no key of staff.
      await make.account('later@town.example', 'citizen')
      const early = await keyOf(await signIn('later@town.example'), ['reports.update'])
      const { id: accountId } = await world.db('account').where({ email: 'later@town.example' }).first('id')
      await addGrant(world.db, accountId, { role: 'department_head', department: 'works' }, null)
      const cases: [Row, Row, number, RegExp][] = [
        [{}, {}, 403, /key/i],
        [{}, { 'X-API-Key': own }, 403, /key/i],
        [{}, { 'X-API-Key': other }, 404, /./],
        [{}, { 'X-API-Key': early }, 404, /./],
        [{ service_request_id: '2020-000001' }, byOffice(), 404, /./],
        [{ service_request_id: "1' OR 1=1" }, byOffice(), 404, /./],
        [{ status: 'perhaps' }, byOffice(), 400, /status/],
        [{ description: '' }, byOffice(), 400, /description/],
        [{ update_id: '' }, byOffice(), 400, /update_id/],
        [{ updated_datetime: 'today' }, byOffice(), 400, /updated_datetime/],
        [{ jurisdiction_id: 'elsewhere' }, byOffice(), 404, /jurisdiction/],
      ]
      for (const [fields, headers, status, says] of cases) {
        const answer = await tell({ service_request_id: id, ...fields }, headers)
        expect(answer.status, JSON.stringify(fields)).to.equal(status)
        expect(answer.body[0].code).to.equal(status)
        expect(answer.body[0].description).to.match(says)
      }
      expect(await story(id)).to.have.length(1)
      await world.db('role_grant').where({ role: 'department_head' }).update({ revoked_at: world.db.fn.now() })
      expect((await tell({ service_request_id: id }, byOffice())).status).to.equal(404)
      await world.db('role_grant').update({ revoked_at: null })
    })

    it('make no second request when its sender repeats it with the same Idempotency-Key', async () => {
      const again = () => send(hole, 'json', { 'Idempotency-Key': 'a' })
      expect((await again()).body[0].service_request_id).to.equal((await again()).body[0].service_request_id)
      expect((await send({ ...hole, description: 'other' }, 'json', { 'Idempotency-Key': 'a' })).status).to.equal(400)
    })
  })

  it('expands no entities and reads no XML at all', async () => {
    const bomb = '<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><r>&b;</r>'
    const response = await fetch(`${world.url}${BASE}/requests.xml`, { method: 'POST', headers: { 'Content-Type': 'text/xml', 'X-API-Key': key }, body: bomb }) // prettier-ignore
    expect(response.status).to.equal(400)
    expect(XMLValidator.validate(await response.text())).to.equal(true)
  })
})

const idOf = async (id: string): Promise<string> =>
  (
    await world
      .db('case_record')
      .where({ protocol: id.replace('-', '/') })
      .first('id')
  ).id
