// Points as heat, or counted in cells, drawn by deck.gl over the map. Whoever imports this loads deck.gl: only pages that are loaded when opened.
import { HeatmapLayer } from '@deck.gl/aggregation-layers'
import { SolidPolygonLayer } from '@deck.gl/layers'
import { MapLibreOverlay } from '@deck.gl/maplibre'
import type { Map as MapLibre } from 'maplibre-gl'

type Rgb = [red: number, green: number, blue: number]

/** What is shown; cells have a colour each, heat is where points [lon, lat, 0, lon, lat, 0, …] are many. */
export type Picture =
  | { kind: 'cells'; shape: 'hexagon' | 'square'; width_m: number; lon: number[]; lat: number[]; colours: string[] }
  | { kind: 'heat'; points: Float64Array }

const RADIUS_M = 6_378_137
const CELL_ALPHA = 190
/** From few to many; a colour-blind eye tells them apart by their lightness. */
export const HEAT = ['#ffffb2', '#fed976', '#feb24c', '#fd8d3c', '#f03b20', '#bd0026'] as const
/** The texture in which heat is summed; twice as fine costs four times as much without a graphics card, and looks the same. */
const HEAT_TEXTURE = 512

const rgb = (hex: string): Rgb => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16)) as Rgb

// Corners in widths of the cell from its centre, a little less than all of it: neighbours of one colour stay two cells. A hexagon
// stands on a side.
const HALF = 0.485
const CORNER = (2 * HALF) / Math.sqrt(3)
const CORNERS: Record<'hexagon' | 'square', [number, number][]> = {
  square: [[-HALF, -HALF], [HALF, -HALF], [HALF, HALF], [-HALF, HALF]],
  hexagon: [[CORNER, 0], [CORNER / 2, HALF], [-CORNER / 2, HALF], [-CORNER, 0], [-CORNER / 2, -HALF], [CORNER / 2, -HALF]],
} // prettier-ignore

/** Corners of a cell, degrees. width_m: metres of EPSG:3857. */
function cornersOf(shape: 'hexagon' | 'square', width_m: number, lon: number, lat: number): [number, number][] {
  const y = Math.log(Math.tan(Math.PI / 4 + (lat * Math.PI) / 360))
  const turn = width_m / RADIUS_M
  return CORNERS[shape].map(([east, north]) => [
    lon + (east * turn * 180) / Math.PI,
    (Math.atan(Math.exp(y + north * turn)) * 360) / Math.PI - 90,
  ])
}

function layerOf(picture: Picture) {
  if (picture.kind === 'heat')
    return new HeatmapLayer({
      id: 'heat',
      data: {
        length: picture.points.length / 3,
        attributes: { getPosition: { value: picture.points, size: 3 } },
      } as never,
      colorRange: HEAT.map(rgb),
      radiusPixels: 24,
      weightsTextureSize: HEAT_TEXTURE,
      opacity: 0.8,
    })
  const { shape, width_m, lon, lat, colours } = picture
  return new SolidPolygonLayer<number>({
    id: 'cells',
    data: lon.map((_, n) => n),
    getPolygon: (n) => cornersOf(shape, width_m, lon[n] ?? 0, lat[n] ?? 0),
    getFillColor: (n) => [...rgb(colours[n] ?? '#000000'), CELL_ALPHA],
  })
}

let overlay: MapLibreOverlay | undefined
let holder: MapLibre | undefined

/** Shows the picture in place of the one before; null takes it all away. */
export function drawAnalytics(map: MapLibre, picture: Picture | null): void {
  if (overlay && (!picture || holder !== map)) {
    holder?.removeControl(overlay)
    overlay = undefined
  }
  if (!picture) return
  const layers = [layerOf(picture)]
  if (overlay) return overlay.setProps({ layers })
  overlay = new MapLibreOverlay({ layers })
  holder = map
  map.addControl(overlay)
}
