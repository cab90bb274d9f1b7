// npm start, as an operator meets it: a sentence where something is wrong, and nothing is lost.
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { expect } from 'chai'
import { versionFault } from '../../backend/core/db/versions.ts'
import { pothole } from '../support/http.ts'
import { startProgram } from '../support/program.ts'
import { world } from '../support/world.ts'

const DEMO = new URL('../../gis-data/demo-city/', import.meta.url)

describe('starting', function () {
  this.timeout(480_000)
  let folder: string
  before(() => (folder = mkdtempSync(join(tmpdir(), 'asty-start-'))))
  after(() => rmSync(folder, { recursive: true, force: true }))

  /** One sentence, exit 1, no look inside. */
  async function refusal(settings: Record<string, string>): Promise<string> {
    const { ended, said } = startProgram({ DATA_DIR: folder, PORT: '0', ...settings })
    expect(await ended, said()).to.equal(1)
    expect(said()).to.not.match(/\n\s+at .*:\d+:\d+/)
    return said()
  }

  it('names every wrong setting at once', async () => {
    const said = await refusal({ PORT: 'many', PUBLIC_URL: 'here', DATABASE_URL: 'mysql://x' })
    for (const name of ['PORT', 'PUBLIC_URL', 'DATABASE_URL']) expect(said).to.include(name)
  })

  it('does not open to the public with demo accounts whose password everybody can read', async () => {
    const said = await refusal({ DEMO: 'true', PUBLIC_URL: 'https://map.city.example' })
    expect(said).to.include('choose a DEMO_PASSWORD')
  })

  it('says when nothing answers at DATABASE_URL', async () => {
    expect(await refusal({ DATABASE_URL: 'postgres://127.0.0.1:1/none' })).to.match(/cannot be reached: .*ECONNREFUSED/)
  })

  it('says when the server has no PostGIS', async () => {
    // A real PostgreSQL without the extension.
    const lite = await PGlite.create()
    const server = new PGLiteSocketServer({ db: lite, host: '127.0.0.1', port: 0 })
    await server.start()
    try {
      const url = `postgres://postgres:none@${server.getServerConn()}/postgres?sslmode=disable`
      expect(await refusal({ DATABASE_URL: url })).to.match(/has no PostGIS: install it there/)
    } finally {
      await server.stop()
      await lite.close()
    }
  })

  it('knows which versions will do', () => {
    expect(versionFault(140012, '3.4.0')).to.match(/PostgreSQL 15 or newer is needed.* is 14\./)
    expect(versionFault(150004, undefined)).to.match(/no PostGIS/)
    expect(versionFault(150004, '2.5.9')).to.match(/PostGIS 3\.3 or newer/)
    expect(versionFault(150004, '3.2.1')).to.match(/has 3\.2\.1/)
    for (const postgis of ['3.3.0', '3.10.0', '4.0.0dev']) expect(versionFault(150000, postgis)).to.equal(null)
  })

  it('says when the data folder cannot be made or written', async () => {
    const file = join(folder, 'file')
    writeFileSync(file, '')
    for (const dataDir of [join(file, 'below'), '/proc/asty/data'])
      expect(await refusal({ DATA_DIR: dataDir })).to.include(`The data folder ${dataDir} cannot be written to`)
  })

  it('leaves a folder to the process that works on it, and takes one that a dead process left', async () => {
    writeFileSync(join(folder, 'asty.pid'), String(process.pid))
    expect(await refusal({})).to.include(`Asty already runs on the data folder ${folder} (process ${process.pid})`)
    // Larger than any process number there can be.
    writeFileSync(join(folder, 'asty.pid'), '99999999')
    expect(await refusal({ DATABASE_URL: 'postgres://127.0.0.1:1/none' })).to.match(/cannot be reached/)
  })

  describe('with the demo city', function () {
    before(function () {
      if (world.database.engine === 'server') {
        process.stderr.write('      the embedded engine’s start is tested in its own run\n')
        this.skip()
      }
    })
    const start = (port = '0') => startProgram({ DATA_DIR: folder, PORT: port })
    const urlIn = (said: string) => /Asty is open at (\S+)/.exec(said)?.[1] ?? ''

    it('goes on where a first start was cut off, keeps what people did, and stops cleanly', async () => {
      rmSync(folder, { recursive: true, force: true })
      const first = start()
      await first.until(/loading layer 1\d of/)
      first.child.kill('SIGKILL')
      await first.ended

      const second = start()
      await second.until(/Demo accounts[\s\S]*admin@/)
      expect(second.said()).to.match(/loading layer/)
      const url = urlIn(second.said())
      const layers = (await (await fetch(`${url}/api/layers`)).json()) as { slug: string; feature_count: number }[]
      const files = JSON.parse(readFileSync(new URL('layers.json', DEMO), 'utf8')) as { slug: string; file: string }[]
      for (const { slug, feature_count } of layers) {
        const file = files.find((layer) => layer.slug === slug)?.file ?? ''
        const { features } = JSON.parse(readFileSync(new URL(file, DEMO), 'utf8')) as { features: unknown[] }
        expect(feature_count, slug).to.equal(features.length)
      }
      const datasets = (await (await fetch(`${url}/opendata`)).json()) as { slug: string; feature_count: number }[]
      expect(datasets.find(({ slug }) => slug === 'reports')?.feature_count).to.be.within(4000, 5000)
      const sent = await fetch(`${url}/api/reports`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json' },
        body: JSON.stringify(pothole(23.757, 36.3352)),
      })
      expect(sent.status).to.equal(201)
      const { id } = (await sent.json()) as { id: string }

      const third = startProgram({ DATA_DIR: `${folder}-other`, PORT: new URL(url).port, DEMO: 'false' })
      expect(await third.ended).to.equal(1)
      expect(third.said()).to.match(/Port \d+ is in use: stop what listens there, or set PORT/)
      rmSync(`${folder}-other`, { recursive: true, force: true })

      second.child.kill('SIGINT')
      expect(await second.ended, 'Ctrl-C').to.equal(0)
      expect(existsSync(join(folder, 'asty.pid'))).to.equal(false)

      const fourth = start()
      await fourth.until(/admin@/)
      expect(fourth.said()).to.not.match(/loading layer/)
      expect((await fetch(`${urlIn(fourth.said())}/api/reports/${id}`)).status).to.equal(200)
      fourth.child.kill('SIGTERM')
      expect(await fourth.ended).to.equal(0)
    })
  })
})
