// npm run import, as an operator runs it.
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { readConfig } from '../../backend/core/config.ts'
import { openDatabase } from '../../backend/core/db/connect.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const fixture = (name: string) => join(root, 'test/fixtures', name)

describe('npm run import', function () {
  // Every run opens a database on disk, which on a busy machine takes seconds.
  this.timeout(240_000)
  let dataDir: string
  const run = (...args: string[]) => {
    const command = ['--import', 'tsx', 'backend/tools/import.ts', ...args]
    const env = { ...process.env, DATA_DIR: dataDir, DATABASE_URL: '' }
    return spawnSync(process.execPath, command, { cwd: root, env, encoding: 'utf8' })
  }

  before(() => (dataDir = mkdtempSync(join(tmpdir(), 'asty-import-'))))
  after(() => rmSync(dataDir, { recursive: true, force: true }))

  it('honours the system that the file names, even behind its features', () => {
    const { status, stdout, stderr } = run(fixture('crs_after_features.geojson'), '--layer', 'lamp', '--key', 'ΚΩΔΙΚΟΣ')
    expect(stderr).to.match(/1 features read/)
    expect(stdout).to.match(/^1 features in gis\.lamp/)
    expect(status).to.equal(0)
  })

  it('replaces the features of a layer for staff, and leaves it and its closed fields for staff', async () => {
    const file = fixture('crs_after_features.geojson')
    const look = async <T>(work: (db: Awaited<ReturnType<typeof openDatabase>>['db']) => Promise<T>): Promise<T> => {
      const database = await openDatabase(readConfig({ DATA_DIR: dataDir }))
      try {
        return await work(database.db)
      } finally {
        await database.close()
      }
    }
    expect(run(file, '--layer', 'valve', '--visibility', 'staff').status).to.equal(0)
    await look((db) =>
      db('layer')
        .where({ slug: 'valve' })
        .update({ fields: db.raw(`jsonb_set(fields, '{0,is_public}', 'false')`) }),
    )
    expect(run(file, '--layer', 'valve', '--replace').status).to.equal(0)
    const { visibility, fields } = await look((db) => db('layer').where({ slug: 'valve' }).first())
    expect(visibility).to.equal('staff')
    expect(fields[0].is_public).to.equal(false)
  })

  it('says in a sentence what is wrong, and ends with 1', () => {
    const file = fixture('crs_after_features.geojson')
    const cases: [RegExp, ...string[]][] = [
      [/There is no file/, 'nowhere.geojson', '--layer', 'x'],
      [/--layer <slug>/, file],
      [/EPSG:9999 is not a coordinate system/, file, '--layer', 'x', '--crs', 'EPSG:9999'],
      [/look like EPSG:2100/, file, '--layer', 'x', '--crs', 'EPSG:4326'],
      [/There is a layer lamp already/, file, '--layer', 'lamp'],
      [/cannot be read as GeoJSON/, fixture('cut_off.txt'), '--layer', 'x'],
    ]
    for (const [says, ...args] of cases) {
      const { status, stderr } = run(...args)
      expect(stderr).to.match(says)
      expect(stderr).to.not.match(/\n\s+at .*:\d+:\d+/)
      expect(status, args.join(' ')).to.equal(1)
    }
  })
})
