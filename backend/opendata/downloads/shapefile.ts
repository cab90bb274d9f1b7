// Shapefile (ESRI, July 1998) in a zip: .shp, .shx, .dbf, .prj, .cpg, and fields.csv with the names that ten characters cannot hold.
import { createReadStream } from 'node:fs'
import { type FileHandle, open, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { ZipFile } from 'yazl'
import type { FieldDefinition } from '../../layers/contract.ts'
import type { Column, Download, Feature } from './download.ts'
import { Box, doubles, type Geometry, parts } from './geometry.ts'
import { throughFolder } from './scratch.ts'
import { valueOf } from './texts.ts'

/** Name, kind, width, digits behind the point. */
interface DbfField {
  name: string
  kind: 'C' | 'N' | 'L' | 'D'
  width: number
  decimals: number
}

const KIND: Record<FieldDefinition['type'], Omit<DbfField, 'name'>> = {
  text: { kind: 'C', width: 254, decimals: 0 },
  json: { kind: 'C', width: 254, decimals: 0 },
  timestamp: { kind: 'C', width: 32, decimals: 0 },
  integer: { kind: 'N', width: 18, decimals: 0 },
  number: { kind: 'N', width: 24, decimals: 15 },
  boolean: { kind: 'L', width: 1, decimals: 0 },
  date: { kind: 'D', width: 8, decimals: 0 },
}
const SHAPE = { Point: 1, LineString: 3, Polygon: 5 } as const
const HEAD_BYTES = 100

export const shapefile = (download: Download) =>
  throughFolder(async (folder) => {
    const { slug } = download.collection
    const fields = dbfFields(download.columns)
    const path = (end: string) => join(folder, `${slug}.${end}`)
    await writeTables(download, fields, path)
    await writeFile(path('prj'), await download.definition())
    await writeFile(path('cpg'), 'UTF-8')
    const zip = new ZipFile()
    for (const end of ['shp', 'shx', 'dbf', 'prj', 'cpg'])
      zip.addReadStream(createReadStream(path(end)), `${slug}.${end}`)
    zip.addBuffer(Buffer.from(fieldMap(download.columns, fields)), 'fields.csv')
    zip.end()
    return zip.outputStream
  })

/** Ten characters a name, each but once. */
function dbfFields(columns: readonly Column[]): DbfField[] {
  const taken = new Set<string>()
  return columns.map(({ name, type }) => {
    let short = name.slice(0, 10)
    for (let n = 1; taken.has(short); n++) short = `${name.slice(0, 9 - String(n).length)}_${n}`
    taken.add(short)
    return { name: short, ...KIND[type] }
  })
}

const quoted = (text: string) => `"${text.replaceAll('"', '""')}"`
const fieldMap = (columns: readonly Column[], fields: readonly DbfField[]) =>
  [['field', 'name', 'el', 'en'], ...columns.map(({ name, title }, n) => [fields[n]?.name ?? '', name, title.el, title.en])] // prettier-ignore
    .map((row) => `${row.map(quoted).join(',')}\r\n`)
    .join('')

async function writeTables(
  { collection, columns, pages }: Download,
  fields: readonly DbfField[],
  path: (end: string) => string,
): Promise<void> {
  const files = await Promise.all(['shp', 'shx', 'dbf'].map((end) => open(path(end), 'w')))
  const [shp, shx, dbf] = files as [FileHandle, FileHandle, FileHandle]
  try {
    const shape = SHAPE[collection.geometry_type]
    const box = new Box()
    const dbfHeadBytes = 33 + fields.length * 32
    let [shpAt, shxAt, dbfAt, count] = [HEAD_BYTES, HEAD_BYTES, dbfHeadBytes, 0]
    for await (const page of pages()) {
      const records = page.map(({ geometry }) => shapeRecord(shape, geometry, box))
      const [shapes, index] = [Buffer.concat(records.map((record, n) => numbered(record, count + n + 1))), indexOf(records, shpAt)] // prettier-ignore
      const rows = Buffer.concat(page.map((feature) => dbfRow(columns, fields, feature)))
      await Promise.all([shp.write(shapes, 0, shapes.length, shpAt), shx.write(index, 0, index.length, shxAt), dbf.write(rows, 0, rows.length, dbfAt)]) // prettier-ignore
      shpAt += shapes.length
      shxAt += index.length
      dbfAt += rows.length
      count += page.length
    }
    await shp.write(fileHead(shape, shpAt, box), 0, HEAD_BYTES, 0)
    await shx.write(fileHead(shape, shxAt, box), 0, HEAD_BYTES, 0)
    await dbf.write(dbfHead(fields, count), 0, dbfHeadBytes, 0)
    await dbf.write(Buffer.of(0x1a), 0, 1, dbfAt)
  } finally {
    await Promise.all(files.map((file) => file.close()))
  }
}

/** Lengths are in words of 16 bits. */
function fileHead(shape: number, bytes: number, box: Box): Buffer {
  const head = Buffer.alloc(HEAD_BYTES)
  head.writeInt32BE(9994, 0)
  head.writeInt32BE(bytes / 2, 24)
  head.writeInt32LE(1000, 28)
  head.writeInt32LE(shape, 32)
  if (!box.isEmpty) box.bounds.forEach((bound, n) => head.writeDoubleLE(bound, 36 + n * 8))
  return head
}

const NO_SHAPE = 0

function shapeRecord(shape: number, geometry: Geometry | null, box: Box): Buffer {
  const kind = Buffer.alloc(4)
  kind.writeInt32LE(geometry ? shape : NO_SHAPE)
  if (!geometry) return kind
  box.add(geometry)
  if (geometry.type === 'Point') return Buffer.concat([kind, doubles([geometry.coordinates])])
  // Exterior rings go clockwise there, holes the other way: the reverse of RFC 7946.
  const lines = geometry.type === 'MultiPolygon' ? parts(geometry).map((ring) => [...ring].reverse()) : parts(geometry)
  const bounds = Buffer.alloc(32)
  new Box().add(geometry).bounds.forEach((bound, n) => bounds.writeDoubleLE(bound, n * 8))
  const counts = Buffer.alloc(8 + lines.length * 4)
  counts.writeInt32LE(lines.length, 0)
  let points = 0
  lines.forEach((line, n) => {
    counts.writeInt32LE(points, 8 + n * 4)
    points += line.length
  })
  counts.writeInt32LE(points, 4)
  return Buffer.concat([kind, bounds, counts, ...lines.map(doubles)])
}

const pair = (first: number, second: number): Buffer => {
  const bytes = Buffer.alloc(8)
  bytes.writeInt32BE(first, 0)
  bytes.writeInt32BE(second, 4)
  return bytes
}

const numbered = (record: Buffer, number: number) => Buffer.concat([pair(number, record.length / 2), record])

/** Where each record begins, and how long it is. */
function indexOf(records: readonly Buffer[], start: number): Buffer {
  let at = start
  return Buffer.concat(
    records.map(({ length }) => {
      const entry = pair(at / 2, length / 2)
      at += 8 + length
      return entry
    }),
  )
}

function dbfHead(fields: readonly DbfField[], count: number): Buffer {
  const head = Buffer.alloc(33 + fields.length * 32)
  const today = new Date()
  head.set([3, today.getUTCFullYear() - 1900, today.getUTCMonth() + 1, today.getUTCDate()])
  head.writeUInt32LE(count, 4)
  head.writeUInt16LE(head.length, 8)
  head.writeUInt16LE(1 + fields.reduce((sum, { width }) => sum + width, 0), 10)
  fields.forEach(({ name, kind, width, decimals }, n) => {
    const at = 32 + n * 32
    head.write(name, at, 10, 'latin1')
    head.write(kind, at + 11, 1, 'latin1')
    head.set([width, decimals], at + 16)
  })
  head.writeUInt8(0x0d, head.length - 1)
  return head
}

const dbfRow = (columns: readonly Column[], fields: readonly DbfField[], feature: Feature): Buffer =>
  Buffer.concat([Buffer.from(' '), ...columns.map((column, n) => dbfValue(fields[n]!, valueOf(column, feature)))])

function dbfValue({ kind, width, decimals }: DbfField, value: unknown): Buffer {
  const text = value === null ? (kind === 'L' ? '?' : '') : dbfText(kind, value, width, decimals)
  const bytes = Buffer.alloc(width, ' ')
  const found = Buffer.from(text)
  // Cut between letters, never inside one: 10xxxxxx goes on with a letter (RFC 3629).
  let end = Math.min(found.length, width)
  while (end < found.length && end > 0 && (found[end]! & 0xc0) === 0x80) end--
  if (kind === 'N') found.copy(bytes, width - end, 0, end)
  else found.copy(bytes, 0, 0, end)
  return bytes
}

function dbfText(kind: DbfField['kind'], value: unknown, width: number, decimals: number): string {
  if (kind === 'L') return value ? 'T' : 'F'
  if (kind === 'D') return /^\d{4}-\d{2}-\d{2}$/.test(String(value)) ? String(value).replaceAll('-', '') : ''
  // Nineteen digits have no room: wider fields are fractions to those who read them.
  if (kind === 'N' && decimals === 0) return String(value).length <= width ? String(value) : ''
  if (kind === 'N') return numberText(Number(value), width, decimals)
  return typeof value === 'object' ? JSON.stringify(value) : String(value)
}

/** As many digits as there is room for; a number that has none at all is left out. */
function numberText(value: number, width: number, decimals: number): string {
  if (!Number.isFinite(value)) return ''
  for (let digits = decimals; digits >= 0; digits--) {
    const text = value.toFixed(digits)
    if (text.length <= width && !text.includes('e')) return text
  }
  return ''
}
