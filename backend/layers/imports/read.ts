// From an uploaded file to staged features: what it is, in which system, and what is wrong with it.
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Db } from '../../core/db/connect.ts'
import { openSources } from '../formats/open.ts'
import type { PlaceColumns, Source } from '../formats/source.ts'
import type { LayerDefinition } from '../contract.ts'
import { ImportError } from '../refusal.ts'
import { demandCrs } from '../staging.ts'
import { guessSystem, systemOf } from '../systems.ts'

type GeometryType = LayerDefinition['geometry_type']

/** What staff say about a file. */
export interface Wishes {
  crs?: number
  encoding?: string
  source?: string
  geometry_type?: GeometryType
  place?: PlaceColumns
}

export interface Opened {
  source: Source
  /** Names of all tables of features in the file. */
  sources: string[]
  crs: number
  isCrsSaid: boolean
  geometryType: GeometryType
  /** Removes what was unpacked. */
  close: () => Promise<void>
}

/** Opens a file and decides what is to be known before its features are read. Throws ImportError. */
export async function openFile(db: Db, file: string, name: string, wishes: Wishes): Promise<Opened> {
  const folder = await mkdtemp(join(tmpdir(), 'asty-import-'))
  const close = () => rm(folder, { recursive: true, force: true })
  try {
    const found = await openSources({ file, name, folder, options: { encoding: wishes.encoding, place: wishes.place } })
    const sources = found.map((source) => source.name)
    const source = wishes.source ? found.find((each) => each.name === wishes.source) : found[0]
    if (!source) throw new ImportError('no-source', { name, source: wishes.source ?? '', sources: sources.join(', ') })
    const first = await firstGeometry(source, name)
    const said = wishes.crs ?? (source.crs ? await systemOf(db, source.crs) : null)
    const crs = said ?? (first.at && guessSystem(first.at))
    if (!crs) throw new ImportError('system-unsaid', { name: source.name })
    await demandCrs(db, crs)
    return { source, sources, crs, isCrsSaid: said !== null, geometryType: wishes.geometry_type ?? first.type, close }
  } catch (error) {
    await close()
    throw error
  }
}

/** Enough to see past features without a geometry. */
const LOOKED_AT = 1000

interface First {
  type: GeometryType
  /** A position of it, in the file's own system. */
  at: readonly [number, number] | null
}

/** Type and a position of the first feature that has a geometry. */
async function firstGeometry(source: Source, name: string): Promise<First> {
  let looked = 0
  for await (const feature of source.features()) {
    const first = geometryOf(feature)
    if (first) return first
    if (++looked === LOOKED_AT) break
  }
  throw new ImportError('no-features', { name })
}

const TYPE = /^(?:Multi)?(Point|LineString|Polygon)/i
const PLAIN: Record<string, GeometryType> = { point: 'Point', linestring: 'LineString', polygon: 'Polygon' }

function geometryOf(feature: unknown): First | null {
  const { geometry, wkb, wkt, address } = (feature ?? {}) as { address?: object; geometry?: { type?: string; coordinates?: unknown; geometries?: unknown[] } | null; wkb?: string | null; wkt?: string } // prettier-ignore
  if (address) return { type: 'Point', at: null }
  if (wkb) return ofWkb(Buffer.from(wkb, 'hex'))
  const type = PLAIN[(TYPE.exec(wkt?.trim() ?? geometry?.type ?? '')?.[1] ?? '').toLowerCase()]
  if (!type) return geometry?.geometries?.[0] ? geometryOf({ geometry: geometry.geometries[0] }) : null
  if (wkt) {
    const [x, y] = wkt.match(/-?\d+(\.\d+)?/g) ?? []
    return { type, at: x && y ? [Number(x), Number(y)] : null }
  }
  return { type, at: positionIn(geometry?.coordinates) }
}

/** The first pair of numbers in nested coordinates. */
function positionIn(coordinates: unknown): readonly [number, number] | null {
  let inner = coordinates
  while (Array.isArray(inner) && Array.isArray(inner[0])) inner = inner[0]
  const [x, y] = Array.isArray(inner) ? (inner as unknown[]) : []
  return typeof x === 'number' && typeof y === 'number' ? [x, y] : null
}

const WKB_TYPES: Record<number, [type: GeometryType, headerBytes: number]> = {
  1: ['Point', 5],
  2: ['LineString', 9],
  3: ['Polygon', 13],
  4: ['Point', 14],
  5: ['LineString', 18],
  6: ['Polygon', 22],
}

/** ISO WKB: byte order, type (thousands say Z and M), counts, then the first position. */
function ofWkb(bytes: Buffer): First | null {
  const isLittle = bytes[0] === 1
  const [type, header] = WKB_TYPES[(isLittle ? bytes.readUInt32LE(1) : bytes.readUInt32BE(1)) % 1000] ?? []
  if (!type || header === undefined) return null
  if (bytes.length < header + 16) return { type, at: null }
  const number = (at: number) => (isLittle ? bytes.readDoubleLE(at) : bytes.readDoubleBE(at))
  return { type, at: [number(header), number(header + 8)] }
}
