import { area, polygon as shape } from '@turf/turf'
import { expect } from 'chai'
import type { FieldDefinition } from '../../backend/layers/contract.ts'
import { get } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { sheetAt } from '../support/pdf.ts'

const field = (name: string, type: FieldDefinition['type'] = 'text'): FieldDefinition => ({
  name,
  type,
  title: { el: name, en: name },
  is_public: true,
})
const FIELDS = [
  field('code'),
  field('name'),
  field('coverage_pct', 'number'),
  field('building_coefficient', 'number'),
  field('min_plot_m2', 'number'),
]
const zone = (code: string, west: number, east: number, coverage_pct: number, building_coefficient: number | null, min_plot_m2 = 300) => ({
  ...polygon(code, box(west, 37, east, 37.02)),
  properties: { code, name: code, coverage_pct, building_coefficient, min_plot_m2 },
}) // prettier-ignore

/** About 44 by 22 metres, one quarter of it west of 23.01. */
const PLOT = box(23.009875, 37.01, 23.010375, 37.0102)
const ringOf = (corners: [number, number][]) => corners.map((corner) => corner.join(',')).join(';')
const RING = `ring=${ringOf(PLOT.slice(0, -1))}`
/** The Greek Grid shrinks lengths there by 0.03 %. */
const ON_GRID = 0.9997 ** 2

describe('what may be built on a plot', () => {
  before(async () => {
    await smallTown()
    await make.layer('plan', 'planning', [zone('centre', 23, 23.01, 70, 1.2, 2000), zone('garden', 23.01, 23.02, 50, 0.8)], { fields: FIELDS }) // prettier-ignore
    await make.layer('secret', 'planning', [zone('secret', 23, 23.02, 1, 0.01)], {
      fields: FIELDS,
      visibility: 'staff',
    })
    await make.layer('block', 'block', [polygon('OT-1', box(23.001, 37.001, 23.002, 37.002))], { fields: [field('code'), field('name')] }) // prettier-ignore
  })

  it('is its area in the Greek Grid, the zones that cut it with their shares, and what they allow together', async () => {
    const { status, body } = await get(`/api/building?${RING}`)
    expect(status).to.equal(200)
    const whole = area(shape([PLOT])) * ON_GRID
    expect(body['area_m2']).to.be.closeTo(whole, whole / 1000)
    const [garden, centre] = body['zones']
    expect([garden.title.el, centre.title.el]).to.deep.equal(['garden', 'centre'])
    expect(garden.share).to.be.closeTo(0.75, 0.001)
    expect(centre.share).to.be.closeTo(0.25, 0.001)
    expect(body['floor_area_m2']).to.be.closeTo(whole * (0.75 * 0.8 + 0.25 * 1.2), 1)
    expect(body['footprint_m2']).to.be.closeTo(whole * (0.75 * 0.5 + 0.25 * 0.7), 1)
    expect([garden.is_large_enough, centre.is_large_enough]).to.deep.equal([true, false])
    expect(body['unzoned_m2']).to.be.lessThan(0.1)
    expect(body['sources']).to.have.length(1)
  })

  it('holds the strictest where plans lie over each other, and says nothing where a zone says nothing', async () => {
    await make.layer('limits', 'planning', [zone('old walls', 23, 23.02, 10, null)], { fields: FIELDS })
    const { body } = await get(`/api/building?${RING}`)
    expect(body['footprint_m2']).to.be.closeTo(body['area_m2'] * 0.1, 0.5)
    expect(body['floor_area_m2']).to.be.closeTo(body['area_m2'] * 0.9, 1)
    expect(body['zones'].at(-1).floor_area_m2).to.equal(null)
    expect(body['zones'].at(-1).share).to.be.closeTo(1, 1e-9)
  })

  it('is told for the block at a point', async () => {
    const { body } = await get('/api/building?lon=23.0015&lat=37.0015')
    expect(body['title'].el).to.equal('OT-1')
    expect(body['geometry'].type).to.equal('MultiPolygon')
    expect((await get('/api/building?lon=23.005&lat=37.0015')).body['type']).to.match(/no-block/)
  })

  it('is refused for what is no plot, and outside there is nothing to tell', async () => {
    const crossed = 'ring=23.001,37.001;23.002,37.002;23.002,37.001;23.001,37.002'
    for (const [query, kind] of [
      [crossed, /wrong-plot/],
      ['ring=23.001,37.001;23.002,37.002;23.003,37.003', /wrong-plot/],
      ['ring=23.001,37.001;23.002,37.002', /invalid-input/],
      ['ring=190,37;23.002,37;23.002,37.1', /invalid-input/],
      ['', /wrong-plot/],
      [`ring=${ringOf(box(23, 37, 23.01, 37.01))}`, /plot-too-large/],
    ] as const) {
      const { status, body } = await get(`/api/building?${query}`)
      expect(status, query).to.equal(422)
      expect(body['type'], query).to.match(kind)
      expect(body['errors'][0].path, query).to.equal('ring')
    }
    const { body } = await get('/api/building?ring=25,35;25.0001,35;25.0001,35.0001')
    expect(body).to.deep.include({ zones: [], floor_area_m2: null })
    expect(body['unzoned_m2']).to.equal(body['area_m2'])
  })

  it('prints with the plot on a map that it fills', async () => {
    const { words, info } = await sheetAt(`/api/building.pdf?${RING}&language=el`)
    expect(info).to.match(/Pages: +1\n/)
    for (const part of ['Όροι δόμησης: Οικόπεδο', 'Μέγιστη δόμηση', '1:500', 'garden', '75% του οικοπέδου', 'μικρότερο από το ελάχιστο των 2.000 m²', '/building?ring=23.009875,37.01;'])
      expect(words).to.include(part) // prettier-ignore
  })
})
