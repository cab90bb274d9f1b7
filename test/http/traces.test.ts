import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { startTraces, traceQueries } from '../../backend/core/traces.ts'
import { get } from '../support/http.ts'
import { smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

interface Sent {
  name: string
  traceId: string
  spanId: string
  parentSpanId?: string
  attributes: { key: string; value: Record<string, unknown> }[]
}

describe('traces', () => {
  it('go to a collector: the request in its trace, its statements below, and nothing personal', async () => {
    await smallTown()
    const spans: Sent[] = []
    const collector = createServer((request, response) => {
      let body = ''
      request.on('data', (chunk: Buffer) => (body += chunk.toString()))
      request.on('end', () => {
        for (const { scopeSpans } of JSON.parse(body).resourceSpans)
          for (const scope of scopeSpans) spans.push(...scope.spans)
        response.writeHead(200, { 'Content-Type': 'application/json' }).end('{}')
      })
    })
    await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
    const traces = startTraces(`http://127.0.0.1:${(collector.address() as AddressInfo).port}`)
    traceQueries(world.db)
    try {
      const traceparent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01'
      expect((await get('/api/search?q=somebody%27s+words', { headers: { traceparent } })).status).to.equal(200)
    } finally {
      await traces.close()
      collector.close()
    }
    const request = spans.find(({ name }) => name === 'GET /api/search')
    expect(request).to.deep.include({ traceId: '0af7651916cd43dd8448eb211c80319c', parentSpanId: 'b7ad6b7169203331' })
    expect(request?.attributes).to.deep.include({ key: 'http.response.status_code', value: { intValue: 200 } })
    const statements = spans.filter(({ parentSpanId }) => parentSpanId === request?.spanId)
    expect(statements).to.not.be.empty
    expect(JSON.stringify(statements)).to.include('db.query.text')
    expect(JSON.stringify(spans)).to.not.include('somebody')
  })
})
