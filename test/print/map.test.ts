// The map on paper: true to scale, with what its reader may see, and honest about what is missing.
import { expect } from 'chai'
import type { FieldDefinition, LayerDefinition } from '../../backend/layers/contract.ts'
import { get, signIn } from '../support/http.ts'
import { both, box, make, polygon, smallTown } from '../support/make.ts'
import { inkAt, sheetAt } from '../support/pdf.ts'
import { world } from '../support/world.ts'

const HERE = 'lon=23.01&lat=37.01'
/** The frame of A4 upright begins so far from the edges of the paper, and is so large; millimetres. */
const [LEFT, TOP, WIDTH, HEIGHT] = [15, 34, 180, 176]

const field = (name: string, type: FieldDefinition['type'] = 'text', more: Partial<FieldDefinition> = {}) => ({
  name,
  type,
  title: both(name),
  is_public: true,
  ...more,
})
const feature = (code: string, lon: number, lat: number, properties: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: { code, name: `name ${code}`, ...properties },
  geometry: { type: 'Point', coordinates: [lon, lat] },
})
const points = (slug: string, features: unknown[], more: Partial<LayerDefinition> = {}) =>
  make.layer(slug, 'other', features, { geometry_type: 'Point', fields: [field('code'), field('name')], ...more })

const dot = (colour: unknown, radius = 4) => ({ type: 'circle', paint: { 'circle-color': colour, 'circle-radius': radius } }) // prettier-ignore

/** A point so many metres east and north of the middle, in the Greek Grid. */
async function away(east: number, north: number): Promise<[number, number]> {
  const { rows } = await world.db.raw(
    `SELECT ST_X(g) AS lon, ST_Y(g) AS lat
       FROM (SELECT ST_Transform(ST_Translate(ST_Transform(ST_SetSRID(ST_MakePoint(23.01, 37.01), 4326), 2100), ?::float8, ?::float8), 4326) AS g) AS p`,
    [east, north],
  )
  return [rows[0].lon, rows[0].lat]
}

describe('the map on paper', () => {
  before(async () => {
    await smallTown()
    await points('corner', [feature('m', 23.01, 37.01), feature('e', ...(await away(80, 0))), feature('n', ...(await away(0, 60)))], {
      style: [dot(['match', ['get', 'code'], 'm', '#ff0000', 'e', '#00aa00', '#0000ff'])],
      legend: [
        { label: both('the middle'), shape: 'circle', colour: '#990000' },
        { label: both('the east'), shape: 'circle', colour: '#007700' },
      ],
      attribution: both('Surveyors'),
      licence: 'CC0-1.0',
    }) // prettier-ignore
    await make.layer('zone', 'planning', [polygon('z', box(23, 37, 23.02, 37.02))], {
      fields: [field('code'), field('name')],
      style: [{ type: 'fill', paint: { 'fill-color': '#ff00ff', 'fill-opacity': 0.5 } }],
      legend: [{ label: both('zone'), shape: 'fill', colour: '#ff00ff' }],
    })
    await points('pipe', [feature('p', 23.01, 37.01)], { visibility: 'staff', style: [dot('#00ffff', 9)] })
    await points('judged', [feature('j', 23.01, 37.01, { verdict: 'bad' })], {
      fields: [field('code'), field('name'), field('verdict', 'text', { is_public: false })],
      style: [dot(['match', ['get', 'verdict'], 'bad', '#aa5500', '#0055aa'], 9)],
    })
    await points('stall', [feature('then', 23.01, 37.01, { valid_from: '2026-01-01', valid_to: '2026-01-31' })], {
      fields: [field('code'), field('name'), field('valid_from', 'date'), field('valid_to', 'date')],
      style: [dot('#aa0055', 9)],
    })
    await points('named', [feature('n', 23.01, 37.01)], {
      style: [{ type: 'symbol', layout: { 'text-field': ['get', 'name'], 'text-size': 12 } }],
      min_zoom: 15,
    })
    await make.account('gis@town.example', 'gis_officer')
  })

  it('is true to scale in the Greek Grid, with its middle where it was asked for', async () => {
    for (const [scale, mm] of [['1000', 1], ['2000', 0.5]] as const) {
      const ink = await inkAt(`/api/map.pdf?${HERE}&scale=${scale}&layers=corner`)
      const [middle, east, north] = [ink('#ff0000')!, ink('#00aa00')!, ink('#0000ff')!]
      expect(middle.x, 'in the middle').to.be.closeTo(LEFT + WIDTH / 2, 0.1)
      expect(middle.y, 'in the middle').to.be.closeTo(TOP + HEIGHT / 2, 0.1)
      expect(east.x - middle.x, `80 m at 1:${scale}`).to.be.closeTo(80 * mm, 0.1)
      expect(middle.y - north.y, `60 m at 1:${scale}`).to.be.closeTo(60 * mm, 0.1)
      expect([north.x - middle.x, east.y - middle.y].map(Math.abs).every((off) => off < 0.1), 'grid north is up').to.equal(true)
    } // prettier-ignore
  })

  it('is true across too, on A3 that lies, where the symbols of the legend stand beside it', async () => {
    const ink = await inkAt(`/api/map.pdf?${HERE}&scale=1000&layers=corner&paper=a3&orientation=landscape`)
    expect(ink('#0000ff')!.x).to.be.closeTo(15 + 310 / 2, 0.15)
    const { info } = await sheetAt(`/api/map.pdf?${HERE}&scale=1000&paper=a3&orientation=landscape`)
    expect(info)
      .to.match(/1190\.55 x 841\.89 pts/)
      .and.match(/Pages: +1\n/)
  })

  it('says on one tagged page what it shows, from whom, and where', async () => {
    const path = `/api/map.pdf?${HERE}&scale=2000&layers=zone,corner&title=${encodeURIComponent('Η γειτονιά μου')}`
    const { words, info } = await sheetAt(`${path}&language=el`)
    expect(info).to.match(/Title: +Η γειτονιά μου, town/).and.match(/Tagged: +yes/).and.match(/Pages: +1\n/).and.match(/A4/) // prettier-ignore
    for (const part of ['Η γειτονιά μου', 'Υπόμνημα', 'the middle', 'zone', 'Κλίμακα 1:2.000 σε χαρτί A4', 'κάνναβος ανά 100 m', '411.900', 'corner: Surveyors', 'CC0-1.0', 'ενημερωτικός', '/?at=23.01000,37.01000'])
      expect(words).to.include(part) // prettier-ignore
    const english = await sheetAt(`/api/map.pdf?${HERE}&scale=500&layers=zone,corner&language=en`)
    expect(english.words).to.include('corner, zone').and.include('Legend').and.include('1:500').and.include('Up is grid north') // prettier-ignore
  })

  it('draws layers in their own style and as strong as they were shown', async () => {
    const colourOf = async (layers: string) => inkAt(`/api/map.pdf?${HERE}&scale=2000&layers=${layers}`)
    const [full, half] = [await colourOf('zone'), await colourOf('zone:50')]
    // Over water (#d4e6ef), half and a quarter of the colour.
    expect(full('#ea73f7')!.dots).to.be.greaterThan(1_000_000)
    expect(half('#dfadf3')!.dots).to.be.greaterThan(1_000_000)
    expect(half('#ea73f7')).to.equal(null)
    expect((await colourOf('corner,zone'))('#ff0000'), 'points lie on areas').to.not.equal(null)
  })

  it('shows nobody layers and fields that are not for them, nor that they exist', async () => {
    const path = `/api/map.pdf?${HERE}&scale=1000&layers=`
    const [hidden, unknown] = [await get(`${path}pipe`), await get(`${path}nothing`)]
    expect(hidden.status).to.equal(422)
    const { request_id: _, ...told } = hidden.body
    const { request_id: __, ...same } = unknown.body
    expect(told).to.deep.equal(same)
    expect(told['errors'][0].path).to.equal('layers')
    const theirs = await inkAt(`${path}judged`)
    expect([theirs('#aa5500'), theirs('#0055aa') !== null]).to.deep.equal([null, true])
    const cookie = await signIn('gis@town.example')
    expect((await inkAt(`${path}pipe`, cookie))('#00ffff')).to.not.equal(null)
    expect((await inkAt(`${path}judged`, cookie))('#aa5500')).to.not.equal(null)
  })

  it('shows the day that is asked about, and says so', async () => {
    const path = `/api/map.pdf?${HERE}&scale=1000&layers=stall&language=en`
    expect((await inkAt(path))('#aa0055'), 'today').to.equal(null)
    expect((await inkAt(`${path}&at=2026-01-31`))('#aa0055')).to.not.equal(null)
    expect((await sheetAt(`${path}&at=2026-01-31`)).words).to.include('as on 31 January 2026')
    expect((await sheetAt(path)).words).to.include('Nothing inside the frame: stall')
  })

  it('writes labels, and says which layers begin at a larger scale', async () => {
    expect((await sheetAt(`/api/map.pdf?${HERE}&scale=1000&layers=named&language=en`)).words).to.include('name n')
    const far = await sheetAt(`/api/map.pdf?${HERE}&scale=50000&layers=named&language=en`)
    expect(far.words).to.include('Not drawn at this scale: named').and.not.include('name n')
  })

  it('says when not everything has found room', async () => {
    await points('crowd', [feature('first', 23.01, 37.01)], { style: [dot('#00aa00', 1)] })
    const path = `/api/map.pdf?${HERE}&scale=1000&layers=crowd&language=en`
    expect((await sheetAt(path)).words).to.not.include('found room')
    await world.db.raw(
      `INSERT INTO gis.crowd (code, geom) SELECT n::text, ST_SetSRID(ST_MakePoint(23.01 + (n % 100) * 1e-6, 37.01), 4326) FROM generate_series(1, 20000) AS n`,
    )
    expect((await sheetAt(path)).words).to.include('Not everything found room on the sheet: crowd')
  })

  it('tells what is wrong with what was asked, field by field', async () => {
    const wrong: [query: string, path: string, greek: string][] = [
      ['lon=2&lat=37&scale=1000', 'lon', 'Πολύ μικρό: τουλάχιστον 19'],
      ['lon=23&lat=60&scale=1000', 'lat', 'Πολύ μεγάλο: έως 42'],
      [HERE, 'scale', 'Λείπει'],
      [`${HERE}&scale=1234`, 'scale', 'Πρέπει να είναι ένα από: 200, 500'],
      [`${HERE}&scale=500&paper=a0`, 'paper', 'Πρέπει να είναι ένα από: a4, a3'],
      [`${HERE}&scale=500&orientation=up`, 'orientation', 'Πρέπει να είναι ένα από: portrait, landscape'],
      [`${HERE}&scale=500&layers=corner:101`, 'layers', 'Δεν έχει τη σωστή μορφή'],
      [`${HERE}&scale=500&layers=corner,corner`, 'layers', 'Δεν έχει τη σωστή μορφή'],
      [`${HERE}&scale=500&layers=${'zone,'.repeat(2)}`, 'layers', 'Δεν έχει τη σωστή μορφή'],
      [`${HERE}&scale=500&title=${'x'.repeat(81)}`, 'title', 'Πολύ μεγάλο: έως 80'],
      [`${HERE}&scale=500&title=a%0Ab`, 'title', 'Δεν έχει τη σωστή μορφή'],
      [`${HERE}&scale=500&at=soon`, 'at', 'Δεν έχει τη σωστή μορφή'],
    ]
    for (const [query, path, greek] of wrong) {
      const [el, en] = [await get(`/api/map.pdf?${query}`, { headers: { 'Accept-Language': 'el' } }), await get(`/api/map.pdf?${query}`)] // prettier-ignore
      expect(el.status, query).to.equal(422)
      expect(el.body['errors'].map((error: { path: string }) => error.path), query).to.deep.equal([path])
      expect(el.body['errors'][0].message, query).to.include(greek)
      expect(en.body['errors'][0].message, query).to.match(/^[\x20-\x7e]+$/)
    } // prettier-ignore
  })
})
