// A real OpenID provider on this machine, for sign-in tests.
import { generateKeyPairSync } from 'node:crypto'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider from 'oidc-provider'

export interface IdentityProvider {
  issuer: string
  close: () => void
}

/** A key that has signed nothing. */
const otherKey = () => generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey.export({ format: 'jwk' })

/**
 * Starts a provider whose people are the keys of `people`; its log-in page takes any of them without a password.
 * `isForged`: what it signs is not signed with the key that it publishes.
 */
export async function startIdentityProvider(
  callbacks: string[],
  people: Record<string, { name: string; email: string; email_verified: boolean }>,
  { isForged = false }: { isForged?: boolean } = {},
): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'asty', client_secret: 'a-secret-of-the-test', redirect_uris: callbacks }],
    scopes: ['openid', 'public_profile', 'read'],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_ctx, id) => {
      const person = people[id]
      return person && { accountId: id, claims: async () => ({ sub: id, ...person }) }
    },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['only for a test'] },
  })
  // What providers without OpenID Connect have instead of its user info.
  provider.use(async (ctx, next) => {
    if (!['/profile.json', '/userinfo.xml'].includes(ctx.path)) return next()
    const token = await provider.AccessToken.find(ctx.get('Authorization').replace('Bearer ', ''))
    const id = token?.accountId ?? ''
    const person = people[id]
    if (!person) return void (ctx.status = 401)
    if (ctx.path === '/profile.json') ctx.body = { id, name: person.name, email: person.email }
    else ctx.body = asTaxPortal(id, person.name)
  })
  const answer = provider.callback()
  server.on('request', (request, response) => {
    if (!isForged || request.url !== '/jwks') return answer(request, response)
    response.setHeader('Content-Type', 'application/jwk-set+json')
    response.end(JSON.stringify({ keys: [{ ...otherKey(), kid: 'keystore-CHANGE-ME', use: 'sig', alg: 'RS256' }] }))
  })
  return {
    issuer,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}

const FILE_OF_OURS = '<!DOCTYPE root [<!ENTITY file SYSTEM "file:///etc/passwd">]>'

/** As https://www1.gsis.gr answers, padding included. Whose name is an entity wants to read a file of the reader. */
function asTaxPortal(id: string, name: string): string {
  const [first = '', last = ''] = name.split(' ')
  return `${name.includes('&') ? FILE_OF_OURS : ''}<root><userinfo userid="${id}   " taxid="123456789   " lastname="${last}" firstname="${first}" birthyear="1950"/></root>`
}
