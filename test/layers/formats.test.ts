// Files as services hand them over, some made by GDAL, read by who and wherever they come from.
import { execFileSync } from 'node:child_process'
import { createWriteStream, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { ZipFile } from 'yazl'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer, ImportError, openFile } from '../../backend/layers/service.ts'
import { world } from '../support/world.ts'

const SHARED = fileURLToPath(new URL('../../../shared/data/', import.meta.url))

interface Town {
  type: 'Feature'
  properties: { code: string; name: string; people: number; share: number; since: string }
  geometry: { type: string; coordinates: unknown }
}
const at = (lon: number, lat: number): Town['geometry'] => ({ type: 'Point', coordinates: [lon, lat] })
const town = (code: string, name: string, people: number, geometry: Town['geometry']): Town => ({
  type: 'Feature',
  properties: { code, name, people, share: people / 3, since: '2011-01-01' },
  geometry,
})
const TOWNS = [town('01', 'Σέρρες', 58287, at(23.547, 41.087)), town('02', 'Ρόδος, Ίξια', 56128, at(28.2, 36.42))]
const ring = [
  [23, 37],
  [23.5, 37],
  [23.5, 37.5],
  [23, 37.5],
  [23, 37],
]
const AREAS = [town('01', 'Άνω Κάμπος', 12, { type: 'Polygon', coordinates: [ring] })]

describe('files for a layer', () => {
  let folder: string
  const path = (name: string) => join(folder, name)
  const collection = (features: unknown[]) => JSON.stringify({ type: 'FeatureCollection', features })
  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'asty-formats-'))
    writeFileSync(path('towns.geojson'), collection(TOWNS))
    writeFileSync(path('areas.geojson'), collection(AREAS))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))
  beforeEach(() => world.reset())

  const gdal = (to: string, from: string, ...options: string[]) =>
    execFileSync('ogr2ogr', [...options, path(to), path(from)], { stdio: 'pipe' })

  async function zipped(name: string, files: Record<string, string | Buffer>): Promise<string> {
    const zip = new ZipFile()
    for (const [inside, content] of Object.entries(files)) zip.addBuffer(Buffer.from(content), inside)
    zip.end()
    await pipeline(zip.outputStream, createWriteStream(path(name)))
    return path(name)
  }

  async function load(file: string, wishes: Parameters<typeof openFile>[3] = {}) {
    const opened = await openFile(world.db, file, file.slice(file.lastIndexOf('/') + 1), wishes)
    try {
      const definition = LayerDefinition.parse({ slug: 'sample', title: { el: 'α', en: 'a' }, geometry_type: opened.geometryType }) // prettier-ignore
      await importLayer(world.db, definition, opened.source.features(), { crs: opened.crs })
    } finally {
      await opened.close()
    }
    const rows = await world.db('gis.sample').select('*', world.db.raw('ST_X(ST_PointOnSurface(geom)) AS x'), world.db.raw('ST_Y(ST_PointOnSurface(geom)) AS y')).orderBy('id') // prettier-ignore
    return { opened, rows: rows as Record<string, never>[] }
  }

  async function refusal(file: string, wishes: Parameters<typeof openFile>[3] = {}): Promise<ImportError> {
    const error = await load(file, wishes).then(
      () => new Error('it was accepted'),
      (e: unknown) => e,
    )
    expect(error).to.be.instanceOf(ImportError)
    const { text } = error as ImportError
    for (const language of ['el', 'en'] as const) expect(text[language]).to.not.match(/\{\w+\}|^import\./)
    expect(await world.db('layer').select()).to.deep.equal([])
    const { rows } = await world.db.raw(`SELECT tablename FROM pg_tables WHERE schemaname = 'gis_staging'`)
    expect(rows).to.deep.equal([])
    return error as ImportError
  }

  const byCode = (rows: Record<string, never>[], code: string) => rows.find((row) => String(row['code']) === code)!

  describe('are read', () => {
    const cases: [format: string, file: string, options: string[]][] = [
      ['geojsonl', 'towns.geojsonl', ['-f', 'GeoJSONSeq']],
      ['geojsonl', 'towns.rs.geojsonl', ['-f', 'GeoJSONSeq', '-lco', 'RS=YES']],
      ['geopackage', 'towns.gpkg', ['-f', 'GPKG', '-t_srs', 'EPSG:2100']],
      ['flatgeobuf', 'towns.fgb', ['-f', 'FlatGeobuf', '-t_srs', 'EPSG:2100']],
      ['shapefile', 'towns.shp', ['-f', 'ESRI Shapefile', '-t_srs', 'EPSG:2100', '-lco', 'ENCODING=CP1253']],
      ['kml', 'towns.kml', ['-f', 'KML', '-dsco', 'NameField=name']],
      ['csv', 'wkt.csv', ['-f', 'CSV', '-lco', 'GEOMETRY=AS_WKT']],
      ['csv', 'xy.csv', ['-f', 'CSV', '-lco', 'GEOMETRY=AS_XY', '-lco', 'SEPARATOR=SEMICOLON', '-t_srs', 'EPSG:2100']],
    ]
    for (const [format, file, options] of cases)
      it(`${format}: ${file}, made by GDAL`, async () => {
        gdal(file, 'towns.geojson', ...options)
        const { opened, rows } = await load(path(file))
        expect(opened.source.format).to.equal(format)
        expect(rows).to.have.length(2)
        const serres = rows.find((row) => row['name'] === 'Σέρρες')!
        expect(serres['x']).to.be.closeTo(23.547, 1e-6)
        expect(serres['y']).to.be.closeTo(41.087, 1e-6)
        expect(Number(serres['people'])).to.equal(58287)
        if (format !== 'kml') expect(serres['code'], 'codes keep their zeros').to.equal('01')
      })

    it('areas from a Shapefile and a GeoPackage, with systems as ESRI names them', async () => {
      gdal('areas.shp', 'areas.geojson', '-f', 'ESRI Shapefile', '-t_srs', 'EPSG:32634')
      expect(readFileSync(path('areas.prj'), 'utf8')).to.include('WGS_1984_UTM_Zone_34N')
      const { opened, rows } = await load(path('areas.shp'))
      expect([opened.crs, opened.isCrsSaid, opened.geometryType]).to.deep.equal([32634, true, 'Polygon'])
      expect(byCode(rows, '01')['area_m2']).to.be.closeTo(2.46e9, 2e7)
    })

    it('tracks and points from a GPX', async () => {
      const gpx = `<?xml version="1.0"?><gpx version="1.1" creator="t" xmlns="http://www.topografix.com/GPX/1/1">
        <wpt lat="37.1" lon="23.1"><name>Βρύση</name></wpt>
        <trk><name>Μονοπάτι</name><trkseg><trkpt lat="37" lon="23"/><trkpt lat="37.01" lon="23.01"/></trkseg></trk></gpx>`
      writeFileSync(path('walk.gpx'), gpx)
      const { rows } = await load(path('walk.gpx'), { geometry_type: 'LineString' }).catch((error: ImportError) => {
        // The waypoint is no line, and is told.
        expect(error.problems.map(({ message }) => message.en)).to.deep.equal([
          'no LineString can be made of this POINT',
        ])
        return { rows: [] }
      })
      expect(rows).to.deep.equal([])
    })

    it('a KMZ, and the table that is asked for of a GeoPackage with several', async () => {
      gdal('towns.kml', 'towns.geojson', '-f', 'KML')
      const kmz = await zipped('towns.kmz', { 'doc.kml': readFileSync(path('towns.kml')) })
      expect((await load(kmz)).rows).to.have.length(2)
      await world.reset()
      gdal('both.gpkg', 'towns.geojson', '-f', 'GPKG', '-nln', 'πόλεις')
      gdal('both.gpkg', 'areas.geojson', '-f', 'GPKG', '-update', '-nln', 'areas')
      const { opened, rows } = await load(path('both.gpkg'), { source: 'areas' })
      expect(opened.sources).to.deep.equal(['πόλεις', 'areas'])
      expect(rows).to.have.length(1)
      expect((await refusal(path('both.gpkg'), { source: 'rivers' }).catch(() => null)) ?? 'there is a layer').to.exist // prettier-ignore
    })

    it('a table with decimal commas, Greek columns and the letters of old Windows', async () => {
      const text = 'Κωδικός;Ονομασία;Γεωγρ. μήκος;Γεωγραφικό πλάτος;Ύψος\r\n007;Ψαρά;23,5;37,25;12,5\r\n'
      const cp1253 = execFileSync('iconv', ['-f', 'utf-8', '-t', 'cp1253'], { input: text.replace('Γεωγρ. μήκος', 'Γεωγραφικό μήκος') }) // prettier-ignore
      writeFileSync(path('old.csv'), cp1253)
      const { opened, rows } = await load(path('old.csv'))
      expect(opened.source.encoding).to.equal('windows-1253')
      expect(rows[0]).to.deep.include({ kodikos: '007', onomasia: 'Ψαρά', ypsos: 12.5, x: 23.5, y: 37.25 })
    })
  })

  describe('of others', () => {
    before(function () {
      if (!existsSync(SHARED)) return this.skip()
    })

    it('the municipalities of Greece: a zipped Shapefile in EPSG:2100 and windows-1253', async () => {
      const { opened, rows } = await load(join(SHARED, 'greece_municipalities_epsg2100_cp1253.zip'))
      expect([opened.crs, opened.source.encoding]).to.deep.equal([2100, 'windows-1253'])
      expect(rows).to.have.length(326)
      expect(JSON.stringify(rows)).to.match(/ΣΕΡΡΩΝ|Σερρών/i)
    })

    it('the schools of Edinburgh: "lat,lon" in one column', async () => {
      const { rows } = await load(join(SHARED, 'edinburgh_primary_schools.csv'))
      expect(rows).to.have.length(88)
      for (const row of rows) expect(row['y']).to.be.within(55.8, 56.1)
    })

    it('the recycling points of Edinburgh: two columns', async () => {
      const { rows } = await load(join(SHARED, 'edinburgh_recycling_points.csv'))
      expect(rows.length).to.be.greaterThan(4000)
      // Some of them lie in New York: it is what the file says.
      const there = rows.filter((row) => Number(row['x']) > -3.7 && Number(row['x']) < -2.9)
      expect(there.length).to.be.greaterThan(rows.length - 50)
    })
  })

  describe('that cannot be read are refused with a sentence', () => {
    const cases: [what: string, name: string, content: string | Buffer, says: RegExp][] = [
      ['an empty file', 'empty.csv', '', /is empty/],
      ['a picture', 'photo.geojson', Buffer.from('\x89PNG\r\n\x1a\n\0\0\0\rIHDR', 'latin1'), /is not GeoJSON, a Shapefile/],
      ['a page of the web', 'map.kml', '<!doctype html><html></html>', /is not GeoJSON/],
      ['half a GeoJSON', 'half.geojson', '{"type":"FeatureCollection","features":[{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[23,37]}},{"ty', /after 1 features|cannot be read/],
      ['a table without places', 'plain.csv', 'name,people\nΣέρρες,3\n', /No column of plain\.csv holds coordinates.*name, people/],
      ['a row too long', 'rows.csv', 'lon,lat,name\n23,37,a\n23,37,b,c\n', /Line 3 of rows\.csv/],
      ['a line that is no feature', 'lines.geojsonl', '{"type":"Feature","properties":{},"geometry":{"type":"Point","coordinates":[23,37]}}\nnothing\n', /Line 2 of lines/],
      ['a zip that is cut off', 'cut.zip', Buffer.from('PK\x03\x04\x14\0\0\0', 'latin1'), /cut\.zip cannot be opened/],
      ['a KML that is cut off', 'cut.kml', '<?xml version="1.0"?><kml xmlns="http://www.opengis.net/kml/2.2"><Document><Placemark>', /cut\.kml/],
      ['a file of no system', 'nowhere.csv', 'x,y\n9999999,9999999\n', /does not say in which system/],
      ['a database that is no map', 'plain.gpkg', Buffer.concat([Buffer.from('SQLite format 3\0'), Buffer.alloc(100)]), /plain\.gpkg is broken/],
    ] // prettier-ignore
    for (const [what, name, content, says] of cases)
      it(what, async () => {
        writeFileSync(path(name), content)
        expect((await refusal(path(name))).message).to.match(says)
      })

    it('a zip without maps, one whose names lead out, and one that unpacks to a disk', async () => {
      expect((await refusal(await zipped('notes.zip', { 'readme.txt': 'hello' }))).message).to.match(
        /nothing in notes\.zip/,
      )
      const evil = await zipped('evil.zip', { 'aa/aa/evil.csv': 'lon,lat\n23,37\n' })
      writeFileSync(
        evil,
        readFileSync(evil).toString('latin1').replaceAll('aa/aa/evil.csv', '../../evil.csv'),
        'latin1',
      )
      expect((await refusal(evil)).message).to.match(/cannot be opened.*\.\.\/\.\./)
      const bomb = await zipped('bomb.zip', { 'bomb.csv': Buffer.alloc(150_000_000, 'a') })
      expect((await refusal(bomb)).message).to.match(/unpacks to far more/)
    })

    it('a Shapefile cut off, and one that lost its .dbf and .prj is read all the same', async () => {
      gdal('whole.shp', 'towns.geojson', '-f', 'ESRI Shapefile', '-t_srs', 'EPSG:2100')
      const shp = readFileSync(path('whole.shp'))
      const bare = await load(await zipped('bare.zip', { 'whole.shp': shp }))
      expect([bare.opened.crs, bare.opened.isCrsSaid, bare.rows.length]).to.deep.equal([2100, false, 2])
      await world.reset()
      const cut = await zipped('cutshp.zip', { 'whole.shp': shp.subarray(0, 140) })
      expect((await refusal(cut)).message).to.match(/whole is broken/)
    })

    it('texts in another encoding than was said', async () => {
      writeFileSync(
        path('greek.csv'),
        Buffer.concat([Buffer.from('lon,lat,name\n23,37,'), Buffer.from([0xe1, 0xe2, 0x0a])]),
      )
      expect((await refusal(path('greek.csv'), { encoding: 'utf-8' })).message).to.match(/are not utf-8/)
    })

    it('entities that grow without end are not expanded', async () => {
      const laughs = `<?xml version="1.0"?><!DOCTYPE kml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;&b;&b;">]>
        <kml xmlns="http://www.opengis.net/kml/2.2"><Placemark><name>&c;</name><Point><coordinates>23,37</coordinates></Point></Placemark></kml>`
      writeFileSync(path('laughs.kml'), laughs)
      const outcome = await load(path('laughs.kml')).catch((error: Error) => error)
      expect(JSON.stringify(outcome instanceof Error ? outcome.message : outcome.rows)).to.not.include('aaaaaaaaaa')
    })
  })
})
