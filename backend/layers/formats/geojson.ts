import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { readFeatures } from '../../core/geo/geojson.ts'
import { ImportError } from '../refusal.ts'
import type { Source } from './source.ts'

/** Enough for the head of a file, and for what may stand behind its features. */
const PEEK_BYTES = 65_536

/** A crs member as GeoJSON had it in 2008; it may stand behind the features. */
async function crsOf(file: string): Promise<Source['crs']> {
  const handle = await open(file)
  try {
    const { size } = await handle.stat()
    for (const position of [0, Math.max(0, size - PEEK_BYTES)]) {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, position)
      const code = /"crs"\s*:\s*\{.{0,200}?EPSG:{1,2}(\d{4,6})/s.exec(buffer.toString('utf8', 0, bytesRead))?.[1]
      if (code) return { code: Number(code) }
    }
    return null
  } finally {
    await handle.close()
  }
}

/** A FeatureCollection, however large. */
export async function geojson(file: string, name: string): Promise<Source> {
  async function* features() {
    let count = 0
    try {
      for await (const feature of readFeatures(createReadStream(file))) {
        count++
        yield feature
      }
    } catch (error) {
      throw new ImportError('not-geojson', { name, count, reason: (error as Error).message })
    }
    if (count === 0) throw new ImportError('no-collection', { name })
  }
  return { name, format: 'geojson', crs: await crsOf(file), encoding: null, features }
}

const RECORD_SEPARATOR = '\u001e'

/** GeoJSON Text Sequences (RFC 8142), and features line by line without the separators. */
export function geojsonl(file: string, name: string): Source {
  async function* features() {
    let line = 0
    for await (const text of createInterface({ input: createReadStream(file, 'utf8'), crlfDelay: Infinity })) {
      line++
      const record = (text.startsWith(RECORD_SEPARATOR) ? text.slice(1) : text).trim()
      if (record === '') continue
      try {
        yield JSON.parse(record)
      } catch (error) {
        throw new ImportError('bad-line', { name, line, reason: (error as Error).message })
      }
    }
  }
  return { name, format: 'geojsonl', crs: null, encoding: null, features }
}
