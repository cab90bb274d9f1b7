// PMTiles 3.1: all tiles of a layer in one file, for maps without a network. Clustered: tiles lie in the order of their ids.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { promisify } from 'node:util'
import { gzip, gzipSync } from 'node:zlib'
import type { TileAddress } from '../../core/geo/tile.ts'
import type { Download, Tiles } from './download.ts'
import { throughFolder } from './scratch.ts'

/** Zooms that would make more tiles than this in all are left out; maps draw the last one larger. */
const MOST_TILES = 100_000
const HEADER_BYTES = 127
/** Header and root directory together are read at once (3, "Directory Hierarchy"). */
const FIRST_READ_BYTES = 16_384
const LEAF_ENTRIES = 4096

interface Entry {
  id: number
  /** From the beginning of the tiles, or of the leaf directories; bytes. */
  offset: number
  length: number
  /** Tiles one after the other that are the same; 0: a leaf directory. */
  run: number
}

interface Content {
  entries: Entry[]
  contents: number
  bytes: number
  maxZoom: number
}

export async function* pmtiles({ collection, language, tiles }: Download): AsyncGenerator<Uint8Array> {
  if (!tiles) throw new Error(`${collection.slug} has no tiles`)
  yield* throughFolder(async (folder) => {
    const file = join(folder, 'tiles')
    const content: Content = { entries: [], contents: 0, bytes: 0, maxZoom: tiles.layer.min_zoom }
    await pipeline(Readable.from(encoded(tiles, content), { objectMode: false }), createWriteStream(file))
    const metadata = gzipSync(JSON.stringify({ ...tiles.metadata, name: collection.title[language] }))
    const { root, leaves } = directories(content.entries)
    const head = header(tiles, content, [root, metadata, leaves])
    return Readable.from(concatenated([head, root, metadata, leaves], file))
  })
}

async function* concatenated(parts: readonly Buffer[], file: string): AsyncGenerator<Uint8Array> {
  yield* parts
  yield* createReadStream(file)
}

const compressed = promisify(gzip)

/** The tiles, packed, zoom by zoom; `content` is filled with where they lie. What is there twice is stored once. */
async function* encoded(tiles: Tiles, content: Content): AsyncGenerator<Buffer> {
  const { layer, signal } = tiles
  const known = new Map<string, Pick<Entry, 'offset' | 'length'>>()
  let wanted = layer.bbox ? tilesIn(layer.min_zoom, layer.bbox) : []
  let total = 0
  for (let z = layer.min_zoom; z <= layer.max_zoom && total + wanted.length <= MOST_TILES; z++) {
    total += wanted.length
    content.maxZoom = z
    const filled: TileAddress[] = []
    for (const tile of wanted) {
      signal.throwIfAborted()
      const body = await tiles.encode(tile)
      // What is too small to be seen here is seen further down.
      if (body.length > 0 || (await tiles.touches(tile))) filled.push(tile)
      if (body.length === 0) continue
      const digest = createHash('sha256').update(body).digest('base64')
      let place = known.get(digest)
      if (!place) {
        const packed = await compressed(body)
        place = { offset: content.bytes, length: packed.length }
        known.set(digest, place)
        content.bytes += packed.length
        content.contents++
        yield packed
      }
      append(content.entries, { id: tileId(tile), ...place, run: 1 })
    }
    wanted = filled.flatMap(childrenOf).sort((a, b) => tileId(a) - tileId(b))
  }
  if (content.entries.length > 0) return
  // A directory without entries is none: of an empty layer there is one empty tile.
  const nothing = await compressed(Buffer.alloc(0))
  Object.assign(content, { bytes: nothing.length, contents: 1 })
  content.entries.push({ id: tileId({ z: layer.min_zoom, x: 0, y: 0 }), offset: 0, length: nothing.length, run: 1 })
  yield nothing
}

function append(entries: Entry[], entry: Entry): void {
  const last = entries.at(-1)
  if (last && last.offset === entry.offset && last.id + last.run === entry.id) last.run++
  else entries.push(entry)
}

/** Place of a tile on the Hilbert curves of all zooms, one after the other. */
export function tileId({ z, x, y }: TileAddress): number {
  let id = (4 ** z - 1) / 3
  for (let s = 2 ** (z - 1); s >= 1; s /= 2) {
    const [right, down] = [x & s ? 1 : 0, y & s ? 1 : 0]
    id += s * s * ((3 * right) ^ down)
    if (down === 0) [x, y] = right ? [s - 1 - (y & (s - 1)), s - 1 - (x & (s - 1))] : [y, x]
  }
  return id
}

const childrenOf = ({ z, x, y }: TileAddress): TileAddress[] =>
  [0, 1, 2, 3].map((n) => ({ z: z + 1, x: 2 * x + (n & 1), y: 2 * y + (n >> 1) }))

/** In order. Box: west, south, east, north, degrees. */
function tilesIn(z: number, [west, south, east, north]: NonNullable<Tiles['layer']['bbox']>): TileAddress[] {
  const size = 2 ** z
  const cell = (part: number) => Math.max(0, Math.min(size - 1, Math.floor(part * size)))
  const column = (lon: number) => cell((lon + 180) / 360)
  const row = (lat: number) => cell(0.5 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / (2 * Math.PI))
  const found: TileAddress[] = []
  for (let x = column(west); x <= column(east); x++)
    for (let y = row(north); y <= row(south); y++) found.push({ z, x, y })
  return found.sort((a, b) => tileId(a) - tileId(b))
}

/** The root, and the leaves it leads to if it cannot hold all entries itself. */
function directories(entries: readonly Entry[]): { root: Buffer; leaves: Buffer } {
  const whole = directory(entries)
  if (whole.length + HEADER_BYTES <= FIRST_READ_BYTES) return { root: whole, leaves: Buffer.alloc(0) }
  for (let size = LEAF_ENTRIES; ; size *= 2) {
    const groups = Array.from({ length: Math.ceil(entries.length / size) }, (_, n) => entries.slice(n * size, (n + 1) * size)) // prettier-ignore
    let offset = 0
    const leaves = groups.map((group) => {
      const bytes = directory(group)
      offset += bytes.length
      return { bytes, entry: { id: group[0]!.id, offset: offset - bytes.length, length: bytes.length, run: 0 } }
    })
    const root = directory(leaves.map(({ entry }) => entry))
    if (root.length + HEADER_BYTES <= FIRST_READ_BYTES) return { root, leaves: Buffer.concat(leaves.map(({ bytes }) => bytes)) } // prettier-ignore
  }
}

/** Columns of variable-length integers: ids as differences, offsets as 0 where one tile follows the other. */
function directory(entries: readonly Entry[]): Buffer {
  const numbers = [
    entries.length,
    ...entries.map(({ id }, n) => id - (entries[n - 1]?.id ?? 0)),
    ...entries.map(({ run }) => run),
    ...entries.map(({ length }) => length),
    ...entries.map(({ offset }, n) => {
      const before = entries[n - 1]
      return before && before.offset + before.length === offset ? 0 : offset + 1
    }),
  ]
  return gzipSync(Buffer.from(numbers.flatMap(varint)))
}

function varint(value: number): number[] {
  const bytes: number[] = []
  // Ids at zoom 22 have 45 bits: no shifting.
  for (; value >= 128; value = Math.floor(value / 128)) bytes.push((value % 128) + 128)
  return [...bytes, value]
}

function header({ layer }: Tiles, { entries, contents, bytes, maxZoom }: Content, sections: readonly Buffer[]): Buffer {
  const head = Buffer.alloc(HEADER_BYTES)
  head.write('PMTiles')
  head.writeUInt8(3, 7)
  let at = HEADER_BYTES
  ;[...sections.map(({ length }) => length), bytes].forEach((length, n) => {
    head.writeBigUInt64LE(BigInt(at), 8 + n * 16)
    head.writeBigUInt64LE(BigInt(length), 16 + n * 16)
    at += length
  })
  const addressed = entries.reduce((sum, { run }) => sum + run, 0)
  ;[addressed, entries.length, contents].forEach((count, n) => head.writeBigUInt64LE(BigInt(count), 72 + n * 8))
  // Clustered; directories and tiles in gzip; vector tiles.
  head.set([1, 2, 2, 1, layer.min_zoom, maxZoom], 96)
  const [west, south, east, north] = layer.bbox ?? [-180, -85, 180, 85]
  const degrees = (value: number, offset: number) => head.writeInt32LE(Math.round(value * 1e7), offset)
  ;[west, south, east, north].forEach((value, n) => degrees(value, 102 + n * 4))
  head.writeUInt8(layer.min_zoom, 118)
  degrees((west + east) / 2, 119)
  degrees((south + north) / 2, 123)
  return head
}
