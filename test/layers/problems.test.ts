// What a file of a municipality can hold, and what the importer says about it.
import { expect } from 'chai'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer, ImportError } from '../../backend/layers/service.ts'
import { box, make, polygon } from '../support/make.ts'
import { world } from '../support/world.ts'

const define = (more: Partial<LayerDefinition> = {}) =>
  LayerDefinition.parse({ slug: 'sample', title: { el: 'Δείγμα', en: 'Sample' }, geometry_type: 'Point', ...more })

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const feature = (geometry: unknown, properties: unknown = {}) => ({ type: 'Feature', properties, geometry })
const at = (lon: number, lat: number, properties: unknown = {}) =>
  feature({ type: 'Point', coordinates: [lon, lat] }, properties)

const load = (features: unknown[], more: Partial<LayerDefinition> = {}, options = {}) =>
  importLayer(world.db, define(more), each(features), options)

async function refusal(work: Promise<unknown>): Promise<ImportError> {
  const error = await work.then(
    () => new Error('it was accepted'),
    (e: unknown) => e,
  )
  expect(error).to.be.instanceOf(ImportError)
  return error as ImportError
}

const tables = async () =>
  (await world.db.raw(`SELECT tablename AS name FROM pg_tables WHERE schemaname = 'gis'`)).rows.map(
    ({ name }: { name: string }) => name,
  )

const field = (name: string, type: LayerDefinition['fields'][number]['type'], is_public = true) => ({
  name,
  type,
  title: { el: name, en: name },
  is_public,
})

const bowtie = {
  type: 'Polygon',
  coordinates: [
    [
      [0, 0],
      [1, 1],
      [1, 0],
      [0, 1],
      [0, 0],
    ],
  ],
}
const twoPoints = {
  type: 'MultiPoint',
  coordinates: [
    [1, 2],
    [3, 4],
  ],
}

describe('what is wrong with a feature', () => {
  beforeEach(() => world.reset())

  const cases: [what: string, bad: unknown, says: RegExp, type?: LayerDefinition['geometry_type'], crs?: number][] = [
    ['an empty polygon', feature({ type: 'Polygon', coordinates: [] }), /empty/, 'Polygon'],
    ['an empty collection', feature({ type: 'GeometryCollection', geometries: [] }), /empty/],
    ['no geometry', feature(null), /missing/],
    ['a list for properties', at(23, 37, [1]), /properties/],
    ['a text for a number', feature({ type: 'Point', coordinates: [1, '2'] }), /numbers/],
    ['two points in one', feature(twoPoints), /one point.* 2/],
    ['a point among polygons', at(23, 37), /no Polygon.*POINT/, 'Polygon'],
    ['a polygon among points', feature(bowtie), /no Point/],
    ['the Greek Grid taken for degrees', at(461802.249, 4548228.032), /look like EPSG:2100/],
    ['degrees taken for the Greek Grid', at(23.5, 41), /look like longitude and latitude/, 'Point', 2100],
    ['metres of nowhere', at(1e6, 1e6), /not longitude and latitude/],
    ['a point beyond the projection', at(1e20, 1e20), /cannot be read/, 'Point', 2100],
    ['a point beyond the antimeridian', at(180.5, 0), /not longitude and latitude/],
    ['a shape over the antimeridian', polygon('a', box(179, -1, -179, 1)), /180th meridian/, 'Polygon'],
    ['a point outside the area of the Greek Grid', at(2e6, 4548228), /not in EPSG:2100|EPSG:2100/, 'Point', 2100],
    ['a ring that is not closed', feature({ type: 'Polygon', coordinates: [[[23, 37], [23.1, 37], [23.1, 37.1], [23, 37.1]]] }), /closed|equal|equivalent/, 'Polygon'], // prettier-ignore
    ['no number', at(NaN, 37), /number/],
    ['a number without end', at(Infinity, 37), /number/],
    ['a NUL in a text', at(23, 37, { name: 'a\u0000b' }), /cannot be read/],
    ['half a character', at(23, 37, { name: '\ud800' }), /cannot be read/],
  ]
  const goodOf = (type: string, crs: number) => {
    if (type === 'Polygon') return polygon('a', box(23, 37, 23.1, 37.1))
    return crs === 2100 ? at(461802, 4548228) : at(23, 37)
  }
  for (const [what, bad, says, geometry_type = 'Point', crs = 4326] of cases) {
    it(`is told by number: ${what}`, async () => {
      const good = goodOf(geometry_type, crs)
      const { problems, message } = await refusal(load([good, bad, good], { geometry_type }, { crs }))
      expect(problems.map(({ index }) => index)).to.deep.equal([1])
      expect(problems[0]?.message.en).to.match(says)
      expect(message).to.match(/^1 of 3 .*Feature 1: /)
      expect(message).to.not.match(/INSERT|staging/)
      expect(await tables()).to.deep.equal([])
    })
  }

  it('is told by key, whatever foreign members the feature brings', async () => {
    const twice = [at(23, 37, { code: 1 }), { ...at(23.1, 37, { code: 1 }), n: 77, problem: 'none' }]
    const { problems } = await refusal(load(twice, { key_field: 'code' }))
    expect(problems).to.deep.equal([
      { index: 1, key: '1', message: { el: 'το κλειδί 1 υπήρχε ήδη στο αρχείο', en: 'the key 1 was there before' } },
    ])
  })

  it('compares keys as the column does: 01 is 1 among numbers, not among texts', async () => {
    const both = [at(23, 37, { code: '1' }), at(23.1, 37, { code: '01' })]
    await refusal(load(both, { key_field: 'code', fields: [field('code', 'integer')] }))
    expect((await load(both, { key_field: 'code', fields: [field('code', 'text')] })).imported).to.equal(2)
  })

  it('counts all, tells a hundred, and leaves out on request', async () => {
    const many = Array.from({ length: 1200 }, (_, n) => (n % 2 ? at(1e6, 1e6) : at(23, 37)))
    const error = await refusal(load(many))
    expect(error.message).to.match(/^600 of 1200/)
    expect(error.problems).to.have.length(100)
    expect(await load(many, {}, { skipInvalid: true })).to.include({ imported: 600, skipped: 600 })
  })
})

describe('the values of a file', () => {
  beforeEach(() => world.reset())

  const typesOf = async (values: unknown[]) => {
    await load(values.map((v) => at(23, 37, { v })))
    return (await world.db('layer').first('fields')).fields[0]?.type
  }
  for (const [values, type] of [
    [[1, -2, null], 'integer'],
    [[1, 2.5], 'number'],
    [[1e30], 'number'],
    [[true, false], 'boolean'],
    [['2026-02-28', '2024-02-29'], 'date'],
    [['2026-02-28', '2026-02-30'], 'text'],
    [['2026-02-28T10:00:00Z', '2026-02-28'], 'timestamp'],
    [['2026-02-28T25:00:00Z'], 'text'],
    [['0901'], 'text'],
    [[1, 'a'], 'text'],
    [[{ a: 1 }, 'a'], 'json'],
  ] as const) {
    it(`${JSON.stringify(values)} become ${type}`, async () => {
      expect(await typesOf([...values])).to.equal(type)
    })
  }

  for (const [type, bad] of [
    ['integer', '12a'],
    ['integer', 1.5],
    ['number', 'much'],
    ['boolean', 'perhaps'],
    ['date', '2026-02-30'],
    ['timestamp', '2026-02-28 25:00'],
  ] as const) {
    it(`${JSON.stringify(bad)} is no ${type}, and is told by number`, async () => {
      const { problems } = await refusal(load([at(23, 37), at(23, 37, { v: bad })], { fields: [field('v', type)] }))
      expect(problems.map(({ index }) => index)).to.deep.equal([1])
      expect(problems[0]?.message.en).to.include(String(bad))
    })
  }

  it('an empty text is no number; a time without offset is a time in Greece', async () => {
    const fields = [field('height', 'number'), field('seen', 'timestamp')]
    await load([at(23, 37, { height: '', seen: '2026-07-01T12:00' })], { fields })
    const row = await world.db('gis.sample').first('height', 'seen')
    expect(row).to.deep.equal({ height: null, seen: '2026-07-01T09:00:00.000Z' })
  })

  it('take Greek names into SQL, keep them as titles, and find them again on replacement', async () => {
    const features = [at(23, 37, { 'Οδός (ΟΤΑ)': 'Ερμού', id: 7, 'a b': 1, 'a-b': 2 })]
    await load(features, { key_field: 'Οδός (ΟΤΑ)' })
    const { fields, key_field } = await world.db('layer').first('fields', 'key_field')
    expect(key_field).to.equal('odos_ota')
    expect(fields.map(({ name }: { name: string }) => name)).to.have.members(['odos_ota', 'id_2', 'a_b', 'a_b_2'])
    await load(features, { fields, key_field }, { replace: true })
    expect((await world.db('gis.sample').first('odos_ota')).odos_ota).to.equal('Ερμού')
  })
})

describe('replacing a layer', () => {
  beforeEach(() => world.reset())

  it('takes names that are words of SQL, Greek, or 200 characters long', async () => {
    const long = 'Παρατηρήσεις '.repeat(16)
    await load([at(23, 37, { select: 1, Χρήση: 2, [long]: 3, [`${long}β`]: 4, user: 5, order: 6 })])
    const { fields } = await world.db('layer').first('fields')
    const names = fields.map(({ name }: { name: string }) => name)
    expect(new Set(names).size).to.equal(6)
    expect(names).to.include.members(['select', 'user', 'order', 'chrisi'])
    expect(await world.db('gis.sample').first('select', 'order')).to.deep.equal({ select: '1', order: '6' })
  })

  it('drops heights and measures', async () => {
    await load([feature({ type: 'Point', coordinates: [23, 37, 250] }), { type: 'Feature', properties: {}, geometry: null, wkt: 'POINT ZM (23 37 1 2)' }]) // prettier-ignore
    const { rows } = await world.db.raw('SELECT DISTINCT ST_AsText(geom) AS text FROM gis.sample')
    expect(rows).to.deep.equal([{ text: 'POINT(23 37)' }])
  })

  it('says so when a file has more columns than a table can have, and leaves nothing', async () => {
    const many = Object.fromEntries(Array.from({ length: 2000 }, (_, n) => [`c${n}`, n]))
    const { message } = await refusal(load([at(23, 37, many)], { slug: 'wide' }))
    expect(message).to.match(/2000 columns/)
    expect(await world.db('layer').where({ slug: 'wide' })).to.deep.equal([])
    expect(await tables()).to.not.include('wide')
  })

  it('keeps the old features when the new ones are refused', async () => {
    await load([at(23, 37)])
    await refusal(load([at(1e6, 0)], {}, { replace: true }))
    expect(await world.db('gis.sample').select('id')).to.have.length(1)
    expect(await world.db('area').select('slug')).to.deep.equal([])
  })

  it('does not drop what others built on the table', async () => {
    await load([at(23, 37)])
    await world.db.raw('CREATE VIEW gis.of_a_colleague AS SELECT id FROM gis.sample')
    try {
      expect((await refusal(load([at(23, 37)], {}, { replace: true }))).message).to.include('stand on gis.sample')
    } finally {
      await world.db.raw('DROP VIEW gis.of_a_colleague')
    }
  })

  it('leaves to the users of QGIS the rights that they had on the table', async () => {
    const [editor, viewer] = [`asty editor ${process.pid}`, `asty"viewer"${process.pid}`]
    const point = (code: string) => at(23, 37, { code, note: 'x', height: 1 })
    const rights = async () =>
      (
        await world.db.raw(
          `SELECT grantee, privilege_type, is_grantable, NULL AS column_name FROM information_schema.table_privileges
            WHERE table_schema = 'gis' AND table_name = 'sample' AND grantee IN (?, ?, 'PUBLIC')
            UNION ALL
           SELECT grantee, privilege_type, is_grantable, column_name FROM information_schema.column_privileges
            WHERE table_schema = 'gis' AND table_name = 'sample' AND grantee = ? AND privilege_type = 'UPDATE'
            ORDER BY 1, 2, 4`,
          [editor, viewer, viewer],
        )
      ).rows
    await world.db.raw('CREATE ROLE ??', [editor])
    await world.db.raw('CREATE ROLE ??', [viewer])
    try {
      await load([point('a')])
      await world.db.raw('GRANT SELECT, INSERT, UPDATE ON gis.sample TO ??', [editor])
      await world.db.raw('GRANT DELETE ON gis.sample TO ?? WITH GRANT OPTION', [editor])
      await world.db.raw('GRANT UPDATE (code, note) ON gis.sample TO ??', [viewer])
      await world.db.raw('GRANT SELECT ON gis.sample TO PUBLIC')
      const before = await rights()
      expect(before).to.have.length(7)
      await load([point('b')], {}, { replace: true })
      expect(await rights()).to.deep.equal(before)
      await load([at(23, 37, { code: 'c' })], {}, { replace: true })
      expect(await rights(), 'without the column note').to.deep.equal(
        before.filter((right: { column_name: string | null }) => right.column_name !== 'note'),
      )
    } finally {
      for (const role of [editor, viewer]) {
        await world.db.raw('DROP OWNED BY ??', [role])
        await world.db.raw('DROP ROLE ??', [role])
      }
    }
  })

  it('refuses a key or title that is not public on a public layer, and a field that takes our name', async () => {
    const secret = { fields: [field('code', 'text', false)], key_field: 'code' }
    expect((await refusal(load([at(23, 37, { code: 'a' })], secret))).message).to.include('not public')
    expect((await load([at(23, 37, { code: 'a' })], { ...secret, visibility: 'staff' })).imported).to.equal(1)
    await refusal(load([at(23, 37)], { slug: 'other', fields: [field('geom', 'text')] }))
    await refusal(load([at(23, 37)], { slug: 'other' }, { crs: 999999 }))
  })

  it('follows the table: insert, update and delete by SQL move revision, count and extent', async () => {
    await load([at(23, 37)])
    const state = () => world.db('layer').first('revision', 'feature_count', 'bbox')
    const before = await state()
    await world.db.raw(`INSERT INTO gis.sample (geom) VALUES (ST_SetSRID(ST_MakePoint(24, 38), 4326))`)
    expect(await state()).to.deep.equal({ revision: before.revision + 1, feature_count: 2, bbox: [23, 37, 24, 38] })
    await world.db.raw('DELETE FROM gis.sample WHERE id = 1')
    expect(await state()).to.include({ revision: before.revision + 2, feature_count: 1 })
  })

  it('comments the table and all its columns, also with quotes and question marks', async () => {
    await load([at(23, 37)], { title: { el: `Τι; '?' \\ ":x"`, en: 'What?' }, fields: [field('v', 'text')] })
    const { rows } = await world.db.raw(
      `SELECT attname AS name, col_description(attrelid, attnum) AS says FROM pg_attribute WHERE attrelid = 'gis.sample'::regclass AND attnum > 0`,
    )
    expect(rows.filter(({ says }: { says: string | null }) => !says)).to.deep.equal([])
    const table = await world.db.raw(`SELECT obj_description('gis.sample'::regclass) AS says`)
    expect(table.rows[0].says).to.equal(`Τι; '?' \\ ":x" / What?`)
  })

  it('searches by the trigram index and finds areas by the GiST index, through the views', async () => {
    const strip = (n: number) => polygon(`οδός ${n}`, box(23 + n / 1e4, 37, 23 + (n + 1) / 1e4, 37.1))
    await make.layer(
      'block',
      'block',
      Array.from({ length: 3000 }, (_, n) => strip(n)),
    )
    const plan = async (query: string) => JSON.stringify((await world.db.raw(`EXPLAIN ${query}`)).rows)
    const near = 'ST_Expand(ST_SetSRID(ST_MakePoint(23.1, 37.05), 4326), 1e-6)'
    expect(await plan(`SELECT * FROM searchable WHERE key LIKE '%odos 2999%'`)).to.include('search_key')
    expect(await plan(`SELECT * FROM area WHERE geom && ${near}`)).to.include('block_geom_idx')
  })
})
