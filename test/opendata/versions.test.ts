// Datasets as they were on a day: made when something has changed, thinned with time, downloaded in parts.
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { openStorage } from '../../backend/core/files/open.ts'
import { makeVersions } from '../../backend/opendata/versions/jobs.ts'
import { daysToThin } from '../../backend/opendata/versions/thin.ts'
import { readConfig } from '../../backend/core/config.ts'
import { get } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { type S3, startS3 } from '../support/s3.ts'
import { world } from '../support/world.ts'

const noonOf = (day: string) => new Date(`${day}T10:00:00Z`)

/** Changes the layer, long before any day of these tests. */
const change = async (name: string) => {
  await world.db('gis.plan').update({ name })
  await settle()
}
const settle = (at = '2019-01-01') => world.db('layer').where({ slug: 'plan' }).update({ updated_at: at })
const sha256 = (bytes: Uint8Array) => createHash('sha256').update(bytes).digest('hex')

async function fetched(path: string, headers: Record<string, string> = {}, method = 'GET') {
  const response = await fetch(world.url + path, { headers, method })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

describe('versions of datasets', () => {
  const path = '/opendata/plan/versions'
  const namesIn = async () => {
    const names: string[] = []
    for await (const name of openStorage(world.config, 'versions').list()) names.push(name)
    return names
  }
  const days = async () => [...new Set((await get<{ made_on: string }[]>(path)).body.map(({ made_on }) => made_on))]

  beforeEach(async () => {
    await smallTown()
    await make.layer('plan', 'planning', [polygon('p1', box(23, 37, 23.01, 37.01))])
    await settle()
    await world.db('setting').insert({ key: 'opendata.versions', value: '"daily"' })
  })

  it('waits until a layer has settled', async () => {
    await settle('2026-03-01T09:30:00Z')
    await makeVersions(world, noonOf('2026-03-01'))
    expect(await days()).to.deep.equal([])
  })

  it('makes one when the content has changed, and none when it has not', async () => {
    await makeVersions(world, noonOf('2026-03-01'))
    await makeVersions(world, noonOf('2026-03-02'))
    expect(await days()).to.deep.equal(['2026-03-01'])
    await change('other')
    await makeVersions(world, noonOf('2026-03-03'))
    expect(await days()).to.deep.equal(['2026-03-03', '2026-03-01'])
    const before = (await fetched(`${path}/2026-03-01.geojson`)).bytes.toString()
    expect(JSON.parse(before).features[0].properties.name).to.equal('p1')
  })

  it('keeps the rhythm of the setting: weekly unless told otherwise, or never', async () => {
    await world.db('setting').where({ key: 'opendata.versions' }).delete()
    for (const day of ['2026-03-01', '2026-03-04', '2026-03-08']) {
      await change(day)
      await makeVersions(world, noonOf(day))
    }
    expect(await days()).to.deep.equal(['2026-03-08', '2026-03-01'])
    await world.db('setting').insert({ key: 'opendata.versions', value: '"never"' })
    await change('again')
    await makeVersions(world, noonOf('2026-04-08'))
    expect(await days()).to.deep.equal(['2026-03-08', '2026-03-01'])
  })

  it('gives every file with its size and digest, in the list, in the headers, in the catalogue', async () => {
    await makeVersions(world, noonOf('2026-03-01'))
    const { body } = await get<{ href: string; sha256: string; bytes: number; format: string }[]>(path)
    expect(body.map(({ format }) => format)).to.have.members(['application/geo+json', 'application/geopackage+sqlite3'])
    for (const { href, sha256: told, bytes } of body) {
      const file = await fetched(new URL(href).pathname, { 'Accept-Encoding': 'gzip' })
      expect(file.status).to.equal(200)
      expect(file.bytes.length).to.equal(bytes)
      expect(sha256(file.bytes)).to.equal(told)
      expect(file.headers.get('content-encoding')).to.equal(null)
      expect(file.headers.get('repr-digest')).to.equal(`sha-256=:${Buffer.from(told, 'hex').toString('base64')}:`)
      const turtle = (await fetched('/opendata/catalog.ttl')).bytes.toString()
      expect(turtle).to.include(`"${told}"^^xsd:hexBinary`)
    }
    const page = (await fetched('/opendata/plan?lang=en', { Accept: 'text/html' })).bytes.toString()
    expect(page).to.include('/opendata/plan/versions/2026-03-01.gpkg').and.include('March 1, 2026')
  })

  it('goes on where a download broke off (RFC 9110, 14)', async () => {
    await makeVersions(world, noonOf('2026-03-01'))
    const file = `${path}/2026-03-01.gpkg`
    const whole = (await fetched(file)).bytes
    const etag = (await fetched(file)).headers.get('etag')!
    const size = whole.length
    const cases: [range: string, start: number, end: number][] = [
      ['bytes=0-99', 0, 100],
      ['bytes=100-', 100, size],
      ['bytes=-50', size - 50, size],
      [`bytes=${size - 1}-${size + 1000}`, size - 1, size],
    ]
    for (const [range, start, end] of cases) {
      const part = await fetched(file, { Range: range, 'If-Range': etag })
      expect(part.status, range).to.equal(206)
      expect(part.headers.get('content-range')).to.equal(`bytes ${start}-${end - 1}/${size}`)
      expect(part.bytes.equals(whole.subarray(start, end)), range).to.equal(true)
    }
    const beyond = await fetched(file, { Range: `bytes=${size}-` })
    expect(beyond.status).to.equal(416)
    expect(beyond.headers.get('content-range')).to.equal(`bytes */${size}`)
    // another file, several parts, no bytes, nonsense: all of it
    for (const headers of [
      { Range: 'bytes=0-9', 'If-Range': '"other"' },
      { Range: 'bytes=0-1,5-6' },
      { Range: 'lines=0-1' },
      { Range: 'bytes=x' },
    ] as Record<string, string>[])
      // prettier-ignore
      expect((await fetched(file, headers)).bytes.length, JSON.stringify(headers)).to.equal(size)
    const head = await fetched(file, {}, 'HEAD')
    expect(head.headers.get('accept-ranges')).to.equal('bytes')
    expect(head.headers.get('content-length')).to.equal(String(size))
    expect((await fetched(file, { 'If-None-Match': etag })).status).to.equal(304)
  })

  it('keeps no secret open: neither of a closed layer, nor of a closed field; reports have none', async () => {
    await makeVersions(world, noonOf('2026-03-01'))
    await world.db.raw(`UPDATE layer SET fields = jsonb_set(fields, '{1,is_public}', 'false') WHERE slug = 'plan'`)
    expect((await get(path)).body).to.deep.equal([])
    expect((await fetched(`${path}/2026-03-01.gpkg`)).status).to.equal(404)
    expect((await fetched('/opendata/catalog.ttl')).bytes.toString()).to.not.include('plan/versions/')
    await world.db('layer').where({ slug: 'plan' }).update({ visibility: 'staff' })
    expect((await get(path)).status).to.equal(404)
    expect((await get('/opendata/reports/versions')).body).to.deep.equal([])
  })

  it('is not found by a name that it does not have', async () => {
    for (const name of ['2026-03-02.gpkg', '2026-13-41.gpkg', 'x.gpkg', '2026-03-01.csv', '..%2F2026-03-01.gpkg'])
      expect((await fetched(`${path}/${name}`)).status, name).to.equal(404)
  })

  it('destroys the files that are thinned, and what a node left behind', async () => {
    const storage = openStorage(world.config, 'versions')
    for (const day of ['2026-01-10', '2026-01-20', '2026-02-01']) {
      await change(day)
      await makeVersions(world, noonOf(day))
    }
    await storage.put('orphan.gpkg', Buffer.from('x'))
    await makeVersions(world, noonOf('2026-06-01'))
    expect(await days()).to.deep.equal(['2026-02-01', '2026-01-20'])
    const files = (await world.db('dataset_version').select('file')).map(({ file }) => file)
    expect(await namesIn()).to.have.members(files)
  })

  it('stay for 60 days, then one a month, after two years one a year', () => {
    const every = ['2026-11-20', '2026-10-05', '2026-09-01', '2026-08-31', '2026-08-02', '2024-05-05', '2024-03-03', '2023-01-01'] // prettier-ignore
    expect(daysToThin(every, '2026-11-21')).to.deep.equal(['2026-08-02', '2024-03-03'])
    expect(daysToThin(['2020-01-01'], '2026-11-21')).to.deep.equal([])
  })

  describe('on S3', function () {
    this.timeout(30_000)
    let s3: S3
    before(async () => {
      s3 = await startS3()
    })
    after(() => s3.remove())

    it('are stored and read in parts', async () => {
      const config = readConfig(s3.settings('versions-test'))
      await makeVersions({ db: world.db, config }, noonOf('2026-03-01'))
      const row = await world.db('dataset_version').where({ collection: 'plan', extension: 'gpkg' }).first()
      const storage = openStorage(config, 'versions')
      const pieces: Buffer[] = []
      for await (const piece of (await storage.read(row.file, 16, 99))!) pieces.push(piece as Buffer)
      const whole = (await storage.get(row.file))!
      expect(sha256(whole)).to.equal(row.sha256)
      expect(Buffer.concat(pieces).equals(whole.subarray(16, 100))).to.equal(true)
      expect(await storage.read('none.gpkg', 0, 1)).to.equal(undefined)
    })
  })
})
