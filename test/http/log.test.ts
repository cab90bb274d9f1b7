// What people confide to us, and what opens their doors, is in no line of the log.
import { expect } from 'chai'
import { createLog } from '../../backend/core/log.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { pothole, sessionIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'

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
})
