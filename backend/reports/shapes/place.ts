// From what somebody has drawn to where it is: the areas it lies in, and a point on it for all that only knows points.
import type { Db } from '../../core/db/connect.ts'
import { problem, type ProblemError } from '../../core/http/problem.ts'
import { distanceText } from '../../core/i18n/text.ts'
import { locate, type Located, locateShape } from '../../places/service.ts'
import { type AreaGeometry, LARGEST_M2, type LineGeometry, type Location, LONGEST_M } from './contract.ts'

export interface Spot extends Located {
  /** Longitude, latitude; degrees (EPSG:4326). Of a line or an area a point on it. */
  point: readonly [number, number]
  /** Null: it is a point. */
  shape: LineGeometry | AreaGeometry | null
  /** Metres along the line or around the area; null: a point. */
  length_m: number | null
  /** Square metres; null: no area. */
  area_m2: number | null
}

/** Where it is. Throws outside-municipality, swapped-coordinates; for lines and areas also broken-shape, shape-too-large. */
export async function spotOf(db: Db, location: Location): Promise<Spot> {
  const spot = location.type === 'Point' ? await spotOfPoint(db, location.coordinates) : await spotOfShape(db, location)
  if (!spot.place.municipality) throw await outside(db, location, spot.place.distance_to_boundary_m)
  return spot
}

async function spotOfPoint(db: Db, point: readonly [number, number]): Promise<Spot> {
  const [located] = await locate(db, [point])
  return { ...located!, point, shape: null, length_m: null, area_m2: null }
}

async function spotOfShape(db: Db, shape: LineGeometry | AreaGeometry): Promise<Spot> {
  const located = await locateShape(db, shape, { longest_m: LONGEST_M, largest_m2: LARGEST_M2 })
  const { fault, length_m, area_m2 } = located
  const path = 'location.coordinates'
  if (fault ?? (length_m < 1 || (area_m2 ?? 1) < 1)) throw problem('broken-shape', { path, extra: { reason: fault } })
  if (length_m > LONGEST_M || (area_m2 ?? 0) > LARGEST_M2)
    throw problem('shape-too-large', {
      path,
      values: (language) => ({
        length: distanceText(language, LONGEST_M),
        area_km2: (LARGEST_M2 / 1e6).toLocaleString(language),
      }),
      extra: { length_m: Math.round(length_m), area_m2: area_m2 === null ? null : Math.round(area_m2) },
    })
  return { ...located, shape }
}

async function outside(db: Db, location: Location, distance_m: number | null): Promise<ProblemError> {
  const path = 'location.coordinates'
  const [lon, lat] = location.coordinates.flat(2) as [number, number]
  const [swapped] = Math.abs(lon) <= 90 ? await locate(db, [[lat, lon]]) : []
  if (swapped?.place.municipality) return problem('swapped-coordinates', { path })
  return problem(location.type === 'Point' ? 'outside-municipality' : 'shape-outside', {
    values: (language) => ({ distance: distance_m === null ? '—' : distanceText(language, distance_m) }),
    extra: { distance_m: distance_m === null ? null : Math.round(distance_m * 10) / 10 },
    path,
  })
}
