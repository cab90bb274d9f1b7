// What a PDF says, read by a reader that is not ours: poppler's pdftotext and pdfinfo (Debian's poppler-utils).
import { execFile } from 'node:child_process'
import { expect } from 'chai'
import { world } from './world.ts'

/** Runs a program with bytes as its input and returns its output. */
const pipe = (program: string, parameters: string[], input: Buffer): Promise<string> =>
  new Promise((resolve, reject) => {
    const child = execFile(program, parameters, (error, stdout) => (error ? reject(error) : resolve(stdout)))
    child.stdin?.end(input)
  })

/** Fetches a sheet of our own server; its words, and what is said about it. */
export async function sheetAt(path: string, base = world.url): Promise<{ words: string; info: string }> {
  const response = await fetch(base + path)
  expect(response.status, path).to.equal(200)
  expect(response.headers.get('content-type')).to.equal('application/pdf')
  const bytes = Buffer.from(await response.arrayBuffer())
  const [words, info] = await Promise.all([pipe('pdftotext', ['-raw', '-', '-'], bytes), pipe('pdfinfo', ['-'], bytes)])
  return { words: words.replace(/\s+/g, ' '), info }
}
