// Prometheus metrics: latency by route, database pool, event streams, jobs, the process itself.
import type { RequestHandler } from 'express'
import { collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Config } from '../config.ts'
import type { Database } from '../db/connect.ts'
import type { Jobs } from '../jobs.ts'
import type { Context } from './context.ts'
import { problem } from './problem.ts'

export interface Metrics {
  /** Measures every request. */
  measure: RequestHandler
  /** Answers /metrics: to this machine, or to whoever has METRICS_TOKEN. */
  expose: RequestHandler
}

const LOOPBACK = new Set(['127.0.0.1', '::1', '::ffff:127.0.0.1'])

export function createMetrics(config: Config, { db }: Database, jobs: Jobs): Metrics {
  const register = new Registry()
  collectDefaultMetrics({ register })
  const latency = new Histogram({
    name: 'http_request_duration_seconds',
    help: 'Time to the end of the answer, seconds',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10],
    registers: [register],
  })
  const gauge = (name: string, help: string, read: () => number | Promise<number>) =>
    new Gauge({
      name,
      help,
      registers: [register],
      async collect() {
        this.set(await read())
      },
    })
  const pool = db.client.pool
  gauge('database_connections_used', 'Connections at work', () => pool.numUsed())
  gauge('database_connections_waiting', 'Requests that wait for a connection', () => pool.numPendingAcquires())
  gauge('event_last_id', 'Number of the last event', async () => {
    const { rows } = await db.raw('SELECT COALESCE(max(id), 0)::float8 AS last FROM event')
    return rows[0].last
  })
  gauge('outbox_lag_seconds', 'Age of the oldest job that is due and not done', () => jobs.lag_s())
  new Gauge({
    name: 'jobs',
    help: 'Jobs by queue and state',
    labelNames: ['queue', 'state'],
    registers: [register],
    async collect() {
      this.reset()
      for (const { queue, state, count } of await jobs.counts()) this.set({ queue, state }, count)
    },
  })
  const streams = new Gauge({ name: 'event_streams', help: 'Open live streams', registers: [register] })
  return {
    measure: (request, response, next) => {
      const isStream = request.path === '/api/events'
      const end = latency.startTimer({ method: request.method })
      if (isStream) streams.inc()
      response.once('close', () => {
        if (isStream) streams.dec()
        else end({ route: String(request.route?.path ?? 'other'), status: response.statusCode })
      })
      next()
    },
    expose: async (request, response) => {
      const isToken = config.metricsToken && request.get('Authorization') === `Bearer ${config.metricsToken}`
      const ctx: Context = response.locals['context']
      // A proxy on this machine that nobody declared would make the whole world local.
      const isLocal = LOOPBACK.has(ctx.address) && !request.get('X-Forwarded-For') && !request.get('Forwarded')
      if (!isToken && !isLocal) throw problem('not-found')
      response.type(register.contentType).send(await register.metrics())
    },
  }
}
