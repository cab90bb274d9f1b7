// GDAL's own client of OGC API - Features (Debian's gdal-bin): what it reads equals what the database holds.
import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { post, pothole } from '../support/http.ts'
import { smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { world } from '../support/world.ts'

const run = promisify(execFile)
const source = () => `OAPIF:${world.url}/ogc`

async function geoJson(...more: string[]) {
  const { stdout } = await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', source(), 'sight', ...more])
  return JSON.parse(stdout) as { features: { properties: Record<string, unknown>; geometry: { coordinates: [number, number] } }[] } // prettier-ignore
}

const codes = async (...more: string[]) =>
  (await geoJson(...more)).features
    .map(({ properties }) => properties['code'])
    .sort()
    .join('')

describe('GDAL reads /ogc', () => {
  let folder: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asty-gdal-'))
    await smallTown()
    await makeSights()
    for (let n = 0; n < 3; n++) await post('/api/reports', pothole(23.005 + n / 1000, 37.005))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  it('lists the collections and knows fields, types, count and extent', async () => {
    const { stdout } = await run('ogrinfo', ['-so', source(), 'sight'])
    expect(stdout).to.include('Geometry: Point').and.include('Feature Count: 5')
    expect(stdout).to.match(/height_m: Real/).and.match(/visits: Integer/).and.match(/valid_from: Date \(/).and.match(/is_open: Integer\(Boolean\)/) // prettier-ignore
    expect(stdout).to.include('Extent: (23.001000, 37.001000) - (23.019000, 37.019000)').and.not.include('secret')
  })

  it('filters by attributes (-where), by rectangle (-spat) and in another system (-t_srs)', async () => {
    expect(await codes('-where', `code = 'b'`)).to.equal('b')
    expect(await codes('-where', 'visits > 5 AND is_open = 1')).to.equal('ac')
    expect(await codes('-where', 'visits = 30 AND is_open = 0')).to.equal('b')
    expect(await codes('-spat', '23.0015', '37.0015', '23.0035', '37.0035')).to.equal('bc')
    const { features } = await geoJson('-t_srs', 'EPSG:2100', '-lco', 'RFC7946=NO')
    const { rows } = await world.db.raw(
      `SELECT ST_X(g) AS x, ST_Y(g) AS y FROM (SELECT ST_Transform(geom, 2100) AS g FROM gis.sight ORDER BY id) AS t`,
    )
    for (const [n, { x, y }] of rows.entries()) {
      expect(features[n]?.geometry.coordinates[0]).to.be.closeTo(x, 0.05)
      expect(features[n]?.geometry.coordinates[1]).to.be.closeTo(y, 0.05)
    }
  })

  it('copies everything there is into a GeoPackage, page by page', async () => {
    const file = join(folder, 'town.gpkg')
    await run('ogr2ogr', ['-f', 'GPKG', file, source(), '-oo', 'PAGE_SIZE=2'])
    const { stdout } = await run('ogrinfo', ['-so', '-al', file])
    for (const [name, count] of Object.entries({ sight: 5, boundary: 1, district: 2, reports: 3 }))
      expect(stdout).to.match(new RegExp(`Layer name: ${name}\\n[^]*?Feature Count: ${count}\\n`))
  })
})
