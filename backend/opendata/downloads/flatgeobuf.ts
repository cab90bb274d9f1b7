// FlatGeobuf 3, streamed: without an index, whose place is before features that nobody has seen yet. Slots are the field numbers of
// its schema (header.fbs, feature.fbs).
import { Builder } from 'flatbuffers'
import type { Column, Download, Feature } from './download.ts'
import { CODE, type Geometry, type Position, storedType } from './geometry.ts'
import { valueOf } from './texts.ts'

const MAGIC = Uint8Array.of(0x66, 0x67, 0x62, 3, 0x66, 0x67, 0x62, 0)
const COLUMN = { boolean: 2, integer: 7, number: 10, text: 11, json: 12, date: 13, timestamp: 13 } as const

export async function* flatGeobuf(download: Download): AsyncGenerator<Uint8Array> {
  let before: Uint8Array[] = [MAGIC, header(download)]
  for await (const page of download.pages()) {
    yield Buffer.concat([...before, ...page.map((feature) => featureBytes(download.columns, feature))])
    before = []
  }
}

function header({ collection, columns, query }: Download): Uint8Array {
  const b = new Builder()
  const described = columns.map((column) => columnTable(b, column))
  b.startVector(4, described.length, 4)
  for (const offset of described.reverse()) b.addOffset(offset)
  const columnList = b.endVector()
  b.startObject(6)
  b.addFieldInt32(1, query.crs.srid, 0)
  const crs = b.endObject()
  const name = b.createString(collection.slug)
  b.startObject(14)
  b.addFieldOffset(0, name, 0)
  b.addFieldInt8(2, CODE[storedType(collection.geometry_type)], 0)
  b.addFieldOffset(7, columnList, 0)
  b.addFieldInt16(9, 0, 16) // no index; slot 8, the number of features, stays 0: unknown
  b.addFieldOffset(10, crs, 0)
  b.finishSizePrefixed(b.endObject())
  return b.asUint8Array()
}

function columnTable(b: Builder, { name, type, title }: Column): number {
  const [nameText, titleText] = [b.createString(name), b.createString(title.en)]
  b.startObject(11)
  b.addFieldOffset(0, nameText, 0)
  b.addFieldInt8(1, COLUMN[type], 0)
  b.addFieldOffset(2, titleText, 0)
  return b.endObject()
}

function featureBytes(columns: readonly Column[], feature: Feature): Uint8Array {
  const b = new Builder()
  const properties = b.createByteVector(Buffer.concat(columns.flatMap((column, index) => property(column, index, feature)))) // prettier-ignore
  const geometry = feature.geometry && geometryTable(b, feature.geometry)
  b.startObject(3)
  if (geometry) b.addFieldOffset(0, geometry, 0)
  b.addFieldOffset(1, properties, 0)
  b.finishSizePrefixed(b.endObject())
  return b.asUint8Array()
}

function geometryTable(b: Builder, geometry: Geometry): number {
  switch (geometry.type) {
    case 'Point':
      return simple(b, CODE.Point, [[geometry.coordinates]], false)
    case 'MultiLineString':
      return simple(b, CODE.MultiLineString, geometry.coordinates, true)
    case 'MultiPolygon': {
      const polygons = geometry.coordinates.map((rings) => simple(b, CODE.Polygon, rings, true))
      b.startVector(4, polygons.length, 4)
      for (const offset of polygons.reverse()) b.addOffset(offset)
      const list = b.endVector()
      b.startObject(8)
      b.addFieldInt8(6, CODE.MultiPolygon, 0)
      b.addFieldOffset(7, list, 0)
      return b.endObject()
    }
  }
}

/** All coordinates in one list; where parts end in another, counted in positions. */
function simple(b: Builder, code: number, parts: readonly Position[][], hasEnds: boolean): number {
  const numbers = parts.flat(2) as number[]
  b.startVector(8, numbers.length, 8)
  for (let n = numbers.length - 1; n >= 0; n--) b.addFloat64(numbers[n]!)
  const xy = b.endVector()
  let ends = 0
  if (hasEnds) {
    let count = 0
    const counts = parts.map((part) => (count += part.length))
    b.startVector(4, counts.length, 4)
    for (const end of counts.reverse()) b.addInt32(end)
    ends = b.endVector()
  }
  b.startObject(8)
  b.addFieldOffset(0, ends, 0)
  b.addFieldOffset(1, xy, 0)
  b.addFieldInt8(6, code, 0)
  return b.endObject()
}

/** Number of the column, then the value; nothing for what has none. */
function property(column: Column, index: number, feature: Feature): Buffer[] {
  const value = valueOf(column, feature)
  if (value === null) return []
  const number = Buffer.alloc(2)
  number.writeUInt16LE(index)
  return [number, valueBytes(column.type, value)]
}

function valueBytes(type: Column['type'], value: unknown): Buffer {
  const bytes = Buffer.alloc(8)
  switch (type) {
    case 'boolean':
      return Buffer.of(value ? 1 : 0)
    case 'integer':
      bytes.writeBigInt64LE(BigInt(value as string))
      return bytes
    case 'number':
      bytes.writeDoubleLE(Number(value)) // NaN comes as a text
      return bytes
    default: {
      const text = Buffer.from(type === 'json' ? JSON.stringify(value) : String(value))
      const length = Buffer.alloc(4)
      length.writeUInt32LE(text.length)
      return Buffer.concat([length, text])
    }
  }
}
