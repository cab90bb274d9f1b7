// Citizens' accounts: by e-mail with a real SMTP server.
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { pothole, sessionIn } from '../support/http.ts'
import { type MailServer, startMailServer } from '../support/mail.ts'
import { smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { csrfOf, hashPassword } from '../../backend/people/service.ts'
import { world } from '../support/world.ts'

const PASSWORD = 'orange ladder quiet river'

interface Answer {
  status: number
  headers: Headers
  body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
}

describe('citizens', () => {
  let node: Node
  let mail: MailServer
  const call = async (method: string, path: string, body?: unknown, cookie = ''): Promise<Answer> => {
    const response = await fetch(node.url + path, {
      method,
      headers: {
        'Content-Type': 'application/json',
        'Accept-Language': 'en',
        ...(cookie && { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }),
      },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text && JSON.parse(text) }
  }
  const me = { email: 'Maria@Town.example', name: 'Maria', password: PASSWORD }

  before(async () => {
    await smallTown()
    mail = await startMailServer()
    node = await startNode({ smtpUrl: mail.url, mailFrom: 'desk@town.example' }, { works: true })
  })
  after(async () => {
    await node?.close()
    mail?.close()
  })

  it('make an account with a code that is mailed to them', async () => {
    expect((await call('POST', '/api/accounts', { ...me, password: 'maria2026!' })).body.errors[0].path).to.equal(
      'password',
    )
    expect((await call('POST', '/api/accounts', me)).status).to.equal(204)
    const letter = await mail.next('maria@town.example')
    expect(letter).to.include('desk@town.example')
    const code = /Your code: (\d{6})/.exec(letter)?.[1]
    const early = await call('POST', '/api/session', { email: me.email, password: PASSWORD })
    expect(early.body.type).to.match(/address-unproven/)
    const wrong = await call('POST', '/api/accounts/verify', { ...me, code: '000000' })
    expect(wrong.status).to.equal(401)
    const stranger = await call('POST', '/api/accounts/verify', { ...me, code, password: 'not the one chosen' })
    expect(stranger.status, 'the code without the password').to.equal(401)
    const entered = await call('POST', '/api/accounts/verify', { ...me, code })
    expect(entered.body).to.deep.include({ assurance: 'verified_contact', needs: null })
    expect((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).status).to.equal(200)
  })

  it('choose a new password by a mailed link, once, and what was open before ends', async () => {
    const old = sessionIn((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).headers)
    expect((await call('POST', '/api/accounts/password', { email: 'nobody@town.example' })).status).to.equal(204)
    expect((await call('POST', '/api/accounts/password', { email: me.email })).status).to.equal(204)
    const path = `/api/invitations/${/invitation\/([\w-]+)/.exec(await mail.next('maria@town.example'))?.[1]}`
    expect(mail.letters.join()).to.not.include('nobody@town.example')
    const chosen = await call('POST', path, { password: `${PASSWORD} anew` })
    expect(await mail.next('maria@town.example')).to.include('Subject: Your password was changed')
    expect(chosen.body.account.email).to.equal('maria@town.example')
    expect((await call('POST', path, { password: PASSWORD })).status).to.equal(404)
    expect((await call('GET', '/api/session', undefined, old)).body.account).to.equal(null)
    expect((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).status).to.equal(401)
    await world
      .db('account')
      .where({ email: 'maria@town.example' })
      .update({ password_hash: await hashPassword(PASSWORD) })
  })

  it('are told by mail when what opens their account has changed', async () => {
    const cookie = sessionIn((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).headers)
    const other = sessionIn((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).headers)
    const begun = await call('POST', '/api/me/second-factor', undefined, cookie)
    const code = new TOTP({ secret: Secret.fromBase32(begun.body.secret) }).generate()
    expect((await call('PUT', '/api/me/second-factor', { code }, cookie)).status).to.equal(200)
    expect(await mail.next('maria@town.example')).to.include('A second step of signing in')
    expect((await call('GET', '/api/session', undefined, other)).body.account, 'elsewhere').to.equal(null)
  })

  it('do not get past the second step by forgetting the password', async () => {
    await call('POST', '/api/accounts/password', { email: me.email })
    const path = `/api/invitations/${/invitation\/([\w-]+)/.exec(await mail.next('maria@town.example'))?.[1]}`
    const chosen = await call('POST', path, { password: PASSWORD })
    expect(chosen.body.needs).to.equal('second_factor')
    expect(await mail.next('maria@town.example')).to.include('Subject: Your password was changed')
    expect((await call('GET', '/api/me/reports', undefined, sessionIn(chosen.headers))).status).to.equal(401)
    await world.db('second_factor').delete()
  })

  it('learn by mail, and nobody else by the answer, that they have an account', async () => {
    const answer = await call('POST', '/api/accounts', { ...me, password: 'another long password' })
    expect(answer.status).to.equal(204)
    expect(await mail.next('maria@town.example')).to.match(/have an account/)
    expect((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).status).to.equal(200)
  })

  it('see their reports: of the account, of the address, of the device that they join', async () => {
    const cookie = sessionIn((await call('POST', '/api/session', { email: me.email, password: PASSWORD })).headers)
    const own = await call('POST', '/api/reports', pothole(23.005, 37.01), cookie)
    const mailed = await call('POST', '/api/reports', pothole(23.006, 37.01, { contact: { email: me.email } }))
    const device = await call('POST', '/api/reports', pothole(23.007, 37.01))
    const other = await call('POST', '/api/reports', pothole(23.008, 37.01))
    const ids = async () => ((await call('GET', '/api/me/reports', undefined, cookie)).body as { id: string }[]).map(({ id }) => id) // prettier-ignore
    expect(await ids()).to.have.members([own.body.id, mailed.body.id])
    const tokens = [device.body.follow_url.split('/follow/')[1], 'nonsense']
    expect((await call('POST', '/api/me/reports', { tokens }, cookie)).body).to.deep.equal({ claimed: 1 })
    expect(await ids())
      .to.include(device.body.id)
      .and.not.include(other.body.id)
  })

  it('without an account see them by a mailed link, which runs out', async () => {
    expect((await call('POST', '/api/my-reports', { email: me.email })).status).to.equal(204)
    const token = /my-reports\/([\w-]+)/.exec(await mail.next(me.email))?.[1]
    const { body } = await call('GET', `/api/my-reports/${token}`)
    expect(body).to.have.length(1)
    await world.db('one_time_token').update({ expires_at: '2020-01-01' })
    expect((await call('GET', `/api/my-reports/${token}`)).status).to.equal(404)
  })
})
