// Filters in CQL2 (OGC 21-065r2), as text and as JSON.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { expect } from 'chai'
import fc from 'fast-check'
import { readText } from '../../backend/opendata/cql2/text.ts'
import { get } from '../support/http.ts'
import { smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'

const ITEMS = '/ogc/collections/sight/items'

const ask = (parameters: Record<string, string>) => get(`${ITEMS}?${new URLSearchParams(parameters)}`)

async function codes(filter: string, more: Record<string, string> = {}): Promise<string> {
  const { status, body } = await ask({ filter, ...more })
  expect(status, `${filter}: ${JSON.stringify(body['errors'])}`).to.equal(200)
  expect(body['numberMatched'], filter).to.equal(body['features'].length)
  const found: string[] = body['features'].map((f: { properties: { code: string } }) => f.properties.code)
  return found.sort().join('')
}

/** filter, codes of the features that it leaves. */
const FILTERS: Record<string, [filter: string, expected: string][]> = {
  'basic-cql2': [
    [`code = 'a'`, 'a'],
    [`code <> 'a'`, 'bcde'],
    ['visits > 10', 'bc'],
    ['visits >= 10 AND height_m < 15.5', 'ac'],
    ['height_m = -3', 'e'],
    ['visits = 5 OR visits = 10', 'ae'],
    ['NOT visits = 30', 'ae'],
    ['visits IS NULL', 'd'],
    ['visits IS NOT NULL AND NOT (is_open = TRUE)', 'be'],
    ['is_open', 'ac'],
    [`name = 'O''Neil'`, 'd'],
    [`"code" = 'b'`, 'b'],
    [`valid_from = DATE('2025-03-01')`, 'b'],
    [`seen_at > TIMESTAMP('2025-03-02T09:59:59.5Z')`, 'b'],
    [`valid_from < '2020-01-01'`, 'e'],
    [`code = 'a' OR code = 'b' AND visits = 0`, 'a'],
    ['id IN (1, 2, 3, 4, 5) AND id <> 0', 'abcde'],
  ],
  'advanced-comparison-operators': [
    [`name LIKE '%στρο'`, 'c'],
    [`name LIKE '100\\% %'`, 'e'],
    [`code NOT LIKE '_'`, ''],
    ['visits BETWEEN 10 AND 29', 'a'],
    ['visits NOT BETWEEN 10 AND 29', 'bce'],
    [`code IN ('a', 'c', 'x')`, 'ac'],
    ['visits NOT IN (30)', 'ae'],
  ],
  'case-insensitive-comparison': [
    [`CASEI(name) = CASEI('ο φάροσ')`, ''],
    [`CASEI(name) = CASEI('ο φαρος')`, 'b'],
    [`CASEI(name) LIKE CASEI('ΠΛΑΤΕΊΑ%')`, 'a'],
    [`CASEI(name) = CASEI('o''NEIL')`, 'd'],
  ],
  'accent-insensitive-comparison': [
    [`ACCENTI(name) = ACCENTI('Καστρό')`, 'c'],
    [`ACCENTI(CASEI(name)) LIKE ACCENTI(CASEI('%φάρος%'))`, 'b'],
  ],
  'basic-spatial-functions': [
    ['S_INTERSECTS(geometry, POINT(23.001 37.001))', 'a'],
    ['S_INTERSECTS(geometry, BBOX(23, 37, 23.0025, 37.0025))', 'ab'],
    ['S_INTERSECTS(geometry, BBOX(23, 37, 0, 23.0025, 37.0025, 9))', 'ab'],
  ],
  'spatial-functions': [
    ['S_WITHIN(geometry, POLYGON((23.0015 37.0015, 23.0045 37.0015, 23.0045 37.0045, 23.0015 37.0045, 23.0015 37.0015)))', 'bcd'],
    ['S_DISJOINT(geometry, BBOX(23, 37, 23.01, 37.01))', 'e'],
    ['S_CONTAINS(BBOX(23, 37, 23.0015, 37.0015), geometry)', 'a'],
    ['S_EQUALS(geometry, POINT(23.003 37.003))', 'c'],
    ['S_TOUCHES(geometry, LINESTRING(23.002 37.002, 24 38))', 'b'],
    ['S_CROSSES(geometry, LINESTRING(23 37, 24 38))', ''],
    ['S_OVERLAPS(geometry, BBOX(23, 37, 24, 38))', ''],
    ['S_INTERSECTS(geometry, MULTIPOINT((23.001 37.001), (23.019 37.019)))', 'ae'],
    ['S_INTERSECTS(geometry, GEOMETRYCOLLECTION(POINT(23.001 37.001), POINT(23.004 37.004)))', 'ad'],
    // A bow tie is made valid rather than refused.
    ['S_INTERSECTS(geometry, POLYGON((22.9 36.9, 22.9 37.1, 23.2 36.9, 23.2 37.1, 22.9 36.9)))', 'abcde'],
  ],
  'temporal-functions': [
    [`T_AFTER(valid_from, DATE('2024-06-01'))`, 'b'],
    [`T_BEFORE(valid_from, DATE('2020-01-01'))`, 'e'],
    [`T_DURING(valid_from, INTERVAL('2020-01-01', '2024-06-01'))`, 'ac'],
    [`T_INTERSECTS(INTERVAL(valid_from, valid_to), INTERVAL('2024-12-31', '..'))`, 'ac'],
    [`T_DISJOINT(INTERVAL(valid_from, valid_to), INTERVAL('2019-06-01', '2023-12-31'))`, 'abe'],
    [`T_EQUALS(INTERVAL(valid_from, valid_to), INTERVAL('2019-01-01', '2019-02-01'))`, 'e'],
    [`T_CONTAINS(INTERVAL(valid_from, valid_to), INTERVAL('2024-02-01', '2024-03-01'))`, 'ac'],
    [`T_STARTS(INTERVAL(valid_from, valid_to), INTERVAL('2024-01-01', '2026-01-01'))`, 'a'],
    [`T_STARTEDBY(INTERVAL(valid_from, valid_to), INTERVAL('2024-01-01', '2024-02-01'))`, 'a'],
    [`T_FINISHES(INTERVAL(valid_from, valid_to), INTERVAL('2018-01-01', '2019-02-01'))`, 'e'],
    [`T_FINISHEDBY(INTERVAL(valid_from, valid_to), INTERVAL('2019-01-15', '2019-02-01'))`, 'e'],
    [`T_MEETS(INTERVAL(valid_from, valid_to), INTERVAL('2024-12-31', '2025-12-31'))`, 'a'],
    [`T_METBY(INTERVAL(valid_from, valid_to), INTERVAL('2018-12-31', '2019-01-01'))`, 'e'],
    [`T_OVERLAPS(INTERVAL(valid_from, valid_to), INTERVAL('2024-06-01', '2025-06-01'))`, 'a'],
    [`T_OVERLAPPEDBY(INTERVAL(valid_from, valid_to), INTERVAL('2023-06-01', '2024-06-01'))`, 'a'],
  ],
  'property-property': [
    ['valid_to > valid_from', 'ace'],
    ['visits < height_m', ''],
  ],
  arithmetic: [
    ['visits * 2 + 1 = 61', 'bc'],
    ['visits / 4 = 2.5', 'a'],
    ['visits % 4 = 2', 'abc'],
    ['visits DIV 4 = 7', 'bc'],
    ['2 ^ 3 + 2 = visits', 'a'],
    ['-height_m = 3', 'e'],
  ],
} // prettier-ignore

describe('a filter in CQL2', () => {
  before(async () => {
    await smallTown()
    await makeSights()
  })

  for (const [name, filters] of Object.entries(FILTERS))
    it(`conf/${name}`, async () => {
      for (const [filter, expected] of filters) expect(await codes(filter), filter).to.equal(expected)
    })

  it('conf/cql2-json: means the same as the text', async () => {
    for (const [filter, expected] of Object.values(FILTERS).flat()) {
      const json = JSON.stringify(readText(filter))
      expect(await codes(json, { 'filter-lang': 'cql2-json' }), json).to.equal(expected)
    }
  })

  it('is read as another reader of the standard reads it', async () => {
    const oracle = await otherReader()
    // What it does in its own way: doubled quotes, quoted names, signed numbers, boxes, lists of one.
    const readable = Object.values(FILTERS)
      .flat()
      .map(([filter]) => filter)
      .filter((filter) => !/''|"|\\|BBOX|DIV|= -3|\(30\)/.test(filter))
    expect(readable.length).to.be.greaterThan(45)
    for (const filter of readable) expect(readText(filter), filter).to.deep.equal(oracle(filter))
  })

  it('takes geometries in another system with filter-crs', async () => {
    const inGrid = 'S_INTERSECTS(geometry, BBOX(410000, 4095000, 411500, 4096200))'
    const crs = 'http://www.opengis.net/def/crs/EPSG/0/2100'
    const [west, south, east, north] = [23, 37, 23.0025, 37.0025]
    const northFirst = `S_INTERSECTS(geometry, BBOX(${south}, ${west}, ${north}, ${east}))`
    expect(await codes(northFirst, { 'filter-crs': 'http://www.opengis.net/def/crs/EPSG/0/4326' })).to.equal('ab')
    const { status } = await ask({ filter: inGrid, 'filter-crs': crs })
    expect(status).to.equal(200)
    const swapped = await ask({ filter: 'S_INTERSECTS(geometry, POINT(37.1 123.2))', 'filter-crs': '[EPSG:4326]' })
    expect(swapped.status).to.equal(200)
    expect((await ask({ filter: 'S_INTERSECTS(geometry, POINT(23 137))' })).status).to.equal(400)
  })

  it('goes together with bbox, datetime and properties', async () => {
    const { body } = await ask({ filter: 'visits = 30', bbox: '23,37,23.0025,37.1', is_open: 'false', datetime: '2025-04-01/..' }) // prettier-ignore
    expect(body['features'].map((f: { properties: { code: string } }) => f.properties.code)).to.deep.equal(['b'])
  })

  it('says what is wrong with it, where, and in both languages', async () => {
    const wrong: [filter: string, says: RegExp][] = [
      ['visits >', /from character 9/],
      ['visits = 1 AND', /from character 15/],
      ['(visits = 1', /CQL2/],
      ['visits = 1)', /from character 11/],
      [`name = 'open`, /from character/],
      ['stars > 3', /no property stars/],
      [`secret = 'mole'`, /no property secret/],
      ['visits', /types/],
      [`visits = 'ten'`, /types/],
      ['name > 3', /types/],
      ['F_OTHER(visits) = 1', /f_other/],
      ['S_DWITHIN(geometry, POINT(23 37), 5)', /s_dwithin/],
      ['S_INTERSECTS(geometry)', /arguments of s_intersects/],
      ['S_INTERSECTS(geometry, name)', /types/],
      ['S_INTERSECTS(geometry, POLYGON((23 37, 24 37)))', /Not a geometry/],
      ['S_INTERSECTS(geometry, BBOX(1, 2, 3))', /Not a geometry/],
      [`valid_from > DATE('2025-02-30')`, /RFC 3339/],
      [`valid_from > DATE('10000-01-01')`, /RFC 3339/],
      [`T_AFTER(name, DATE('2025-01-01'))`, /RFC 3339/],
      ['visits / 0 = 1', /division by zero/],
      ['10 ^ visits ^ visits = 1', /out of range|overflow/],
      [`${'('.repeat(3_000)}visits = 1`, /at most 100 levels/],
      [`${'NOT '.repeat(3_000)}is_open`, /at most 100 levels/],
      ['visits = 1; DROP TABLE report', /from character 11/],
      [`code = 'a' OR 1=1 --`, /CQL2/],
      ['visits = 1 UNION SELECT', /from character 12/],
      ["code = 'a'' OR ''1''=''1", /CQL2/],
    ]
    for (const [filter, says] of wrong) {
      const { status, body } = await ask({ filter })
      expect(status, filter.slice(0, 60)).to.equal(400)
      expect(body['errors'][0].path).to.equal('filter')
      expect(body['errors'][0].message, filter.slice(0, 60)).to.match(says)
    }
    const greek = await get(`${ITEMS}?filter=stars=1`, { headers: { 'Accept-Language': 'el' } })
    expect(greek.body['errors'][0].message).to.include('Δεν υπάρχει ιδιότητα stars')
  })

  it('is refused in JSON of any other shape', async () => {
    const deep = '{"op":"not","args":['.repeat(300) + 'true' + ']}'.repeat(300)
    for (const filter of ['', 'null', '[]', '{}', '{"op":"="}', '{"op":"=","args":[]}', '{"op":["="],"args":[1,1]}', '{"op":"and","args":[true]}', '{"property":1}', '{"op":"in","args":[1,2]}', '{"op":"__proto__","args":[]}', '{"op":"constructor","args":["a"]}', '{"date":20250101}', '{"type":"Point","coordinates":["a","b"]}', '{"op":"s_intersects","args":[{"property":"geometry"},{"type":"Point","coordinates":[1e999,2]}]}', deep]) {
      const { status } = await ask({ filter, 'filter-lang': 'cql2-json' })
      expect(status, filter.slice(0, 80)).to.equal(400)
    } // prettier-ignore
    expect((await ask({ filter: 'visits = 1', 'filter-lang': 'sql' })).status).to.equal(400)
  })

  it('never breaks anything, whatever is written', async () => {
    const word = fc.constantFrom('visits', 'name', 'geometry', 'valid_from', '=', '<', '(', ')', 'AND', 'NOT', 'LIKE', 'IN', 'BETWEEN', ',', "'a'", '1', '-1.5e300', 'NULL', 'IS', 'POINT(23 37)', 'CASEI(name)', 'S_INTERSECTS(', 'T_AFTER(', "DATE('2025-01-01')", 'INTERVAL(', '..', '+', '/', '^', '"', "''", '\\', 'é', '😀', '\u0001') // prettier-ignore
    await fc.assert(
      fc.asyncProperty(fc.array(word, { maxLength: 12 }), async (words) => {
        const { status } = await ask({ filter: words.join(' '), resultType: 'hits' })
        expect(status).to.be.oneOf([200, 400])
      }),
      { numRuns: 300 },
    )
  })
})

// Node has it; the types of this project know the browser's names in web/ only.
const { WebAssembly: wasm } = globalThis as unknown as {
  WebAssembly: { instantiate: (bytes: Buffer, imports: object) => Promise<{ instance: { exports: unknown } }> }
}

/** The parser of cql2-rs, compiled to WebAssembly: text in, CQL2 JSON out. */
async function otherReader(): Promise<(text: string) => unknown> {
  const require = createRequire(import.meta.url)
  const bindings = await import('cql2-wasm/cql2_wasm_bg.js' as string)
  const bytes = readFileSync(require.resolve('cql2-wasm/cql2_wasm_bg.wasm'))
  const { instance } = await wasm.instantiate(bytes, { './cql2_wasm_bg.js': bindings })
  bindings.__wbg_set_wasm(instance.exports)
  return (text) => JSON.parse(bindings.parseText(text).to_json())
}
