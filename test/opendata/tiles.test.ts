// OGC API - Tiles, requirement by requirement (20-057, 17-083r4), and layers as styles.
import { validateStyleMin } from '@maplibre/maplibre-gl-style-spec'
import { expect } from 'chai'
import { get, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { decodeTile, tileAt } from '../support/tiles.ts'
import { world } from '../support/world.ts'

interface Link {
  rel: string
  href: string
  type: string
  templated?: boolean
}
const OGC_REL = 'http://www.opengis.net/def/rel/ogc/1.0'
const TILESET = '/ogc/collections/sight/tiles/WebMercatorQuad'
const here = (href: string) => href.replace(world.url, '')
const link = (links: Link[], rel: string) => links.find((one) => one.rel === rel)!

/** Column and row that hold sight a. */
const tileOf = (z: number, lon = 23.001, lat = 37.001) => {
  const { x, y } = tileAt(lon, lat, z)
  return { col: x, row: y }
}

async function codesIn(path: string): Promise<{ codes: unknown[]; names: string[] }> {
  const layer = (await decodeTile(path))['sight']!
  const all = Array.from({ length: layer.length }, (_, n) => layer.feature(n).properties)
  return { codes: all.map(({ code }) => code).sort(), names: [...new Set(all.flatMap((one) => Object.keys(one)))].sort() } // prettier-ignore
}

describe('tiles of open data', () => {
  let staff: string

  before(async () => {
    await smallTown()
    await makeSights()
    const zone = [polygon('z', box(23, 37, 23.01, 37.01))]
    await make.layer('pipe', 'network', zone, { visibility: 'staff' })
    const style = [{ type: 'fill', paint: { 'fill-color': '#6a4c93' } }, { type: 'symbol', layout: { 'icon-image': 'lucide:school', 'text-field': ['get', 'code'] } }] // prettier-ignore
    await make.layer('zone', 'planning', zone, { style })
    await make.account('gis@town.example', 'gis_officer', { department: 'works' })
    staff = await signIn('gis@town.example')
  })

  describe('OGC API - Tiles', () => {
    it('/conf: says what it conforms to', async () => {
      const { body } = await get('/ogc/conformance')
      for (const name of ['core', 'tileset', 'tilesets-list', 'geodata-tilesets', 'mvt', 'oas30'])
        expect(body['conformsTo']).to.include(`http://www.opengis.net/spec/ogcapi-tiles-1/1.0/conf/${name}`)
    })

    it('/req/geodata-tilesets/desc-links: a collection leads to its tilesets, reports have none', async () => {
      const { body } = await get('/ogc/collections/sight')
      const tilesets = link(body['links'], `${OGC_REL}/tilesets-vector`)
      expect(tilesets.type).to.equal('application/json')
      expect((await get(here(tilesets.href))).status).to.equal(200)
      expect(link((await get('/ogc/collections/reports')).body['links'], `${OGC_REL}/tilesets-vector`)).to.equal(undefined) // prettier-ignore
      expect((await get('/ogc/collections/reports/tiles')).status).to.equal(404)
      expect((await get('/ogc/collections/pipe/tiles', { cookie: staff })).status).to.equal(404)
    })

    it('/req/tilesets-list/tileset-links: the list names type, system and matrix set of each', async () => {
      const { body } = await get('/ogc/collections/sight/tiles')
      const [tileset] = body['tilesets']
      expect(tileset).to.include({ dataType: 'vector', crs: 'http://www.opengis.net/def/crs/EPSG/0/3857', tileMatrixSetURI: 'http://www.opengis.net/def/tilematrixset/OGC/1.0/WebMercatorQuad' }) // prettier-ignore
      expect(here(link(tileset.links, 'self').href)).to.equal(TILESET)
      expect(link(tileset.links, `${OGC_REL}/tiling-scheme`).href).to.match(/\/tileMatrixSets\/WebMercatorQuad$/)
    })

    it('/req/tileset/success-desc: metadata tells limits, extent, fields and where tiles are', async () => {
      const { body } = await get(TILESET)
      expect(body['boundingBox'].lowerLeft).to.deep.equal([23.001, 37.001])
      const item = link(body['links'], 'item')
      expect(item).to.include({ type: 'application/vnd.mapbox-vector-tile', templated: true })
      expect(link(body['links'], `${OGC_REL}/tiling-scheme`).type).to.equal('application/json')
      const limit = body['tileMatrixSetLimits'].find(({ tileMatrix }: { tileMatrix: string }) => tileMatrix === '14')
      const [first, last] = [tileOf(14), tileOf(14, 23.019, 37.019)]
      expect(limit).to.include({ minTileCol: first.col, maxTileCol: last.col, minTileRow: last.row, maxTileRow: first.row }) // prettier-ignore
      const [layer] = body['layers']
      expect(layer).to.include({ id: 'sight', geometryDimension: 0, maxTileMatrix: '16' })
      expect(Object.keys(layer.propertiesSchema.properties)).to.include('height_m').and.not.include('secret')
    })

    it('/req/core/tc-op: tiles are addressed by matrix, row, column, in this order', async () => {
      const item = link((await get(TILESET)).body['links'], 'item').href
      const { row, col } = tileOf(14)
      const at = (z: number, r: number, c: number) => here(item.replace('{tileMatrix}', String(z)).replace('{tileRow}', String(r)).replace('{tileCol}', String(c))) // prettier-ignore
      // The days of a are over (test/layers/validity.test.ts).
      expect((await codesIn(at(14, row, col))).codes).to.deep.equal(['b'])
      expect((await get(at(14, col, row))).status).to.equal(204)
      const plain = await fetch(`${world.url}/tiles/sight/14/${col}/${row}.mvt`)
      const ours = await fetch(world.url + at(14, row, col))
      expect(Buffer.from(await ours.arrayBuffer()).equals(Buffer.from(await plain.arrayBuffer()))).to.equal(true)
    })

    it('/req/core/tc-error: 404 outside the matrix, deeper than the tileset and in unknown sets; 400 for unknown parameters', async () => {
      for (const path of ['14/99999/3', '14/3/99999', '-1/0/0', '14/x/3', '17/0/0'])
        expect((await get(`${TILESET}/${path}`)).status, path).to.equal(404)
      expect((await get('/ogc/collections/sight/tiles/WorldCRS84Quad')).status).to.equal(404)
      expect((await get('/ogc/collections/sight/tiles/WorldCRS84Quad/1/0/0')).status).to.equal(404)
      expect((await get('/ogc/tileMatrixSets/WorldCRS84Quad')).status).to.equal(404)
      expect((await get(`${TILESET}/14/0/0?foo=1`)).status).to.equal(400)
      expect((await get(`${TILESET}?foo=1`)).status).to.equal(400)
      for (const cookie of [undefined, staff]) expect((await get('/ogc/collections/pipe/tiles/WebMercatorQuad/14/0/0', { cookie })).status).to.equal(404) // prettier-ignore
    })

    it('tiles hold public fields only, also for staff, and only those that are asked for', async () => {
      const { row, col } = tileOf(14)
      expect((await codesIn(`${TILESET}/14/${row}/${col}`)).names)
        .to.include('height_m')
        .and.not.include('secret')
      expect((await codesIn(`${TILESET}/14/${row}/${col}?properties=code`)).names).to.deep.equal(['code'])
      expect((await codesIn(`/tiles/sight/14/${col}/${row}.mvt?properties=code,visits`)).names).to.deep.equal(['code', 'visits']) // prettier-ignore
      for (const name of ['secret', 'nothing']) {
        const { status, body } = await get(`${TILESET}/14/${row}/${col}?properties=${name}`)
        expect(status).to.equal(400)
        expect(body['errors'][0].path).to.equal('properties')
      }
      const whole = await fetch(`${world.url}${TILESET}/14/${row}/${col}`)
      const part = await fetch(`${world.url}${TILESET}/14/${row}/${col}?properties=code`)
      expect(whole.headers.get('etag')).to.not.equal(part.headers.get('etag'))
      expect(whole.headers.get('access-control-allow-origin')).to.equal('*')
    })

    it('/req/tilematrixset: WebMercatorQuad as 17-083r4, annex D.1 has it', async () => {
      const { body: list } = await get('/ogc/tileMatrixSets')
      expect(list['tileMatrixSets'].map(({ id }: { id: string }) => id)).to.deep.equal(['WebMercatorQuad'])
      const { body } = await get(here(link(list['tileMatrixSets'][0].links, 'self').href))
      expect(body['tileMatrices']).to.have.length(23)
      for (const [z, scale, cell] of [
        [0, 559082264.028717, 156543.033928041],
        [10, 545978.773465544, 152.874056570353],
        [18, 2132.72958384978, 0.597164283559817],
      ] as const) {
        const matrix = body['tileMatrices'][z]
        expect(matrix.scaleDenominator / scale).to.be.closeTo(1, 1e-9)
        expect(matrix.cellSize / cell).to.be.closeTo(1, 1e-9)
        expect(matrix).to.include({ id: String(z), matrixWidth: 2 ** z, tileWidth: 256, cornerOfOrigin: 'topLeft' })
      }
      expect(link((await get('/ogc')).body['links'], `${OGC_REL}/tiling-schemes`).href).to.match(/\/tileMatrixSets$/)
    })

    it('is in the API document, and comes as pages', async () => {
      const { paths } = (await get('/ogc/api')).body as { paths: Record<string, unknown> }
      const tile = '/collections/sight/tiles/WebMercatorQuad/{tileMatrix}/{tileRow}/{tileCol}'
      expect(Object.keys(paths)).to.include.members(['/tileMatrixSets', '/collections/sight/tiles', tile])
      expect(Object.keys(paths)).to.not.include('/collections/reports/tiles')
      for (const path of [
        '/ogc/tileMatrixSets',
        '/ogc/tileMatrixSets/WebMercatorQuad',
        '/ogc/collections/sight/tiles',
        TILESET,
      ])
        // prettier-ignore
        expect((await get<string>(path, { headers: { Accept: 'text/html' } })).body, path).to.match(/^<!doctype html>/)
    })
  })

  describe('styles', () => {
    it('are valid, with absolute addresses, and draw what the layer draws', async () => {
      for (const slug of ['zone', 'sight', 'boundary']) {
        const { body, headers } = await get(`/styles/${slug}.json`)
        expect(validateStyleMin(body as never), slug).to.deep.equal([])
        expect(headers.get('access-control-allow-origin')).to.equal('*')
        const { type, url } = body['sources'][slug]
        expect(type).to.equal('vector')
        const tilejson = (await get(here(url))).body
        expect(tilejson['vector_layers'].map(({ id }: { id: string }) => id)).to.deep.equal([slug])
        for (const layer of body['layers']) expect(layer).to.include({ source: slug, 'source-layer': slug })
        const { row, col } = tileOf(14)
        expect((await fetch(tilejson['tiles'][0].replace('{z}', '14').replace('{x}', col).replace('{y}', row))).status).to.equal(200) // prettier-ignore
      }
      const { body } = await get('/styles/zone.json')
      expect(body['layers']).to.deep.equal([{ id: 'zone-0', type: 'fill', source: 'zone', 'source-layer': 'zone', paint: { 'fill-color': '#6a4c93' } }]) // prettier-ignore
    })

    it('are there for who may see the layer', async () => {
      expect((await get('/styles/pipe.json')).status).to.equal(404)
      const { status, headers } = await get('/styles/pipe.json', { cookie: staff })
      expect(status).to.equal(200)
      expect(headers.get('cache-control')).to.include('private')
      expect((await get('/styles/nothing.json')).status).to.equal(404)
      expect((await get('/styles/nothing')).status).to.equal(404)
    })
  })
})
