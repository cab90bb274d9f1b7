// Answers that are more than words: a photo, a thing of a layer, a line, an area.
import { expect } from 'chai'
import sharp from 'sharp'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { box, both, make, smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { world } from '../support/world.ts'

const question = (code: string, type: string, more: object = {}) =>
  ({ code, type, title: both(`${code}?`), is_public: true, ...more }) as never
const QUESTIONS = [
  question('plate', 'photo', { is_public: false }),
  question('sight', 'asset', { layer: 'sight' }),
  question('trench', 'line'),
  question('puddle', 'area'),
]
const TRENCH = { type: 'LineString', coordinates: [[23.004, 37.01], [23.006, 37.01]] } // prettier-ignore
const PUDDLE = { type: 'Polygon', coordinates: [box(23.005, 37.01, 23.0051, 37.0101)] }
const send = (answers: object, more: object = {}) => post('/api/reports', pothole(23.005, 37.01, { answers, ...more }))

async function upload(): Promise<string> {
  const jpeg = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#557799' } })
    .jpeg()
    .toBuffer()
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(jpeg)]), 'hole.jpg')
  const answer = await fetch(`${world.url}/api/uploads`, { method: 'POST', body: form })
  return ((await answer.json()) as { id: string }).id
}

describe('answers that are more than words', () => {
  beforeEach(async () => {
    await smallTown()
    await makeSights()
    await world.db('layer').where({ slug: 'sight' }).update({ key_field: 'code', title_fields: { el: 'name', en: 'name' } }) // prettier-ignore
    await make.form('pothole', { questions: QUESTIONS, stops: [] })
  })

  it('are kept and shown: things by their name, photos with those of the report', async () => {
    const plate = await upload()
    const { status, body } = await send({ plate, sight: 'b', trench: TRENCH, puddle: PUDDLE })
    expect(status, JSON.stringify(body)).to.equal(201)
    const seen = (await get(`/api/reports/${body['id']}`)).body
    expect(seen['answers'].map(({ code }: { code: string }) => code)).to.deep.equal(['sight', 'trench', 'puddle'])
    expect(seen['answers'][0].value).to.equal('b')
    expect(seen['answers'][1].value).to.deep.equal(TRENCH)
    expect(seen['photos'], 'not before staff publish it').to.deep.equal([])
    const token = body['follow_url'].split('/follow/')[1]
    const own = (await get(`/api/follow/${token}`)).body
    expect(own['answers'][0].value).to.equal(plate)
    expect(own['photos'].map(({ id }: { id: string }) => id)).to.deep.equal([plate])
  })

  it('are checked: each bad one is named with its reason, and nothing is kept', async () => {
    const bad = await send({
      sight: 'nowhere',
      trench: { type: 'LineString', coordinates: [[22, 36], [22.0001, 36]] },
      puddle: { type: 'Polygon', coordinates: [[[23.001, 37.001], [23.003, 37.003], [23.003, 37.001], [23.001, 37.003], [23.001, 37.001]]] },
    }) // prettier-ignore
    expect(bad.status).to.equal(422)
    expect(bad.body['errors']).to.deep.equal([
      { path: 'answers.puddle', message: 'The sides cross, or the corners fall together' },
      { path: 'answers.sight', message: 'It is not in the layer' },
      { path: 'answers.trench', message: 'It is outside the municipality' },
    ])
    expect((await send({ trench: { type: 'Point', coordinates: [23, 37] } })).status).to.equal(422)
    expect((await send({ puddle: { type: 'Polygon', coordinates: [box(23, 37, 23.02, 37.02)] } })).body['errors'][0].message).to.match(/Too large/) // prettier-ignore
    const foreign = await send({ plate: '00000000-0000-4000-8000-000000000000' })
    expect(foreign.body['type']).to.equal('urn:asty:problem:unknown-photo')
    expect(await world.db('report').first()).to.equal(undefined)
  })

  it('of a layer that only staff see nothing is chosen, and its names stay inside', async () => {
    const { id } = (await send({ sight: 'b' })).body
    await world.db('layer').where({ slug: 'sight' }).update({ visibility: 'staff' })
    expect((await send({ sight: 'a' })).body['errors'][0].path).to.equal('answers.sight')
    expect((await get(`/api/reports/${id}`)).body['answers'][0].named).to.equal(null)
  })

  it('are columns of the open data, and attributes of Open311', async () => {
    await send({ sight: 'b', trench: TRENCH })
    const [row] = (await get('/opendata/reports-pothole.geojson')).body['features']
    expect(row.properties).to.deep.include({ sight: 'b', trench: TRENCH, puddle: null })
    const { attributes } = (await get('/open311/v2/services/pothole.json')).body
    expect(attributes.map(({ datatype }: { datatype: string }) => datatype)).to.deep.equal(['string', 'string', 'text', 'text']) // prettier-ignore
    expect(attributes[1].datatype_description).to.contain('sight')
    await make.account('program@mail.example', 'citizen')
    const cookie = await signIn('program@mail.example')
    const key = (await post('/api/me/keys', { title: 'k', scopes: ['reports.write'] }, { cookie })).body['key']
    const form = new URLSearchParams({ service_code: 'pothole', lat: '37.01', long: '23.005', description: 'Here', 'attribute[trench]': JSON.stringify(TRENCH), 'attribute[sight]': 'c' }) // prettier-ignore
    const sent = await fetch(`${world.url}/open311/v2/requests.json`, { method: 'POST', headers: { 'X-API-Key': key }, body: form }) // prettier-ignore
    expect(sent.status, await sent.text()).to.equal(201)
    const { answers } = await world.db('report').where({ description: 'Here' }).first('answers')
    expect(answers).to.deep.equal({ sight: 'c', trench: TRENCH })
  })

  it('features to choose from are those around the place', async () => {
    const { body } = await get('/api/reports/assets?category=pothole&question=sight&lon=23.0021&lat=37.0021')
    expect(body['layer'].slug).to.equal('sight')
    expect(body['assets'].map(({ key }: { key: string }) => key)).to.deep.equal(['b'])
    expect((await get('/api/reports/assets?category=pothole&question=plate&lon=23.0021&lat=37.0021')).body['layer']).to.equal(null) // prettier-ignore
  })

  it('a question about features needs a public layer with keys', async () => {
    await make.account('admin@town.example', 'administrator')
    const cookie = await signIn('admin@town.example')
    const publish = async (more: object) =>
      (await request('PUT', '/api/staff/categories/pothole/form', { cookie, body: { form_version: 1, questions: [question('q', 'asset', more)], stops: [] } })) // prettier-ignore
    expect((await publish({})).body['errors'][0].path).to.match(/questions\.0\.layer$/)
    expect((await publish({ layer: 'district' })).body['errors'][0].path).to.equal('questions.0.layer')
    expect((await publish({ layer: 'sight' })).status).to.equal(200)
  })
})
