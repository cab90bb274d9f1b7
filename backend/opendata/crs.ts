// Coordinate reference systems that features are asked for in, and bounding boxes are given in.

export interface Crs {
  uri: string
  /** Code that PostGIS knows it by. */
  srid: number
  /** The authority's first axis is the north one (OGC API - Features Part 2, 7.2: coordinates follow the authority). */
  isNorthFirst: boolean
  /** About a centimetre. */
  decimals: number
  /** Least and greatest easting (longitude), least and greatest northing (latitude) that make sense in it, in its units. */
  bounds: { east: readonly [number, number]; north: readonly [number, number] }
}

const DEGREES = { east: [-180, 180], north: [-90, 90] } as const
const EPSG = 'http://www.opengis.net/def/crs/EPSG/0'

/** What everything is in unless something else is asked for: WGS 84, longitude first. */
export const CRS84: Crs = {
  uri: 'http://www.opengis.net/def/crs/OGC/1.3/CRS84',
  srid: 4326,
  isNorthFirst: false,
  decimals: 7,
  bounds: DEGREES,
}

export const systems: readonly Crs[] = [
  CRS84,
  { ...CRS84, uri: `${EPSG}/4326`, isNorthFirst: true },
  // ETRS89, which INSPIRE asks for.
  { ...CRS84, uri: `${EPSG}/4258`, srid: 4258, isNorthFirst: true },
  {
    uri: `${EPSG}/3857`,
    srid: 3857,
    isNorthFirst: false,
    decimals: 2,
    bounds: { east: [-20037508.35, 20037508.35], north: [-20048966.11, 20048966.11] },
  },
  // Greek Grid: Greece and what is around it; far outside the formulas of the projection return nonsense.
  {
    uri: `${EPSG}/2100`,
    srid: 2100,
    isNorthFirst: false,
    decimals: 2,
    bounds: { east: [-500_000, 1_500_000], north: [3_000_000, 5_500_000] },
  },
]

/** By URI, or as a safe CURIE like [EPSG:2100]. */
export function systemOf(name: string): Crs | undefined {
  const uri = name.replace(/^\[EPSG:(\d+)\]$/, `${EPSG}/$1`).replace(/^\[OGC:CRS84\]$/, CRS84.uri)
  return systems.find((system) => system.uri === uri)
}
