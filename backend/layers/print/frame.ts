// The frame of a map on paper, and the ground that it stands for: true to scale in the Greek Grid (EPSG:2100).
import { MM } from '../../core/pdf.ts'

export interface Frame {
  /** Left and top on the sheet, points. */
  left: number
  top: number
  /** Size on the sheet, points. */
  width: number
  height: number
  /** Middle, degrees, EPSG:4326. */
  lon: number
  lat: number
  /** Metres on the ground for one on paper. */
  scale: number
}

/** Points on paper for a metre on the ground. */
export const pointsPerMetre = ({ scale }: Frame) => (1000 * MM) / scale

/** SQL of the paper on the ground: its middle x, y and its box, metres (EPSG:2100), and wide, a little more (EPSG:4326). */
export const PAPER_SQL = `middle AS (SELECT ST_Transform(ST_SetSRID(ST_MakePoint(?::float8, ?::float8), 4326), 2100) AS point),
            paper AS (SELECT ST_X(point) AS x, ST_Y(point) AS y, box, ST_Transform(ST_Expand(box, 10), 4326) AS wide
                        FROM middle, LATERAL (SELECT ST_Expand(point, ?::float8, ?::float8) AS box) AS b)`

/** What PAPER_SQL binds. beyond: points on paper around the frame that belong to it. */
export function paperOf(frame: Frame, beyond = 0): number[] {
  const k = pointsPerMetre(frame)
  return [frame.lon, frame.lat, (frame.width / 2 + beyond) / k, (frame.height / 2 + beyond) / k]
}
