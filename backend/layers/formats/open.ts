// What a file is: told by its first bytes, not by its name.
import { existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { basename, dirname, extname, join } from 'node:path'
import { ImportError } from '../refusal.ts'
import { csv } from './csv.ts'
import { flatgeobuf } from './flatgeobuf.ts'
import { geojson, geojsonl } from './geojson.ts'
import { geopackage } from './geopackage.ts'
import { type Parts, shapefile } from './shapefile.ts'
import type { ReadingOptions, Source } from './source.ts'
import { xml } from './xml.ts'
import { unpack, type Unpacked } from './zip.ts'

const HEAD_BYTES = 4096

interface Given {
  /** Where the file is. */
  file: string
  /** What its owner calls it. */
  name: string
  /** An empty folder for what an archive holds; the caller removes it. */
  folder: string
  options: ReadingOptions
}

/** The tables of features in a file, at least one. Throws ImportError. */
export async function openSources({ file, name, folder, options }: Given): Promise<Source[]> {
  const bytes = await headOf(file)
  if (bytes.length === 0) throw new ImportError('empty-file', { name })
  const sources = bytes.subarray(0, 2).equals(Buffer.from('PK'))
    ? await fromArchive(await unpack(file, name, folder), options)
    : bytes.readUInt32BE(0) === SHAPEFILE_MAGIC
      ? [await shapefile(partsBeside(file), name, options)]
      : await fromFile(file, name, bytes, options)
  if (sources.length === 0) throw new ImportError('nothing-inside', { name })
  return sources
}

const SHAPEFILE_MAGIC = 9994

async function headOf(file: string): Promise<Buffer> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    return bytesRead === 0 ? buffer.subarray(0, 0) : buffer.subarray(0, Math.max(bytesRead, 4))
  } finally {
    await handle.close()
  }
}

/** A .shp at the command line: its companions have the same name. */
const partsBeside = (shp: string): Parts => {
  const beside = (ending: string) => join(dirname(shp), basename(shp, extname(shp)) + ending)
  const there = ['.dbf', '.prj', '.cpg'].flatMap((ending) => (existsSync(beside(ending)) ? [[ending.slice(1), beside(ending)]] : [])) // prettier-ignore
  return { shp, ...Object.fromEntries(there) }
}

async function fromFile(file: string, name: string, bytes: Buffer, options: ReadingOptions): Promise<Source[]> {
  if (bytes.toString('latin1', 0, 15) === 'SQLite format 3') return geopackage(file, name)
  if (bytes.toString('latin1', 0, 3) === 'fgb') return [await flatgeobuf(file, name)]
  const text = bytes.toString('utf8').replace(/^\ufeff/, '').trimStart() // prettier-ignore
  if (text.startsWith('<')) {
    if (/<(\w+:)?kml[\s>]/.test(text)) return [await xml(file, name, 'kml')]
    if (/<(\w+:)?gpx[\s>]/.test(text)) return [await xml(file, name, 'gpx')]
    throw new ImportError('unknown-format', { name })
  }
  if (text.startsWith('\u001e')) return [geojsonl(file, name)]
  if (text.startsWith('{')) return [isFeatureByLine(text) ? geojsonl(file, name) : await geojson(file, name)]
  if (bytes.includes(0) && !/^..\ufffd/.test(text) && bytes[0] !== 0xff && bytes[0] !== 0xfe) throw new ImportError('unknown-format', { name }) // prettier-ignore
  return [await csv(file, name, options)]
}

/** A whole feature in the first line; a collection goes on to its end. */
const isFeatureByLine = (text: string) => /^\{[^\n]*"type"\s*:\s*"Feature"/.test(text) && !/^[^\n]*"FeatureCollection"/.test(text) // prettier-ignore

/** The Shapefiles of an archive by their names, and every other file that can be read. */
async function fromArchive(files: Unpacked[], options: ReadingOptions): Promise<Source[]> {
  const sources: Source[] = []
  const stem = (path: string) => path.slice(0, -extname(path).length).toLowerCase()
  for (const { path, file } of files) {
    const ending = extname(path).toLowerCase()
    if (['.dbf', '.prj', '.cpg'].includes(ending)) continue
    if (ending === '.shp') {
      const part = (wanted: string) => files.find((other) => stem(other.path) === stem(path) && extname(other.path).toLowerCase() === wanted)?.file // prettier-ignore
      sources.push(await shapefile({ shp: file, dbf: part('.dbf'), prj: part('.prj'), cpg: part('.cpg') }, basename(path, extname(path)), options)) // prettier-ignore
    } else {
      sources.push(...(await fromFile(file, basename(path), await headOf(file), options)))
    }
  }
  return sources
}
