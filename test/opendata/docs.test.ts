// The description of the API: one document, a page that shows it, and examples that work.
import { expect } from 'chai'
import { openApi } from '../../backend/core/http/openapi.ts'
import { served } from '../../backend/core/http/serve.ts'
import { get } from '../support/http.ts'

describe('the description of the API', () => {
  it('gives only examples that are accepted', () => {
    let count = 0
    for (const { endpoint } of served) {
      const { examples = [] } = (endpoint.body?.meta() ?? {}) as { examples?: unknown[] }
      for (const example of examples) {
        count++
        const parsed = endpoint.body?.safeParse(example)
        expect(parsed?.error?.issues ?? [], `${endpoint.method} ${endpoint.path}`).to.deep.equal([])
      }
    }
    expect(count).to.be.at.least(5)
  })

  it('says of each operation its group, who may call it, and which key opens it', () => {
    const { paths } = openApi(served, '') as unknown as {
      paths: Record<string, Record<string, Record<string, unknown>>>
    }
    const sending = paths['/api/reports']?.['post']
    expect(sending).to.deep.include({ tags: ['reports'], security: [{}, { key: ['reports.write'] }] })
    expect(paths['/api/staff/webhooks']?.['get']).to.deep.include({ tags: ['staff-webhooks'], 'x-permission': 'webhook.manage' }) // prettier-ignore
    const names = Object.values(paths).flatMap((path) => Object.values(path).map((each) => each['operationId']))
    expect(new Set(names).size).to.equal(names.length)
  })

  it('is a page under our own policy, in both languages, with every operation', async () => {
    const { body, headers } = await get<string>('/api/docs?lang=el')
    expect(headers.get('content-type')).to.match(/^text\/html/)
    expect(headers.get('content-security-policy')).to.include("default-src 'self'").and.not.include('unsafe')
    expect(body).to.include('<html lang="el">').and.include('Η διεπαφή για εφαρμογές')
    for (const { endpoint } of served) expect(body).to.include(`<b>${endpoint.method}</b> ${endpoint.path}<`)
    const anchors = new Set([...body.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    const linked = [...body.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id)
    expect(linked.filter((id) => !anchors.has(id))).to.deep.equal([])
    expect((await get<string>('/api/docs')).body).to.include('<html lang="en">')
    const evil = await get<string>('/api/docs?lang="><script>1</script>')
    expect(evil.body).to.not.include('<script>1')
  })
})
