// The layers that somebody has switched on, read for a sheet: one statement a layer, cut to the paper.
import { type Context, reading } from '../../core/http/context.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Layer } from '../contract.ts'
import { tableOf } from '../ddl.ts'
import { columnsOf, MATTERS } from '../tiles.ts'
import { validOn } from '../validity.ts'
import { type Frame, PAPER_SQL, paperOf, pointsPerMetre } from './frame.ts'
import { type Featured, zoomOf } from './look.ts'
import { MOST_DRAWN } from './map.ts'

export interface Shown {
  layer: Layer
  /** 0..1 */
  opacity: number
}

export interface Placed extends Featured {
  /** SVG path in points from the middle of the frame; of a point none. */
  path: string
  /** Its place, or that of words about it; points from the middle of the frame. Null: not in the frame. */
  x: number | null
  y: number | null
}

export interface Overlay extends Shown {
  features: Placed[]
  /** There are more in the frame than fit on a sheet. */
  isCut: boolean
  /** The layer begins at a larger scale. */
  isTooSmall: boolean
}

/** Lines and discs that begin outside the frame reach into it; also the edge of a cut area must not be seen. Points. */
const BEYOND = 28
/** Corners that nobody can see are left out, points. */
const FINEST = 0.08

/** Reads what lies in the frame of each layer. What one layer leaves of the room on a sheet, the next ones have. */
export async function readOverlays(ctx: Context, frame: Frame, shown: readonly Shown[]): Promise<Overlay[]> {
  const zoom = zoomOf(frame)
  const read: Overlay[] = []
  let room = MOST_DRAWN
  for (const [index, one] of shown.entries()) {
    const isTooSmall = zoom < one.layer.min_zoom
    const most = Math.floor(room / (shown.length - index))
    const features = isTooSmall ? [] : await reading(ctx, (db) => readFeatures(db, frame, one.layer, most))
    read.push({ ...one, features: features.slice(0, most), isCut: features.length > most, isTooSmall })
    room -= Math.min(features.length, most)
  }
  return read
}

/** One more than `most`, if there are more: those that matter most come first, as in tiles. */
async function readFeatures(db: Db, frame: Frame, layer: Layer, most: number): Promise<Placed[]> {
  const { text, names } = columnsOf(fieldsIn(layer))
  const k = pointsPerMetre(frame)
  const { rows } = await db.raw(
    `WITH ${PAPER_SQL},
          near AS (SELECT f.*, row_number() OVER (ORDER BY ${MATTERS[layer.geometry_type]}, f.id) AS _nth FROM ?? AS f, paper
                    WHERE f.geom && paper.wide${layer.is_dated ? ` AND ${validOn('(SELECT asked_day())', 'f.')}` : ''}
                    ORDER BY _nth LIMIT ?::int),
          cut AS (SELECT f.id, f._nth, ${text ? `jsonb_strip_nulls((SELECT to_jsonb(p) FROM (SELECT ${text}) AS p))` : `'{}'::jsonb`} AS properties,
                         ST_TransScale(ST_ClipByBox2D(ST_Transform(f.geom, 2100), paper.box::box2d), -paper.x, -paper.y, ?::float8, ?::float8) AS geom
                    FROM near AS f, paper),
          placed AS (SELECT *, CASE WHEN ST_Dimension(geom) = 0 THEN ST_Centroid(geom)
                                    ELSE ST_PointOnSurface(ST_ClipByBox2D(geom, ST_MakeEnvelope(?::float8, ?::float8, ?::float8, ?::float8)::box2d)) END AS place
                       FROM cut WHERE NOT ST_IsEmpty(geom))
     SELECT id, properties, ST_X(place) AS x, -ST_Y(place) AS y,
            CASE WHEN ST_Dimension(geom) = 0 THEN '' ELSE ST_AsSVG(ST_Simplify(geom, ?::float8, true), 0, 2) END AS path
       FROM placed
      ORDER BY _nth`,
    [
      ...paperOf(frame, BEYOND),
      tableOf(layer.slug),
      most + 1,
      ...names,
      k,
      k,
      -frame.width / 2,
      -frame.height / 2,
      frame.width / 2,
      frame.height / 2,
      FINEST,
    ],
  )
  return rows
}

/** The fields that the style names. */
const fieldsIn = ({ fields, style }: Layer) => {
  const said = JSON.stringify(style)
  return fields.filter(({ name, type }) => type !== 'json' && said.includes(`"${name}"`))
}
