import type { Format } from '../formats.ts'
import type { Writer } from './download.ts'
import { flatGeobuf } from './flatgeobuf.ts'
import { geoPackage } from './geopackage.ts'
import { pmtiles } from './pmtiles.ts'
import { shapefile } from './shapefile.ts'
import { csv, geoJson, geoJsonSequence, kml } from './texts.ts'

const WRITER: Record<Format['extension'], Writer> = {
  geojson: geoJson,
  geojsonl: geoJsonSequence,
  csv,
  kml,
  fgb: flatGeobuf,
  gpkg: geoPackage,
  'shp.zip': shapefile,
  pmtiles,
}

/** What writes a form. */
export const writerOf = ({ extension }: Format): Writer => WRITER[extension]
