// What reviewers forget.
import { readdirSync } from 'node:fs'
import { expect } from 'chai'
import { served } from '../../backend/core/http/serve.ts'
import { sqlText } from '../../backend/core/db/sql.ts'
import el from '../../backend/core/i18n/el.json' with { type: 'json' }
import en from '../../backend/core/i18n/en.json' with { type: 'json' }
import webEl from '../../web/src/core/i18n/el.json' with { type: 'json' }
import webEn from '../../web/src/core/i18n/en.json' with { type: 'json' }
import { get } from '../support/http.ts'
import { world } from '../support/world.ts'

const keysOf = (value: unknown, path = ''): string[] =>
  typeof value === 'object' && value !== null
    ? Object.entries(value).flatMap(([key, inner]) => keysOf(inner, `${path}.${key}`))
    : [path]

const queries = readdirSync(new URL('../../backend/', import.meta.url), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.sql'))
  .map((file) => file.replace('/sql/', '/').replace(/\.sql$/, '') as `${string}/${string}`)

describe('the house', () => {
  it('names a permission for every endpoint', () => {
    expect(served).to.have.length.at.least(15)
    expect(served.filter(({ may }) => !may)).to.deep.equal([])
  })

  it('asks for a permission at every staff address', () => {
    const open = served.filter(({ endpoint, may }) => endpoint.path.startsWith('/api/staff') && may === 'anyone')
    expect(open).to.deep.equal([])
  })

  it('has equal Greek and English catalogues', () => {
    expect(Object.keys(el).sort()).to.deep.equal(Object.keys(en).sort())
    expect(keysOf(webEl).sort()).to.deep.equal(keysOf(webEn).sort())
  })

  it('gives every geometry column a system and a GiST index', async () => {
    const { rows } = await world.db.raw(`
      SELECT g.f_table_name || '.' || g.f_geometry_column AS name
        FROM geometry_columns AS g
        JOIN pg_class AS c ON c.relname = g.f_table_name AND c.relkind = 'r' AND c.relnamespace = 'public'::regnamespace
       WHERE g.f_table_schema = 'public'
         AND (g.srid = 0 OR NOT EXISTS (
               SELECT FROM pg_index AS i JOIN pg_class AS x ON x.oid = i.indexrelid JOIN pg_am AS m ON m.oid = x.relam
                WHERE i.indrelid = c.oid AND m.amname = 'gist'))`)
    expect(rows).to.deep.equal([])
  })

  it('comments every table and column', async () => {
    const { rows } = await world.db.raw(`
      SELECT c.relname || COALESCE('.' || a.attname, '') AS name
        FROM pg_class AS c
        LEFT JOIN pg_attribute AS a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
       WHERE c.relkind = 'r'
         AND c.relnamespace = 'public'::regnamespace
         AND c.relname NOT IN ('spatial_ref_sys', 'migration', 'migration_lock')
         AND col_description(c.oid, a.attnum) IS NULL`)
    expect(rows).to.deep.equal([])
  })

  it('starts every query file with a sentence', () => {
    expect(queries).to.have.length.at.least(8)
    for (const query of queries) expect(sqlText(query), query).to.not.equal('')
  })

  it('describes itself as OpenAPI 3.1, every field with words', async () => {
    const { body } = await get('/api/openapi.json')
    expect(body['openapi']).to.equal('3.1.0')
    expect(Object.keys(body['paths'])).to.include.members([
      '/api/reports',
      '/api/route/preview',
      '/api/where',
      '/api/search',
    ])
    expect(body['paths']['/api/reports'].post.requestBody.content['application/json'].schema).to.be.an('object')
  })

  it('is live and ready', async () => {
    expect((await get('/health/live')).body).to.deep.equal({ status: 'live' })
    expect((await get('/health/ready')).status).to.equal(200)
  })

  it('answers an unknown address with a problem, in Greek and English', async () => {
    const { status, body } = await get('/api/nothing', { headers: { 'Accept-Language': 'el' } })
    expect(status).to.equal(404)
    expect(body['title']).to.equal('Δεν βρέθηκε')
  })
})
