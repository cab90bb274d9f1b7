// KML and GPX: always longitude and latitude; a file is read whole, which is how they are made.
import { readFile, stat } from 'node:fs/promises'
import { gpxGen, kmlGen } from '@tmcw/togeojson'
import { DOMParser } from '@xmldom/xmldom'
import { ImportError } from '../refusal.ts'
import type { Source } from './source.ts'

/** As a tree in memory it is twenty times that. */
const LIMIT_MB = 50

/** A KML or GPX file. Throws ImportError when it is too large or no XML. */
export async function xml(file: string, name: string, format: 'kml' | 'gpx'): Promise<Source> {
  if ((await stat(file)).size > LIMIT_MB * 1024 * 1024)
    throw new ImportError('xml-too-large', { name, limit: LIMIT_MB })
  const document = await parse(file, name)
  async function* features() {
    yield* (format === 'kml' ? kmlGen : gpxGen)(document as unknown as Parameters<typeof kmlGen>[0])
  }
  return { name, format, crs: { code: 4326 }, encoding: null, features }
}

async function parse(file: string, name: string) {
  const fail = (reason: string): never => {
    throw new ImportError('broken-file', { name, count: 0, reason })
  }
  const parser = new DOMParser({ onError: (level, message) => (level === 'fatalError' ? fail(message) : undefined) })
  try {
    return parser.parseFromString(await readFile(file, 'utf8'), 'text/xml')
  } catch (error) {
    if (error instanceof ImportError) throw error
    return fail((error as Error).message)
  }
}
