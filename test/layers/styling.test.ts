// A GIS officer chooses how a layer looks: classes come from the features, the style from the classes, the legend with them.
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { expect } from 'chai'
import { get, post, request, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { sight } from '../support/sights.ts'

const field = (name: string, type: string, more = {}) => ({ name, type: type as 'text', title: { el: `${name} ελ`, en: name }, is_public: true, ...more }) // prettier-ignore

// Two clumps and one far away: quantiles, equal steps and natural breaks differ.
const HEIGHTS = [1, 2, 3, 4, 5, 20, 21, 22, 100, null]
const KINDS = ['oak', 'oak', 'oak', 'elm', 'elm', 'fig', 'pine', 'ash', '', null]

describe('the style of a layer', () => {
  let cookie: string
  const classes = async (query: string) => (await get(`/api/staff/layers/tree/classes?${query}`, { cookie })).body
  const save = (body: unknown, slug = 'tree') => request('PUT', `/api/staff/layers/${slug}/style`, { cookie, body })
  const base = { size_px: 6, opacity: 0.6, from_zoom: 0, to_zoom: 24, labels: null }
  const both = (text: string) => ({ el: text, en: text })

  before(async () => {
    await smallTown()
    await make.account('gis@town.example', 'gis_officer')
    cookie = await signIn('gis@town.example')
    const trees = HEIGHTS.map((height, n) => sight(`t${n}`, 23.001 + n / 1000, 37.001, { height, girth: (height ?? 0) / 8, kind: KINDS[n], owner: 'x' })) // prettier-ignore
    await make.layer('tree', 'other', trees, {
      geometry_type: 'Point',
      title_fields: null,
      fields: [
        field('code', 'text'),
        field('height', 'integer', { unit: 'm' }),
        field('girth', 'number'),
        field('kind', 'text', { codes: { oak: { el: 'Βελανιδιά', en: 'Oak' } } }),
        field('owner', 'text', { is_public: false }),
      ],
    })
    const fields = [field('code', 'text'), field('height', 'integer'), field('kind', 'text')]
    const line = { ...sight('l', 0, 0), geometry: { type: 'LineString', coordinates: [[23, 37], [23.01, 37.01]] } } // prettier-ignore
    await make.layer('pipe', 'network', [line], { geometry_type: 'LineString', title_fields: null, fields })
    await make.layer('zone', 'planning', [polygon('z', box(23, 37, 23.01, 37.01))], { title_fields: null, fields })
  })

  it('proposes a class for each value, the most frequent first, by the titles of its codes', async () => {
    const found = await classes('kind=categorised&field=kind&palette=okabe_ito')
    expect(found['classes']).to.deep.equal([
      { value: 'oak', features: 3, colour: '#0072b2', label: { el: 'Βελανιδιά', en: 'Oak' } },
      { value: 'elm', features: 2, colour: '#e69f00', label: both('elm') },
      ...['ash', 'fig', 'pine'].map((value, n) => ({ value, features: 1, colour: ['#009e73', '#d55e00', '#cc79a7'][n], label: both(value) })),
    ]) // prettier-ignore
    expect(found).to.include({ rest: 0, without: 2 })
    const codes = await classes('kind=categorised&field=code&palette=okabe_ito')
    expect(codes['classes'], 'no more than colours').to.have.length(7)
    expect(codes['rest']).to.equal(3)
  })

  it('finds ranges: as many features in each, equal steps, or natural breaks', async () => {
    const ranges = async (method: string, count = 3) => {
      const found = await classes(`kind=graduated&field=height&palette=viridis&method=${method}&count=${count}`)
      expect(found).to.include({ without: 1, max: 100 })
      return (found['classes'] as { from: number; features: number }[]).map(({ from, features }) => [from, features])
    }
    expect(await ranges('quantile')).to.deep.equal([[1, 2], [3, 3], [20, 4]]) // prettier-ignore
    expect(await ranges('equal')).to.deep.equal([[1, 8], [34, 0], [67, 1]]) // prettier-ignore
    expect(await ranges('jenks')).to.deep.equal([[1, 5], [20, 3], [100, 1]]) // prettier-ignore
    expect(await ranges('jenks', 9), 'no more breaks than values').to.have.length(9)
    const text = (await classes('kind=graduated&field=girth&palette=viridis&method=equal&count=2'))['classes']
    expect(text[0]!['label'], 'a comma in Greek').to.deep.equal({ el: '0 – 6,3', en: '0 – 6.3' })
    for (const wrong of ['kind=graduated&field=kind', 'kind=categorised&field=nothing'])
      expect((await get(`/api/staff/layers/tree/classes?${wrong}&palette=viridis`, { cookie })).status).to.equal(422)
  })

  it('draws by classes and says so in the legend, for everybody', async () => {
    const { classes: found } = await classes('kind=categorised&field=kind&palette=okabe_ito')
    const recipe = {
      kind: 'categorised',
      field: 'kind',
      palette: 'okabe_ito',
      ...base,
      classes: found,
      other: { colour: '#999999', label: { el: 'Άλλα', en: 'Others' } },
      labels: { el: 'kind', en: 'code', from_zoom: 15 },
    }
    const preview = await post('/api/staff/layers/tree/style/preview', recipe, { cookie })
    expect((await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'tree').style).to.deep.equal(
      [],
    )
    const { status, body } = await save(recipe)
    expect(status, JSON.stringify(body)).to.equal(200)
    const layer = (await get('/api/layers')).body.find(({ slug }: { slug: string }) => slug === 'tree')
    expect(layer.style).to.deep.equal(preview.body['style'])
    expect(layer.legend.map(({ label }: { label: { el: string } }) => label.el)).to.deep.equal(['kind ελ', 'Βελανιδιά', 'elm', 'ash', 'fig', 'pine', 'Άλλα']) // prettier-ignore
    expect(layer.legend[0].shape).to.equal('heading')
    expect(layer).to.not.have.property('recipe')
    const again = await get('/api/staff/layers/tree/style', { cookie })
    expect(again.body['recipe'].classes[0]).to.include({ value: 'oak', colour: '#0072b2' })
    expect((await get('/styles/tree.json')).body['layers'][0].paint['circle-color'][0]).to.equal('match')
  })

  const recipes = {
    single: { kind: 'single', colour: '#0072b2', icon: 'tree-pine', from_zoom: 12, to_zoom: 20 },
    'one class': { kind: 'graduated', field: 'height', palette: 'viridis', method: 'equal', classes: [{ from: 1, colour: '#440154', label: both('all') }], other: null }, // prettier-ignore
    ranges: { kind: 'graduated', field: 'height', palette: 'viridis', method: 'equal', classes: [{ from: 1, colour: '#440154', label: both('low') }, { from: 9, colour: '#fde725', label: both('high') }], other: { colour: '#999999', label: both('?') } }, // prettier-ignore
    values: { kind: 'categorised', field: 'kind', palette: 'okabe_ito', classes: [{ value: 'oak', colour: '#440154', label: both('Oak'), icon: 'leaf' }], other: null }, // prettier-ignore
    sizes: { kind: 'proportional', field: 'height', colour: '#0072b2', max: 100 },
  }
  it('makes of every recipe, for every geometry, what MapLibre can draw', async () => {
    for (const [slug, geometry_type] of [
      ['tree', 'Point'],
      ['pipe', 'LineString'],
      ['zone', 'Polygon'],
    ] as const) {
      for (const [name, recipe] of Object.entries(recipes)) {
        const labels = { el: 'kind', en: 'height', from_zoom: 14 }
        const { status, body } = await post(`/api/staff/layers/${slug}/style/preview`, { ...base, labels, ...recipe }, { cookie }) // prettier-ignore
        if (name === 'sizes' && geometry_type === 'Polygon') {
          expect(status, 'circles at every corner').to.equal(422)
          continue
        }
        expect(status, `${name} ${slug} ${JSON.stringify(body)}`).to.equal(200)
        const layers = body['style'].map((one: object, n: number) => ({ ...one, id: `${n}`, source: 's', 'source-layer': 's' })) // prettier-ignore
        const sources = { s: { type: 'vector', url: 'https://city.example/s.json' } }
        expect(validateStyleMin({ version: 8, sources, layers } as never)).to.deep.equal([])
        expect(body['style'].at(-1).type, 'names lie above').to.equal('symbol')
      }
    }
    const sizes = await post('/api/staff/layers/tree/style/preview', { ...base, ...recipes.sizes }, { cookie })
    expect(sizes.body['legend'].map(({ label, size_px }: Record<string, { en: string }>) => [label!.en, size_px])).to.deep.equal([['height (m)', undefined], ['100', 6], ['30', 3.3], ['10', 1.9]]) // prettier-ignore
  })

  it('refuses what cannot be drawn, with the place of it, and what would show a closed field', async () => {
    const wrong = async (recipe: object) => {
      const { status, body } = await save({ ...base, ...recipe })
      expect(status).to.equal(422)
      return [body['type'].split(':').pop(), body['errors'][0].path]
    }
    expect(await wrong({ ...recipes.sizes, field: 'kind' })).to.deep.equal(['wrong-field', 'field'])
    expect(await wrong({ ...recipes.sizes, labels: { el: 'x', en: 'code', from_zoom: 1 } })).to.deep.equal(['wrong-field', 'labels.el']) // prettier-ignore
    expect(await wrong({ ...recipes.values, classes: [recipes.values.classes[0], recipes.values.classes[0]] })).to.deep.equal(['wrong-style', 'classes.1']) // prettier-ignore
    expect(await wrong({ ...recipes.ranges, classes: [...recipes.ranges.classes].reverse() })).to.deep.equal(['wrong-style', 'classes.1']) // prettier-ignore
    expect(await wrong({ ...recipes.single, colour: 'red' })).to.deep.equal(['invalid-input', 'colour'])
    expect(await wrong({ ...recipes.values, field: 'owner' })).to.deep.equal(['closed-style', 'field'])
    const change = (body: object) => request('PATCH', '/api/staff/layers/tree', { cookie, body })
    await change({ visibility: 'staff' })
    expect((await save({ ...base, ...recipes.values, field: 'owner' })).status).to.equal(200)
    expect((await change({ visibility: 'public' })).body['errors'][0].path).to.equal('visibility')
    await save({ ...base, ...recipes.values })
    expect((await change({ visibility: 'public' })).status).to.equal(200)
    expect((await save(recipes.single, 'nothing')).status).to.be.oneOf([404, 422])
  })

  it('refuses a hand-written style that MapLibre cannot draw, before anything is stored', async () => {
    const style = [{ type: 'circle', paint: { 'circle-colr': 'red' } }]
    const failure = await make.layer('odd', 'other', [sight('a', 23, 37)], { geometry_type: 'Point', title_fields: null, style }).catch((error: Error) => error) // prettier-ignore
    expect((failure as Error).message).to.match(/cannot be drawn: .*circle-colr/)
  })
})
