// A GIS officer gives a layer fields while it is in use, and takes them away without losing what is in them.
import { expect } from 'chai'
import { get, post, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { sight } from '../support/sights.ts'
import { world } from '../support/world.ts'

const both = (text: string) => ({ el: text, en: text })
const BASE = '/api/staff/layers/bench/fields'
const CODES = { w: { el: 'Ξύλο', en: 'Wood' }, m: { el: 'Μέταλλο', en: 'Metal' } }

describe('the fields of a layer', () => {
  let cookie: string
  const add = (body: unknown) => post(BASE, body, { cookie })
  const change = (name: string, body: unknown) => request('PATCH', `${BASE}/${name}`, { cookie, body })
  const act = (name: string, verb: string) => post(`${BASE}/${name}/${verb}`, undefined, { cookie })
  const item = async (id = 1) => (await get(`/ogc/collections/bench/items/${id}`)).body
  const put = (properties: object) =>
    request('PATCH', '/ogc/collections/bench/items/1', { cookie, body: { type: 'Feature', properties }, headers: { 'If-Match': '*', 'Content-Type': 'application/merge-patch+json' } }) // prettier-ignore
  const names = ({ body }: { body: Record<string, { name: string }[]> }, list = 'fields') => body[list]!.map(({ name }) => name) // prettier-ignore
  const found = async (q: string) => (await get(`/api/search?q=${encodeURIComponent(q)}`)).body.map(({ title }: { title: { el: string } }) => title.el) // prettier-ignore
  const features = (value: string) => [sight('a', 23.001, 37.001, { name: 'Πλατεία' }), sight('b', 23.002, 37.002, { name: value })] // prettier-ignore
  const layer = (value: string, more = {}) =>
    make.layer('bench', 'poi', features(value), { geometry_type: 'Point', ...more })

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
    await layer('Λιμάνι')
  })

  it('adds a real column, which the API takes, search finds and open data gives', async () => {
    const { status, body } = await add({ name: 'made_of', type: 'text', title: { el: 'Υλικό', en: 'Material' }, codes: CODES, is_searchable: true }) // prettier-ignore
    expect(status, JSON.stringify(body)).to.equal(201)
    expect(body['fields'].map(({ name, uses }: { name: string; uses: string[] }) => [name, uses])).to.deep.equal([['code', ['key']], ['name', ['title']], ['made_of', []]]) // prettier-ignore
    expect((await add({ name: 'height_m', type: 'number', title: both('Height'), unit: 'm' })).status).to.equal(201)
    expect((await put({ made_of: 'w', height_m: 0.45 })).status).to.equal(204)
    expect((await item())['properties']).to.deep.equal({ code: 'a', name: 'Πλατεία', made_of: 'w', height_m: 0.45 })
    expect(await found('ξύλο')).to.include('Πλατεία')
    const { rows } = await world.db.raw(`SELECT col_description('gis.bench'::regclass, attnum) AS said, atttypid::regtype::text AS type FROM pg_attribute WHERE attrelid = 'gis.bench'::regclass AND attname = 'height_m'`) // prettier-ignore
    expect(rows[0], 'QGIS shows it').to.deep.equal({ said: 'Height / Height (m)', type: 'double precision' })
    expect((await get('/tiles/bench.json')).body['vector_layers'][0].fields).to.include({ height_m: 'Height (m)' })
  })

  it('renames, and says what codes mean; tiles get another address', async () => {
    const before = (await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'bench').tiles
    const { status } = await change('made_of', { title: { el: 'Από τι', en: 'Made of' }, codes: { w: { el: 'Δρυς', en: 'Oak' } } }) // prettier-ignore
    expect(status).to.equal(200)
    expect(await found('δρυς')).to.include('Πλατεία')
    expect(await found('ξύλο'), 'the old meaning is gone').to.not.include('Πλατεία')
    const { rows } = await world.db.raw(`SELECT count(*)::int AS count FROM pg_indexes WHERE tablename = 'bench' AND indexname LIKE 'search_%'`) // prettier-ignore
    expect(rows[0].count, 'title, and two languages of the codes').to.equal(3)
    expect((await change('made_of', { is_public: false })).status).to.equal(200)
    expect((await item())['properties']).to.not.have.property('made_of')
    const now = (await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'bench').tiles
    expect(now).to.not.equal(before)
    await change('made_of', { is_public: true, codes: null })
  })

  it('retires a field: it is nowhere to be seen, and nothing is lost', async () => {
    const answer = await act('made_of', 'retire')
    expect([answer.status, names(answer as never, 'retired')]).to.deep.equal([200, ['made_of']])
    expect((await item())['properties']).to.not.have.property('made_of')
    expect((await get('/tiles/bench.json')).body['vector_layers'][0].fields).to.not.have.property('made_of')
    expect((await put({ made_of: 'm' })).status, 'nor can it be written').to.equal(422)
    expect((await get('/opendata/bench.csv')).status).to.equal(200)
    expect((await world.db('gis.bench').where({ id: 1 }).first('made_of')).made_of).to.equal('w')
    expect((await add({ name: 'made_of', type: 'integer', title: both('x') })).status, 'its name is kept').to.equal(409)
    const back = await act('made_of', 'restore')
    expect(names(back as never)).to.deep.equal(['code', 'name', 'height_m', 'made_of'])
    expect((await item())['properties']).to.deep.include({ made_of: 'w' })
  })

  it('keeps what is retired when a file takes the place of the features', async () => {
    await act('made_of', 'retire')
    const { importLayer } = await import('../../backend/layers/service.ts')
    const { LayerDefinition } = await import('../../backend/layers/contract.ts')
    const row = LayerDefinition.parse(await world.db('layer').where({ slug: 'bench' }).first())
    async function* again() {
      yield* features('Νέο λιμάνι')
    }
    await importLayer(world.db, row, again(), { replace: true })
    expect(names((await act('made_of', 'restore')) as never)).to.include('made_of')
    expect((await item())['properties']).to.deep.include({ code: 'a', made_of: 'w', height_m: null })
    expect((await item(2))['properties']).to.deep.include({ name: 'Νέο λιμάνι', made_of: null })
  })

  it('refuses what others stand on, and what no column can be', async () => {
    const refusal = async (answer: Promise<{ status: number; body: Record<string, never> }>) => {
      const { status, body } = await answer
      return [status, (body['errors'] as { path: string }[] | undefined)?.[0]?.path]
    }
    expect(await refusal(act('code', 'retire') as never)).to.deep.equal([409, 'field'])
    expect(await refusal(act('name', 'retire') as never)).to.deep.equal([409, 'field'])
    const style = { kind: 'proportional', field: 'height_m', colour: '#0072b2', max: 9, size_px: 9, labels: null }
    expect((await request('PUT', '/api/staff/layers/bench/style', { cookie, body: style })).status).to.equal(200)
    expect(await refusal(act('height_m', 'retire') as never)).to.deep.equal([409, 'field'])
    expect(await refusal(change('height_m', { is_public: false }) as never)).to.deep.equal([422, 'visibility'])
    expect(await refusal(change('name', { is_public: false }) as never)).to.deep.equal([422, 'visibility'])
    expect(await refusal(change('height_m', { codes: CODES }) as never)).to.deep.equal([422, 'codes'])
    for (const name of ['geom', 'id', 'code'])
      expect(await refusal(add({ name, type: 'text', title: both('x') }) as never)).to.deep.equal([409, 'name'])
    expect(await refusal(add({ name: 'x"; DROP', type: 'text', title: both('x') }) as never)).to.deep.equal([
      422,
      'name',
    ])
    expect(await refusal(add({ name: 'x', type: 'money', title: both('x') }) as never)).to.deep.equal([422, 'type'])
    expect(await refusal(change('nothing', {}) as never)).to.deep.equal([404, undefined])
    const select = await add({ name: 'select', type: 'integer', title: both('SELECT?'), codes: { 1: both('one') } })
    expect(select.status, 'a word of SQL is a name like others').to.equal(201)
    const { rows } = await world.db.raw(`SELECT area_m2 IS NOT NULL AS has_area FROM area WHERE layer = 'district' LIMIT 1`) // prettier-ignore
    expect(rows).to.deep.equal([{ has_area: true }])
  })
})
