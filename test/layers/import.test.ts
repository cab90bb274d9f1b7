import { createReadStream, existsSync } from 'node:fs'
import { Readable } from 'node:stream'
import { expect } from 'chai'
import { readFeatures } from '../../backend/core/geo/geojson.ts'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer, ImportError } from '../../backend/layers/service.ts'
import { get, post, pothole } from '../support/http.ts'
import { box, make, polygon } from '../support/make.ts'
import { world } from '../support/world.ts'

const REAL = new URL('../../../shared/data/greece_municipalities_simplified.geojson', import.meta.url)

const define = (more: Partial<LayerDefinition> = {}) =>
  LayerDefinition.parse({ slug: 'sample', title: { el: 'Δείγμα', en: 'Sample' }, geometry_type: 'Polygon', ...more })

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const refused = async (work: Promise<unknown>): Promise<ImportError> =>
  work.then(
    () => {
      throw new Error('it was accepted')
    },
    (error: unknown) => {
      if (error instanceof ImportError) return error
      throw error
    },
  )

const at = (lon: number, lat: number, properties = {}) => ({
  type: 'Feature',
  properties,
  geometry: { type: 'Point', coordinates: [lon, lat] },
})

describe('importing a layer', () => {
  beforeEach(() => world.reset())

  it('makes a real table with typed columns, comments and a GiST index', async () => {
    const features = [
      at(23, 37, { Όνομα: 'α', height: 2.5, floors: 2, open: true, 'two words': 'x' }),
      at(23.1, 37, { floors: 12 }),
    ]
    await importLayer(world.db, define({ geometry_type: 'Point' }), each(features))
    const { rows } = await world.db.raw(
      `SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = 'gis' AND table_name = 'sample' ORDER BY ordinal_position`,
    )
    const types = Object.fromEntries(rows.map(({ name, type }: { name: string; type: string }) => [name, type]))
    expect(types).to.include({ floors: 'bigint', height: 'double precision', open: 'boolean', two_words: 'text' })
    expect(Object.keys(types)).to.include.members(['id', 'geom', 'geom_3857'])
    const index = await world.db.raw(
      `SELECT indexdef FROM pg_indexes WHERE schemaname = 'gis' AND tablename = 'sample'`,
    )
    expect(JSON.stringify(index.rows)).to.include('USING gist (geom)')
  })

  it('repairs a ring that crosses itself', async () => {
    const bowtie = polygon('b', [
      [23, 37],
      [23.1, 37.1],
      [23.1, 37],
      [23, 37.1],
      [23, 37],
    ])
    const result = await importLayer(world.db, define(), each([bowtie]))
    expect(result).to.include({ imported: 1, repaired: 1 })
  })

  it('names every feature that cannot be repaired, and stores nothing', async () => {
    const features = [
      polygon('a', box(23, 37, 23.1, 37.1)),
      at(23, 37),
      { type: 'Feature', properties: {}, geometry: null },
      { nonsense: 1 },
    ]
    const { problems } = await refused(importLayer(world.db, define(), each(features)))
    expect(problems.map(({ index }) => index).sort()).to.deep.equal([1, 2, 3])
    expect(await world.db('layer').first()).to.equal(undefined)
    const { rows } = await world.db.raw(`SELECT tablename FROM pg_tables WHERE schemaname = 'gis'`)
    expect(rows).to.deep.equal([])
  })

  it('loads the rest when told to leave out what is broken', async () => {
    const result = await importLayer(world.db, define(), each([polygon('a', box(23, 37, 23.1, 37.1)), at(23, 37)]), {
      skipInvalid: true,
    })
    expect(result.imported).to.equal(1)
    expect(result.problems).to.have.length(1)
  })

  it('refuses a key that comes twice', async () => {
    const twice = [polygon('a', box(23, 37, 23.1, 37.1)), polygon('a', box(23.2, 37, 23.3, 37.1))]
    const { problems } = await refused(importLayer(world.db, define({ key_field: 'code' }), each(twice)))
    expect(problems[0]).to.include({ index: 1 })
  })

  it('reads the Greek Grid: EPSG:2100 461802.249, 4548228.032 is 23.547 E, 41.087 N', async () => {
    await importLayer(world.db, define({ geometry_type: 'Point' }), each([at(461802.249, 4548228.032)]), { crs: 2100 })
    const { rows } = await world.db.raw('SELECT ST_X(geom) AS lon, ST_Y(geom) AS lat FROM gis.sample')
    expect(rows[0].lon).to.be.closeTo(23.547, 1e-6)
    expect(rows[0].lat).to.be.closeTo(41.087, 1e-6)
  })

  it('says so when a file in the Greek Grid is taken for degrees', async () => {
    const { problems } = await refused(
      importLayer(world.db, define({ geometry_type: 'Point' }), each([at(461802, 4548228)])),
    )
    expect(problems[0]?.message.en).to.include('EPSG:2100')
  })

  it('replaces a layer in one transaction; its revision goes on', async () => {
    await make.layer('sample', 'district', [polygon('a', box(23, 37, 23.1, 37.1))])
    const before = await world.db('layer').where({ slug: 'sample' }).first('revision')
    await refused(importLayer(world.db, define(), each([])))
    await importLayer(
      world.db,
      define({ role: 'district', key_field: 'code' }),
      each([polygon('z', box(23, 37, 23.1, 37.1))]),
      { replace: true },
    )
    const after = await world.db('layer').where({ slug: 'sample' }).first('revision', 'feature_count')
    expect(after.revision).to.be.greaterThan(before.revision)
    expect(after.feature_count).to.equal(1)
    expect(await world.db('area').select('slug')).to.deep.equal([{ slug: 'z' }])
  })

  it('streams a file of features that is cut off, and stores nothing of it', async () => {
    const text = `{"type":"FeatureCollection","features":[${JSON.stringify(at(23, 37))},{"type":`
    const error = await importLayer(
      world.db,
      define({ geometry_type: 'Point' }),
      readFeatures(Readable.from([text])),
    ).catch((e: Error) => e)
    expect(error).to.be.instanceOf(Error)
    expect(await world.db('layer').first()).to.equal(undefined)
  })

  it('accepts no name that is not a plain identifier', () => {
    for (const slug of ['Robert"; DROP TABLE report; --', '1st', 'a-b', 'ά', '']) {
      expect(LayerDefinition.safeParse({ ...define(), slug }).success, slug).to.equal(false)
    }
  })
})

describe('the real municipalities of Greece', () => {
  before(async function () {
    if (!existsSync(REAL)) {
      process.stderr.write('    The real boundaries are not at hand: skipped.\n')
      return this.skip()
    }
    await world.reset()
    await importLayer(
      world.db,
      LayerDefinition.parse({
        slug: 'municipalities',
        title: { el: 'Δήμοι', en: 'Municipalities' },
        role: 'boundary',
        geometry_type: 'Polygon',
        title_fields: { el: 'name_el', en: 'name_el' },
      }),
      readFeatures(createReadStream(REAL)),
    )
    await make.department('desk', { is_central_desk: true })
    await make.category('roads')
    await make.category('pothole', { parent: 'roads' })
  })

  it('are all there', async () => {
    expect((await world.db('layer').first('feature_count')).feature_count).to.equal(326)
  })

  it('hold the points that lie in them', async () => {
    const towns: [number, number, RegExp][] = [
      [23.547, 41.087, /ΣΕΡΡΩΝ|Σερρών/i],
      [23.7275, 37.9838, /ΑΘΗΝΑΙΩΝ|Αθηναίων/i],
      [22.9444, 40.6401, /ΘΕΣΣΑΛΟΝΙΚΗΣ|Θεσσαλονίκης/i],
      [25.1442, 35.3387, /ΗΡΑΚΛΕΙΟΥ|Ηρακλείου/i],
    ]
    for (const [lon, lat, name] of towns) {
      const { body } = await get(`/api/where?lon=${lon}&lat=${lat}`)
      expect(body['place'].municipality.title.el).to.match(name)
    }
  })

  it('number the report of a citizen of Serres in the series of Serres', async () => {
    const { status, body } = await post('/api/reports', pothole(23.547, 41.087))
    expect(status).to.equal(201)
    expect(body['protocol']).to.match(/\/000001$/)
    expect(body['department'].slug).to.equal('desk')
  })
})
