// Downloads that are made ready first (RFC 7240): asked for, followed, had in parts, gone after a day.
import { createHash } from 'node:crypto'
import { expect } from 'chai'
import { openStorage } from '../../backend/core/files/open.ts'
import { prepareJob, sweepPreparedJob } from '../../backend/opendata/prepared/jobs.ts'
import { get } from '../support/http.ts'
import { smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { world } from '../support/world.ts'

const LATER = { Prefer: 'respond-async, wait=1' }
const idIn = (address: string | null) => String(address).split('/').at(-1)!

describe('prepared downloads', () => {
  beforeEach(async () => {
    await smallTown()
    await makeSights()
  })

  const ask = (path: string) => fetch(world.url + path, { headers: LATER })
  const work = (id: string) => prepareJob.work(world as never, { id })
  const here = (address: string) => address.replace(world.url, '')

  it('says 202 and where to ask, then how far it is, then where the file is; the same file as at once', async () => {
    for (const name of ['sight.gpkg', 'sight.shp.zip', 'sight.csv?visits=30&geometry=lonlat']) {
      const asked = await ask(`/opendata/${name}`)
      expect(asked.status, name).to.equal(202)
      expect(asked.headers.get('preference-applied')).to.equal('respond-async')
      const address = here(asked.headers.get('location')!)
      const waiting = await get(address)
      expect(waiting.body).to.include({ status: 'running', progress: 0, href: null })
      expect(waiting.headers.get('retry-after')).to.equal('2')
      expect((await get(`${address}/file`)).status).to.equal(404)
      await work(idIn(address))
      const { body } = await get(address)
      expect(body).to.include({ status: 'successful', progress: 100 })
      const file = Buffer.from(await (await fetch(body['href'])).arrayBuffer())
      expect(file.length).to.equal(body['bytes'])
      expect(createHash('sha256').update(file).digest('hex')).to.equal(body['sha256'])
      const part = await fetch(body['href'], { headers: { Range: 'bytes=10-19' } })
      expect(part.status).to.equal(206)
      expect(Buffer.from(await part.arrayBuffer()).equals(file.subarray(10, 20))).to.equal(true)
      if (name.includes('csv')) expect(file.toString()).to.equal(await (await fetch(`${world.url}/opendata/${name}`)).text())
    }
  }) // prettier-ignore

  it('is done by a job, once for all who ask the same', async () => {
    const first = idIn((await ask('/opendata/sight.gpkg')).headers.get('location'))
    const again = idIn((await ask('/opendata/sight.gpkg')).headers.get('location'))
    const other = idIn((await ask('/opendata/sight.gpkg?visits=30')).headers.get('location'))
    expect(again).to.equal(first)
    expect(other).to.not.equal(first)
    const { rows } = await world.db.raw(`SELECT count(*)::int AS jobs FROM pgboss.job WHERE name = 'prepare-download'`)
    expect(rows).to.deep.equal([{ jobs: 2 }])
  })

  it('refuses at once what is wrong, and answers at once what is asked without the wish, or of reports', async () => {
    expect((await ask('/opendata/sight.gpkg?bbox=1,2,3')).status).to.equal(400)
    expect((await ask('/opendata/nothing.gpkg')).status).to.equal(404)
    expect((await ask('/opendata/reports.geojson')).status).to.equal(200)
    expect((await fetch(`${world.url}/opendata/sight.geojson`)).status).to.equal(200)
    for (const id of ['x', 'ffffffff-ffff-4fff-8fff-ffffffffffff'])
      expect((await get(`/opendata/prepared/${id}`)).status).to.equal(404)
  })

  it('takes no more than it can do', async () => {
    for (let n = 0; n < 20; n++) expect((await ask(`/opendata/sight.csv?visits=${n}`)).status).to.equal(202)
    expect((await ask('/opendata/sight.csv?visits=20')).status).to.equal(503)
  })

  it('keeps no secret open, and is gone after a day', async () => {
    const id = idIn((await ask('/opendata/sight.csv')).headers.get('location'))
    await work(id)
    await world.db.raw(`UPDATE layer SET fields = jsonb_set(fields, '{1,is_public}', 'false') WHERE slug = 'sight'`)
    expect((await get(`/opendata/prepared/${id}/file`)).status).to.equal(404)
    await world.db.raw(`UPDATE layer SET fields = jsonb_set(fields, '{1,is_public}', 'true') WHERE slug = 'sight'`)
    expect((await get(`/opendata/prepared/${id}/file`)).status).to.equal(200)
    await world.db('prepared_download').update({ created_at: new Date(Date.now() - 25 * 3_600_000) })
    await sweepPreparedJob.work(world as never, null)
    expect((await get(`/opendata/prepared/${id}`)).status).to.equal(404)
    expect(await openStorage(world.config, 'prepared').get(`${id}.csv`)).to.equal(undefined)
  })

  it('says so when it cannot be made, and can be asked for again', async () => {
    const path = `/opendata/sight.csv?filter=${encodeURIComponent('10 / (visits - 30) > 0')}`
    await world.db('gis.sight').update({ visits: 1 })
    const id = idIn((await ask(path)).headers.get('location'))
    await world.db('gis.sight').update({ visits: 30 })
    await work(id).then(
      () => expect.fail('it could'),
      () => undefined,
    )
    expect((await get(`/opendata/prepared/${id}`)).body).to.include({ status: 'failed', href: null })
  })
})
