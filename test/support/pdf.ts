// What a PDF says, read by a reader that is not ours: poppler's pdftotext and pdfinfo (Debian's poppler-utils).
import { execFile } from 'node:child_process'
import { expect } from 'chai'
import sharp from 'sharp'
import { world } from './world.ts'

/** Runs a program with bytes as its input and returns its output. */
const pipe = (program: string, parameters: string[], input: Buffer): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const options = { encoding: 'buffer', maxBuffer: 64 * 1024 * 1024 } as const
    const child = execFile(program, parameters, options, (error, stdout) => (error ? reject(error) : resolve(stdout)))
    child.stdin?.end(input)
  })

async function pdfAt(path: string, base: string, cookie?: string): Promise<Buffer> {
  // A connection each: a sheet is counted dot by dot meanwhile, for longer than the server keeps an idle one.
  const headers = { Connection: 'close', ...(cookie && { Cookie: cookie }) }
  const response = await fetch(base + path, { headers })
  expect(response.status, path).to.equal(200)
  expect(response.headers.get('content-type')).to.equal('application/pdf')
  return Buffer.from(await response.arrayBuffer())
}

/** Fetches a sheet of our own server; its words, and what is said about it. */
export async function sheetAt(
  path: string,
  base = world.url,
  cookie?: string,
): Promise<{ words: string; info: string }> {
  const bytes = await pdfAt(path, base, cookie)
  const [words, info] = await Promise.all([pipe('pdftotext', ['-raw', '-', '-'], bytes), pipe('pdfinfo', ['-'], bytes)])
  return { words: words.toString().replace(/\s+/g, ' '), info: info.toString() }
}

/** A sheet as ten dots a millimetre show it; where a colour is on it. */
export async function inkAt(path: string, cookie?: string): Promise<Ink> {
  const bytes = await pdfAt(path, world.url, cookie)
  const png = await pipe('pdftoppm', ['-r', '254', '-png', '-'], bytes)
  const { data, info } = await sharp(png).removeAlpha().raw().toBuffer({ resolveWithObject: true })
  return (colour) => {
    const wanted = Buffer.from(colour.slice(1), 'hex')
    const [xs, ys]: [number[], number[]] = [[], []]
    for (let at = 0; at < data.length; at += 3) {
      if (![0, 1, 2].every((part) => Math.abs(data[at + part]! - wanted[part]!) < 3)) continue
      xs.push((at / 3) % info.width)
      ys.push(Math.floor(at / 3 / info.width))
    }
    const middle = (values: number[]) => (values.reduce((low, value) => Math.min(low, value)) + values.reduce((high, value) => Math.max(high, value)) + 1) / 20 // prettier-ignore
    return xs.length === 0 ? null : { x: middle(xs), y: middle(ys), dots: xs.length }
  }
}

/** Middle of all that has this colour (#rrggbb), millimetres from the upper left corner of the paper; null: nothing has. */
export type Ink = (colour: string) => { x: number; y: number; dots: number } | null
