// Citizens' accounts: by e-mail with a real SMTP server, and with a real OpenID provider.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { Secret, TOTP } from 'otpauth'
import { SMTPServer } from 'smtp-server'
import { gsisClaims } from '../../backend/people/providers.ts'
import { pothole, sessionIn, signIn } from '../support/http.ts'
import { type IdentityProvider, startIdentityProvider } from '../support/idp.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { csrfOf, hashPassword } from '../../backend/people/service.ts'
import { world } from '../support/world.ts'

const PASSWORD = 'orange ladder quiet river'

async function mailServer(): Promise<{ url: string; letters: string[]; close: () => void }> {
  const letters: string[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onData: (stream, _session, done) => {
      let letter = ''
      stream.on('data', (chunk: Buffer) => (letter += chunk.toString()))
      stream.on('end', () => {
        letters.push(letter.replace(/=\r\n/g, '').replace(/=3D/g, '='))
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  return { url: `smtp://127.0.0.1:${port}`, letters, close: () => server.close() }
}

interface Answer {
  status: number
  headers: Headers
  body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
}

describe('citizens', () => {
  let node: Node
  let mail: Awaited<ReturnType<typeof mailServer>>
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
    mail = await mailServer()
    node = await startNode({ smtpUrl: mail.url, mailFrom: 'desk@town.example' })
  })
  after(() => {
    node?.close()
    mail?.close()
  })

  it('make an account with a code that is mailed to them', async () => {
    expect((await call('POST', '/api/accounts', { ...me, password: 'maria2026!' })).body.errors[0].path).to.equal(
      'password',
    )
    expect((await call('POST', '/api/accounts', me)).status).to.equal(204)
    expect(mail.letters.at(-1)).to.include('To: maria@town.example').and.include('desk@town.example')
    const code = /Your code: (\d{6})/.exec(mail.letters.at(-1) ?? '')?.[1]
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
    const letters = mail.letters.length
    expect((await call('POST', '/api/accounts/password', { email: 'nobody@town.example' })).status).to.equal(204)
    expect(mail.letters).to.have.length(letters)
    expect((await call('POST', '/api/accounts/password', { email: me.email })).status).to.equal(204)
    const path = `/api/invitations/${/invitation\/([\w-]+)/.exec(mail.letters.at(-1) ?? '')?.[1]}`
    const chosen = await call('POST', path, { password: `${PASSWORD} anew` })
    expect(mail.letters.at(-1)).to.include('Subject: Your password was changed')
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
    expect(mail.letters.at(-1)).to.include('To: maria@town.example').and.include('A second step of signing in')
    expect((await call('GET', '/api/session', undefined, other)).body.account, 'elsewhere').to.equal(null)
  })

  it('do not get past the second step by forgetting the password', async () => {
    await call('POST', '/api/accounts/password', { email: me.email })
    const path = `/api/invitations/${/invitation\/([\w-]+)/.exec(mail.letters.at(-1) ?? '')?.[1]}`
    const chosen = await call('POST', path, { password: PASSWORD })
    expect(chosen.body.needs).to.equal('second_factor')
    expect((await call('GET', '/api/me/reports', undefined, sessionIn(chosen.headers))).status).to.equal(401)
    await world.db('second_factor').delete()
  })

  it('learn by mail, and nobody else by the answer, that they have an account', async () => {
    const answer = await call('POST', '/api/accounts', { ...me, password: 'another long password' })
    expect(answer.status).to.equal(204)
    expect(mail.letters.at(-1)).to.match(/have an account/)
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
    const token = /my-reports\/([\w-]+)/.exec(mail.letters.at(-1) ?? '')?.[1]
    const { body } = await call('GET', `/api/my-reports/${token}`)
    expect(body).to.have.length(1)
    await world.db('one_time_token').update({ expires_at: '2020-01-01' })
    expect((await call('GET', `/api/my-reports/${token}`)).status).to.equal(404)
  })
})

/** The provider must know our address and we its: a port is found first. */
async function freePort(): Promise<number> {
  const probe: Server = createServer()
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve))
  const { port } = probe.address() as AddressInfo
  await new Promise((resolve) => probe.close(resolve))
  return port
}

describe('identity providers', () => {
  let node: Node
  let idp: IdentityProvider
  const settings = {
    kind: 'oidc', slug: 'city', title: { el: 'Πόλη', en: 'City' }, client_id: 'asty', client_secret: 'a-secret-of-the-test',
  } // prettier-ignore
  const people = {
    anna: { name: 'Anna', email: 'anna@mail.example', email_verified: true },
    maria: { name: 'Maria', email: 'known@town.example', email_verified: true },
    eve: { name: 'Eve', email: 'known@town.example', email_verified: false },
  }

  before(async () => {
    await smallTown()
    await world.db('account').insert({ email: 'known@town.example', name: 'Known', email_verified_at: new Date() })
    const port = await freePort()
    idp = await startIdentityProvider(`http://127.0.0.1:${port}/api/sign-in/city/callback`, people)
    const provider = { ...settings, issuer: idp.issuer }
    node = await startNode({ signInProviders: JSON.stringify([provider]) }, { port })
  })
  after(() => {
    node?.close()
    idp?.close()
  })

  const whoever = (headers: Record<string, string>) =>
    fetch(`${node.url}/api/sign-in/city`, { headers, redirect: 'manual' })

  it('sign nobody in by a link on another site', async () => {
    const lured = await whoever({ 'Sec-Fetch-Site': 'cross-site' })
    expect(lured.headers.get('location')).to.equal('/sign-in')
    expect(lured.headers.getSetCookie()).to.deep.equal([])
    expect((await whoever({ 'Sec-Fetch-Site': 'same-origin' })).headers.get('location')).to.include(idp.issuer)
  })

  it('are linked only by who has just shown who they are, and from our own page', async () => {
    await make.account('linker@town.example', 'citizen')
    const cookie = await signIn('linker@town.example')
    const token = csrfOf(cookie.split('=')[1] ?? '')
    const ask = async (headers: Record<string, string>) =>
      (await (await fetch(`${node.url}/api/me/identities/city`, { method: 'POST', headers })).json()) as Record<string, string> // prettier-ignore
    expect((await ask({ Cookie: cookie }))['type']).to.match(/cross-site/)
    expect((await ask({ Cookie: cookie, 'X-CSRF-Token': token }))['url']).to.include(idp.issuer)
    await world.db('session').update({ authenticated_at: '2020-01-01' })
    expect((await ask({ Cookie: cookie, 'X-CSRF-Token': token }))['type']).to.match(/confirm-needed/)
  })

  /** A browser that follows redirects and keeps cookies, host by host. */
  function browser() {
    const jar = new Map<string, string>()
    const go = async (url: string, body?: Record<string, string>): Promise<{ url: string; text: string }> => {
      const response = await fetch(url, {
        method: body ? 'POST' : 'GET',
        redirect: 'manual',
        headers: { Cookie: [...jar.values()].join('; '), ...(body && { 'Content-Type': 'application/x-www-form-urlencoded' }) },
        body: body && new URLSearchParams(body),
      }) // prettier-ignore
      for (const cookie of response.headers.getSetCookie()) {
        const [pair = ''] = cookie.split(';')
        const name = pair.split('=')[0] ?? ''
        if (/expires=Thu, 01 Jan 1970/i.test(cookie)) jar.delete(name)
        else jar.set(name, pair)
      }
      const location = response.headers.get('location')
      if (location && !/^\/(sign-in|account|$)/.test(location)) return go(new URL(location, url).href)
      return { url: location ?? url, text: await response.text() }
    }
    return { go, cookie: () => jar.get('asty_session') ?? '' }
  }

  async function enter(person: string, query = '', url = node.url): Promise<{ at: string; cookie: string }> {
    const { go, cookie } = browser()
    let page = await go(`${url}/api/sign-in/city${query}`)
    const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? ''
    page = await go(action, { prompt: 'login', login: person, password: 'any' })
    const consent = /action="([^"]+)"/.exec(page.text)?.[1]
    if (consent) page = await go(consent, { prompt: 'consent' })
    return { at: page.url, cookie: cookie() }
  }
  const whoIs = async (cookie: string) =>
    (await (await fetch(`${node.url}/api/session`, { headers: { Cookie: cookie } })).json()) as Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- as above

  it('are listed by name', async () => {
    const list = await (await fetch(`${node.url}/api/sign-in`)).json()
    expect(list).to.deep.equal([{ slug: 'city', title: { el: 'Πόλη', en: 'City' }, href: '/api/sign-in/city' }])
  })

  it('open an account on the first visit and the same one on the next', async () => {
    const first = await enter('anna', '?return=/account')
    expect(first.at).to.equal('/account')
    const session = await whoIs(first.cookie)
    expect(session['account']).to.include({ email: 'anna@mail.example', name: 'Anna' })
    expect(session['assurance']).to.equal('verified_contact')
    const again = await enter('anna')
    expect((await whoIs(again.cookie))['account'].id).to.equal(session['account'].id)
  })

  it('send nobody to another site afterwards', async () => {
    const { at } = await enter('anna', '?return=//evil.example')
    expect(at).to.equal('/')
  })

  it('do not open an account of the same address: both must be proven first', async () => {
    expect((await enter('maria')).at).to.equal('/sign-in?problem=account-exists')
    const eve = await enter('eve')
    const session = await whoIs(eve.cookie)
    expect(session['account'].email, 'an address that is not vouched for').to.equal(null)
  })

  it('are refused when the answer does not belong to the question', async () => {
    const response = await fetch(`${node.url}/api/sign-in/city/callback?code=x&state=y`, { redirect: 'manual' })
    expect(response.headers.get('location')).to.equal('/sign-in?problem=provider-failed')
  })

  it('are refused when somebody else has signed for them', async () => {
    const port = await freePort()
    const liar = await startIdentityProvider(`http://127.0.0.1:${port}/api/sign-in/city/callback`, people, {
      isForged: true,
    })
    const provider = { ...settings, issuer: liar.issuer }
    const own = await startNode({ signInProviders: JSON.stringify([provider]) }, { port })
    const { at, cookie } = await enter('anna', '', own.url)
    own.close()
    liar.close()
    expect(at).to.equal('/sign-in?problem=provider-failed')
    expect(cookie).to.equal('')
  })

  it('of the tax portal answer in XML, of which the tax number is not kept', () => {
    const text = '<root><userinfo userid="U123  " taxid="000000000   " lastname="ΠΑΠΑΔΟΠΟΥΛΟΥ" firstname="ΜΑΡΙΑ" birthyear="1950"/></root>' // prettier-ignore
    expect(gsisClaims(text)).to.deep.equal({ subject: 'U123', name: 'ΜΑΡΙΑ ΠΑΠΑΔΟΠΟΥΛΟΥ', verifiedEmail: null })
    expect(() => gsisClaims('<root/>')).to.throw()
  })
})
