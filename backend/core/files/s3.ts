// Anything that speaks S3: bucket in the path, AWS signature version 4 over the content too.
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { type IncomingMessage, request as askHttp } from 'node:http'
import { request as askHttps } from 'node:https'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { AwsV4Signer } from 'aws4fetch'
import { XMLParser } from 'fast-xml-parser'
import { z } from 'zod'
import type { S3Settings } from '../config.ts'
import { AwayError } from './away.ts'
import { checked, type Storage } from './storage.ts'

/** For a whole request: the largest photo takes a second. */
const TIMEOUT_MS = 10_000
/** S3 servers say 503 when they are busy for a moment, and drop connections that we thought were open. */
const PAUSE_MS = 300
/** The most that S3 lists at once. */
const PAGE = 1000

interface Limits {
  timeout_ms?: number
  /** Names in one answer to list. */
  page?: number
}

interface Question {
  method: 'GET' | 'PUT' | 'DELETE'
  /** Below the bucket. */
  path?: string
  query?: Record<string, string | number>
  body?: Buffer
}

interface Answer {
  status: number
  headers: Headers
  bytes: Buffer
}

/** Files below a folder of a bucket. */
export function s3Storage(
  settings: S3Settings,
  folder: string,
  { timeout_ms = TIMEOUT_MS, page = PAGE }: Limits = {},
): Storage {
  // prettier-ignore
  const { endpoint, bucket } = settings
  const place = `s3://${bucket}/${folder} at ${endpoint}`
  const pathOf = (name: string) => `${folder}/${checked(name)}`
  const away = (why: string) => new AwayError('storage-away', `${place}: ${why}`)
  const ask = async (question: Question): Promise<Answer | undefined> => {
    const answer = await twice(() => send(settings, question, timeout_ms)).catch((error: unknown) => {
      throw away(reasonOf(error))
    })
    if (answer.status === 200 || answer.status === 204) return answer
    const code = /<Code>(\w+)<\/Code>/.exec(answer.bytes.toString())?.[1]
    // A bucket that is not there is 404 too, and no photo of it is "deleted".
    if (code === 'NoSuchKey') return undefined
    throw away(`it answered ${answer.status} ${code ?? ''} to ${question.method}`)
  }
  return {
    place,
    put: async (name, body) => void (await ask({ method: 'PUT', path: pathOf(name), body })),
    putFile: async (name, path, sha256) => {
      const sent = await streamed(settings, { method: 'PUT', path: pathOf(name), file: path, sha256 }).catch(
        (error: unknown) => {
          throw away(reasonOf(error))
        },
      )
      if (sent.statusCode !== 200) throw away(`it answered ${sent.statusCode} to PUT of a file`)
      sent.resume()
    },
    read: async (name, start, end) => {
      const found = await streamed(settings, {
        method: 'GET',
        path: pathOf(name),
        range: `bytes=${start}-${end}`,
      }).catch((error: unknown) => {
        throw away(reasonOf(error))
      })
      if (found.statusCode === 206) return found
      found.resume()
      if (found.statusCode === 404) return undefined
      throw away(`it answered ${found.statusCode} to GET of a part`)
    },
    get: async (name) => (await ask({ method: 'GET', path: pathOf(name) }))?.bytes,
    remove: async (name) => {
      const answer = await ask({ method: 'DELETE', path: pathOf(name) })
      if (answer && isOnlyHidden(answer)) throw away('the bucket keeps old versions: what is removed is not destroyed')
    },
    list: async function* () {
      let token: string | undefined
      do {
        const query = { 'list-type': 2, prefix: `${folder}/`, delimiter: '/', 'max-keys': page, ...(token && { 'continuation-token': token }) } // prettier-ignore
        const found = Listing.safeParse(xml.parse(`${(await ask({ method: 'GET', query }))?.bytes}`))
        if (!found.success) throw away('what it answered is not a list of S3')
        const { Contents, NextContinuationToken } = found.data.ListBucketResult
        yield* Contents.map(({ Key }) => Key.slice(folder.length + 1))
        token = NextContinuationToken
      } while (token)
    },
  }
}

/** With versions on, a DELETE hides a file behind a marker; in a bucket that keeps them no more ("null"), it is gone. */
const isOnlyHidden = ({ headers }: Answer) =>
  headers.get('x-amz-delete-marker') === 'true' && headers.get('x-amz-version-id') !== 'null'

const xml = new XMLParser({ parseTagValue: false, isArray: (name) => name === 'Contents' })
const Listing = z.object({
  ListBucketResult: z.object({
    Contents: z.array(z.object({ Key: z.string() })).default([]),
    NextContinuationToken: z.string().optional(),
  }),
})

async function send(
  settings: S3Settings,
  { method, path = '', query, body }: Question,
  timeout_ms: number,
): Promise<Answer> {
  // prettier-ignore
  const { endpoint, bucket, region, accessKey, secretKey } = settings
  const url = new URL(`${endpoint}/${bucket}${path && `/${path}`}`)
  for (const [name, value] of Object.entries(query ?? {})) url.searchParams.set(name, String(value))
  const signed = await new AwsV4Signer({
    method,
    url: url.href,
    headers: {
      'X-Amz-Content-Sha256': createHash('sha256')
        .update(body ?? '')
        .digest('hex'),
    },
    accessKeyId: accessKey,
    secretAccessKey: secretKey,
    service: 's3',
    region,
  }).sign()
  const response = await fetch(signed.url, {
    method,
    headers: signed.headers,
    body: body && new Uint8Array(body),
    redirect: 'error',
    signal: AbortSignal.timeout(timeout_ms),
  })
  return { status: response.status, headers: response.headers, bytes: Buffer.from(await response.arrayBuffer()) }
}

interface Streamed {
  method: 'GET' | 'PUT'
  path: string
  range?: string
  /** What to send, and its digest. */
  file?: string
  sha256?: string
}

/** Without a word for so long, a connection is dead. */
const SILENCE_MS = 30_000

/** A request whose body, or answer, is too large for memory: fetch() cannot say the length of a stream, and S3 wants it. */
async function streamed(settings: S3Settings, { method, path, range, file, sha256 = EMPTY_SHA256 }: Streamed): Promise<IncomingMessage> {
  const url = new URL(`${settings.endpoint}/${settings.bucket}/${path}`)
  const { headers } = await new AwsV4Signer({
    method,
    url: url.href,
    headers: { 'X-Amz-Content-Sha256': sha256 },
    accessKeyId: settings.accessKey,
    secretAccessKey: settings.secretKey,
    service: 's3',
    region: settings.region,
  }).sign()
  const length = file ? { 'content-length': (await stat(file)).size } : {}
  const ask = url.protocol === 'https:' ? askHttps : askHttp
  return new Promise((resolve, reject) => {
    const sent = ask(url, { method, headers: { ...Object.fromEntries(headers), ...length, ...(range && { range }) }, timeout: SILENCE_MS }, resolve)
    sent.on('timeout', () => sent.destroy(new Error('silence')))
    sent.on('error', reject)
    if (file) void pipeline(createReadStream(file), sent).catch(reject)
    else sent.end()
  })
} // prettier-ignore

const EMPTY_SHA256 = createHash('sha256').digest('hex')

/** Every request may be sent again: it does the same. One that took too long is not: somebody waits. */
async function twice(work: () => Promise<Answer>): Promise<Answer> {
  const first = await work().catch((error: Error) => {
    if (error.name === 'TimeoutError') throw error
  })
  if (first && first.status < 500) return first
  await wait(PAUSE_MS)
  return work()
}

/** fetch says only that it failed; why is underneath. */
function reasonOf(error: unknown): string {
  const { message, cause } = error as { message: string; cause?: { code?: string; message?: string } }
  return cause?.code ?? cause?.message ?? message
}
