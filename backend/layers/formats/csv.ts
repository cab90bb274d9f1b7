// Tables with coordinates: commas, semicolons or tabs between the values, decimal points or commas, any encoding.
import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { Readable } from 'node:stream'
import { parse } from 'csv-parse'
import { ImportError } from '../refusal.ts'
import { encodingOf, knownEncoding } from './encoding.ts'
import { findPlace, type Line } from './place.ts'
import type { ReadingOptions, Source } from './source.ts'

const HEAD_BYTES = 65_536
const LIMIT_ROW_BYTES = 10_000_000 // a coastline as WKT
const DELIMITERS = [',', ';', '\t', '|']

/** A table with a place in each row. Throws ImportError when no column holds one. */
export async function csv(
  file: string,
  name: string,
  { encoding: said, place: saidPlace }: ReadingOptions,
): Promise<Source> {
  const encoding = (said && knownEncoding(said)) || (await encodingOf(file))
  const delimiter = await delimiterOf(file, encoding)
  const rows = () => rowsOf(file, name, encoding, delimiter)
  const place = await findPlace(rows(), name, saidPlace)
  // An address stays beside the place that was found for it; coordinates are the place.
  const left = place.isAddress ? [] : place.columns
  async function* features() {
    for await (const { record: row, info } of rows()) {
      const values = Object.entries(row).filter(([column]) => !left.includes(column))
      const properties = Object.fromEntries(values.map(([column, value]) => [column, valueOf(value, delimiter)]))
      yield { type: 'Feature', properties, ...place.read(row, info.lines) }
    }
  }
  return {
    name,
    format: 'csv',
    crs: place.isAddress ? { code: 4326 } : null,
    encoding,
    columns: { names: place.names, place: place.columns, is_address: place.isAddress },
    features,
  }
}

async function delimiterOf(file: string, encoding: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0)
    const [head = ''] = new TextDecoder(encoding).decode(buffer.subarray(0, bytesRead)).split(/\r?\n/)
    const parts = (delimiter: string) => head.replace(/"[^"]*"/g, '').split(delimiter).length
    return DELIMITERS.reduce((best, one) => (parts(one) > parts(best) ? one : best))
  } finally {
    await handle.close()
  }
}

async function* textOf(file: string, encoding: string): AsyncGenerator<string> {
  const decoder = new TextDecoder(encoding, { fatal: true })
  for await (const piece of createReadStream(file)) yield decoder.decode(piece as Buffer, { stream: true })
  yield decoder.decode()
}

async function* rowsOf(file: string, name: string, encoding: string, delimiter: string): AsyncGenerator<Line> {
  const text = Readable.from(textOf(file, encoding))
  const parser = parse({ columns: named, delimiter, skip_empty_lines: true, trim: true, info: true, max_record_size: LIMIT_ROW_BYTES }) // prettier-ignore
  text.on('error', (error) => parser.destroy(error)).pipe(parser)
  try {
    for await (const row of parser) yield row as Line
  } catch (error) {
    const { code, lines, message } = error as { code?: string; lines?: number; message: string }
    if (code === 'ERR_ENCODING_INVALID_ENCODED_DATA') throw new ImportError('wrong-encoding', { name, encoding })
    throw new ImportError('bad-line', { name, line: lines ?? 1, reason: message })
  } finally {
    text.destroy()
  }
}

/** Columns without a name, or with one that was there before, get one. */
function named(header: string[]): string[] {
  const taken = new Set<string>()
  return header.map((column, index) => {
    const base = column.trim() || `column ${index + 1}`
    let name = base
    for (let n = 2; taken.has(name); n++) name = `${base} ${n}`
    taken.add(name)
    return name
  })
}

/** Numbers become numbers where nothing is lost by it: 01 and 1.50 stay what they are. */
function valueOf(text: string, delimiter: string): string | number | null {
  if (text === '') return null
  const isDecimalComma = delimiter !== ',' && /^-?\d+,\d+$/.test(text)
  const value = isDecimalComma ? text.replace(',', '.') : text
  return String(Number(value)) === value ? Number(value) : text
}
