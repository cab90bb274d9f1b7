// Which municipality answers: the one whose host name the request names.
import type { RequestListener } from 'node:http'
import { NO_PAGE } from './core/http/headers.ts'
import type { Town } from './town.ts'

/** Answers for all towns. One that names no hosts is alone and answers everything; probes of a balancer are answered under any name. */
export function byHost(towns: readonly Town[]): RequestListener {
  const first = towns[0]!
  if (!first.config.hosts) return first.app
  const apps = new Map(towns.flatMap(({ config, app }) => (config.hosts ?? []).map((host) => [host, app] as const)))
  return (request, response) => {
    const app = apps.get(hostOf(request.headers.host))
    if (app) return app(request, response)
    if (request.url?.startsWith('/health/')) return first.app(request, response)
    // RFC 9110 15.5.20: this server does not speak for that name.
    response
      .writeHead(421, {
        'Content-Type': 'application/problem+json; charset=utf-8',
        'Cache-Control': 'no-store',
        'Content-Security-Policy': NO_PAGE,
        'X-Content-Type-Options': 'nosniff',
      })
      .end(JSON.stringify({ type: 'about:blank', title: 'Misdirected Request', status: 421 }))
  }
}

const hostOf = (header = ''): string => header.toLowerCase().replace(/:\d+$/, '')
