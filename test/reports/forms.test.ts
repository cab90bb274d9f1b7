// What a category asks: answered, checked, kept with the questions of the day, and shown to whom it may concern.
import { expect } from 'chai'
import { unzipSync } from 'fflate'
import { retain } from '../../backend/reports/retention/run.ts'
import { stopsWith } from '../../backend/reports/forms/contract.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const question = (code: string, type: string, more: object = {}) =>
  ({ code, type, title: both(`${code}?`), ...more }) as never

const QUESTIONS = [
  question('where', 'choice', {
    options: [
      { code: 'road', title: both('road') },
      { code: 'cycleway', title: both('cycleway') },
    ],
    is_required: true,
    is_public: true,
  }),
  question('depth_cm', 'number', { minimum: 1, maximum: 200, is_public: true, unit: both('cm') }),
  question('car_hit', 'yes_no'),
  question('plate', 'text', { only_when: { question: 'car_hit', values: ['true'] }, is_required: true }),
  question('seen_on', 'date'),
  question('near', 'choices', {
    options: [
      { code: 'school', title: both('school') },
      { code: 'hospital', title: both('hospital') },
    ],
    only_when: { question: 'where', values: ['road'] },
  }),
]
const ALL = {
  where: 'road',
  depth_cm: 12.5,
  car_hit: true,
  plate: ' ΧΧΧ 1234 ',
  seen_on: '2026-11-20',
  near: ['school'],
}

const send = (answers: object, more: object = {}) => post('/api/reports', pothole(23.005, 37.01, { answers, ...more }))
const codes = (answers: { code: string }[]) => answers.map(({ code }) => code)

describe('questions of a category', () => {
  let staff: string

  beforeEach(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    staff = await signIn('head@town.example')
    await make.form('pothole', { questions: QUESTIONS, stops: [] })
  })

  it('are answered with types; the public reads the public ones, reporter and staff all', async () => {
    const { status, body } = await send(ALL)
    expect(status).to.equal(201)
    const kept = (await world.db('report').where({ id: body['id'] }).first('answers')).answers
    expect(kept).to.deep.equal({ ...ALL, plate: 'ΧΧΧ 1234' })

    const seen = (await get(`/api/reports/${body['id']}`)).body['answers']
    expect(codes(seen)).to.deep.equal(['where', 'depth_cm'])
    expect(seen[1]).to.deep.include({ value: 12.5, unit: both('cm'), title: both('depth_cm?') })
    const token = body['follow_url'].split('/follow/')[1]
    expect(codes((await get(`/api/follow/${token}`)).body['answers'])).to.deep.equal(Object.keys(ALL))
    const desk = await get(`/api/staff/reports/${body['id']}`, { cookie: staff })
    expect(codes(desk.body['answers'])).to.deep.equal(Object.keys(ALL))
    const open = (await get('/opendata/reports.geojson')).body['features'][0].properties.answers
    expect(open).to.deep.equal({ where: 'road', depth_cm: 12.5 })
  })

  it('name each bad answer; what is asked only after another answer is wanted only then', async () => {
    const bad = await send({ depth_cm: 500, car_hit: 'yes', seen_on: '20/11/2026', near: ['moon'], colour: 'red' })
    expect(bad.status).to.equal(422)
    expect(bad.body['errors'].map(({ path }: { path: string }) => path)).to.have.members([
      'answers.where',
      'answers.depth_cm',
      'answers.car_hit',
      'answers.seen_on',
      'answers.colour',
    ])
    const hit = await send({ where: 'road', car_hit: true })
    expect(hit.body['errors']).to.deep.equal([{ path: 'answers.plate', message: 'Missing' }])
    const went = await send({ where: 'cycleway', car_hit: false, plate: 'ΧΧΧ 1234', near: ['school'] })
    expect(went.status).to.equal(201)
    const { answers } = await world.db('report').where({ id: went.body['id'] }).first('answers')
    expect(answers, 'what went away with another answer is not kept').to.deep.equal({
      where: 'cycleway',
      car_hit: false,
    })
  })

  it('stay those that were asked, whatever is asked later', async () => {
    const { body } = await send(ALL)
    await make.form('pothole', { questions: [question('plate', 'number', { is_public: true })], stops: [] })
    const seen = (await get(`/api/reports/${body['id']}`)).body['answers']
    expect(codes(seen), 'a private answer stays private').to.deep.equal(['where', 'depth_cm'])
    expect((await send({ plate: 7 })).status).to.equal(201)
    const { features } = (await get('/opendata/reports-pothole.geojson')).body
    const columns = features.map(({ properties }: { properties: object }) => properties)
    expect(columns.find((row: { plate: unknown }) => row.plate === 7)).to.deep.include({ where: null, depth_cm: null })
    expect(columns.find((row: { where: unknown }) => row.where === 'road')).to.deep.include({
      depth_cm: 12.5,
      plate: null,
    })
  })

  it('are Open311 attributes, and come back as such', async () => {
    const path = '/open311/v2/services/pothole'
    const { attributes } = (await get(`${path}.json`)).body
    expect(codes(attributes)).to.deep.equal(codes(QUESTIONS))
    expect(attributes[0]).to.deep.include({ variable: true, datatype: 'singlevaluelist', required: true, order: 1 })
    expect(attributes[0].values[1]).to.deep.equal({ key: 'cycleway', name: 'cycleway' })
    expect(attributes[3]).to.deep.include({ required: false, datatype_description: 'Only if “car_hit?”: Yes' })
    expect(String((await get(`${path}.xml`)).body)).to.match(
      /<attribute><variable>true<\/variable><code>near<\/code>.*<value><key>school<\/key><name>school<\/name><\/value>/,
    )
    const services = (await get('/open311/v2/services.json')).body as unknown as { metadata: boolean }[]
    expect(services[0]?.metadata).to.equal(true)

    await make.account('app@company.example', 'citizen')
    const cookie = await signIn('app@company.example')
    const { key } = (await post('/api/me/keys', { title: 'App', scopes: ['reports.write'] }, { cookie })).body
    const place = { service_code: 'pothole', lat: '37.005', long: '23.005', description: 'A hole' }
    const given: [string, string][] = [
      ...Object.entries(place),
      ['attribute[where]', 'road'],
      ['attribute[depth_cm]', '12.5'],
      ['attribute[car_hit]', 'false'],
      ['attribute[seen_on]', '2026-11-20T10:00:00+02:00'],
      ['attribute[near][]', 'school'],
      ['attribute[near][]', 'hospital'],
    ]
    const form = new FormData()
    for (const [name, value] of given) form.append(name, value)
    const sent = { where: 'road', depth_cm: 12.5, car_hit: false, seen_on: '2026-11-20', near: ['school', 'hospital'] }
    for (const body of [new URLSearchParams(given), form]) {
      const headers = { 'X-API-Key': key, 'Accept-Language': 'en' }
      const response = await fetch(`${world.url}/open311/v2/requests.json`, { method: 'POST', headers, body })
      expect(response.status, await response.text()).to.equal(201)
      const { answers } = await world.db('report').orderBy('created_at', 'desc').first('answers')
      expect(answers).to.deep.equal(sent)
    }
    const headers = { 'X-API-Key': key, 'Accept-Language': 'en' }
    const body = new URLSearchParams(place)
    const refused = await fetch(`${world.url}/open311/v2/requests.json`, { method: 'POST', headers, body })
    expect(await refused.json()).to.deep.equal([{ code: 400, description: 'attribute[where]: Missing' }])
  })

  it('go along with who asks for own data; what is not public goes with the name', async () => {
    await make.account('maria@town.example', 'citizen')
    const cookie = await signIn('maria@town.example')
    const { id } = (await post('/api/reports', pothole(23.005, 37.01, { answers: ALL }), { cookie })).body as {
      id: string
    }
    const old = (await send(ALL)).body['id'] as string
    await world.db('report').where({ id: old }).update({ status: 'resolved', closed_at: '2020-01-01' })
    await retain(world.db, { isDryRun: false })
    const answersOf = async (report: string) =>
      (await world.db('report').where({ id: report }).first('answers')).answers
    expect(await answersOf(old)).to.deep.equal({ where: 'road', depth_cm: 12.5 })

    const zip = await fetch(`${world.url}/api/me/export`, { headers: { Cookie: cookie } })
    const file = unzipSync(new Uint8Array(await zip.arrayBuffer()))['data.json']
    const data = JSON.parse(Buffer.from(file ?? []).toString()) as {
      reports: { answers: { code: string; value: unknown }[] }[]
    }
    expect(data.reports[0]?.answers.find(({ code }) => code === 'plate')?.value).to.equal('ΧΧΧ 1234')
    expect((await request('DELETE', '/api/me', { cookie })).status).to.equal(200)
    expect(await answersOf(id)).to.deep.equal({ where: 'road', depth_cm: 12.5 })
  })
})

describe('a stop: call instead of writing', () => {
  const GAS = { text: both('Gas? Leave, and call.'), phone: '112' }

  it('shows at once, after an answer, or at its hours, also over midnight', () => {
    const questions = [
      question('smell', 'yes_no'),
      question('strong', 'yes_no', { only_when: { question: 'smell', values: ['true'] } }),
    ]
    const after = (code: string) => ({
      ...GAS,
      hours: null,
      is_final: false,
      only_when: { question: code, values: ['true'] },
    })
    const night = { ...GAS, only_when: null, is_final: false, hours: { from: '22:00', to: '07:00' } }
    const shown = (stop: object, answers: object, now: string) =>
      stopsWith({ questions, stops: [stop as never] }, answers as never, new Date(now)).length
    const noon = '2026-11-21T10:00:00Z'
    expect(shown({ ...night, hours: null }, {}, noon)).to.equal(1)
    expect(shown(after('smell'), {}, noon)).to.equal(0)
    expect(shown(after('smell'), { smell: true }, noon)).to.equal(1)
    expect(shown(after('strong'), { smell: false, strong: true }, noon), 'an answer to what is not asked').to.equal(0)
    // Athens is two hours ahead of UTC in winter, three in summer.
    const clock = { '19:59': 0, '20:00': 1, '23:00': 1, '04:59': 1, '05:00': 0 }
    for (const [utc, count] of Object.entries(clock))
      expect(shown(night, {}, `2026-11-21T${utc}:00Z`), utc).to.equal(count)
    expect(shown(night, {}, '2026-07-21T19:30:00Z'), 'summer').to.equal(1)
  })

  it('is told with the category and by the preview; past a final one nothing is stored', async () => {
    await smallTown()
    const only_when = { question: 'smell', values: ['true'] }
    await make.form('pothole', {
      questions: [question('smell', 'yes_no')],
      stops: [GAS, { ...GAS, only_when, is_final: true }],
    })
    const { body } = await get('/api/categories')
    const category = (body as unknown as { slug: string; stops: unknown[] }[]).find(({ slug }) => slug === 'pothole')
    expect(category?.stops).to.have.length(2)
    const { category: slug, location } = pothole(23.005, 37.01)
    const preview = await post('/api/route/preview', { category: slug, location })
    expect(preview.body['stops']).to.have.length(1)
    const refused = await send({ smell: true })
    expect(refused.status).to.equal(409)
    expect(refused.body).to.include({ type: 'urn:asty:problem:call-instead', phone: '112', detail: GAS.text.en })
    expect(await world.db('report')).to.have.length(0)
    expect((await send({ smell: false })).status).to.equal(201)
  })
})

describe('a stop in an area', () => {
  const stop = (area: object | null, more: object = {}) =>
    ({ text: both('Call the port'), phone: '108', area, is_final: true, ...more }) as never
  const WEST = { layer: 'district', slug: 'west' }
  const asked = async (lon: number) =>
    (await post('/api/route/preview', { category: 'pothole', location: { type: 'Point', coordinates: [lon, 37.01] } })).body // prettier-ignore

  beforeEach(smallTown)

  it('shows and refuses there, and nowhere else', async () => {
    await make.form('pothole', { questions: [], stops: [stop(WEST), stop({ layer: 'district', slug: 'moon' })] })
    expect((await asked(23.005))['areas']).to.deep.equal([WEST])
    expect((await asked(23.005))['stops']).to.have.length(1)
    expect(await asked(23.015)).to.deep.include({ areas: [], stops: [] })
    expect((await post('/api/reports', pothole(23.005, 37.01))).body['type']).to.equal('urn:asty:problem:call-instead')
    expect((await post('/api/reports', pothole(23.015, 37.01))).status).to.equal(201)
  })

  it('holds together with an answer, and for a stretch that only touches it', async () => {
    await make.form('pothole', {
      questions: [question('gas', 'yes_no')],
      stops: [stop(WEST, { only_when: { question: 'gas', values: ['true'] } })],
    })
    await world
      .db('category')
      .where({ slug: 'pothole' })
      .update({ geometries: ['point', 'line'] })
    const location = { type: 'LineString', coordinates: [[23.0095, 37.01], [23.019, 37.01]] } // prettier-ignore
    const stretch = (gas: boolean) => post('/api/reports', { ...pothole(0, 0, { answers: { gas } }), location })
    expect((await stretch(true)).status).to.equal(409)
    expect((await stretch(false)).status).to.equal(201)
    expect((await post('/api/reports', pothole(23.015, 37.01, { answers: { gas: true } }))).status).to.equal(201)
  })

  it('is refused for an area that is not there', async () => {
    await make.account('admin@town.example', 'administrator')
    const cookie = await signIn('admin@town.example')
    const publish = (area: object) =>
      request('PUT', '/api/staff/categories/pothole/form', { cookie, body: { form_version: 0, questions: [], stops: [stop(null), stop(area)] } }) // prettier-ignore
    const { status, body } = await publish({ layer: 'district', slug: 'moon' })
    expect(status).to.equal(400)
    expect(body['errors'][0].path).to.equal('stops.1.area')
    expect((await publish(WEST)).status).to.equal(200)
  })
})
