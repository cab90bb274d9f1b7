import { createReadStream } from 'node:fs'
import { Readable } from 'node:stream'
import { deserialize } from 'flatgeobuf/lib/mjs/geojson.js'
import { ImportError } from '../refusal.ts'
import type { Source } from './source.ts'

/** A FlatGeobuf, feature by feature. */
export async function flatgeobuf(file: string, name: string): Promise<Source> {
  async function* features(onHeader?: (code: number | null) => void) {
    let count = 0
    const stream = createReadStream(file)
    try {
      const headerMetaFn = ({ crs }: { crs: { code: number } | null }) => onHeader?.(crs?.code || null)
      for await (const feature of deserialize(Readable.toWeb(stream) as ReadableStream, { headerMetaFn })) {
        count++
        yield feature
      }
    } catch (error) {
      throw new ImportError('broken-file', { name, count, reason: (error as Error).message })
    } finally {
      stream.destroy()
    }
  }
  let code: number | null = null
  const first = features((found) => (code = found))
  await first.next()
  await first.return()
  return { name, format: 'flatgeobuf', crs: code ? { code } : null, encoding: null, features: () => features() }
}
