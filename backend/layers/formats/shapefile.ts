// Shapefiles as Greek services hand them over: EPSG:2100 in a .prj, texts in windows-1253, parts that are missing.
import { open as openFile, readFile } from 'node:fs/promises'
import { open, openShp } from 'shapefile'
import { ImportError } from '../refusal.ts'
import { encodingOfBytes, knownEncoding } from './encoding.ts'
import type { ReadingOptions, Source } from './source.ts'

/** The files of one Shapefile on disk, by ending. */
export interface Parts {
  shp: string
  dbf?: string
  prj?: string
  cpg?: string
}

/** Byte 29 of a .dbf: the language driver, as far as Greek files have one. */
const DRIVERS: Record<number, string> = { 0xcb: 'windows-1253', 0x03: 'windows-1252', 0xc8: 'windows-1250' }
const DRIVER_AT = 29
const PEEK_BYTES = 1 << 20

/** What staff say; else the .cpg; else the .dbf itself: its driver, or what its bytes can be. */
async function encodingFor({ dbf, cpg }: Parts, said: string | undefined): Promise<string> {
  const told = said ?? (cpg && (await readFile(cpg, 'latin1')).trim())
  const known = told && knownEncoding(told)
  if (known) return known
  if (!dbf) return 'utf-8'
  const handle = await openFile(dbf)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0)
    // Headers of field names are letters; numbers in them are not.
    const body = buffer.subarray(Math.min(buffer.readUInt16LE(8), bytesRead), bytesRead)
    const found = encodingOfBytes(body)
    return found === 'utf-8' ? found : (DRIVERS[buffer[DRIVER_AT] ?? 0] ?? found)
  } finally {
    await handle.close()
  }
}

/** A Shapefile, feature by feature. */
export async function shapefile(parts: Parts, name: string, { encoding: said }: ReadingOptions): Promise<Source> {
  const encoding = await encodingFor(parts, said)
  async function* features() {
    let count = 0
    try {
      const source = parts.dbf ? await open(parts.shp, parts.dbf, { encoding }) : await withoutAttributes(parts.shp)
      for (let next = await source.read(); !next.done; next = await source.read()) {
        count++
        yield next.value
      }
    } catch (error) {
      throw new ImportError('broken-file', { name, count, reason: (error as Error).message })
    }
  }
  const wkt = parts.prj && (await readFile(parts.prj, 'utf8')).trim()
  return { name, format: 'shapefile', crs: wkt ? { wkt } : null, encoding: parts.dbf ? encoding : null, features }
}

async function withoutAttributes(shp: string) {
  const source = await openShp(shp)
  return {
    read: async () => {
      const { done, value } = await source.read()
      return { done, value: { type: 'Feature' as const, properties: {}, geometry: value } }
    },
  }
}
