// Where the place of a row stands in a table: coordinates, well-known text, or an address; as staff say, or as it looks.
import { ImportError } from '../refusal.ts'
import type { Addressed, PlaceColumns } from './source.ts'

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

export type Row = Record<string, string>

/** A row, and the line on which it ends. */
export interface Line {
  record: Row
  info: { lines: number }
}

/** Where the place of a row stands, and how it is read. */
export interface Place {
  /** All columns of the table. */
  names: string[]
  /** Those that hold the place. */
  columns: string[]
  /** There are no coordinates: the municipality's own addresses tell where it is. */
  isAddress: boolean
  read: (row: Row, line: number) => { geometry: object | null } | { wkt: string } | Addressed
}

const plain = (header: string) =>
  header
    .normalize('NFD')
    .replace(/\p{Mn}/gu, '')
    .toLowerCase()
    .replaceAll('ς', 'σ')
    .replace(/[^\p{L}\p{N}]/gu, '')

/** The place of the rows. `said`: columns that staff name. Throws ImportError when they are not there, or none holds a place. */
export async function findPlace(rows: AsyncIterable<Line>, name: string, said: PlaceColumns = {}): Promise<Place> {
  const sample: Row[] = []
  for await (const { record } of rows) if (sample.push(record) === 50) break
  const names = Object.keys(sample[0] ?? {})
  const unknown = Object.values(said).find((column) => column && !names.includes(column))
  if (unknown) throw new ImportError('no-column', { name, column: unknown, columns: listed(names) }, [], names)
  const place = placeSaid(said) ?? placeFound(sample, names)
  if (!place) throw new ImportError('no-place', { name, columns: listed(names) }, [], names)
  return { ...place, names }
}

const listed = (names: readonly string[]) => names.slice(0, 20).join(', ')

type Reading = Omit<Place, 'names'>

function placeSaid({ lon, lat, address, number }: PlaceColumns): Reading | null {
  if (lon && lat) return byNumbers(lon, lat)
  return address ? byAddress(number ? [address, number] : [address]) : null
}

/** By the names of the columns, then by the values of the first rows. */
function placeFound(sample: readonly Row[], names: readonly string[]): Reading | null {
  const called = (known: string[]) => names.find((column) => known.includes(plain(column)))
  const holds = (pattern: RegExp) =>
    names.find((column) => {
      const values = sample.map((row) => row[column] ?? '').filter(Boolean)
      return values.length > 0 && values.every((value) => pattern.test(value))
    })
  const [lon, lat, wkt, pair] = [called(LONGITUDE), called(LATITUDE), holds(WKT), holds(PAIR)]
  if (lon && lat) return byNumbers(lon, lat)
  if (wkt) return { columns: [wkt], isAddress: false, read: (row) => (row[wkt] ? { wkt: row[wkt] } : { geometry: null }) } // prettier-ignore
  if (pair) return { columns: [pair], isAddress: false, read: (row) => pairOf(pair, row[pair]) }
  const [address, street, number] = [called(ADDRESS), called(STREET), called(NUMBER)]
  if (address) return byAddress([address])
  return street ? byAddress(number ? [street, number] : [street]) : null
}

const byNumbers = (lon: string, lat: string): Reading => ({
  columns: [lon, lat],
  isAddress: false,
  read: (row) => pointOf(row[lon], row[lat]),
})

const byAddress = (columns: string[]): Reading => ({
  columns,
  isAddress: true,
  read: (row, line) => addressOf(columns.map((column) => row[column] ?? '').join(' ').trim(), line), // prettier-ignore
})

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
