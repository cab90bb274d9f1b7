// Reports about a thing: a street light that is on the map already, with a history of its own.
import { expect } from 'chai'
import { importLayer } from '../../backend/layers/service.ts'
import type { NearbyReport } from '../../backend/reports/contract.ts'
import type { AssetNear } from '../../backend/reports/assets/contract.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const light = (code: string, lon: number, lat: number) => ({
  type: 'Feature',
  properties: { code, name: `Light ${code}` },
  geometry: { type: 'Point', coordinates: [lon, lat] },
})
const M = 1 / 111_320
const EAST_M = M / Math.cos((37.01 * Math.PI) / 180)
/** a here, b 8 m to the east, c 40 m to the north, d far away. */
const LIGHTS = [
  light('a', 23.005, 37.01),
  light('b', 23.005 + 8 * EAST_M, 37.01),
  light('c', 23.005, 37.01 + 40 * M),
  light('d', 23.015, 37.01),
]
const FIELDS = ['code', 'name'].map((name) => ({ name, type: 'text' as const, title: { el: name, en: name }, is_public: true })) // prettier-ignore
const makeLights = (features: unknown[] = LIGHTS, more: object = {}) =>
  make.layer('lamp', 'network', features, { geometry_type: 'Point', fields: FIELDS, ...more })
const near = async (lon = 23.005, lat = 37.01, category = 'dark') =>
  (await get(`/api/reports/assets?category=${category}&lon=${lon}&lat=${lat}`)).body as unknown as {
    layer: { slug: string } | null
    snap_m: number
    assets: AssetNear[]
  }
const send = (asset: string | null, lon = 23.005, lat = 37.01, more: Record<string, unknown> = {}) =>
  post('/api/reports', pothole(lon, lat, { category: 'dark', description: 'The lamp is out', asset, ...more }))

describe('reports about a thing of a layer', () => {
  beforeEach(async () => {
    await smallTown()
    await makeLights()
    await make.category('dark', { parent: 'roads' })
    await world.db('category').where({ slug: 'dark' }).update({ asset_layer: 'lamp', asset_snap_m: 15 })
  })

  it('finds the nearest things first, by metres, and no others', async () => {
    const { layer, snap_m, assets } = await near(23.005 + 2 * EAST_M)
    expect(layer?.slug).to.equal('lamp')
    expect(snap_m).to.equal(15)
    expect(assets.map(({ key }) => key)).to.deep.equal(['a', 'b', 'c'])
    expect(assets[0]!.title).to.deep.equal({ el: 'Light a', en: 'Light a' })
    expect(assets[0]!.point.coordinates).to.deep.equal([23.005, 37.01])
    expect(assets[0]!.distance_m).to.be.within(1.9, 2.1)
    expect(assets[1]!.distance_m).to.be.within(5.9, 6.1)
    expect((await near(23.0101)).assets).to.deep.equal([])
  })

  it('looks no thing up one by one: the index of the layer knows its neighbours', async () => {
    const many = Array.from({ length: 3000 }, (_, n) => light(`m${n}`, 23 + (n % 60) * 3e-4, 37 + Math.floor(n / 60) * 3e-4)) // prettier-ignore
    await make.layer('many', 'network', many, { geometry_type: 'Point', fields: FIELDS })
    await world.db.raw('ANALYZE gis.many')
    const { rows } = await world.db.raw(
      `EXPLAIN SELECT key FROM feature WHERE layer = ?::text AND geom && ST_Expand(ST_SetSRID(ST_MakePoint(23.005, 37.01), 4326), 0.001)
        ORDER BY geom <-> ST_SetSRID(ST_MakePoint(23.005, 37.01), 4326) LIMIT 16`,
      ['many'],
    )
    const plan = rows.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
    expect(plan).to.match(/Index Scan using \S+ on many/)
    expect(plan).to.not.contain('lamp')
  })

  it('is stored by layer and key, and shown with its name and what else was reported about it', async () => {
    const first = await send('a')
    expect(first.status, JSON.stringify(first.body)).to.equal(201)
    const row = await world.db('report').where({ id: first.body['id'] }).first('asset_layer', 'asset_key')
    expect(row).to.deep.equal({ asset_layer: 'lamp', asset_key: 'a' })
    await world.db('report').where({ id: first.body['id'] }).update({ status: 'resolved', closed_at: world.db.fn.now() }) // prettier-ignore
    const second = await send('a', 23.005, 37.01, { contact: { name: 'Maria' } })
    const { body } = await get(`/api/reports/${second.body['id']}`)
    expect(body['asset']).to.deep.include({ key: 'a', title: { el: 'Light a', en: 'Light a' }, is_there: true })
    expect(body['asset'].layer.slug).to.equal('lamp')
    expect(body['asset'].reports.map(({ id }: { id: string }) => id)).to.deep.equal([first.body['id']])

    const [a] = (await near()).assets
    expect(
      a!.reports.map(({ status }) => status),
      'the open first',
    ).to.deep.equal(['submitted', 'resolved'])
    expect(JSON.stringify(a), 'no words, no names').to.not.match(/Maria|lamp is out/)
  })

  it('is refused where it is not, where there is none, and where the category is about none', async () => {
    for (const asset of ['d', 'z', "a' OR 1=1"]) {
      const { status, body } = await send(asset)
      expect(status).to.equal(422)
      expect(body['type']).to.equal('urn:asty:problem:unknown-asset')
      expect(body['errors'][0].path).to.equal('asset')
    }
    expect((await send('a', 23.005, 37.01, { category: 'pothole' })).status).to.equal(422)
    expect((await send(null)).status, 'none of them').to.equal(201)
    expect(await world.db('report').whereNotNull('asset_key').first()).to.equal(undefined)
  })

  it('of a layer that only staff see nothing is told, and nothing reported', async () => {
    await world.db('layer').where({ slug: 'lamp' }).update({ visibility: 'staff' })
    expect(await near()).to.deep.include({ layer: null, assets: [] })
    expect((await send('a')).status).to.equal(422)
  })

  it('private reports are told neither beside the thing nor in another report, but to the staff they belong to', async () => {
    await make.account('head@town.example', 'department_head', { department: 'works' })
    const cookie = await signIn('head@town.example')
    const secret = (await send('a')).body['id']
    await world.db('report').where({ id: secret }).update({ is_public: false })
    expect((await near()).assets[0]!.reports).to.deep.equal([])
    const open = (await send('a')).body['id']
    expect((await get(`/api/reports/${open}`)).body['asset'].reports).to.deep.equal([])
    const desk = (await get(`/api/staff/reports/${open}`, { cookie })).body['asset']
    expect(desk.reports.map(({ id }: { id: string }) => id)).to.deep.equal([secret])
  })

  it('the same thing comes first among what is near, and is a likely duplicate whatever the words', async () => {
    const nearer = (await send('b', 23.005 + 8 * EAST_M, 37.01, { description: 'Flickers all night' })).body['id']
    const same = (await send('a', 23.005 + 14 * EAST_M, 37.01, { description: 'No light' })).body['id']
    const ask = async (asset: string) =>
      (await get(`/api/reports/nearby?lon=${23.005 + 8 * EAST_M}&lat=37.01&category=dark&words=Flickers+all+night${asset}`)).body as unknown as NearbyReport[] // prettier-ignore
    expect((await ask('')).map(({ id }) => id)).to.deep.equal([nearer, same])
    const found = await ask('&asset=a')
    expect(found.map(({ id }) => id)).to.deep.equal([same, nearer])
    expect(found[0]).to.deep.include({ is_same_asset: true, likeness: 1 })
    const hint = await post('/api/reports?check_duplicates=true', pothole(23.005, 37.01, { category: 'dark', description: 'Broken glass below', asset: 'a' })) // prettier-ignore
    expect(hint.status).to.equal(409)
    expect(hint.body['candidates'][0].id).to.equal(same)
  })

  it('survives when the layer is replaced, and says when the thing is gone', async () => {
    const { id } = (await send('a')).body as { id: string }
    await importLayer(
      world.db,
      { ...(await world.db('layer').where({ slug: 'lamp' }).first()), fields: FIELDS } as never,
      (async function* () {
        yield light('x', 23.001, 37.001)
        yield { ...light('a', 23.00502, 37.01), properties: { code: 'a', name: 'New lamp' } }
      })(),
      { replace: true },
    )
    const asset = async () => (await get(`/api/reports/${id}`)).body['asset']
    expect(await asset()).to.deep.include({ key: 'a', is_there: true })
    expect((await asset()).title.en).to.equal('New lamp')
    await world.db.raw(`DELETE FROM gis.lamp WHERE code = 'a'`)
    expect(await asset()).to.deep.include({ key: 'a', is_there: false, title: { el: 'a', en: 'a' } })
  })

  it('comes by Open311 too, as an extension', async () => {
    const account = await make.account('program@mail.example', 'citizen')
    expect(account).to.be.a('string')
    const cookie = await signIn('program@mail.example')
    const key = (await post('/api/me/keys', { title: 'lamps', scopes: ['reports.write'] }, { cookie })).body['key']
    const form = new URLSearchParams({ service_code: 'dark', lat: '37.01', long: '23.005', description: 'Out', asset_id: 'a' }) // prettier-ignore
    const sent = await fetch(`${world.url}/open311/v2/requests.json`, { method: 'POST', headers: { 'X-API-Key': key }, body: form }) // prettier-ignore
    expect(sent.status, await sent.text()).to.equal(201)
    const [asked] = (await get('/open311/v2/requests.json?extensions=true')).body as unknown as Record<string, any>[] // eslint-disable-line @typescript-eslint/no-explicit-any -- a foreign form
    expect(asked!['extended_attributes'].asset_id).to.equal('a')
  })

  it('a category is about a public layer with keys, and then marked as a point', async () => {
    await make.account('admin@town.example', 'administrator')
    const cookie = await signIn('admin@town.example')
    const change = (body: object) => request('PATCH', '/api/staff/categories/pothole', { cookie, body })
    const kind = async (body: object) => ((await change(body)).body['type'] as string).split(':').at(-1)
    await makeKeyless()
    for (const asset_layer of ['nowhere', 'district', 'keyless']) expect(await kind({ asset_layer }), asset_layer).to.equal('no-assets') // prettier-ignore
    const made = await change({ asset_layer: 'lamp', asset_snap_m: 25 })
    expect(made.body, JSON.stringify(made.body)).to.deep.include({ asset_layer: 'lamp', asset_snap_m: 25 })
    expect(await kind({ geometries: ['point', 'line'] })).to.equal('drawn-asset')
    expect((await change({ asset_layer: null, geometries: ['line'] })).status).to.equal(200)
    expect(await kind({ asset_layer: 'lamp' })).to.equal('drawn-asset')
  })
})

const makeKeyless = () =>
  make.layer('keyless', 'network', LIGHTS, { geometry_type: 'Point', fields: FIELDS, key_field: null })
