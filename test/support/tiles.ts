import { VectorTile } from '@mapbox/vector-tile'
import { expect } from 'chai'
import Pbf from 'pbf'
import { world } from './world.ts'

/** Column and row of the tile that holds a place, as the standard computes them (OGC 17-083r4, WebMercatorQuad). */
export function tileAt(lon: number, lat: number, z: number): { x: number; y: number } {
  const n = 2 ** z
  const rad = (lat * Math.PI) / 180
  return { x: Math.floor(((lon + 180) / 360) * n), y: Math.floor(((1 - Math.asinh(Math.tan(rad)) / Math.PI) / 2) * n) }
}

/** The layers of a tile that is there, as a client reads them. */
export async function decodeTile(path: string, cookie?: string) {
  const response = await fetch(world.url + path, { headers: cookie ? { Cookie: cookie } : {} })
  expect(response.status, path).to.equal(200)
  expect(response.headers.get('content-type')).to.include('application/vnd.mapbox-vector-tile')
  return new VectorTile(new Pbf(new Uint8Array(await response.arrayBuffer()))).layers
}
