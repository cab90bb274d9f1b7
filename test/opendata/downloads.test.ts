// Whole datasets in every format, opened with GDAL (Debian's gdal-bin) and compared with the database.
import { execFile } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { strFromU8, unzipSync } from 'fflate'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { get, post, pothole } from '../support/http.ts'
import { box, make, smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

const run = promisify(execFile)

interface Feature {
  properties: Record<string, unknown>
  geometry: { type: string; coordinates: unknown } | null
}

const FORMATS = ['geojson', 'geojsonl', 'csv', 'kml', 'fgb', 'gpkg', 'shp.zip'] as const
const GREEK_GRID = encodeURIComponent('http://www.opengis.net/def/crs/EPSG/0/2100')

const field = (name: string, type = 'text') => ({ name, type: type as 'text', title: { el: `${name} (el)`, en: name }, is_public: true }) // prettier-ignore

/** Two parts, one with a hole. */
const PARK = {
  type: 'Feature',
  properties: { code: 'park', a_long_name_of_a_field: 'Πάρκο', a_long_name_too: 'ж'.repeat(200), plan: { floors: [1, 2] }, big: 9_007_199_254_740_991, share: -0.1 }, // prettier-ignore
  geometry: { type: 'MultiPolygon', coordinates: [[box(23, 37, 23.004, 37.004), [...box(23.001, 37.001, 23.002, 37.002)].reverse()], [box(23.01, 37, 23.012, 37.002)]] }, // prettier-ignore
}
const EMPTY = { type: 'Feature', properties: { code: 'empty' }, geometry: { type: 'Polygon', coordinates: [box(23.006, 37.006, 23.007, 37.007)] } } // prettier-ignore
const LINE = { type: 'Feature', properties: { code: 'l' }, geometry: { type: 'MultiLineString', coordinates: [[[23, 37], [23.001, 37.001], [23.002, 37]], [[23.01, 37.01], [23.011, 37.01]]] } } // prettier-ignore

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

describe('downloads', () => {
  let folder: string

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asty-downloads-'))
    await smallTown()
    await makeSights()
    const fields = [field('code'), field('a_long_name_of_a_field'), field('a_long_name_too'), field('plan', 'json'), field('big', 'integer'), field('share', 'number')] // prettier-ignore
    await make.layer('park', 'other', [PARK, EMPTY], { fields, title_fields: null })
    await make.layer('road', 'street', [LINE], { geometry_type: 'LineString', title_fields: null })
    for (let n = 0; n < 3; n++) await post('/api/reports', pothole(23.005 + n / 1000, 37.005))
  })
  after(() => rmSync(folder, { recursive: true, force: true }))

  async function save(name: string, query = '', as = name): Promise<string> {
    const response = await fetch(`${world.url}/opendata/${name}?${query}`)
    const bytes = Buffer.from(await response.arrayBuffer())
    expect(response.status, bytes.toString('utf8', 0, 500)).to.equal(200)
    const file = join(folder, as)
    writeFileSync(file, bytes)
    return file
  }

  /** As GDAL opens it: a table of text needs to be told which columns are places, and a zip to be looked into. */
  const opened = (file: string) => (file.endsWith('.csv') ? ['-oo', 'X_POSSIBLE_NAMES=lon,x', '-oo', 'Y_POSSIBLE_NAMES=lat,y', '-oo', 'GEOM_POSSIBLE_NAMES=wkt', '-oo', 'AUTODETECT_TYPE=YES'] : []) // prettier-ignore
  const source = (file: string) => (file.endsWith('.zip') ? `/vsizip/${file}` : file)

  async function readBack(file: string): Promise<Feature[]> {
    const { stdout } = await run('ogr2ogr', ['-f', 'GeoJSON', '/vsistdout/', source(file), ...opened(file), '-lco', 'COORDINATE_PRECISION=9', '-lco', 'RFC7946=NO']) // prettier-ignore
    return JSON.parse(stdout).features
  }

  /** Every coordinate of a feature in order, rings begun and turned as they come: sums tell whether they are the same. */
  const shapeOf = ({ geometry }: Feature) => {
    const numbers = ((geometry?.coordinates as unknown[] | undefined) ?? []).flat(4) as number[]
    return { count: numbers.length, sum: numbers.reduce((sum, one) => sum + one, 0) }
  }

  async function fromDatabase(table: string, srid = 4326): Promise<(Feature & { id: string })[]> {
    const { rows } = await world.db.raw(
      `SELECT id::text AS id, to_jsonb(t) - 'geom' AS properties, ST_AsGeoJSON(ST_Transform(geom, ${srid}), 9)::jsonb AS geometry FROM ?? AS t ORDER BY id`,
      [table],
    )
    return rows
  }

  for (const [slug, table] of [
    ['sight', 'gis.sight'],
    ['park', 'gis.park'],
    ['road', 'gis.road'],
    ['reports', 'public_report'],
  ] as const)
    for (const format of FORMATS)
      it(`${slug}.${format}: GDAL reads as many features, at the same places, with the same codes`, async () => {
        const expected = await fromDatabase(table)
        const found = await readBack(await save(`${slug}.${format}`))
        expect(found).to.have.length(expected.length)
        for (const [n, feature] of found.entries()) {
          const [own, theirs] = [shapeOf(expected[n]!), shapeOf(feature)]
          expect(theirs.count, `${n}`).to.equal(own.count)
          expect(theirs.sum, `${n}`).to.be.closeTo(own.sum, own.count * 1e-7)
          const key = slug === 'reports' ? 'protocol' : 'code'
          expect(feature.properties[key]).to.equal(expected[n]!.properties[key])
        }
      })

  const SIGHT_B = { name: 'Ο ΦΑΡΟΣ', height_m: 20, visits: 30, valid_from: '2025-03-01' }
  for (const format of FORMATS)
    it(`sight.${format}: fields keep values and types, and what is not public stays here`, async () => {
      const file = await save(`sight.${format}`, '', `typed.${format}`)
      const found = await readBack(file)
      const b = found.find(({ properties }) => properties['code'] === 'b')!.properties
      const day = (value: unknown) => String(value).replaceAll('/', '-').slice(0, 10)
      // KML has a name of its own, in capitals for GDAL.
      if (format === 'kml') b['name'] = b['Name']
      expect({ ...b, valid_from: day(b['valid_from']) }).to.include(SIGHT_B)
      expect([false, 0, 'false', '0', 'F']).to.include(b['is_open'])
      expect(Date.parse(`${b['seen_at']}`.replaceAll('/', '-').replace(/\+00$/, 'Z'))).to.equal(Date.parse('2025-03-02T10:00:00Z')) // prettier-ignore
      const d = found.find(({ properties }) => properties['code'] === 'd')!.properties
      expect(d['name'] ?? d['Name']).to.equal("O'Neil")
      for (const name of ['height_m', 'visits']) expect([null, undefined]).to.include(d[name])
      expect(JSON.stringify(found)).to.not.match(/secret|mole/)
    })

  it('keeps whole numbers that JavaScript cannot hold', async () => {
    const BIG = '123456789012345679'
    await make.layer('huge', 'other', [EMPTY], { fields: [field('code'), field('big', 'integer')], title_fields: null })
    await world.db('gis.huge').update({ big: BIG, id: BIG })
    for (const format of FORMATS) {
      const file = await save(`huge.${format}`)
      // The digits are there, but whole numbers of KML end at 32 bits: to GDAL it is a fraction.
      const { stdout } = format === 'kml' ? { stdout: readFileSync(file, 'utf8') } : await run('ogr2ogr', ['-f', 'CSV', '/vsistdout/', source(file)]) // prettier-ignore
      expect(stdout, format).to.include(BIG)
      expect(stdout, format).to.not.match(/12345678901234568\d|e\+17/)
    }
  })

  it('keeps whole numbers, fractions and what is nested', async () => {
    for (const format of ['geojson', 'csv', 'kml', 'fgb', 'gpkg'] as const) {
      const [park] = await readBack(await save(`park.${format}`, '', `kept.${format}`))
      expect(Number(park!.properties['big']), format).to.equal(9_007_199_254_740_991)
      expect(park!.properties['share'], format).to.equal(-0.1)
      const plan = park!.properties['plan']
      expect(typeof plan === 'string' ? JSON.parse(plan) : plan, format).to.deep.equal({ floors: [1, 2] })
    }
  })

  describe('filters, sorting and systems of the API', () => {
    const codes = async (query: string, format: string = 'csv') =>
      (await readBack(await save(`sight.${format}`, query, `filtered.${format}`)))
        .map(({ properties }) => properties['code'])
        .join('')
    const inAnyOrder = async (query: string, format?: string) => [...(await codes(query, format))].sort().join('')

    it('applies filter, bbox, datetime, a property and sortby', async () => {
      for (const format of FORMATS) {
        expect(await inAnyOrder(`filter=${encodeURIComponent('visits > 5')}`, format), format).to.equal('abc')
        // A GeoPackage is read in the order of its key.
        if (format !== 'gpkg') expect(await codes('sortby=-height_m', format), format).to.equal('bcaed')
      }
      expect(await inAnyOrder('bbox=23.0015,37.0015,23.0035,37.0035')).to.equal('bc')
      expect(await inAnyOrder('datetime=2024-06-01')).to.equal('acd')
      expect(await inAnyOrder('visits=30')).to.equal('bc')
    })

    it('writes files in the Greek Grid that GIS opens at the right place', async () => {
      const expected = await fromDatabase('gis.sight', 2100)
      for (const format of FORMATS.filter((one) => one !== 'kml')) {
        const file = await save(`sight.${format}`, `crs=${GREEK_GRID}`, `grid.${format}`)
        const found = await readBack(file)
        for (const [n, feature] of found.entries()) expect(shapeOf(feature).sum, format).to.be.closeTo(shapeOf(expected[n]!).sum, 0.02) // prettier-ignore
        if (format === 'csv' || format === 'geojsonl') continue
        const { stdout } = await run('ogrinfo', ['-so', '-al', source(file)])
        expect(stdout, format).to.match(/Greek.Grid/)
      }
      expect((await get(`/opendata/sight.kml?crs=${GREEK_GRID}`)).status).to.equal(400)
    })

    it('writes degrees with the east first in files of GIS, whatever the authority says', async () => {
      const crs = encodeURIComponent('http://www.opengis.net/def/crs/EPSG/0/4326')
      for (const format of ['csv', 'fgb', 'gpkg', 'shp.zip'] as const) {
        const [first] = await readBack(await save(`sight.${format}`, `crs=${crs}`, `degrees.${format}`))
        expect(first!.geometry!.coordinates, format).to.deep.equal([23.001, 37.001])
      }
    })

    it('takes only the fields that are asked for', async () => {
      const { body } = await get<string>('/opendata/sight.csv?properties=code,visits')
      expect(body.split('\r\n').slice(0, 2)).to.deep.equal(['id,code,visits,lon,lat', '1,a,10,23.001,37.001'])
    })

    it('refuses what it cannot do with the name of the parameter, in every format', async () => {
      for (const format of FORMATS) {
        for (const [query, name] of [
          ['foo=1', 'foo'],
          ['limit=5', 'limit'],
          ['filter=visits%20%3E', 'filter'],
          ['filter=visits%20/%200%20%3D%201', 'filter'],
          ['crs=http://example.org', 'crs'],
          ['secret=mole', 'secret'],
          ['bbox=1,2', 'bbox'],
        ] as const) {
          const { status, body, headers } = await get(`/opendata/sight.${format}?${query}`)
          expect(status, `${format} ${query}`).to.equal(400)
          expect(body['errors'][0].path).to.equal(name)
          expect(headers.get('access-control-allow-origin')).to.equal('*')
        }
        expect((await get(`/opendata/nothing.${format}`)).status).to.equal(404)
      }
      expect((await get('/opendata/park.csv?geometry=lonlat')).status).to.equal(400)
      expect((await get('/opendata/sight.csv?bom=yes')).status).to.equal(400)
    })

    it('is an empty file of its kind when nothing is left', async () => {
      const none = `filter=${encodeURIComponent(`code = 'x'`)}`
      // GDAL opens neither of these two when they are empty.
      for (const format of FORMATS.filter((one) => one !== 'kml' && one !== 'geojsonl')) {
        const file = await save(`sight.${format}`, none, `none.${format}`)
        const { stdout } = await run('ogrinfo', ['-so', '-al', source(file), ...opened(file)])
        expect(stdout, format).to.include('Feature Count: 0')
      }
      expect(await (await fetch(`${world.url}/opendata/sight.geojsonl?${none}`)).text()).to.equal('')
      expect((await get<string>(`/opendata/sight.kml?${none}`)).body).to.match(/<Schema[^]*<\/Document><\/kml>\n$/)
    })
  })

  describe('CSV', () => {
    it('has a byte order mark when it is asked for, CR LF, and quotes where they are needed', async () => {
      const plain = Buffer.from(await (await fetch(`${world.url}/opendata/sight.csv`)).arrayBuffer())
      const marked = Buffer.from(await (await fetch(`${world.url}/opendata/sight.csv?bom=true`)).arrayBuffer())
      expect(marked.subarray(0, 3)).to.deep.equal(Buffer.of(0xef, 0xbb, 0xbf))
      expect(marked.subarray(3).equals(plain)).to.equal(true)
      expect(plain.toString().split('\r\n')).to.have.length(7)
    })

    it('writes places as two columns, as WKT or not at all', async () => {
      const head = async (query: string) => (await get<string>(`/opendata/sight.csv?properties=code&${query}`)).body.split('\r\n').slice(0, 2) // prettier-ignore
      expect(await head('geometry=wkt')).to.deep.equal(['id,code,wkt', '1,a,POINT (23.001 37.001)'])
      expect(await head('geometry=none')).to.deep.equal(['id,code', '1,a'])
      expect((await head(`crs=${GREEK_GRID}`))[0]).to.equal('id,code,x,y')
    })

    it('hands no formula to a spreadsheet, and leaves telephones and numbers as they are', async () => {
      const note = (text: string, n: number) => ({ type: 'Feature', properties: { note: text }, geometry: { type: 'Point', coordinates: [23 + n / 1000, 37] } }) // prettier-ignore
      const notes = ['=1+1', '@SUM(A1)', '+cmd|1', '-2+A1', '\t=1', '+30 2310 123-456', '-5', 'a "b", c\nd']
      await importLayer(world.db, LayerDefinition.parse({ slug: 'note', title: { el: 'n', en: 'n' }, geometry_type: 'Point' }), each(notes.map(note)), {}) // prettier-ignore
      const { body } = await get<string>('/opendata/note.csv?geometry=none')
      expect(body).to.equal(
        `id,note\r\n1,'=1+1\r\n2,'@SUM(A1)\r\n3,'+cmd|1\r\n4,'-2+A1\r\n5,'\t=1\r\n6,+30 2310 123-456\r\n7,-5\r\n8,"a ""b"", c\nd"\r\n`,
      )
    })
  })

  it('GeoJSON Text Sequences: a separator before each feature (RFC 8142)', async () => {
    const text = await (await fetch(`${world.url}/opendata/sight.geojsonl`)).text()
    const records = text.split('\u001e')
    expect(records[0]).to.equal('')
    expect(records.slice(1).every((record) => record.endsWith('\n') && JSON.parse(record).type === 'Feature')).to.equal(true) // prettier-ignore
    expect(records).to.have.length(6)
  })

  it('shapefile: all its parts, names of ten characters, a list of the long ones, texts cut between letters', async () => {
    const files = unzipSync(new Uint8Array(await (await fetch(`${world.url}/opendata/park.shp.zip`)).arrayBuffer()))
    expect(Object.keys(files).sort()).to.deep.equal(['fields.csv', ...['cpg', 'dbf', 'prj', 'shp', 'shx'].map((end) => `park.${end}`)]) // prettier-ignore
    expect(strFromU8(files['park.cpg']!)).to.equal('UTF-8')
    expect(strFromU8(files['park.prj']!)).to.match(/^GEOGCS\["WGS 84"/)
    expect(strFromU8(files['fields.csv']!)).to.include('"a_long_nam","a_long_name_of_a_field"').and.include('"a_long_n_1","a_long_name_too"') // prettier-ignore
    const [park] = await readBack(await save('park.shp.zip', '', 'long.shp.zip'))
    expect(park!.properties).to.include({ a_long_nam: 'Πάρκο', a_long_n_1: 'ж'.repeat(127), share: -0.1 })
  })

  it('GeoPackage: SQLite and GDAL find no fault', async () => {
    const file = await save('park.gpkg', '', 'checked.gpkg')
    const { stdout, stderr } = await run('ogrinfo', ['-al', '-so', file])
    expect(stderr).to.equal('')
    expect(stdout).to.include('Layer name: park').and.include('Geometry: Multi Polygon').and.include('Geometry Column = geom') // prettier-ignore
    expect(stdout).to.include('Extent: (23.000000, 37.000000) - (23.012000, 37.007000)').and.include('FID Column = id')
    const checked = await run('ogrinfo', ['-sql', 'PRAGMA integrity_check', file])
    expect(checked.stdout).to.include('integrity_check (String) = ok')
  })

  it('names type, file, licence and system, answers HEAD and 304', async () => {
    for (const [format, type] of [
      ['geojsonl', 'application/geo+json-seq'],
      ['csv', 'text/csv'],
      ['kml', 'application/vnd.google-earth.kml+xml'],
      ['fgb', 'application/flatgeobuf'],
      ['gpkg', 'application/geopackage+sqlite3'],
      ['shp.zip', 'application/zip'],
    ] as const) {
      const address = `${world.url}/opendata/sight.${format}`
      const head = await fetch(address, { method: 'HEAD' })
      expect(head.status).to.equal(200)
      expect(head.headers.get('content-type')).to.include(type)
      expect(head.headers.get('content-disposition')).to.match(/^attachment; filename="?sight\./)
      expect(head.headers.get('link')).to.include('CC-BY-4.0')
      expect(head.headers.get('content-crs')).to.include('CRS84')
      const etag = head.headers.get('etag')!
      expect((await fetch(address, { headers: { 'If-None-Match': etag } })).status).to.equal(304)
      expect((await fetch(`${address}?visits=30`, { headers: { 'If-None-Match': etag } })).status).to.equal(200)
    }
  })

  describe('of many features', () => {
    const MANY = 12_000
    before(async () => {
      const dots = Array.from({ length: MANY }, (_, n) => ({ type: 'Feature', properties: { note: 'x'.repeat(500) }, geometry: { type: 'Point', coordinates: [23 + n / 1e6, 37] } })) // prettier-ignore
      await importLayer(world.db, LayerDefinition.parse({ slug: 'dots', title: { el: 'Σημεία', en: 'Dots' }, geometry_type: 'Point' }), each(dots), {}) // prettier-ignore
    })
    const left = () => readdirSync(tmpdir()).filter((name) => name.startsWith('asty-download-'))

    for (const format of FORMATS)
      it(`${format}: all of them come, and nothing is left behind when somebody hangs up`, async () => {
        const file = await save(`dots.${format}`)
        const { stdout } = await run('ogrinfo', ['-so', '-al', source(file), ...opened(file)])
        expect(stdout).to.include(`Feature Count: ${MANY}`)
        const hangUp = new AbortController()
        const response = await fetch(`${world.url}/opendata/dots.${format}`, { signal: hangUp.signal })
        await response.body!.getReader().read()
        hangUp.abort()
        await until(() => left().length === 0)
        expect((await get('/health/live')).status).to.equal(200)
      })

    it('stops preparing a file when nobody waits for it any more', async () => {
      let pages = 0
      const count = ({ sql }: { sql: string }) => void (pages += Number(sql.includes('row_number()')))
      world.db.on('query', count)
      try {
        const hangUp = new AbortController()
        const answer = fetch(`${world.url}/opendata/dots.gpkg`, { signal: hangUp.signal }).catch(() => undefined)
        while (left().length === 0 || pages === 0) await wait(2)
        hangUp.abort()
        await answer
        while (left().length > 0) await wait(10)
        expect(pages).to.be.lessThan(MANY / 1000)
      } finally {
        world.db.removeListener('query', count)
      }
    })

    it('makes pages only as fast as they are read', async () => {
      let pages = 0
      const count = ({ sql }: { sql: string }) => void (pages += Number(sql.includes('row_number()'))) // prettier-ignore
      world.db.on('query', count)
      const hangUp = new AbortController()
      try {
        const response = await fetch(`${world.url}/opendata/dots.geojsonl`, { signal: hangUp.signal, headers: { 'Accept-Encoding': 'identity' } }) // prettier-ignore
        await response.body!.getReader().read()
        await wait(1000)
        expect(pages)
          .to.be.greaterThan(0)
          .and.lessThan(MANY / 1000)
      } finally {
        hangUp.abort()
        world.db.removeListener('query', count)
      }
    })
  })
})
