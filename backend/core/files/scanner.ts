// clamd of ClamAV looks at what people upload. Its protocol is a command and an answer (man 8 clamd): no library is needed.
import { connect } from 'node:net'
import { addAbortSignal } from 'node:stream'
import { text } from 'node:stream/consumers'
import { problem } from '../http/problem.ts'
import { AwayError } from './away.ts'

/** It reads 12 MB in less than a second; while it loads new signatures it answers late. */
const TIMEOUT_MS = 20_000
const PORT = 3310

/** Lets bytes pass in which clamd finds nothing. Throws infected-file, and AwayError when it could not look. */
export async function scan(clamdUrl: string, bytes: Buffer): Promise<void> {
  const answer = await ask(clamdUrl, Buffer.from('zINSTREAM\0'), lengthOf(bytes), bytes, Buffer.alloc(4))
  if (answer === 'stream: OK') return
  if (answer.endsWith(' FOUND')) throw problem('infected-file', { path: 'file', cause: new Error(`clamd: ${answer}`) })
  throw new AwayError('scanner-away', `clamd at ${clamdUrl} answered: ${answer || 'nothing'}`)
}

/** Which ClamAV it is, with the day of its signatures. Throws AwayError. */
export async function scannerVersion(clamdUrl: string): Promise<string> {
  const pong = await ask(clamdUrl, Buffer.from('zPING\0'))
  if (pong !== 'PONG') throw new AwayError('scanner-away', `clamd at ${clamdUrl} answered: ${pong}`)
  return ask(clamdUrl, Buffer.from('zVERSION\0'))
}

/** Four bytes, the highest first, before each piece; a piece of length 0 is the end. */
function lengthOf({ length }: Buffer): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(length)
  return bytes
}

async function ask(clamdUrl: string, ...message: Buffer[]): Promise<string> {
  const { protocol, hostname, port, pathname } = new URL(clamdUrl)
  const host = hostname.replace(/^\[|\]$/g, '')
  const socket = connect(protocol === 'unix:' ? { path: pathname } : { host, port: Number(port) || PORT })
  addAbortSignal(AbortSignal.timeout(TIMEOUT_MS), socket)
  for (const each of message) socket.write(each)
  try {
    return (await text(socket)).replace(/\0$/, '')
  } catch (error) {
    throw new AwayError('scanner-away', `clamd at ${clamdUrl}: ${(error as Error).message}`)
  } finally {
    socket.destroy()
  }
}
