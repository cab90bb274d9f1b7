// Usage counts: what was taken is counted by dataset, format and day, and nothing of who took it.
import { connect } from 'node:net'
import { expect } from 'chai'
import { get } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

const today = new Intl.DateTimeFormat('en-CA', { timeZone: 'Europe/Athens' }).format(new Date())

describe('usage of open data', () => {
  before(async () => {
    await smallTown()
    await make.layer('zone', 'planning', [polygon('a', box(23, 37, 23.01, 37.01)), polygon('b', box(23.01, 37, 23.02, 37.01))]) // prettier-ignore
    await make.layer('pipe', 'network', [polygon('a', box(23, 37, 23.01, 37.01))], { visibility: 'staff' })
  })
  beforeEach(async () => {
    await world.town.usage.write()
    await world.db('dataset_usage').delete()
  })

  const usage = async (slug = 'zone', query = '') => (await get(`/opendata/${slug}/usage${query}`)).body
  const counted = async () => {
    await world.town.usage.write()
    const rows = await world.db('dataset_usage').orderBy(['dataset', 'format']).select('dataset', 'format', 'count')
    return rows.map(({ dataset, format, count }) => `${dataset} ${format} ${count}`)
  }

  it('counts files and features that were taken, and nothing else', async () => {
    for (const path of [
      '/opendata/zone.csv',
      '/opendata/zone.csv?bom=true',
      '/opendata/zone.shp.zip',
      '/ogc/collections/zone/items',
      '/ogc/collections/zone/items/1',
      '/opendata/reports.geojson',
    ])
      // prettier-ignore
      expect((await get(path)).status, path).to.equal(200)
    // Pages, descriptions, tiles, what fails, and what is not sent.
    for (const path of [
      '/opendata/zone',
      '/opendata/zone?f=html',
      '/ogc/collections/zone',
      '/ogc/collections/zone/items?f=html',
      '/opendata',
      '/opendata/catalog.ttl',
      '/tiles/zone.json',
      '/tiles/zone/10/577/395.mvt',
      '/opendata/zone.csv?filter=%28',
      '/opendata/nothing.csv',
      '/opendata/pipe.csv',
      '/ogc/collections/zone/items?resultType=hits',
    ])
      // prettier-ignore
      await get(path)
    for (const path of ['/opendata/zone.csv', '/ogc/collections/zone/items']) {
      const etag = (
        await fetch(world.url + path, { method: 'HEAD', headers: { 'Accept-Language': 'en' } })
      ).headers.get('etag')
      expect((await get(path, { headers: { 'If-None-Match': String(etag) } })).status).to.equal(304)
    }
    expect(await counted()).to.deep.equal(['reports geojson 1', 'zone csv 2', 'zone ogc 2', 'zone shp.zip 1'])
  })

  it('counts no file that was not taken to its end', async () => {
    const heavy = Array.from({ length: 1000 }, (_, n) => ({ ...polygon(`p${n}`, box(23, 37, 23.01, 37.01)), properties: { code: `p${n}`, name: 'x'.repeat(20_000) } })) // prettier-ignore
    await make.layer('big', 'planning', heavy, { title_fields: { el: 'code', en: 'code' } })
    const { hostname, port } = new URL(world.url)
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => socket.write('GET /opendata/big.geojson HTTP/1.1\r\nHost: x\r\n\r\n')) // prettier-ignore
      socket.once('data', () => socket.destroy())
      socket.once('close', () => resolve())
    })
    expect((await get('/opendata/big.csv')).status).to.equal(200)
    expect(await counted()).to.deep.equal(['big csv 1'])
  })

  it('adds up by day in one row, and keeps nothing of who it was', async () => {
    await get('/opendata/zone.csv', { headers: { 'User-Agent': 'Secret-Robot/1', 'X-Forwarded-For': '203.0.113.7' } })
    await counted()
    await get('/opendata/zone.csv')
    expect(await counted()).to.deep.equal(['zone csv 2'])
    const [row] = await world.db('dataset_usage').select('*', world.db.raw('day::text AS day'))
    expect(Object.keys(row).sort()).to.deep.equal(['count', 'dataset', 'day', 'format'])
    expect(row.day).to.equal(today)
  })

  it('is there as JSON, for one dataset by day and for all lately, and never for what is not open', async () => {
    await world.db('dataset_usage').insert([
      { dataset: 'zone', format: 'csv', day: today, count: 3 },
      { dataset: 'zone', format: 'csv', day: world.db.raw('?::date - 60', [today]), count: 40 },
      { dataset: 'zone', format: 'ogc', day: world.db.raw('?::date - 500', [today]), count: 500 },
      { dataset: 'pipe', format: 'csv', day: today, count: 7 },
    ])
    expect(await usage()).to.deep.include({ dataset: 'zone', to: today, total: 43 })
    expect((await usage('zone', `?from=${today}`))['days']).to.deep.equal([{ day: today, format: 'csv', count: 3 }])
    expect((await usage('zone', '?from=2020-01-01&to=2026-12-31'))['total']).to.equal(543)
    for (const [slug, query, status] of [
      ['pipe', '', 404],
      ['zone', '?from=x', 422],
      ['zone', '?from=2026-02-01&to=2026-01-01', 400],
      ['zone', '?from=0001-01-01', 400],
    ] as const)
      // prettier-ignore
      expect((await get(`/opendata/${slug}/usage${query}`)).status, query).to.equal(status)
    const { body, headers } = await get('/api/opendata/usage')
    expect(body[0]).to.deep.include({ dataset: 'zone', days_30: 3, days_365: 43 })
    expect(JSON.stringify(body)).to.not.include('pipe')
    expect(headers.get('access-control-allow-origin')).to.equal('*')
    const page = await get('/opendata/zone?f=html&lang=en')
    expect(page.body).to.include('3 times in 30 days, 43 in a year')
  })

  it('is kept while it cannot be written, and written when a node goes', async () => {
    const node = await startNode({})
    await fetch(`${node.url}/opendata/zone.csv`).then((answer) => answer.text())
    await get('/opendata/zone.csv')
    await world.db.raw('ALTER TABLE dataset_usage RENAME TO away')
    await world.town.usage.write()
    await world.db.raw('ALTER TABLE away RENAME TO dataset_usage')
    expect(await counted()).to.deep.equal(['zone csv 1'])
    await node.close()
    expect(await counted()).to.deep.equal(['zone csv 2'])
  })
})
