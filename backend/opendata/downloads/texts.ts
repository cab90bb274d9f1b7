// Formats that are text: GeoJSON, GeoJSON Text Sequences, CSV, KML.
import { csvCell, csvQuoted } from '../../core/table.ts'
import type { Crs } from '../crs.ts'
import { BETWEEN } from '../features.ts'
import { xml } from '../xml.ts'
import type { Column, Download, Feature } from './download.ts'
import { type Geometry, parts, type Position, wkt } from './geometry.ts'

/** RFC 7946. Files in a projected system say so as GeoJSON of 2008 did: without it GIS would take metres for degrees. */
export async function* geoJson({ collection, query, texts }: Download): AsyncGenerator<string> {
  const head = `{"type":"FeatureCollection","name":${JSON.stringify(collection.slug)},${member(query.crs)}"features":[`
  let before = head
  for await (const text of texts()) {
    yield `${before}\n${text}`
    before = ','
  }
  yield `${before === head ? head : ''}\n]}\n`
}

const member = ({ srid }: Crs) =>
  srid === 3857 || srid === 2100 ? `"crs":{"type":"name","properties":{"name":"urn:ogc:def:crs:EPSG::${srid}"}},` : ''

/** RFC 8142: a record separator before each feature, a line end behind it. */
export async function* geoJsonSequence({ texts }: Download): AsyncGenerator<string> {
  // No line ends inside a feature: in JSON they are escaped.
  for await (const text of texts()) yield `\u001e${text.replaceAll(BETWEEN, '\n\u001e')}\n`
}

/** RFC 4180. */
export async function* csv({ columns, csv: { hasMark, geometry }, query, pages }: Download): AsyncGenerator<string> {
  const isGeographic = query.crs.bounds.east[1] === 180
  const shapes = { none: [], wkt: ['wkt'], lonlat: isGeographic ? ['lon', 'lat'] : ['x', 'y'] }[geometry]
  const row = (values: readonly string[]) => `${values.join(',')}\r\n`
  const named = [...columns.map(({ name }) => name), ...shapes.map((name) => unlike(name, columns))]
  let before = (hasMark ? '\ufeff' : '') + row(named.map(csvQuoted))
  for await (const page of pages()) {
    const rows = page.map((feature) => row([...columns.map((column) => cell(column, valueOf(column, feature))), ...place(feature.geometry, geometry)])) // prettier-ignore
    yield before + rows.join('')
    before = ''
  }
}

function place(geometry: Geometry | null, form: 'wkt' | 'lonlat' | 'none'): string[] {
  if (form === 'none') return []
  if (form === 'wkt') return [geometry ? csvQuoted(wkt(geometry)) : '']
  return geometry?.type === 'Point' ? geometry.coordinates.map(String) : ['', '']
}

/** A name that no column has. */
const unlike = (name: string, columns: readonly Column[]): string =>
  columns.some((column) => column.name === name) ? unlike(`${name}_`, columns) : name

/** Value of a column; the id is one. */
export const valueOf = ({ name }: Column, { id, properties }: Feature): unknown =>
  name === 'id' ? id : (properties[name] ?? null)

// Only texts can be formulas: whole numbers are texts here, too (isExact).
function cell({ type }: Column, value: unknown): string {
  if (type === 'json' && value !== null) return csvQuoted(JSON.stringify(value))
  return type === 'text' ? csvCell(value) : csvQuoted(String(value ?? ''))
}

/** KML 2.2 (OGC 07-147r2). The name of a place is its title in the caller's language. */
export async function* kml({ collection, columns, language, pages }: Download): AsyncGenerator<string> {
  const { slug, title, layer } = collection
  const nameField = layer?.title_fields?.[language] ?? layer?.key_field ?? null
  const fields = columns.map((column) => `<SimpleField type="${KML_TYPE[column.type] ?? 'string'}" name="${column.name}"><displayName>${xml(column.title[language])}</displayName></SimpleField>`) // prettier-ignore
  let before = `<?xml version="1.0" encoding="UTF-8"?>\n<kml xmlns="http://www.opengis.net/kml/2.2"><Document id="${slug}"><name>${xml(title[language])}</name>\n<Schema name="${slug}" id="${slug}_fields">${fields.join('')}</Schema>\n` // prettier-ignore
  for await (const page of pages()) {
    yield before + page.map((feature) => placemark(slug, columns, nameField, feature)).join('')
    before = ''
  }
  yield '</Document></kml>\n'
}

/** Integers are doubles there: its own are of 32 bits. */
const KML_TYPE: Partial<Record<Column['type'], string>> = { integer: 'double', number: 'double', boolean: 'bool' }

function placemark(slug: string, columns: readonly Column[], nameField: string | null, feature: Feature): string {
  const data = columns.flatMap((column) => {
    const value = valueOf(column, feature)
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value)
    return value === null ? [] : [`<SimpleData name="${column.name}">${xml(text)}</SimpleData>`]
  })
  const name = nameField && feature.properties[nameField]
  const title = name === null || name === undefined ? '' : `<name>${xml(String(name))}</name>`
  return `<Placemark id="${slug}.${feature.id}">${title}<ExtendedData><SchemaData schemaUrl="#${slug}_fields">${data.join('')}</SchemaData></ExtendedData>${feature.geometry ? shape(feature.geometry) : ''}</Placemark>\n`
}

const coordinates = (positions: readonly Position[]) =>
  `<coordinates>${positions.map(([lon, lat]) => `${lon},${lat}`).join(' ')}</coordinates>`
const ring = (positions: readonly Position[]) => `<LinearRing>${coordinates(positions)}</LinearRing>`

function shape(geometry: Geometry): string {
  if (geometry.type === 'Point') return `<Point>${coordinates([geometry.coordinates])}</Point>`
  const inner =
    geometry.type === 'MultiLineString'
      ? parts(geometry).map((line) => `<LineString>${coordinates(line)}</LineString>`)
      : geometry.coordinates.map(
          ([outer = [], ...holes]) =>
            `<Polygon><outerBoundaryIs>${ring(outer)}</outerBoundaryIs>${holes.map((hole) => `<innerBoundaryIs>${ring(hole)}</innerBoundaryIs>`).join('')}</Polygon>`,
        )
  return `<MultiGeometry>${inner.join('')}</MultiGeometry>`
}
