// A sketch travels in an address and in files; what comes back is what was drawn, or a clear no.
import { expect } from 'chai'
import fc from 'fast-check'
import { fromGeojson, toGeojson } from '../../web/src/layers/sketch/geojson.ts'
import { cleaned, colours, type Item, kinds, LEAST } from '../../web/src/layers/sketch/items.ts'
import { read, write } from '../../web/src/layers/sketch/link.ts'

const ITEMS: Item[] = [
  { kind: 'point', colour: 'magenta', label: 'Συνάντηση 10:00 <b>&amp;</b> 🙂', corners: [[23.7571, 36.3353]] },
  { kind: 'line', colour: 'orange', label: '', corners: [[23.75, 36.33], [23.751, 36.3305], [23.75, 36.331]] },
  { kind: 'area', colour: 'ink', label: 'Εδώ', corners: [[23.75, 36.33], [23.75, 36.331], [23.751, 36.331]] },
] // prettier-ignore

const micro = (most: number) => fc.integer({ min: -most * 1e6, max: most * 1e6 }).map((n) => n / 1e6)
const anyItem = fc
  .record({
    kind: fc.constantFrom(...kinds),
    colour: fc.constantFrom(...colours),
    label: fc.string({ unit: 'grapheme', maxLength: 80 }).map(cleaned),
    corners: fc.array(fc.tuple(micro(180), micro(85)), { minLength: 3, maxLength: 12 }),
  })
  .map((item) => ({ ...item, corners: item.kind === 'point' ? item.corners.slice(0, 1) : item.corners }))

/** A fragment of these bytes. */
const of = (...bytes: number[]) => `#sketch=1${Buffer.from(bytes).toString('base64url')}`

describe('a sketch in an address', () => {
  it('comes back as it was drawn', () => {
    expect(read(write(ITEMS))).to.deep.equal(ITEMS)
    fc.assert(fc.property(fc.array(anyItem, { minLength: 1, maxLength: 8 }), (items) => expect(read(write(items))).to.deep.equal(items) && true)) // prettier-ignore
  })

  it('takes about six letters a corner, and none that an address would escape', () => {
    const street = Array.from({ length: 500 }, (_, n): [number, number] => [
      23.75 + n * 0.0004,
      36.33 + Math.sin(n) * 0.001,
    ])
    const hash = write([{ kind: 'line', colour: 'blue', label: '', corners: street }])
    expect(hash.length).to.be.within(1000, 3500)
    expect(hash).to.match(/^#sketch=1[\w-]+$/)
  })

  it('leaves out what has too few corners, and is empty when that is all', () => {
    const begun: Item = { kind: 'area', colour: 'blue', label: 'x', corners: [[1, 1], [2, 2]] } // prettier-ignore
    expect(read(write([begun, ...ITEMS]))).to.deep.equal(ITEMS)
    expect(write([begun])).to.equal('')
  })

  it('is refused when any part of it is missing or more than written', () => {
    const hash = write(ITEMS)
    for (let length = 0; length < hash.length; length++)
      expect(read(hash.slice(0, length)), String(length)).to.equal(null)
    expect(read(`${hash}AAAA`)).to.equal(null)
  })

  it('is refused when it was never one', () => {
    for (const [what, hash] of Object.entries({
      'no fragment': '',
      'another fragment': '#panel',
      'another version': write(ITEMS).replace('=1', '=2'),
      'no base64': '#sketch=1$%&',
      'no items': of(0),
      'more items than a sketch holds': of(255, 255, 255, 127),
      'a number without end': of(...Array<number>(4000).fill(255)),
      'a kind that is none': of(1, 250, 0, 0, 0),
      'letters that are none': of(1, 0, 2, 0xc3, 0x28, 0, 0),
      'a label longer than all': of(1, 0, 100, 65),
      'a line of one corner': of(1, 1, 0, 1, 2, 2),
      'a place off the map': write([{ ...ITEMS[0]!, corners: [[23, 89]] }]),
      'more than a link should be': write(Array<Item>(150).fill({ ...ITEMS[0]!, label: 'x'.repeat(40) })),
    }))
      expect(read(hash), what).to.equal(null)
  })

  it('throws at nobody, whatever is in it', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 200 }), (bytes) => {
      const items = read(of(...bytes))
      return items === null || items.every(({ kind, corners }) => corners.length >= LEAST[kind] && corners.flat().every(Number.isFinite))
    })) // prettier-ignore
  })

  it('has labels of one short line that read from where they start', () => {
    const [item] = read(write([{ ...ITEMS[0]!, label: `a\u202eb\nc\u0000${'x'.repeat(100)}` }]))!
    expect(item!.label).to.match(/^a b c x+$/).and.have.length(60) // prettier-ignore
  })
})

describe('a sketch in a file', () => {
  it('is GeoJSON with rings counter-clockwise, and comes back', () => {
    const file = toGeojson(ITEMS)
    const [point, , area] = file.features
    expect(point).to.deep.equal({
      type: 'Feature',
      properties: { name: ITEMS[0]!.label, 'marker-color': '#7a1a6e' },
      geometry: { type: 'Point', coordinates: [23.7571, 36.3353] },
    })
    // The third corner lies east of the others: clockwise as drawn.
    expect(area!.geometry.coordinates).to.deep.equal([[[23.751, 36.331], [23.75, 36.331], [23.75, 36.33], [23.751, 36.331]]]) // prettier-ignore
    const { items, left } = fromGeojson(JSON.stringify(file))!
    expect(left).to.equal(0)
    expect(items.slice(0, 2)).to.deep.equal(ITEMS.slice(0, 2))
    expect(items[2]).to.deep.equal({ ...ITEMS[2], corners: ITEMS[2]!.corners.toReversed() })
  })

  it('is read as others write it: in parts, with heights, without properties', () => {
    const geometries = [
      { type: 'MultiPoint', coordinates: [[23, 36, 12], [23.1, 36]] },
      { type: 'MultiLineString', coordinates: [[[23, 36], [23, 37]]] },
      { type: 'MultiPolygon', coordinates: [[[[23, 36], [24, 36], [24, 37], [23, 36]]]] },
    ] // prettier-ignore
    const features = geometries.map((geometry) => ({ type: 'Feature', properties: null, geometry }))
    const { items, left } = fromGeojson(JSON.stringify({ type: 'FeatureCollection', features }))!
    expect(items.map(({ kind, corners }) => [kind, corners.length])).to.deep.equal([['point', 1], ['point', 1], ['line', 2], ['area', 3]]) // prettier-ignore
    expect(items[0]!.corners).to.deep.equal([[23, 36]])
    expect(left).to.equal(0)
  })

  it('says what it could not take', () => {
    const ring = [[23, 36], [24, 36], [24, 37], [23, 36]] // prettier-ignore
    const geometries = [
      { type: 'Polygon', coordinates: [ring, ring] },
      { type: 'GeometryCollection', geometries: [] },
      { type: 'Point', coordinates: [476000, 4204000] },
      { type: 'Point', coordinates: ['<script>', {}] },
      { type: 'Point', coordinates: [23, 36] },
    ]
    const features = geometries.map((geometry) => ({ type: 'Feature', properties: { name: {} }, geometry }))
    const { items, left } = fromGeojson(JSON.stringify({ type: 'FeatureCollection', features }))!
    expect([items.length, left]).to.deep.equal([1, 4])
    for (const text of [
      '',
      'x',
      'null',
      '{}',
      '[]',
      '{"type":"Topology"}',
      '{"features":[null]}',
      '{"features":[{"geometry":{"type":"LineString","coordinates":1}}]}',
    ])
      // prettier-ignore
      expect(fromGeojson(text), text).to.equal(null)
  })
})
