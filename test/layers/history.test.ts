// Every change of a feature is kept, whatever door it came through: who, when, before, after; and it can be put back.
import { expect } from 'chai'
import { get, post, request, signIn } from '../support/http.ts'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { make, smallTown } from '../support/make.ts'
import { sight } from '../support/sights.ts'
import { world } from '../support/world.ts'

const HEADERS = { 'If-Match': '*', 'Content-Type': 'application/geo+json' }

describe('the history of features', () => {
  let cookie: string
  const history = async (query = '') =>
    (await get(`/api/staff/layers/lamp/history${query}`, { cookie })).body as { entries: Record<string, never>[]; next: string | null } // prettier-ignore
  const newest = async () => (await history('?limit=1')).entries[0] as unknown as Record<string, never>
  const back = (id: string) => post(`/api/staff/layers/lamp/history/${id}/put-back`, undefined, { cookie })
  const write = (method: string, id: string, body?: object) =>
    request(method, `/ogc/collections/lamp/items${id}`, { cookie, body, headers: HEADERS })
  const point = (lon: number) => ({ type: 'Point', coordinates: [lon, 37.001] })
  const lamp = (id: number) => world.db('gis.lamp').where({ id }).first('code', 'watts', 'seen_at', world.db.raw('ST_AsText(geom) AS place')) // prettier-ignore
  const fields = (['code', 'watts', 'seen_at'] as const).map((name) => ({ name, type: ({ code: 'text', watts: 'integer', seen_at: 'timestamp' } as const)[name], title: { el: name, en: name }, is_public: true })) // prettier-ignore
  const LAMPS = ['a', 'b', 'c'].map((code, n) => sight(code, 23.001 + n / 1000, 37.001, { watts: 10 + n, seen_at: '2025-03-02T10:00:00Z' })) // prettier-ignore

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
    await make.layer('lamp', 'poi', LAMPS, { geometry_type: 'Point', title_fields: null, fields })
    expect(await history(), 'a new layer has no history').to.deep.equal({ entries: [], next: null })
  })

  it('tells who changed what by the API, from what to what', async () => {
    await write('PATCH', '/1', { type: 'Feature', properties: { watts: 60 }, geometry: point(23.005) })
    const { action, who, role, feature, before: was, after: is } = await newest()
    expect({ action, who, role, feature }).to.deep.equal({ action: 'change', who: 'gis@town.example', role: null, feature: '1' }) // prettier-ignore
    expect(was!['properties']).to.deep.include({ code: 'a', watts: 10 })
    expect(is!['properties']).to.deep.include({ code: 'a', watts: 60 })
    expect([was!['geometry'], is!['geometry']]).to.deep.equal([point(23.001), point(23.005)])
  })

  it('tells of SQL, set by set, with the role of the database; what did not change is no change', async () => {
    await world.db.raw(`UPDATE gis.lamp SET watts = CASE WHEN id = 3 THEN watts ELSE watts + 1 END`)
    const { entries } = await history('?limit=2')
    expect(entries.map(({ feature, who }) => [feature, who])).to.have.deep.members([['1', null], ['2', null]]) // prettier-ignore
    expect(entries[0]!['role']).to.be.a('string')
    const one = await history('?feature=1')
    expect(one.entries[0]!['before']!['properties']).to.deep.include({ watts: 60 })
    expect(one.entries.map(({ after: is }) => is!['properties']!['watts']), 'the next change tells what this one made').to.deep.equal([61, 60]) // prettier-ignore
  })

  it('pages through what was done', async () => {
    const first = await history('?limit=2')
    const second = await history(`?limit=2&cursor=${first.next}`)
    expect(second.entries.map(({ feature }) => feature)).to.deep.equal(['1'])
    expect(second.next).to.equal(null)
  })

  it('puts a change back, to the second and the millimetre, as one more change', async () => {
    const { id } = (await history('?feature=1')).entries[1]!
    const { status, body } = await back(id!)
    expect([status, body]).to.deep.equal([200, { feature: '1' }])
    expect(await lamp(1)).to.deep.equal({ code: 'a', watts: '10', seen_at: '2025-03-02T10:00:00.000Z', place: 'POINT(23.001 37.001)' }) // prettier-ignore
    expect(await newest()).to.deep.include({ action: 'change', who: 'gis@town.example' })
  })

  it('brings a deleted feature back under its id, also after everything was emptied', async () => {
    await write('DELETE', '/2')
    const gone = await newest()
    expect([gone['action'], gone['after']]).to.deep.equal(['delete', null])
    expect((await back(gone['id']!)).status).to.equal(200)
    expect(await lamp(2)).to.deep.include({ code: 'b', watts: '12' })
    await world.db.raw('TRUNCATE gis.lamp')
    const { entries } = await history('?limit=3')
    expect(entries.map(({ action }) => action)).to.deep.equal(['delete', 'delete', 'delete'])
    for (const { id } of entries) await back(id!)
    expect(await world.db('gis.lamp').orderBy('id').pluck('code')).to.deep.equal(['a', 'b', 'c'])
    const [layer] = (await get('/api/layers')).body.filter(({ slug }: { slug: string }) => slug === 'lamp')
    expect(layer.feature_count).to.equal(3)
  })

  it('keeps the key whole, and says when there is nothing to put back', async () => {
    await write('DELETE', '/3')
    const gone = await newest()
    const { headers } = await write('POST', '', { type: 'Feature', properties: { code: 'c' }, geometry: point(23.008) })
    expect(headers.get('location')).to.match(/items\/4$/)
    expect((await back(gone['id']!)).status, 'another has its key').to.equal(409)
    const made = await newest()
    expect([made['action'], made['before'], made['after']!['properties']]).to.deep.equal(['create', null, { code: 'c', watts: null, seen_at: null }]) // prettier-ignore
    expect((await back(made['id']!)).status).to.equal(409)
    expect((await back('999999')).status).to.equal(404)
  })

  it('follows fields that come and go', async () => {
    const url = '/api/staff/layers/lamp/fields'
    await post(url, { name: 'maker', type: 'text', title: { el: 'Εταιρεία', en: 'Maker' } }, { cookie })
    await write('PATCH', '/1', { type: 'Feature', properties: { maker: 'Lux' } })
    expect((await newest())['after']!['properties']).to.deep.include({ maker: 'Lux' })
    await write('PATCH', '/1', { type: 'Feature', properties: { maker: 'Nox' } })
    const { id } = await newest()
    await post(`${url}/maker/retire`, undefined, { cookie })
    await back(id!)
    expect((await world.db('gis.lamp').where({ id: 1 }).first('maker')).maker).to.equal('Lux')
  })

  it('goes on after a file took the place of all by key, and begins anew where ids mean others', async () => {
    const replace = async (key_field: string | null) => {
      const definition = {
        ...LayerDefinition.parse(await world.db('layer').where({ slug: 'lamp' }).first()),
        key_field,
      }
      async function* file() {
        yield* LAMPS
      }
      await importLayer(world.db, definition, file(), { replace: true })
    }
    await replace('code')
    const kept = (await history('?feature=1')).entries
    expect(kept[0]).to.deep.include({ action: 'replace', feature: null })
    expect(kept[1]!['after'], 'what the file found is not known').to.equal(null)
    const changed = kept.find(({ before: was }) => was?.['properties']?.['watts'] === 61)
    expect((await back(changed!['id']!)).status).to.equal(200)
    expect(await lamp(1)).to.deep.include({ watts: '61' })
    await replace(null)
    expect((await history()).entries.map(({ action }) => action)).to.deep.equal(['renew'])
    expect((await back(changed!['id']!)).status, 'it would be another lamp').to.equal(409)
  })

  it('does not believe a role of the database that writes in the name of an account', async function () {
    if (!process.env['DATABASE_URL']) return this.skip()
    const role = `qgis_${process.pid}`
    await world.db.raw(`CREATE ROLE ${role}; GRANT USAGE ON SCHEMA gis TO ${role}; GRANT SELECT, UPDATE ON gis.lamp TO ${role}`) // prettier-ignore
    try {
      await world.db.transaction(async (trx) => {
        await trx.raw(`SET LOCAL SESSION AUTHORIZATION ${role}`)
        await trx.raw(`SELECT set_config('asty.account', '1', true)`)
        await trx.raw('UPDATE gis.lamp SET watts = 99 WHERE id = 1')
      })
      expect(await newest()).to.deep.include({ action: 'change', who: null, role })
    } finally {
      await world.db.raw(`DROP OWNED BY ${role}; DROP ROLE ${role}`)
    }
  })
})
