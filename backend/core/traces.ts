// OpenTelemetry traces, for whoever asks for them: a span for each request, and one below it for each statement.
import { context, propagation, type Span, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api'
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http'
import { resourceFromAttributes } from '@opentelemetry/resources'
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node'
import type { RequestHandler } from 'express'
import type { Db } from './db/connect.ts'

const tracer = () => trace.getTracer('asty')

export interface Traces {
  /** Sends what is left, and stops. */
  close: () => Promise<void>
}

/** Sends traces from now on to the collector at this address (OTLP over HTTP, /v1/traces). */
export function startTraces(endpoint: string): Traces {
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/$/, '')}/v1/traces` })
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'asty' }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  })
  provider.register()
  return {
    close: async () => {
      await provider.shutdown()
      trace.disable()
      context.disable()
      propagation.disable()
    },
  }
}

/** A span for each request, in the trace that its `traceparent` names; without startTraces it costs next to nothing. */
export const traced: RequestHandler = (request, response, next) => {
  const parent = propagation.extract(context.active(), request.headers)
  const span = tracer().startSpan(request.method, { kind: SpanKind.SERVER }, parent)
  response.once('close', () => {
    // The template of the route and never the address itself, which may hold a private link or somebody's words.
    const route = String(request.route?.path ?? 'other')
    span.updateName(`${request.method} ${route}`)
    span.setAttributes({
      'http.request.method': request.method,
      'http.route': route,
      'http.response.status_code': response.statusCode,
    })
    if (response.statusCode >= 500) span.setStatus({ code: SpanStatusCode.ERROR })
    span.end()
  })
  context.with(trace.setSpan(parent, span), next)
}

interface Query {
  __knexQueryUid: string
  sql: string
}

/** A span for each statement: its text with placeholders, without the values. */
export function traceQueries(db: Db): void {
  const open = new Map<string, Span>()
  const end = ({ __knexQueryUid: id }: Query, error?: Error) => {
    if (error) open.get(id)?.setStatus({ code: SpanStatusCode.ERROR })
    open.get(id)?.end()
    open.delete(id)
  }
  db.on('query', ({ __knexQueryUid: id, sql }: Query) => {
    const attributes = { 'db.system.name': 'postgresql', 'db.query.text': sql }
    open.set(id, tracer().startSpan(sql.trim().split(/\s/, 1)[0] ?? 'SQL', { kind: SpanKind.CLIENT, attributes }))
  })
  db.on('query-response', (_answer: unknown, query: Query) => end(query))
  db.on('query-error', (error: Error, query: Query) => end(query, error))
}
