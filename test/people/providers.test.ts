// Signing in with a real provider: OpenID Connect, plain OAuth 2 with JSON, and OAuth 2 with the XML of the tax portal.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { csrfOf } from '../../backend/people/service.ts'
import { signIn } from '../support/http.ts'
import { type IdentityProvider, startIdentityProvider } from '../support/idp.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

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
  const client = { client_id: 'asty', client_secret: 'a-secret-of-the-test' }
  const people = {
    anna: { name: 'Anna', email: 'anna@mail.example', email_verified: true },
    pappa: { name: 'ΜΑΡΙΑ ΠΑΠΑ', email: 'pappa@mail.example', email_verified: true },
    maria: { name: 'Maria', email: 'known@town.example', email_verified: true },
    trojan: { name: 'Horse &file;', email: 'trojan@mail.example', email_verified: true },
    eve: { name: 'Eve', email: 'known@town.example', email_verified: false },
  }

  before(async () => {
    await smallTown()
    await world.db('account').insert({ email: 'known@town.example', name: 'Known', email_verified_at: new Date() })
    const port = await freePort()
    const callback = (slug: string) => `http://127.0.0.1:${port}/api/sign-in/${slug}/callback`
    idp = await startIdentityProvider(['city', 'social', 'gsis'].map(callback), people)
    const endpoints = { authorization_endpoint: `${idp.issuer}/auth`, token_endpoint: `${idp.issuer}/token` }
    const title = (name: string) => ({ el: name, en: name })
    const providers = [
      { kind: 'oidc', slug: 'city', title: { el: 'Πόλη', en: 'City' }, issuer: idp.issuer, ...client },
      { kind: 'oauth2', slug: 'social', title: title('Social'), ...client, ...endpoints, userinfo_endpoint: `${idp.issuer}/profile.json`, scope: 'public_profile' },
      { kind: 'gsis', slug: 'gsis', title: title('TaxisNet'), ...client, ...endpoints, userinfo_endpoint: `${idp.issuer}/userinfo.xml`, scope: 'read' },
    ] // prettier-ignore
    node = await startNode({ signInProviders: JSON.stringify(providers) }, { port })
  })
  after(() => {
    node?.close()
    idp?.close()
  })

  /** A browser that follows redirects and keeps cookies, host by host. */
  function browser(session: string) {
    const jar = new Map(session ? [['asty_session', session]] : [])
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
    return { go, cookie: () => jar.get('asty_session') ?? '', put: (cookie: string) => jar.set('attempt', cookie) }
  }

  interface Visit {
    query?: string
    provider?: string
    /** Whose account the identity is to be linked to; else they sign in. */
    session?: string
    url?: string
  }
  async function enter(
    person: string,
    { query = '', provider = 'city', session = '', url = node.url }: Visit = {},
  ): Promise<{ at: string; cookie: string }> {
    const { go, cookie, put } = browser(session)
    let page = await go(session ? await beginLink(provider, session, put) : `${url}/api/sign-in/${provider}${query}`)
    const action = /action="([^"]+)"/.exec(page.text)?.[1] ?? ''
    page = await go(action, { prompt: 'login', login: person, password: 'any' })
    const consent = /action="([^"]+)"/.exec(page.text)?.[1]
    if (consent) page = await go(consent, { prompt: 'consent' })
    return { at: page.url, cookie: cookie() }
  }
  const askLink = (provider: string, headers: Record<string, string>) =>
    fetch(`${node.url}/api/me/identities/${provider}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify({ return: '/account' }),
    })
  const secretOf = (cookie: string) => ({ Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') })
  async function beginLink(provider: string, session: string, put: (cookie: string) => void): Promise<string> {
    const response = await askLink(provider, secretOf(session))
    put(response.headers.getSetCookie()[0]?.split(';')[0] ?? '')
    return ((await response.json()) as { url: string }).url
  }
  const whoIs = async (cookie: string) =>
    (await (await fetch(`${node.url}/api/session`, { headers: { Cookie: cookie } })).json()) as Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- as above

  it('are listed by name', async () => {
    const list = await (await fetch(`${node.url}/api/sign-in`)).json()
    expect(list).to.deep.include({
      slug: 'city',
      title: { el: 'Πόλη', en: 'City' },
      href: '/api/sign-in/city',
      assurance: 'verified_contact',
    })
    expect(list).to.have.length(3)
  })

  it('open an account on the first visit and the same one on the next', async () => {
    const first = await enter('anna', { query: '?return=/account' })
    expect(first.at).to.equal('/account')
    const session = await whoIs(first.cookie)
    expect(session['account']).to.include({ email: 'anna@mail.example', name: 'Anna' })
    expect(session['assurance']).to.equal('verified_contact')
    const again = await enter('anna')
    expect((await whoIs(again.cookie))['account'].id).to.equal(session['account'].id)
  })

  it('send nobody to another site afterwards', async () => {
    const { at } = await enter('anna', { query: '?return=//evil.example' })
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
    const liar = await startIdentityProvider([`http://127.0.0.1:${port}/api/sign-in/city/callback`], people, {
      isForged: true,
    })
    const provider = { kind: 'oidc', slug: 'city', title: { el: 'Πόλη', en: 'City' }, ...client, issuer: liar.issuer }
    const own = await startNode({ signInProviders: JSON.stringify([provider]) }, { port })
    const { at, cookie } = await enter('anna', { url: own.url })
    own.close()
    liar.close()
    expect(at).to.equal('/sign-in?problem=provider-failed')
    expect(cookie).to.equal('')
  })

  it('sign nobody in by a link on another site', async () => {
    const whoever = (site: string) =>
      fetch(`${node.url}/api/sign-in/city`, { headers: { 'Sec-Fetch-Site': site }, redirect: 'manual' })
    const lured = await whoever('cross-site')
    expect(lured.headers.get('location')).to.equal('/sign-in')
    expect(lured.headers.getSetCookie()).to.deep.equal([])
    expect((await whoever('same-origin')).headers.get('location')).to.include(idp.issuer)
  })

  it('are linked only by who has just shown who they are, and from our own page', async () => {
    await make.account('linker@town.example', 'citizen')
    const cookie = await signIn('linker@town.example')
    const ask = async (headers: Record<string, string>) =>
      (await (await askLink('city', headers)).json()) as Record<string, string>
    expect((await ask({ Cookie: cookie }))['type']).to.match(/cross-site/)
    expect((await ask(secretOf(cookie)))['url']).to.include(idp.issuer)
    await world.db('session').update({ authenticated_at: '2020-01-01' })
    expect((await ask(secretOf(cookie)))['type']).to.match(/confirm-needed/)
    await world.db('session').delete()
  })

  it('of plain OAuth 2 say who it is, but vouch for nothing', async () => {
    const { at, cookie } = await enter('anna', { query: '?return=/account', provider: 'social' })
    expect(at).to.equal('/account')
    const session = await whoIs(cookie)
    expect(session).to.deep.include({ assurance: 'anonymous' })
    expect(session['account']).to.include({ name: 'Anna', email: null })
    const again = await enter('anna', { provider: 'social' })
    expect((await whoIs(again.cookie))['account'].id).to.equal(session['account'].id)
  })

  it('of the tax portal answer in XML and prove who it is; the tax number is not kept', async () => {
    const { cookie } = await enter('pappa', { provider: 'gsis' })
    const session = await whoIs(cookie)
    expect(session).to.deep.include({ assurance: 'identity_proven' })
    expect(session['account']).to.include({ name: 'ΜΑΡΙΑ ΠΑΠΑ', email: null })
    const { rows } = await world.db.raw('SELECT (SELECT json_agg(a) FROM account a)::text || (SELECT json_agg(i) FROM identity i)::text AS kept') // prettier-ignore
    expect(rows[0].kept).to.include('pappa').and.not.include('123456789')
  })

  it('that ask for a file of ours in their XML are not read', async () => {
    const { at, cookie } = await enter('trojan', { provider: 'gsis' })
    expect(at).to.match(/problem=provider-failed/)
    expect(cookie).to.equal('')
    expect(await world.db('identity').where({ subject: 'trojan' })).to.deep.equal([])
  })

  it('are linked to an account by whoever has proven both, and then open it', async () => {
    const { cookie } = await enter('anna')
    const { id } = (await whoIs(cookie))['account']
    const linked = await enter('pappa', { provider: 'social', session: cookie })
    expect(linked.at).to.equal('/account')
    expect((await whoIs((await enter('pappa', { provider: 'social' })).cookie))['account'].id).to.equal(id)
    expect((await whoIs(cookie))['account'], 'the cookie from before').to.equal(null)
    const proven = await enter('eve', { provider: 'gsis', session: linked.cookie })
    expect(await whoIs(proven.cookie)).to.deep.include({ assurance: 'identity_proven' })
    const taken = await enter('pappa', { provider: 'gsis', session: proven.cookie })
    expect(taken.at, 'it opens another account already').to.match(/identity-taken/)
  })
})
