// Thousands of wrong requests over every route of the OpenAPI document: never a failure of ours, never a look inside.
import { expect } from 'chai'
import fc from 'fast-check'
import { request } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { signIn } from '../support/http.ts'
import { world } from '../support/world.ts'

interface Parameter {
  name: string
  in: 'path' | 'query' | 'header'
}
interface Operation {
  method: string
  path: string
  parameters: Parameter[]
  hasBody: boolean
}

const NASTY = [
  '', ' ', '0', '-1', '1e309', 'NaN', 'null', 'undefined', 'true', '[]', '{}', "'", "' OR 1=1 --", '"; DROP TABLE report; --', '%', '%00',
  '\u0000', '../../etc/passwd', '${7*7}', '<script>', 'Ω'.repeat(300), '🙂', '9'.repeat(40), '2026-13-45', '00000000-0000-0000-0000-000000000000',
  '1,2,3', '1,2,3,4', '180,90,-180,-90', 'Infinity,0,0,0', 'e30', 'AAAA====', '9007199254740993', '-2147483649', '\ud800', 'street', 'poi',
] // prettier-ignore

const text = fc.oneof(fc.constantFrom(...NASTY), fc.string({ unit: 'binary', maxLength: 40 }), fc.double().map(String))
const json = fc.oneof(
  fc.json({ maxDepth: 3 }).map((value) => JSON.parse(value) as unknown),
  fc.record({
    category: fc.oneof(fc.constant('pothole'), text),
    location: fc.oneof(
      fc.record({ type: fc.constantFrom('Point', 'Polygon', ''), coordinates: fc.array(fc.oneof(fc.double(), text)) }),
      fc.json().map((value) => JSON.parse(value) as unknown),
    ),
    description: text,
    photos: fc.array(text, { maxLength: 6 }),
    contact: fc.record({ email: text, phone: text, name: text }, { requiredKeys: [] }),
    email: text,
    password: text,
    status: text,
    reason: text,
    department: text,
    grants: fc.array(fc.record({ role: text, department: text, valid_to: text }), { maxLength: 3 }),
  }, { requiredKeys: [] }),
) // prettier-ignore

async function operations(): Promise<Operation[]> {
  const { body } = await request('GET', '/api/openapi.json')
  return Object.entries(
    body['paths'] as Record<string, Record<string, { parameters?: Parameter[]; requestBody?: object }>>,
  )
    .flatMap(([path, item]) =>
      Object.entries(item).map(([method, operation]) => ({
        method: method.toUpperCase(),
        path,
        parameters: operation.parameters ?? [],
        hasBody: Boolean(operation.requestBody),
      })),
    ) // prettier-ignore
    .filter(({ method, path }) => !(method === 'DELETE' && path === '/api/session') && path !== '/api/me/password')
}

describe('bad requests', function () {
  this.timeout(240_000)
  let cookie: string

  before(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    cookie = await signIn('admin@town.example')
  })

  it('are answered with what is wrong, whatever is sent', async () => {
    const all = await operations()
    expect(all.length).to.be.greaterThan(30)
    // The embedded engine has one connection; the full number is for the server.
    const runs = world.database.engine === 'server' ? 10_000 : 2_000
    const bad: string[] = []
    const one = fc.record({ operation: fc.constantFrom(...all), values: fc.array(text, { minLength: 8, maxLength: 8 }), body: json, asAdmin: fc.boolean(), keep: fc.integer() }) // prettier-ignore
    const property = fc.asyncProperty(one, async ({ operation, values, body, asAdmin, keep }) => {
      const { method, parameters } = operation
      let next = 0
      const take = () => values[next++ % values.length] ?? ''
      const path = operation.path.replace(/\{\w+\}/g, () => encodeSafely(take()) || 'x')
      const query = parameters
        .filter((parameter, index) => parameter.in === 'query' && (keep >> index) & 1)
        .map(({ name }) => `${name}=${encodeSafely(take())}`)
      const address = query.length > 0 ? `${path}?${query.join('&')}` : path
      const { status, body: answer } = await request(method, address, {
        body: operation.hasBody ? body : undefined,
        cookie: asAdmin ? cookie : undefined,
      })
      const said = typeof answer === 'string' ? answer : JSON.stringify(answer)
      if (status >= 500 || /node_modules|\.ts:\d+|at async|syntax error at|relation "/.test(said))
        bad.push(`${method} ${address} ${JSON.stringify(body)} -> ${status} ${said.slice(0, 200)}`)
    })
    await fc.assert(property, { numRuns: runs, seed: 2026, endOnFailure: true })
    expect(bad.slice(0, 10)).to.deep.equal([])
  })

  it('with a number too small for the database are refused', async () => {
    expect((await request('GET', '/api/reports/nearby?lon=23&lat=6.4e-323')).status).to.equal(422)
  })

  it('with a body that is no JSON, too long or of another kind are refused', async () => {
    const send = (body: string, type: string) =>
      fetch(`${world.url}/api/reports`, { method: 'POST', headers: { 'Content-Type': type }, body })
    expect((await send('{"a":', 'application/json')).status).to.equal(400)
    expect((await send(JSON.stringify({ description: 'x'.repeat(1_100_000) }), 'application/json')).status).to.equal(
      413,
    )
    expect((await send('<a/>', 'text/xml')).status).to.equal(422)
    expect((await send('{}', 'application/json; charset=nonsense')).status).to.be.within(400, 422)
  })
})

function encodeSafely(value: string): string {
  try {
    return encodeURIComponent(value)
  } catch {
    return '%ED%A0%80'
  }
}
