// A GIS officer loads a file in the portal: upload, a look at what was found, and into a layer; all or nothing.
import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { importSweepJob } from '../../backend/layers/imports/jobs.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { get, post, request, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const csv = (...rows: string[]) => `code,name,lon,lat,litres\n${rows.join('\n')}\n`
const BINS = csv('01,Πλατεία,23.001,37.001,240', '02,Λιμάνι,23.002,37.002,360')

describe('loading a file in the portal', () => {
  let cookie: string
  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    await make.account('crew@town.example', 'crew_member')
    cookie = await signIn('gis@town.example')
  })

  async function upload(content: string, { name = 'bins.csv', query = '', by = cookie } = {}) {
    const form = new FormData()
    form.set('file', new Blob([content]), name)
    const response = await fetch(`${world.url}/api/staff/layer-imports${query}`, {
      method: 'POST',
      headers: { Cookie: by, 'X-CSRF-Token': csrfOf(by.split('=')[1] ?? ''), 'Accept-Language': 'el' },
      body: form,
    })
    return { status: response.status, body: (await response.json()) as Record<string, never> }
  }

  async function settled(id: string): Promise<Record<string, never>> {
    for (;;) {
      const { body } = await get<Record<string, never>>(`/api/staff/layer-imports/${id}`, { cookie })
      if (!['reading', 'loading'].includes(body['state']!)) return body
      await wait(50)
    }
  }

  async function ready(content: string, options = {}): Promise<Record<string, never>> {
    const { status, body } = await upload(content, options)
    expect(status, JSON.stringify(body)).to.equal(201)
    return settled(body['id']!)
  }

  async function load(id: string, body: Record<string, unknown>) {
    const answer = await post(`/api/staff/layer-imports/${id}/load`, body, { cookie })
    expect(answer.status, JSON.stringify(answer.body)).to.equal(202)
    return settled(id)
  }

  const names = async () => (await world.db('gis.bin').select('name').orderBy('code')).map(({ name }) => name)
  const stagingTables = async () =>
    (await world.db.raw(`SELECT tablename FROM pg_tables WHERE schemaname = 'gis_staging'`)).rows

  it('shows fields, system, extent and the features before anything is stored', async () => {
    const found = await ready(BINS, { name: 'κάδοι.csv' })
    expect(found).to.deep.include({ file_name: 'κάδοι.csv', format: 'csv', crs: 4326, is_crs_said: false, state: 'ready', features_read: 2, geometry_type: 'Point' }) // prettier-ignore
    expect(found['found']!['bbox']).to.deep.equal([23.001, 37.001, 23.002, 37.002])
    expect(found['found']!['fields']).to.deep.include({ name: 'litres', type: 'integer', property: 'litres', examples: ['240', '360'] }) // prettier-ignore
    const { body } = await get(`/api/staff/layer-imports/${found['id']}/features`, { cookie })
    expect(body['features'].map((feature: { geometry: { coordinates: number[] } }) => feature.geometry.coordinates)).to.deep.equal([[23.001, 37.001], [23.002, 37.002]]) // prettier-ignore
    expect((await get('/api/layers')).body.map(({ slug }: { slug: string }) => slug)).to.not.include('bin')
  })

  it('makes a layer that people see at once', async () => {
    const before = await stagingTables()
    const { id } = await ready(BINS)
    const done = await load(id!, { mode: 'create', slug: 'bin', title: { el: 'Κάδοι', en: 'Bins' }, key_field: 'code', title_field: 'name', theme: 'places' }) // prettier-ignore
    expect(done['result']).to.deep.equal({ imported: 2, updated: 0, repaired: 0, skipped: 0 })
    const layer = (await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'bin')
    expect(layer).to.deep.include({ feature_count: 2, key_field: 'code', theme: 'places' })
    expect(layer.style, 'it has a symbol').to.have.length(1)
    expect(layer.legend[0].label).to.deep.equal({ el: 'Κάδοι', en: 'Bins' })
    expect(await stagingTables(), 'nothing stays behind').to.deep.equal(before)
    const again = await ready(BINS)
    const taken = await post(
      `/api/staff/layer-imports/${again['id']}/load`,
      { mode: 'create', slug: 'bin' },
      { cookie },
    )
    expect(taken.status).to.equal(409)
    expect(taken.body['errors'][0].path).to.equal('slug')
  })

  it('adds to a layer, and refuses what is there', async () => {
    const { id } = await ready(csv('03,Σταθμός,23.003,37.003,120'))
    expect((await load(id!, { mode: 'append', slug: 'bin' }))['result']).to.include({ imported: 1 })
    const twice = await ready(csv('03,Σταθμός,23.003,37.003,120', '04,Πάρκο,23.004,37.004,120'))
    const failed = await load(twice['id']!, { mode: 'append', slug: 'bin' })
    expect(failed['state']).to.equal('failed')
    expect(failed['failure']!['en']).to.match(/1 of 2 .*the key 03 is in the layer already/)
    expect(failed['failure']!['el']).to.match(/το κλειδί 03 υπάρχει ήδη στο επίπεδο/)
    expect(await names()).to.deep.equal(['Πλατεία', 'Λιμάνι', 'Σταθμός'])
    const rest = await load(twice['id']!, { mode: 'append', slug: 'bin', skip_invalid: true })
    expect(rest['result']).to.include({ imported: 1, skipped: 1 })
  })

  it('changes features by their key, and leaves the others as they are', async () => {
    const { id } = await ready(csv('02,Νέο λιμάνι,23.0021,37.0021,360', '05,Σχολείο,23.005,37.005,120'))
    const before = await world.db('gis.bin').where({ code: '02' }).first('id')
    expect((await load(id!, { mode: 'update', slug: 'bin' }))['result']).to.include({ imported: 1, updated: 1 })
    expect(await names()).to.deep.equal(['Πλατεία', 'Νέο λιμάνι', 'Σταθμός', 'Πάρκο', 'Σχολείο'])
    expect(await world.db('gis.bin').where({ code: '02' }).first('id'), 'the same feature').to.deep.equal(before)
    expect((await world.db('layer').where({ slug: 'bin' }).first('feature_count')).feature_count).to.equal(5)
  })

  it('puts a file in the place of a layer, which stays what it was', async () => {
    const before = await world.db('layer').where({ slug: 'bin' }).first()
    const { id } = await ready(csv('09,Μόνος,23.009,37.009,120'))
    await load(id!, { mode: 'replace', slug: 'bin' })
    const after = await world.db('layer').where({ slug: 'bin' }).first()
    expect(after).to.deep.include({ title: before.title, style: before.style, key_field: 'code', feature_count: 1 })
  })

  it('says in Greek what is wrong with a file, and leaves nothing', async () => {
    const { status, body } = await upload('a,b\n1,2\n')
    expect(status).to.equal(422)
    expect(body['detail']).to.match(/Καμία στήλη του bins\.csv δεν έχει συντεταγμένες/)
    expect(body['columns']).to.deep.equal(['a', 'b'])
    const line = await upload(csv('01,a,23.001,37.001,1') + '02,b\n')
    expect(line.body['detail']).to.match(/γραμμή 3/)
    const many = Array.from({ length: 5000 }, (_, n) => `${n},name,23.001,37.001,1`)
    const late = await ready(csv(...many) + 'cut,off\n')
    expect(late['state']).to.equal('failed')
    expect(late['failure']!['el']).to.match(/γραμμή 5002/)
    const { body: none } = await request('POST', '/api/staff/layer-imports', { cookie })
    expect(none['errors'][0].path).to.equal('file')
  })

  it('reads by what staff know better than the file', async () => {
    const text = 'x,y\n461802.249,4548228.032\n'
    expect((await ready(text))['crs']).to.equal(2100)
    const zone34 = await ready(text, { query: '?crs=32634' })
    expect(zone34).to.include({ crs: 32634, is_crs_said: true })
    expect((await upload(text, { query: '?crs=9999' })).body['detail']).to.match(/EPSG:9999/)
    expect((await upload(text, { query: '?source=rivers' })).status).to.equal(422)
  })

  it('finds addresses, counts how, takes columns that staff name, and gives what is left as a table', async () => {
    const point = (n: number, name: string, lat: number) => ({ type: 'Feature', properties: { code: `${n}`, name }, geometry: { type: 'Point', coordinates: [23.002, lat] } }) // prettier-ignore
    await make.layer('house', 'address', [point(1, 'Ερμού 2', 37.001), point(2, 'Ερμού 6', 37.002)], { geometry_type: 'Point' }) // prettier-ignore
    const text = 'κατάστημα;πού;αρ.;τηλ\nΑ;Ερμού;2;210\nΒ;Ερμού;4;211\n=Γ;"Λεωφόρος; ""Χ""";;+30 1\n'
    const refused = await upload(text)
    expect(refused.body['columns']).to.deep.equal(['κατάστημα', 'πού', 'αρ.', 'τηλ'])
    const query = (columns: Record<string, string>) => ({ query: `?${new URLSearchParams(columns)}` })
    const unknown = await upload(text, query({ address_column: 'οδός' }))
    expect(unknown.body['detail']).to.match(/δεν υπάρχει στήλη οδός· υπάρχουν: κατάστημα, πού/)
    for (const [columns, path] of [
      [{ lon_column: 'πού' }, 'lat_column'],
      [{ number_column: 'αρ.' }, 'address_column'],
    ] as const) {
      const half = await upload(text, query(columns))
      expect([half.status, half.body['errors']?.[0]?.['path']]).to.deep.equal([422, path])
    }
    const found = await ready(text, { name: 'shops.csv', ...query({ address_column: 'πού', number_column: 'αρ.' }) })
    expect(found['columns']).to.deep.equal({ names: ['κατάστημα', 'πού', 'αρ.', 'τηλ'], place: ['πού', 'αρ.'], is_address: true }) // prettier-ignore
    expect(found['found']!['addresses']).to.deep.equal({ exact: 1, approximate: 1, missing: 1 })
    const table = await get<string>(`/api/staff/layer-imports/${found['id']}/problems.csv`, { cookie })
    expect(table.headers.get('content-disposition')).to.include('shops-problems.csv')
    expect(table.body.replace('\ufeff', '').split('\r\n')).to.deep.equal([
      'κατάστημα,πού,αρ.,τηλ,problem',
      `'=Γ,"Λεωφόρος; ""Χ""",,+30 1,"line 4: the address “Λεωφόρος; ""Χ""” is not among those of the municipality"`,
      '',
    ])
    const others = await signIn('crew@town.example')
    expect((await get(`/api/staff/layer-imports/${found['id']}/problems.csv`, { cookie: others })).status).to.equal(403)
    const numbers = await ready('a;b;c\n37.001;23.001;x\n', query({ lon_column: 'b', lat_column: 'a' }))
    expect(numbers['found']).to.deep.include({ bbox: [23.001, 37.001, 23.001, 37.001], addresses: null })
    expect(numbers['found']!['fields']).to.have.length(1)
  })

  it('is closed to others, whose file is not even taken', async () => {
    const crew = await signIn('crew@town.example')
    expect((await upload(BINS, { by: crew })).status).to.equal(403)
    expect((await get('/api/staff/layer-imports')).status).to.equal(401)
  })

  it('throws away what is not wanted, and what a node left that died', async () => {
    const { id } = await ready(BINS)
    expect((await request('DELETE', `/api/staff/layer-imports/${id}`, { cookie })).status).to.equal(204)
    expect((await get(`/api/staff/layer-imports/${id}/features`, { cookie })).status).to.equal(404)
    const stuck = await ready(BINS)
    await world.db('layer_import').where({ id: stuck['id'] }).update({ state: 'reading', updated_at: world.db.raw(`now() - interval '1 hour'`) }) // prettier-ignore
    await world.db.raw('CREATE TABLE gis_staging.t1000_aa (n int)')
    await importSweepJob.work({ db: world.db } as never, null)
    expect((await get(`/api/staff/layer-imports/${stuck['id']}`, { cookie })).body['failure'].en).to.match(/stopped half-way/) // prettier-ignore
    expect((await stagingTables()).map(({ tablename }: { tablename: string }) => tablename)).to.not.include('t1000_aa')
  })
})

describe('a layer in use', () => {
  let cookie: string
  const change = (slug: string, body: unknown, by = cookie) =>
    request('PATCH', `/api/staff/layers/${slug}`, { cookie: by, body })
  const remove = (slug: string, by = cookie) => request('DELETE', `/api/staff/layers/${slug}`, { cookie: by })
  const seen = async () => (await get('/api/layers')).body.map(({ slug }: { slug: string }) => slug) as string[]

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    await make.account('crew@town.example', 'crew_member')
    cookie = await signIn('gis@town.example')
    await make.layer('park', 'other', [polygon('a', box(23, 37, 23.01, 37.01))], { visibility: 'staff' })
  })

  it('is published, described and closed again', async () => {
    expect(await seen()).to.not.include('park')
    const { body, status } = await change('park', { visibility: 'public', title: { el: 'Πάρκα', en: 'Parks' }, update_frequency: 'yearly' }) // prettier-ignore
    expect(status).to.equal(200)
    expect(body).to.deep.include({ visibility: 'public', title: { el: 'Πάρκα', en: 'Parks' }, key_field: 'code', feature_count: 1 }) // prettier-ignore
    expect(await seen()).to.include('park')
    expect((await get('/opendata/park.geojson')).status).to.equal(200)
    await change('park', { visibility: 'staff' })
    expect(await seen()).to.not.include('park')
    expect((await get('/opendata/park.geojson')).status).to.equal(404)
  })

  it('is not published while its title is for staff', async () => {
    await world.db('layer').where({ slug: 'park' }).update({ fields: world.db.raw(`jsonb_set(fields, '{1,is_public}', 'false')`) }) // prettier-ignore
    const { status, body } = await change('park', { visibility: 'public' })
    expect(status).to.equal(422)
    expect(body['errors'][0]).to.deep.include({ path: 'visibility' })
    expect(await seen()).to.not.include('park')
  })

  it('says which field is wrong, and is closed to others', async () => {
    const { status, body } = await change('park', { title: { el: '', en: 'x' }, licence: 3 })
    expect(status).to.equal(422)
    expect(body['errors'].map(({ path }: { path: string }) => path)).to.include.members(['title.el', 'licence'])
    const crew = await signIn('crew@town.example')
    expect((await change('park', {}, crew)).status).to.equal(403)
    expect((await remove('park', crew)).status).to.equal(403)
    expect((await change('nothing', {})).status).to.equal(404)
  })

  it('is deleted with its table, but not while rules stand on it', async () => {
    expect((await remove('district')).status, 'routing rules name it').to.equal(409)
    expect((await remove('boundary')).status, 'no report without it').to.equal(409)
    expect(await seen()).to.include('district')
    expect((await remove('park')).status).to.equal(204)
    expect((await remove('park')).status).to.equal(404)
    const { rows } = await world.db.raw(`SELECT to_regclass('gis.park') AS park`)
    expect(rows[0].park).to.equal(null)
    expect((await get('/api/where?lon=23.005&lat=37.01')).status, 'what reads all areas goes on').to.equal(200)
    const acts = await world.db('audit_entry').whereLike('action', 'layer.%').orderBy('id').pluck('action')
    expect(acts.slice(-1)).to.deep.equal(['layer.delete'])
  })
})
