// Tables with coordinates: commas, semicolons or tabs between the values, decimal points or commas, any encoding.
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { ImportError } from '../refusal.ts'
import { encodingOf, knownEncoding } from './encoding.ts'
import type { Addressed, ReadingOptions, Source } from './source.ts'

const HEAD_BYTES = 65_536
const LIMIT_ROW_BYTES = 10_000_000 // a coastline as WKT
const DELIMITERS = [',', ';', '\t', '|']

// Compared without accents, signs and case.
const ADDRESS = [
  'διευθυνση',
  'ταχυδρομικηδιευθυνση',
  'address',
  'streetaddress',
  'dieuthinsi',
  'diefthynsi',
  'dieythynsi',
]
const STREET = ['οδοσ', 'street', 'streetname', 'odos']
const NUMBER = ['αριθμοσ', 'αρ', 'αριθ', 'number', 'no', 'housenumber', 'streetnumber', 'arithmos']
const LONGITUDE = ['lon', 'lng', 'long', 'longitude', 'x', 'easting', 'pointx', 'xcoord', 'γεωγραφικομηκοσ', 'μηκοσ']
const LATITUDE = ['lat', 'latitude', 'y', 'northing', 'pointy', 'ycoord', 'γεωγραφικοπλατοσ', 'πλατοσ']
const PAIR = /^\s*[[(]?\s*(-?\d+\.\d+)\s*[,; ]\s*(-?\d+\.\d+)\s*[\])]?\s*$/
const WKT = /^\s*(MULTI)?(POINT|LINESTRING|POLYGON)\s*(Z|M|ZM)?\s*(\(|EMPTY)|^\s*GEOMETRYCOLLECTION/i

type Row = Record<string, string>

/** A row, and the line on which it ends. */
interface Line {
  record: Row
  info: { lines: number }
}

/** Where the place of a row stands, and how it is read. */
interface Place {
  /** Left out of the properties. */
  columns: string[]
  /** There are no coordinates: the municipality's own addresses tell where it is. */
  isAddress?: boolean
  read: (row: Row, line: number) => { geometry: object | null } | { wkt: string } | Addressed
}

/** A table with a place in each row. Throws ImportError when no column holds one. */
export async function csv(file: string, name: string, { encoding: said }: ReadingOptions): Promise<Source> {
  const encoding = (said && knownEncoding(said)) || (await encodingOf(file))
  const delimiter = await delimiterOf(file, encoding)
  const rows = () => rowsOf(file, name, encoding, delimiter)
  const place = await findPlace(rows(), name)
  async function* features() {
    for await (const { record: row, info } of rows()) {
      const values = Object.entries(row).filter(([column]) => !place.columns.includes(column))
      const properties = Object.fromEntries(values.map(([column, value]) => [column, valueOf(value, delimiter)]))
      yield { type: 'Feature', properties, ...place.read(row, info.lines) }
    }
  }
  return { name, format: 'csv', crs: place.isAddress ? { code: 4326 } : null, encoding, features }
}

async function delimiterOf(file: string, encoding: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const [head = ''] = new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead)).split(/\r?\n/)
    const parts = (delimiter: string) => head.replace(/"[^"]*"/g, '').split(delimiter).length
    return DELIMITERS.reduce((best, one) => (parts(one) > parts(best) ? one : best))
  } finally {
    await handle.close()
  }
}

async function* textOf(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  for await (const piece of createReadStream(file)) yield decoder.decode(piece as Buffer, { stream: true })
  yield decoder.decode()
}

async function* rowsOf(file: string, name: string, encoding: string, delimiter: string): AsyncGenerator<Line> {
  const text = Readable.from(textOf(file, encoding))
  const parser = parse({ columns: named, delimiter, skip_empty_lines: true, trim: true, info: true, max_record_size: LIMIT_ROW_BYTES }) // prettier-ignore
  text.on('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    for await (const row of parser) yield row as Line
  } catch (error) {
    const { code, lines, message } = error as { code?: string; lines?: number; message: string }
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new ImportError('wrong-encoding', { name, encoding })
    throw new ImportError('bad-line', { name, line: lines ?? 1, reason: message })
  } finally {
    text.destroy()
  }
}

/** Columns without a name, or with one that was there before, get one. */
function named(header: string[]): string[] {
  const taken = new Set<string>()
  return header.map((column, index) => {
    const base = column.trim() || `column ${index + 1}`
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base} ${n}`
    taken.add(name)
    return name
  })
}

const plain = (header: string) =>
  header
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(/[^\p{L}\p{N}]/gu, '')

/** Looks at the names of the columns, then at the values of the first rows. */
async function findPlace(rows: AsyncGenerator<Line>, name: string): Promise<Place> {
  const sample: Row[] = []
  for await (const { record } of rows) if (sample.push(record) === 50) break
  const columns = Object.keys(sample[0] ?? {})
  const called = (names: string[]) => columns.find((column) => names.includes(plain(column)))
  const holds = (pattern: RegExp) => columns.find((column) => {
    const values = sample.map((row) => row[column] ?? '').filter(Boolean)
    return values.length > 0 && values.every((value) => pattern.test(value))
  }) // prettier-ignore
  const [lon, lat, pair, wkt] = [called(LONGITUDE), called(LATITUDE), holds(PAIR), holds(WKT)]
  if (lon && lat) return { columns: [lon, lat], read: (row) => pointOf(row[lon], row[lat]) }
  if (wkt) return { columns: [wkt], read: (row) => (row[wkt] ? { wkt: row[wkt] } : { geometry: null }) }
  if (pair) return { columns: [pair], read: (row) => pairOf(pair, row[pair]) }
  const [address, street, number] = [called(ADDRESS), called(STREET), called(NUMBER)]
  const parts = address ? [address] : street ? [street, ...(number ? [number] : [])] : []
  if (parts.length > 0) return { columns: [], isAddress: true, read: (row, line) => addressOf(parts.map((part) => row[part] ?? '').join(' ').trim(), line) } // prettier-ignore
  throw new ImportError('no-place', { name, columns: columns.slice(0, 20).join(', ') })
}

const number = (text: string) => (text.trim() === '' ? NaN : Number(text.trim().replace(',', '.')))

/** The two numbers as GeoJSON has them; what is none stays as it is, to be told with the feature. */
function pointOf(x: string | undefined = '', y: string | undefined = '') {
  if (x === '' && y === '') return { geometry: null }
  const [lon, lat] = [number(x), number(y)]
  return { geometry: { type: 'Point', coordinates: [Number.isNaN(lon) ? x : lon, Number.isNaN(lat) ? y : lat] } }
}

/** Found among addresses when all rows are staged; one without a text has no place. */
const addressOf = (text: string, line: number) => (text === '' ? { geometry: null } : { address: { text, line } })

/** "lat,lon" is how people write it; a column whose name says so has it the other way. */
function pairOf(column: string, value = '') {
  const [, first, second] = PAIR.exec(value) ?? []
  if (first === undefined || second === undefined) return { geometry: value === '' ? null : { type: 'Point', coordinates: [value] } } // prettier-ignore
  const isLonFirst = /^(lon|lng|x)/.test(plain(column))
  return isLonFirst ? pointOf(first, second) : pointOf(second, first)
}

/** Numbers become numbers where nothing is lost by it: 01 and 1.50 stay what they are. */
function valueOf(text: string, delimiter: string): string | number | null {
  if (text === '') return null
  const isDecimalComma = delimiter !== ',' && /^-?\d+,\d+$/.test(text)
  const value = isDecimalComma ? text.replace(',', '.') : text
  return String(Number(value)) === value ? Number(value) : text
}
