// A file as staff hand it over, and the tables of features that are in it.
export const formats = ['geojson', 'geojsonl', 'shapefile', 'geopackage', 'flatgeobuf', 'kml', 'gpx', 'csv'] as const
export type Format = (typeof formats)[number]

/** What staff know better than the file. */
export interface ReadingOptions {
  /** Name of an encoding as browsers know it, e.g. windows-1253. */
  encoding?: string
  place?: PlaceColumns
}

/** Names of the columns that say where a row lies: two with numbers, or the address, with the number of the house in one of its own. */
export interface PlaceColumns {
  lon?: string
  lat?: string
  address?: string
  number?: string
}

/** Columns of a table, and those of them that say where a row lies. */
export interface Columns {
  names: string[]
  place: string[]
  is_address: boolean
}

/** Instead of a geometry: an address of the municipality, and the line where it stands. */
export interface Addressed {
  address: { text: string; line: number }
}

/** One table of features. */
export interface Source {
  /** As the file calls it. */
  name: string
  format: Format
  /** EPSG code, or the text of a .prj; null when the file says nothing. */
  crs: { code: number } | { wkt: string } | null
  /** Of its texts, where that is not always UTF-8: as said or as found. */
  encoding: string | null
  /** Of a table. */
  columns?: Columns
  /** Features as GeoJSON has them; the geometry may stand as `wkb` (hexadecimal), `wkt` or `address` instead. Throws ImportError. */
  features: () => AsyncIterable<unknown>
}
