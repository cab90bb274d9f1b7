// Asks addresses that others chose: never this machine or its neighbours, whatever a name resolves to.
import { type IncomingMessage, request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { useAgent } from 'request-filtering-agent'
import { isLocal } from './config.ts'

const TIMEOUT_MS = 10_000

export type OutsideReason = 'refused_address' | 'timeout' | 'connection' | 'too_large'

/** There was no answer that could be read. */
export class OutsideError extends Error {
  reason: OutsideReason
  constructor(reason: OutsideReason) {
    super(reason)
    this.reason = reason
  }
}

interface Question {
  url: string
  method: 'GET' | 'POST'
  headers: Record<string, string>
  body?: string
  /** Private networks, as CIDR, that the operator lets us into. */
  allowed: readonly string[]
  /** What is read of the answer at most, bytes; without it nobody reads it. */
  most_bytes?: number
}

export interface OutsideAnswer {
  status: number
  body: string
}

/**
 * Asks once. The agent looks at the address that it is about to connect to, so a name that changes its mind between check and
 * connection (DNS rebinding) gains nothing. Redirects are not followed. Throws OutsideError.
 */
export function askOutside({ url, method, headers, body, allowed, most_bytes }: Question): Promise<OutsideAnswer> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  const agent = useAgent(url, { keepAlive: false, allowIPAddressList: [...allowed] })
  return new Promise((resolve, reject) => {
    const failed = (error: Error) => reject(new OutsideError(reasonOf(error)))
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const sending = request(url, { method, agent, headers, signal }, (response) => {
      const status = response.statusCode ?? 0
      if (most_bytes) return void read(response, most_bytes).then((text) => resolve({ status, body: text }), failed)
      resolve({ status, body: '' })
      response.destroy()
    })
    sending.on('error', failed)
    sending.end(body)
  })
}

async function read(response: IncomingMessage, most_bytes: number): Promise<string> {
  const pieces: Buffer[] = []
  let size = 0
  for await (const piece of response as AsyncIterable<Buffer>) {
    size += piece.length
    if (size > most_bytes) throw new OutsideError('too_large')
    pieces.push(piece)
  }
  return Buffer.concat(pieces).toString('utf8')
}

function reasonOf(error: Error): OutsideReason {
  if (error instanceof OutsideError) return error.reason
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  // The agent has no code of its own for its refusals.
  return /is not allowed/.test(error.message) ? 'refused_address' : 'connection'
}

/** Whether we may be told to ask it. Over http anybody on the way reads along; to this machine there is no way. */
export function isSafeTarget(url: string): boolean {
  const { protocol, username, password, hash } = new URL(url)
  return (protocol === 'https:' || isLocal(url)) && !username && !password && !hash
}
