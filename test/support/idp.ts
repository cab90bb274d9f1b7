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
  callback: string,
  people: Record<string, { name: string; email: string; email_verified: boolean }>,
  { isForged = false }: { isForged?: boolean } = {},
): Promise<IdentityProvider> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const provider = new Provider(issuer, {
    clients: [{ client_id: 'asty', client_secret: 'a-secret-of-the-test', redirect_uris: [callback] }],
    pkce: { required: () => true },
    claims: { openid: ['sub'], email: ['email', 'email_verified'], profile: ['name'] },
    findAccount: (_ctx, id) => {
      const person = people[id]
      return person && { accountId: id, claims: async () => ({ sub: id, ...person }) }
    },
    features: { devInteractions: { enabled: true } },
    cookies: { keys: ['only for a test'] },
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
