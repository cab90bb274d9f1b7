// Archives of staff: unpacked into a folder under names of our own, so that no name inside leads anywhere.
import { createWriteStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { openPromise } from 'yauzl'
import { ImportError } from '../refusal.ts'

export interface Unpacked {
  /** Path inside the archive. */
  path: string
  /** Where it is on disk. */
  file: string
}

const WANTED = new Set(['.shp', '.dbf', '.prj', '.cpg', '.geojson', '.json', '.geojsonl', '.kml', '.gpx', '.gpkg', '.fgb', '.csv']) // prettier-ignore
const LIMIT_ENTRIES = 2000
const LIMIT_BYTES = 4 * 1024 ** 3
/** Maps are packed to a tenth, seldom to a fiftieth; what unpacks to more is made to fill a disk. */
const LIMIT_RATIO = 200
const FREE_BYTES = 100 * 1024 ** 2

/** Unpacks what can be read of an archive into a folder. Throws ImportError for what is broken, a bomb, or named to break out. */
export async function unpack(file: string, name: string, folder: string): Promise<Unpacked[]> {
  const { size } = await stat(file)
  const unpacked: Unpacked[] = []
  let bytes = 0
  let count = 0
  try {
    const archive = await openPromise(file)
    for await (const entry of archive.eachEntry()) {
      if (++count > LIMIT_ENTRIES) throw new ImportError('zip-too-many', { name, limit: LIMIT_ENTRIES })
      if (!WANTED.has(extname(entry.fileName).toLowerCase()) || basename(entry.fileName).startsWith('.')) continue
      bytes += entry.uncompressedSize
      if (bytes > LIMIT_BYTES || (bytes > FREE_BYTES && bytes > LIMIT_RATIO * size))
        throw new ImportError('zip-bomb', { name })
      const target = join(folder, `${unpacked.length}${extname(entry.fileName).toLowerCase()}`)
      await pipeline(await archive.openReadStreamPromise(entry), createWriteStream(target))
      unpacked.push({ path: entry.fileName, file: target })
    }
  } catch (error) {
    if (error instanceof ImportError) throw error
    throw new ImportError('broken-zip', { name, reason: (error as Error).message })
  }
  return unpacked
}
