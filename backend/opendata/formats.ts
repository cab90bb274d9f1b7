// The forms that a whole dataset is downloaded in.
import type { Collection } from './collections.ts'

export interface Format {
  /** End of the address: /opendata/{dataset}.{extension} */
  extension: 'geojson' | 'geojsonl' | 'csv' | 'kml' | 'fgb' | 'gpkg' | 'shp.zip' | 'pmtiles'
  /** As people call it; the same in every language. */
  name: string
  media_type: string
  /** What is inside the zip. */
  zipped_type?: string
  /** Code in the European list of file types; null: it has none. */
  file_type: string | null
  /** Made of tiles: only for what has some, and always of all of it. */
  isTiled?: true
}

export const formats: readonly Format[] = [
  { extension: 'geojson', name: 'GeoJSON', media_type: 'application/geo+json', file_type: 'GEOJSON' },
  { extension: 'geojsonl', name: 'GeoJSON Text Sequence', media_type: 'application/geo+json-seq', file_type: 'GEOJSON' },
  { extension: 'csv', name: 'CSV', media_type: 'text/csv', file_type: 'CSV' },
  { extension: 'gpkg', name: 'GeoPackage', media_type: 'application/geopackage+sqlite3', file_type: 'GPKG' },
  { extension: 'fgb', name: 'FlatGeobuf', media_type: 'application/flatgeobuf', file_type: null },
  { extension: 'shp.zip', name: 'Shapefile (zip)', media_type: 'application/zip', zipped_type: 'application/vnd.shp', file_type: 'SHP' },
  { extension: 'kml', name: 'KML', media_type: 'application/vnd.google-earth.kml+xml', file_type: 'KML' },
  { extension: 'pmtiles', name: 'PMTiles', media_type: 'application/vnd.pmtiles', file_type: null, isTiled: true },
] // prettier-ignore

/** The forms that this one comes in. */
export const formatsOf = ({ layer }: Collection): Format[] =>
  formats.filter(({ isTiled }) => !isTiled || layer !== null)
