// Who keeps a copy asks what has changed: whatever door wrote it, in whatever order it was committed, nothing is missed.
import { expect } from 'chai'
import { forgetChangesJob } from '../../backend/opendata/changes/jobs.ts'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const point = (code: string, size_m: number, lon = 23.001) => ({ type: 'Feature', properties: { code, size_m }, geometry: { type: 'Point', coordinates: [lon, 37.001] } }) // prettier-ignore
const field = (name: string, type: string) => ({ name, type, title: { el: name, en: name } })
const TREE = { slug: 'tree', title: { el: 'Δέντρα', en: 'Trees' }, role: 'other', geometry_type: 'Point', key_field: 'code', fields: [field('code', 'text'), field('size_m', 'number')] } // prettier-ignore

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const plant = (features: unknown[], more: object = {}) =>
  importLayer(world.db, LayerDefinition.parse({ ...TREE, ...more }), each(features), { replace: true })

type Feature = { id: number | string; properties: Record<string, unknown> }

/** A copy of a dataset, kept as the page tells people to. */
async function copyOf(dataset: string) {
  let next = (await get(`/opendata/${dataset}/changes`)).body['next'] as string
  const whole = (await get(`/opendata/${dataset}.geojson`)).body['features'] as Feature[]
  const features = new Map(whole.map((feature) => [feature.id, feature.properties]))
  const seen: (number | string)[] = []
  const follow = async () => {
    seen.length = 0
    for (let more = true; more;) {
      const { status, body } = await get(`/opendata/${dataset}/changes?since=${next}`)
      expect(status).to.equal(200)
      for (const id of body['gone']) features.delete(id)
      for (const { id, properties } of body['features'] as Feature[]) features.set(id, properties)
      seen.push(...body['gone'], ...(body['features'] as Feature[]).map(({ id }) => id))
      more = body['has_more']
      next = body['next']
    }
  }
  return { features, seen, follow, token: () => next }
}

const truth = async (dataset: string) =>
  new Map(((await get(`/opendata/${dataset}.geojson?sortby=`.replace('?sortby=', ''))).body['features'] as Feature[]).map(({ id, properties }) => [id, properties])) // prettier-ignore

describe('changes of a dataset', () => {
  let gis: string

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    gis = await signIn('gis@town.example')
  })
  beforeEach(() => plant([point('a', 1), point('b', 2), point('c', 3)]))

  const sql = (text: string) => world.db.raw(text)

  it('tells nothing but where to begin, and nothing new while nothing happens', async () => {
    const { body, headers } = await get('/opendata/tree/changes')
    expect(body).to.include({ type: 'FeatureCollection', numberReturned: 0, has_more: false })
    expect(headers.get('access-control-allow-origin')).to.equal('*')
    const again = (await get(`/opendata/tree/changes?since=${body['next']}`)).body
    expect(again['features']).to.deep.equal([])
    expect(again['gone']).to.deep.equal([])
  })

  it('follows SQL: insert, update, a changed id, delete, TRUNCATE', async () => {
    const copy = await copyOf('tree')
    await sql(`INSERT INTO gis.tree (code, size_m, geom) VALUES ('d', 4, 'SRID=4326;POINT(23.002 37.001)')`)
    await sql(`UPDATE gis.tree SET size_m = 9 WHERE code = 'a'`)
    await sql(`UPDATE gis.tree SET id = 700 WHERE code = 'b'`)
    await sql(`DELETE FROM gis.tree WHERE code = 'c'`)
    await copy.follow()
    expect(copy.features).to.deep.equal(await truth('tree'))
    expect([...copy.features.values()].map(({ code }) => code)).to.have.members(['a', 'b', 'd'])
    await sql('TRUNCATE gis.tree')
    await copy.follow()
    expect(copy.features.size).to.equal(0)
    const layer = await world.db('layer').where({ slug: 'tree' }).first('feature_count', 'bbox')
    expect(layer).to.deep.equal({ feature_count: 0, bbox: null })
  })

  it('follows OGC API - Features Part 4', async () => {
    const copy = await copyOf('tree')
    const made = await post('/ogc/collections/tree/items', point('e', 5), { cookie: gis })
    expect(made.status).to.equal(201)
    await copy.follow()
    expect(copy.features).to.deep.equal(await truth('tree'))
    const path = new URL(String(made.headers.get('location'))).pathname
    await request('DELETE', path, { cookie: gis, headers: { 'If-Match': '*' } })
    await copy.follow()
    expect([...copy.features.values()].map(({ code }) => code)).to.have.members(['a', 'b', 'c'])
  })

  it('follows an import that takes the place of the layer: only what differs, and ids stay with their keys', async () => {
    const copy = await copyOf('tree')
    const before = new Map([...copy.features].map(([id, { code }]) => [code, id]))
    await plant([point('c', 3), point('new', 7), point('a', 11)])
    await copy.follow()
    expect(copy.features).to.deep.equal(await truth('tree'))
    const after = new Map([...copy.features].map(([id, { code }]) => [code, id]))
    expect(after.get('a')).to.equal(before.get('a'))
    expect(after.get('c')).to.equal(before.get('c'))
    expect(copy.seen).to.have.members([before.get('a'), before.get('b'), after.get('new')])
    // and the table counts on from there
    await sql(`INSERT INTO gis.tree (code, size_m, geom) VALUES ('d', 4, 'SRID=4326;POINT(23.002 37.001)')`)
  })

  it('says 410 when the fields are others: what was closed to the public must leave the copies', async () => {
    const { body } = await get('/opendata/tree/changes')
    await sql(`UPDATE layer SET fields = jsonb_set(fields, '{1,is_public}', 'false') WHERE slug = 'tree'`)
    const refused = await get(`/opendata/tree/changes?since=${body['next']}`)
    expect(refused.status).to.equal(410)
    expect(refused.body['type']).to.equal('urn:asty:problem:changes-gone')
    // Other words for a field change no copy.
    const next = (await get('/opendata/tree/changes')).body['next']
    await sql(`UPDATE layer SET fields = jsonb_set(fields, '{0,title}', '{"el": "x", "en": "x"}') WHERE slug = 'tree'`)
    expect((await get(`/opendata/tree/changes?since=${next}`)).status).to.equal(200)
  })

  it('is no address of a layer that was closed', async () => {
    const { body } = await get('/opendata/tree/changes')
    await sql(`UPDATE layer SET visibility = 'staff' WHERE slug = 'tree'`)
    expect((await get(`/opendata/tree/changes?since=${body['next']}`)).status).to.equal(404)
  })

  it('walks through thousands of changes page by page', async () => {
    const copy = await copyOf('tree')
    await sql(`INSERT INTO gis.tree (code, size_m, geom)
               SELECT 'n' || n, n, ST_SetSRID(ST_MakePoint(23 + n / 1e6, 37), 4326) FROM generate_series(1, 2500) AS n`)
    for (const code of ['n1', 'n2', 'n3']) await sql(`UPDATE gis.tree SET size_m = 0 WHERE code = '${code}'`)
    await sql(`DELETE FROM gis.tree WHERE size_m > 2000`)
    const first = (await get(`/opendata/tree/changes?since=${copy.token()}`)).body
    expect(first['has_more']).to.equal(true)
    expect(first['features'].length + first['gone'].length).to.equal(1000)
    await copy.follow()
    expect(copy.features).to.deep.equal(await truth('tree'))
  })

  it('misses nothing that is committed late, also in the middle of a walk', async function () {
    // The embedded engine has one session: no two transactions at a time.
    if (world.database.engine === 'embedded') return this.skip()
    const copy = await copyOf('tree')
    const late = await world.db.transaction()
    await late.raw(`UPDATE gis.tree SET size_m = 100 WHERE code = 'a'`)
    // A later transaction commits first. Another layer's rows do not wait for the catalogue row of this one.
    await sql(
      `INSERT INTO collection_change (collection, feature_ids) SELECT 'tree', array_agg(n::text) FROM generate_series(1, 1000) AS n`,
    )
    await sql(
      `INSERT INTO collection_change (collection, feature_ids) SELECT 'tree', array_agg(n::text) FROM generate_series(1, 1000) AS n`,
    )
    const first = (await get(`/opendata/tree/changes?since=${copy.token()}`)).body
    expect(first['has_more']).to.equal(true)
    await late.commit()
    const second = (await get(`/opendata/tree/changes?since=${first['next']}`)).body
    expect(second['has_more']).to.equal(false)
    const third = (await get(`/opendata/tree/changes?since=${second['next']}`)).body
    const sizes = (third['features'] as Feature[]).map(({ properties }) => properties['size_m'])
    expect(sizes).to.include(100)
  })

  it('names a report that is not public any more as gone, and never one that was always private', async () => {
    const made = await post('/api/reports', pothole(23.005, 37.005))
    const copy = await copyOf('reports')
    expect(copy.features.has(made.body['id'])).to.equal(true)
    const { body: secret } = await post('/api/reports', pothole(23.006, 37.005))
    await world.db('report').where({ id: secret['id'] }).update({ is_public: false })
    await copy.follow()
    await world.db('report').where({ id: made.body['id'] }).update({ is_public: false })
    const silent = await copyOf('reports')
    await world.db('report').where({ id: secret['id'] }).update({ status: 'rejected', closed_at: world.db.fn.now() })
    await silent.follow()
    expect(silent.seen).to.not.include(secret['id'])
    await copy.follow()
    expect(copy.seen).to.include(made.body['id'])
    expect(copy.features.size).to.equal(0)
  })

  it('tells reports anew when their category gets another name', async () => {
    const { body } = await post('/api/reports', pothole(23.005, 37.005))
    const copy = await copyOf('reports')
    await world
      .db('category')
      .where({ slug: 'pothole' })
      .update({ title: JSON.stringify({ el: 'Γούβα', en: 'Hole' }) })
    await copy.follow()
    expect(copy.features.get(body['id'])?.['category_en']).to.equal('Hole')
  })

  it('forgets after a while, and says so', async () => {
    const { body } = await get('/opendata/tree/changes')
    await sql(`UPDATE gis.tree SET size_m = 5`)
    const later = (await get('/opendata/tree/changes')).body['next']
    await sql(`UPDATE collection_change SET made_at = now() - interval '91 days' WHERE collection = 'tree'`)
    await forgetChangesJob.work({ db: world.db } as never, null)
    const { rows } = await sql(`SELECT feature_ids FROM collection_change WHERE collection = 'tree'`)
    expect(rows).to.deep.equal([{ feature_ids: null }])
    expect((await get(`/opendata/tree/changes?since=${body['next']}`)).status).to.equal(410)
    expect((await get(`/opendata/tree/changes?since=${later}`)).status).to.equal(200)
  })

  it('says 410 to a token of another database, and 400 to what is no token', async () => {
    const next = String((await get('/opendata/tree/changes')).body['next'])
    const [system, horizon] = next.split('.')
    expect((await get(`/opendata/tree/changes?since=1${system?.slice(1)}5.${horizon}`)).status).to.be.oneOf([410, 400])
    expect((await get(`/opendata/tree/changes?since=${system}.${BigInt(horizon!) + 1_000_000n}`)).status).to.equal(410)
    for (const wrong of ['2026-01-01', 'x', `${next}'`, '1.2.3', `${system}.99999999999999999999`, '1.1&until=2'])
      expect((await get(`/opendata/tree/changes?since=${wrong}`)).status, wrong).to.equal(400)
    expect((await get('/opendata/nothing/changes')).status).to.equal(404)
  })
})
