// Posts to addresses that others chose: never to this machine or its neighbours, whatever a name resolves to.
import { request as requestHttp } from 'node:http'
import { request as requestHttps } from 'node:https'
import { useAgent } from 'request-filtering-agent'
import type { Delivery } from './contract.ts'

const TIMEOUT_MS = 10_000

export interface Outcome {
  status: number | null
  error: Delivery['last_error']
}

interface Parcel {
  url: string
  headers: Record<string, string>
  body: string
  /** Private networks, as CIDR, that the operator lets messages into. */
  allowed: readonly string[]
}

/**
 * Posts and says how it went; never throws. The agent looks at the address that it is about to connect to, so a name that
 * changes its mind between check and connection (DNS rebinding) gains nothing. Redirects are not followed.
 */
export function post({ url, headers, body, allowed }: Parcel): Promise<Outcome> {
  const request = url.startsWith('https:') ? requestHttps : requestHttp
  const agent = useAgent(url, { keepAlive: false, allowIPAddressList: [...allowed] })
  return new Promise((resolve) => {
    const failed = (error: Error) => resolve({ status: null, error: reasonOf(error) })
    const signal = AbortSignal.timeout(TIMEOUT_MS)
    const sending = request(url, { method: 'POST', agent, headers, signal }, (response) => {
      const status = response.statusCode ?? 0
      resolve({ status, error: errorOf(status) })
      // Nobody reads what they answer.
      response.destroy()
    })
    sending.on('error', failed)
    sending.end(body)
  })
}

const errorOf = (status: number): Outcome['error'] =>
  status >= 200 && status < 300 ? null : status >= 300 && status < 400 ? 'redirect' : 'status'

function reasonOf(error: Error): Outcome['error'] {
  if (error.name === 'TimeoutError' || error.name === 'AbortError') return 'timeout'
  // The agent has no code of its own for its refusals.
  return /is not allowed/.test(error.message) ? 'refused_address' : 'connection'
}
