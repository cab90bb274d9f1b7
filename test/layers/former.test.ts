// A file takes the place of a layer's features; what was there is kept, and can be put back.
import { expect } from 'chai'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { forgetFormerJob } from '../../backend/layers/former/jobs.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { get, post, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { sight } from '../support/sights.ts'
import { world } from '../support/world.ts'

const field = (name: string, type: 'text' | 'integer' = 'text') => ({ name, type, title: { el: name, en: name }, is_public: true }) // prettier-ignore
const lamp = (code: string, watts: number, n: number) => sight(code, 23.001 + n / 1000, 37.001, { watts })
const OLD = [lamp('a', 10, 0), lamp('b', 11, 1), lamp('c', 12, 2)]
const NEW = [lamp('b', 60, 1), lamp('d', 61, 3)]

describe('what a file replaced', () => {
  let cookie: string
  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    await make.account('crew@town.example', 'crew_member')
    cookie = await signIn('gis@town.example')
  })
  beforeEach(async () => {
    if (await world.db('layer').where({ slug: 'lamp' }).first('slug')) await request('DELETE', '/api/staff/layers/lamp', { cookie }) // prettier-ignore
    await make.layer('lamp', 'poi', OLD, { geometry_type: 'Point', key_field: 'code', title_fields: null, fields: [field('code'), field('watts', 'integer')] }) // prettier-ignore
  })

  const url = '/api/staff/layers/lamp/former'
  const former = async () => (await get<Record<string, never>[]>(url, { cookie })).body
  const back = (id: string) => post(`${url}/${id}/put-back`, undefined, { cookie })
  const rows = async () => (await world.db('gis.lamp').orderBy('code').select('id', 'code', 'watts')).map(({ id, code, watts }) => `${id} ${code} ${watts}`) // prettier-ignore
  const tables = async () => (await world.db.raw(`SELECT tablename FROM pg_tables WHERE schemaname IN ('gis_former', 'gis_staging')`)).rows.length // prettier-ignore
  async function replace(features: object[], more: Partial<LayerDefinition> = {}) {
    const now = LayerDefinition.parse(await world.db('layer').where({ slug: 'lamp' }).first())
    async function* file() {
      yield* features
    }
    return importLayer(world.db, { ...now, ...more }, file(), { replace: true, file: 'νέα.geojson' })
  }

  it('is kept: when, by whom, by which file, how many, with which fields', async () => {
    expect(await former(), 'a new layer has replaced nothing').to.deep.equal([])
    await replace(NEW)
    const [version, ...others] = await former()
    expect(others).to.deep.equal([])
    expect(version).to.deep.include({ feature_count: 3, file_name: 'νέα.geojson', who: null })
    expect(version!['role']).to.be.a('string')
    expect((version!['fields'] as unknown as { name: string }[]).map(({ name }) => name)).to.deep.equal([
      'code',
      'watts',
    ])
  })

  it('comes back under its ids in one step, and that step can be undone', async () => {
    await replace(NEW)
    expect(await rows()).to.deep.equal(['2 b 60', '5 d 61'])
    const { status, body } = await back((await former())[0]!['id']!)
    expect([status, body]).to.deep.equal([200, { imported: 3 }])
    expect(await rows()).to.deep.equal(['1 a 10', '2 b 11', '3 c 12'])
    const [newest] = await former()
    expect(newest).to.deep.include({ who: 'gis@town.example', file_name: null, feature_count: 2 })
    await back(newest!['id']!)
    expect(await rows()).to.deep.equal(['2 b 60', '5 d 61'])
    const { body: made } = await request('POST', '/ogc/collections/lamp/items', { cookie, headers: { 'Content-Type': 'application/geo+json' }, body: { type: 'Feature', properties: { code: 'e' }, geometry: { type: 'Point', coordinates: [23.01, 37.01] } } }) // prettier-ignore
    expect(made, 'ids count on').to.not.have.property('errors')
    expect(await rows()).to.include('6 e null')
  })

  it('is told in history, catalogue, search and the list of changes', async () => {
    await replace(NEW)
    const mark = (await world.db('collection_change').max('id as id').first())!['id']
    await back((await former())[0]!['id']!)
    const { entries } = (await get('/api/staff/layers/lamp/history', { cookie })).body
    expect(entries[0]).to.deep.include({ action: 'replace', who: 'gis@town.example', feature: null })
    const changed = await world.db('collection_change').where('id', '>', mark).where({ collection: 'lamp' })
    expect(changed.flatMap(({ feature_ids }) => feature_ids).sort()).to.deep.equal(['1', '2', '3', '5'])
    const layer = (await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'lamp')
    expect(layer.feature_count).to.equal(3)
    const { rows: found } = await world.db.raw(`SELECT key FROM feature WHERE layer = 'lamp' ORDER BY key`)
    expect(found.map(({ key }: { key: string }) => key)).to.deep.equal(['a', 'b', 'c'])
  })

  it('brings back key and fields that the new file did not have, and opens nothing that is closed', async () => {
    await replace([sight('x', 23.002, 37.002, { model: 'Nox', watts: 9 })], { key_field: null, fields: [field('model'), field('watts', 'integer')] }) // prettier-ignore
    await request('PATCH', '/api/staff/layers/lamp/fields/watts', { cookie, body: { is_public: false } })
    await back((await former())[0]!['id']!)
    const { key_field, fields } = await world.db('layer').where({ slug: 'lamp' }).first()
    expect(key_field).to.equal('code')
    expect(fields.map(({ name, is_public }: { name: string; is_public: boolean }) => [name, is_public])).to.deep.equal([['code', true], ['watts', false], ['model', true]]) // prettier-ignore
    expect(await rows()).to.deep.equal(['1 a 10', '2 b 11', '3 c 12'])
    const open = (await get('/ogc/collections/lamp/items')).body.features[0].properties
    expect(open).to.not.have.property('watts')
  })

  it('keeps the values of fields that are retired', async () => {
    await post('/api/staff/layers/lamp/fields/watts/retire', undefined, { cookie })
    await replace(NEW.map(({ properties: { code }, ...rest }) => ({ ...rest, properties: { code } })))
    await back((await former())[0]!['id']!)
    expect(await rows()).to.deep.equal(['1 a 10', '2 b 11', '3 c 12'])
    const { retired_fields } = await world.db('layer').where({ slug: 'lamp' }).first()
    expect(retired_fields.map(({ name }: { name: string }) => name)).to.deep.equal(['watts'])
  })

  it('stays where it is when somebody built on the table, and nothing is half done', async () => {
    await replace(NEW)
    const [{ id }] = (await former()) as unknown as [{ id: string }]
    await world.db.raw('CREATE VIEW theirs AS SELECT code FROM gis.lamp')
    try {
      expect((await back(id)).status).to.equal(409)
      expect(await rows()).to.deep.equal(['2 b 60', '5 d 61'])
      expect(await former()).to.have.length(1)
      expect(await tables()).to.equal(1)
    } finally {
      await world.db.raw('DROP VIEW theirs')
    }
  })

  it('is forgotten: the sixth of a layer, after 90 days, and with the layer', async () => {
    for (let n = 0; n < 6; n++) await replace([lamp('a', n, 0)])
    expect(await former()).to.have.length(6)
    await forgetFormerJob.work(world as never, null)
    expect((await former()).map(({ feature_count }) => feature_count)).to.deep.equal([1, 1, 1, 1, 1])
    await world.db('layer_former').update({ replaced_at: world.db.raw(`now() - interval '91 days'`) })
    await forgetFormerJob.work(world as never, null)
    expect([await former(), await tables()]).to.deep.equal([[], 0])
    await replace(NEW)
    expect(await tables()).to.equal(1)
    await request('DELETE', '/api/staff/layers/lamp', { cookie })
    expect(await tables()).to.equal(0)
  })

  it('is nobody else’s: not of other staff, not of roles of the database, not by another layer’s name', async () => {
    await replace(NEW)
    const [{ id }] = (await former()) as unknown as [{ id: string }]
    const crew = await signIn('crew@town.example')
    expect((await get(url, { cookie: crew })).status).to.equal(403)
    expect((await get(url)).status).to.equal(401)
    expect((await post(`/api/staff/layers/boundary/former/${id}/put-back`, undefined, { cookie })).status).to.equal(404)
    const { rows: given } = await world.db.raw(`SELECT grantee FROM information_schema.role_table_grants WHERE table_schema = 'gis_former' AND grantee <> current_user`) // prettier-ignore
    expect(given).to.deep.equal([])
  })
})
