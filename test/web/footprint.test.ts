// The frame on the screen and the paper are the same piece of ground: the portal computes it, PostGIS knows it.
import { expect } from 'chai'
import { frames, scales } from '../../backend/print/contract.ts'
import { footprint } from '../../web/src/print/footprint.ts'
import { world } from '../support/world.ts'

/** Corfu, Athens, Rhodes; and the edge of what may be printed. */
const PLACES: [lon: number, lat: number][] = [[19.92, 39.62], [23.73, 37.98], [28.22, 36.44], [29.9, 34.1]] // prettier-ignore

/** How far the corners lie from where the Greek Grid has them, metres. */
async function offBy([lon, lat]: [number, number], width: number, height: number): Promise<number> {
  const corners = footprint([lon, lat], width, height)
  const { rows } = await world.db.raw(
    `SELECT max(ST_Distance(ST_Transform(ST_SetSRID(ST_MakePoint(lon, lat), 4326), 2100), ST_Translate(middle, dx, dy))) AS m
       FROM (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(?::float8, ?::float8), 4326), 2100) AS middle) AS p,
            unnest(?::float8[], ?::float8[], ?::float8[], ?::float8[]) AS c (lon, lat, dx, dy)`,
    [
      lon,
      lat,
      corners.map((corner) => corner[0]),
      corners.map((corner) => corner[1]),
      [-1, 1, 1, -1].map((side) => (side * width) / 2),
      [1, 1, -1, -1].map((side) => (side * height) / 2),
    ],
  )
  return rows[0].m
}

describe('the frame on the map', () => {
  it('is the ground of the sheet, to two tenths of a millimetre on paper, everywhere in Greece', async () => {
    for (const place of PLACES)
      for (const scale of scales.map(Number))
        for (const [width, height] of Object.values(frames).flatMap((paper) => Object.values(paper))) {
          const off = await offBy(place, (width * scale) / 1000, (height * scale) / 1000)
          expect((off / scale) * 1000, `${place.join(' ')}, 1:${scale}, ${width} mm`).to.be.lessThan(0.2)
        }
  })
})
