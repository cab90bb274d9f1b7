// A layer as one file of tiles, read with the library that defines the format and compared with the tiles of the server.
import { randomBytes } from 'node:crypto'
import { expect } from 'chai'
import { PMTiles, zxyToTileId, type Source } from 'pmtiles'
import { pmtiles, tileId } from '../../backend/opendata/downloads/pmtiles.ts'
import { get } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { makeSights, sight } from '../support/sights.ts'
import { world } from '../support/world.ts'

async function archive(name: string): Promise<{ tiles: PMTiles; bytes: ArrayBuffer }> {
  const response = await fetch(`${world.url}/opendata/${name}.pmtiles`)
  expect(response.status).to.equal(200)
  expect(response.headers.get('content-type')).to.include('application/vnd.pmtiles')
  const bytes = await response.arrayBuffer()
  return { tiles: opened(name, bytes), bytes }
}

function opened(name: string, bytes: ArrayBuffer): PMTiles {
  const source: Source = { getKey: () => name, getBytes: async (offset, length) => ({ data: bytes.slice(offset, offset + length) }) } // prettier-ignore
  return new PMTiles(source)
}

async function fromServer(path: string): Promise<Buffer | undefined> {
  const response = await fetch(`${world.url}/tiles/${path}.mvt`)
  return response.status === 204 ? undefined : Buffer.from(await response.arrayBuffer())
}

/** Every tile in a square of four tiles by four around a place. */
const around = (z: number, x: number, y: number) =>
  Array.from({ length: 16 }, (_, n) => [z, x - 1 + (n % 4), y - 1 + Math.floor(n / 4)] as const).filter(([, column, row]) => [column, row].every((one) => one >= 0 && one < 2 ** z)) // prettier-ignore

const columnAt = (lon: number, z: number) => Math.floor(((lon + 180) / 360) * 2 ** z)
const rowAt = (lat: number, z: number) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * 2 ** z) // prettier-ignore

describe('PMTiles', function () {
  this.timeout(120_000)
  before(async () => {
    await smallTown()
    await makeSights()
    await make.layer('zone', 'planning', [polygon('z', box(23, 37, 23.3, 37.3)), polygon('speck', box(23.5, 37.5, 23.50001, 37.50001))], { min_zoom: 3, max_zoom: 13 }) // prettier-ignore
    await make.layer('spot', 'poi', [sight('a', 23.004, 37.004), sight('b', 23.003, 37.002)], {
      geometry_type: 'Point',
      title_fields: null,
    })
    await make.layer('empty', 'other', [sight('x', 23, 37)], { geometry_type: 'Point', title_fields: null })
    await world.db('gis.empty').delete()
  })

  it('holds the same tiles as the server, and no others', async () => {
    for (const [slug, lon, lat] of [
      ['spot', 23.004, 37.004],
      ['zone', 23.3, 37.3],
    ] as const) {
      // prettier-ignore
      const { tiles } = await archive(slug)
      const { minZoom, maxZoom } = await tiles.getHeader()
      let met = 0
      for (let z = minZoom; z <= maxZoom; z++)
        for (const [, x, y] of around(z, columnAt(lon, z), rowAt(lat, z))) {
          const [packed, served] = [await tiles.getZxy(z, x, y), await fromServer(`${slug}/${z}/${x}/${y}`)]
          expect(packed && Buffer.from(packed.data).equals(served!), `${slug}/${z}/${x}/${y}`).to.equal(served && true)
          if (served) met++
        }
      expect(met).to.be.greaterThan(maxZoom - minZoom)
    }
  })

  it('finds again, further down, what is too small to be seen from far', async () => {
    const { tiles } = await archive('zone')
    const at = (z: number) => tiles.getZxy(z, columnAt(23.500005, z), rowAt(37.500005, z))
    expect((await fromServer(`zone/11/${columnAt(23.500005, 11)}/${rowAt(37.500005, 11)}`)) === undefined).to.equal((await at(11)) === undefined) // prettier-ignore
  })

  it('says what is in it: place, zooms, fields that are public, whom to name', async () => {
    const { tiles, bytes } = await archive('sight')
    const header = await tiles.getHeader()
    expect(header).to.include({ specVersion: 3, clustered: true, tileType: 1, tileCompression: 2, minZoom: 0, maxZoom: 16 }) // prettier-ignore
    expect(header.minLon).to.be.closeTo(23.001, 1e-6)
    expect(header.maxLat).to.be.closeTo(37.019, 1e-6)
    expect(header.tileDataOffset + (header.tileDataLength ?? 0)).to.equal(bytes.byteLength)
    const metadata = (await tiles.getMetadata()) as { vector_layers: { id: string; fields: object }[] }
    expect(metadata.vector_layers[0]?.id).to.equal('sight')
    expect(metadata.vector_layers[0]?.fields).to.have.property('code').and.not.have.property('secret')
    expect(metadata.vector_layers[0]?.fields).to.not.have.property('secret')
  })

  it('stores once what is everywhere the same', async () => {
    const { tiles } = await archive('zone')
    const { numAddressedTiles, numTileEntries, numTileContents } = await tiles.getHeader()
    expect(numTileContents).to.be.lessThan(numTileEntries)
    expect(numTileEntries).to.be.lessThan(numAddressedTiles)
  })

  it('counts along the Hilbert curve as the specification does', () => {
    for (const [z, x, y] of [
      [0, 0, 0],
      [1, 0, 0],
      [1, 1, 0],
      [2, 1, 3],
      [5, 17, 9],
      [16, 37_054, 25_396],
      [22, 2_371_000, 1_625_000],
      [22, 4_194_303, 4_194_303],
    ] as const)
      // prettier-ignore
      expect(tileId({ z, x, y })).to.equal(zxyToTileId(z, x, y))
  })

  it('leads through leaf directories when there are many tiles, and leaves out zooms that would be too many', async () => {
    // Of every length, and with gaps: directories that hardly shrink.
    const encode = ({ z, x, y }: { z: number; x: number; y: number }) =>
      Promise.resolve((x * 31 + y * 17) % 7 === 6 ? Buffer.alloc(0) : Buffer.from(`${z}/${x}/${y} ${randomBytes((x * 7919 + y * 104_729) % 97).toString('hex')}`)) // prettier-ignore
    const layer = { min_zoom: 0, max_zoom: 12, bbox: [-180, -85, 180, 85] }
    const all = { layer, metadata: {}, encode, touches: () => Promise.resolve(true), signal: AbortSignal.timeout(60_000) }
    const pieces: Uint8Array[] = []
    for await (const piece of pmtiles({ collection: { title: {} }, language: 'en', tiles: all } as never)) pieces.push(piece)
    const tiles = opened('all', new Uint8Array(Buffer.concat(pieces)).buffer)
    const header = await tiles.getHeader()
    expect(header).to.include({ maxZoom: 8 })
    expect(header.leafDirectoryLength).to.be.greaterThan(0)
    for (const [z, x, y] of [[0, 0, 0], [4, 3, 9], [8, 0, 0], [8, 255, 255], [8, 144, 98]] as const)
      expect(Buffer.from((await tiles.getZxy(z, x, y))!.data).toString().split(' ')[0]).to.equal(`${z}/${x}/${y}`)
  }) // prettier-ignore

  it('is an archive of an empty layer too; reports have no tiles, and nothing can be filtered', async () => {
    const { tiles } = await archive('empty')
    expect((await tiles.getZxy(0, 0, 0))?.data.byteLength).to.equal(0)
    expect((await get('/opendata/reports.pmtiles')).status).to.equal(404)
    expect((await get('/opendata/sight.pmtiles?bbox=1,2,3,4')).status).to.equal(400)
    const { body } = await get('/opendata/sight')
    expect(body['distributions'].map(({ href }: { href: string }) => href)).to.include(
      `${world.url}/opendata/sight.pmtiles`,
    )
  })
})
