// What people confide to us, and what opens their doors, is in no line of the log.
import { expect } from 'chai'
import { createLog } from '../../backend/core/log.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { pothole, sessionIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

const SECRETS = {
  name: 'Theodora Kalogeropoulou',
  email: 'theodora@mail.example',
  phone: '2109876543',
  words: 'behind the yellow house of the widow',
}

describe('the log', () => {
  let node: Node
  let written = ''
  let cookie = ''
  const ask = async (method: string, path: string, body?: unknown) => {
    const response = await fetch(node.url + path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        ...(cookie && { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    return { headers: response.headers, text: await response.text() }
  }

  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('admin@town.example', 'administrator')
    node = await startNode({}, { log: createLog('debug', { write: (line: string) => void (written += line) }) })
  })
  after(() => node?.close())

  it('holds no personal datum and no secret, also where something goes wrong', async () => {
    const { words, ...contact } = SECRETS
    const secrets = Object.values(SECRETS)
    const sent = JSON.parse((await ask('POST', '/api/reports', pothole(23.005, 37.01, { description: words, contact }))).text) // prettier-ignore
    const follow = sent.follow_url.split('/follow/')[1]
    secrets.push(follow)
    await ask('GET', `/api/follow/${follow}`)
    await ask('GET', `/follow/${follow}`)
    await ask('GET', `/api/search?q=${encodeURIComponent(SECRETS.name)}`)
    await ask('POST', '/api/my-reports', { email: SECRETS.email })
    await ask('POST', '/api/session', { email: 'head@town.example', password: 'wrong but a secret' })
    cookie = sessionIn(
      (await ask('POST', '/api/session', { email: 'admin@town.example', password: 'correct horse' })).headers,
    )
    const session = cookie.split('=')[1] ?? ''
    const guest = { email: 'guest@town.example', name: SECRETS.name, grants: [{ role: 'press' }] }
    const invitation = JSON.parse((await ask('POST', '/api/staff/people', guest)).text).url.split('/invitation/')[1]
    await ask('GET', `/api/invitations/${invitation}`)
    await ask('GET', `/invitation/${invitation}`)
    await ask('POST', `/api/staff/reports/${sent.id}/contact`, { reason: words })
    await ask('GET', `/api/my-reports/${invitation}`)
    await ask('POST', '/api/reports', { description: words, location: SECRETS.phone })
    secrets.push(session, csrfOf(session), invitation, 'correct horse', 'wrong but a secret', 'guest@town.example')
    expect(written).to.include('/api/reports')
    expect(secrets.filter((secret) => written.includes(secret))).to.deep.equal([])
    expect(secrets.filter((secret) => written.includes(encodeURIComponent(secret)))).to.deep.equal([])
  })

  it('tells who came in and who was refused, also when it is otherwise quiet', async () => {
    let quiet = ''
    const guarded = await startNode({}, { log: createLog('warn', { write: (line: string) => void (quiet += line) }) })
    const send = async (path: string, body: unknown, headers = {}) =>
      await fetch(guarded.url + path, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', ...headers },
        body: JSON.stringify(body),
      })
    const account = (await world.db('account').where({ email: 'head@town.example' }).first('id')).id
    await send('/api/session', { email: 'head@town.example', password: 'wrong but a secret' })
    await send('/api/session', { email: 'nobody@town.example', password: 'wrong but a secret' })
    const own = sessionIn((await send('/api/session', { email: 'head@town.example', password: 'correct horse' })).headers) // prettier-ignore
    await send('/api/staff/people', {}, { Cookie: own, 'X-CSRF-Token': csrfOf(own.split('=')[1] ?? '') })
    const secrets = { Cookie: own, 'X-CSRF-Token': csrfOf(own.split('=')[1] ?? '') }
    await fetch(`${guarded.url}/api/me/phone`, { method: 'DELETE', headers: secrets })
    await send('/api/session', {}, { Origin: 'https://evil.example' })
    await send('/api/reports', { description: 'line\nbreak' })
    guarded.close()
    const lines = quiet.trim().split('\n').map((line) => JSON.parse(line) as Record<string, unknown>) // prettier-ignore
    expect(lines.map(({ event }) => event)).to.deep.equal(
      ['wrong-credentials', 'wrong-credentials', 'session.opened', 'not-allowed', 'phone.forgotten', 'cross-site', 'invalid-input'],
    ) // prettier-ignore
    expect(lines.map((line) => line['account'])).to.deep.equal([account, null, account, account, account, null, null])
    expect(lines[2]).to.deep.include({ how: 'password', address: '127.0.0.1' })
    for (const line of lines) expect(line).to.include.keys('time', 'req', 'address')
    expect(quiet).to.not.match(/wrong but|correct horse|town\.example/)
  })

  it('tells what failed unexpectedly, which the caller does not learn', async () => {
    let said = ''
    const broken = await startNode({}, { log: createLog('warn', { write: (line: string) => void (said += line) }) })
    await world.db.raw('ALTER TABLE category RENAME TO category_away')
    const answer = await fetch(`${broken.url}/api/categories`).finally(() =>
      world.db.raw('ALTER TABLE category_away RENAME TO category'),
    )
    broken.close()
    expect(answer.status).to.equal(500)
    expect(await answer.text()).to.not.match(/category|relation|select/i)
    expect(said)
      .to.match(/unexpected failure/)
      .and.match(/category/)
  })
})
