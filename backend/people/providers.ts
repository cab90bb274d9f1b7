// Identity providers by configuration: OpenID Connect, plain OAuth 2 with JSON (Facebook) or XML (the Greek tax portal) user info.
import { XMLParser } from 'fast-xml-parser'
import * as client from 'openid-client'
import { z } from 'zod'
import { isLocal, StartError } from '../core/config.ts'
import { Localised } from '../core/contract.ts'
import { Assurance } from '../core/contract.ts'

const common = {
  slug: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/),
  title: Localised,
  client_id: z.string().min(1),
  client_secret: z.string().min(1),
}
const endpoints = {
  authorization_endpoint: z.url(),
  token_endpoint: z.url(),
  userinfo_endpoint: z.url(),
  scope: z.string().default(''),
}

const Provider = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('oidc'),
    ...common,
    issuer: z.url(),
    scope: z.string().default('openid email profile'),
    assurance: Assurance.default('verified_contact'),
    /** The provider itself asks its people for a second factor. */
    is_strong: z.boolean().default(false),
  }),
  z.object({ kind: z.literal('oauth2'), ...common, ...endpoints, subject_field: z.string().default('id') }),
  z.object({ kind: z.literal('gsis'), ...common, ...endpoints }),
])
export type Provider = z.output<typeof Provider>

/** What a provider says about a person. */
export interface Claims {
  subject: string
  name: string
  /** Only when the provider vouches for it. */
  verifiedEmail: string | null
}

/** The providers of SIGN_IN_PROVIDERS. Throws StartError naming what is wrong. */
export function readProviders(text: string | undefined): Provider[] {
  if (!text) return []
  try {
    return z.array(Provider).parse(JSON.parse(text))
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new StartError(`SIGN_IN_PROVIDERS is not as expected:\n${what}`)
  }
}

export const assuranceOf = (provider: Provider): Assurance =>
  provider.kind === 'gsis' ? 'identity_proven' : provider.kind === 'oidc' ? provider.assurance : 'anonymous'

const found = new Map<string, Promise<client.Configuration>>()

/** The provider's addresses: asked for once where it publishes them; asked again after a failure. */
function configurationOf(provider: Provider): Promise<client.Configuration> {
  const key = JSON.stringify(provider)
  const known = found.get(key)
  if (known) return known
  const fresh = provider.kind === 'oidc' ? discover(provider) : Promise.resolve(stated(provider))
  found.set(key, fresh)
  fresh.catch(() => found.delete(key))
  return fresh
}

const discover = ({ issuer, client_id, client_secret }: Extract<Provider, { kind: 'oidc' }>) =>
  client.discovery(new URL(issuer), client_id, client_secret, undefined, {
    // The library trusts TLS for what comes from the provider itself; a signature is asked for as well.
    // Only a provider on this machine may do without TLS: that is how tests and trials run.
    execute: [client.enableNonRepudiationChecks, ...(isLocal(issuer) ? [client.allowInsecureRequests] : [])],
    timeout: 10,
  })

function stated(provider: Exclude<Provider, { kind: 'oidc' }>): client.Configuration {
  const { authorization_endpoint, token_endpoint, userinfo_endpoint, client_id, client_secret } = provider
  const issuer = new URL(authorization_endpoint).origin
  const configuration = new client.Configuration(
    { issuer, authorization_endpoint, token_endpoint, userinfo_endpoint },
    client_id,
    client_secret,
    client.ClientSecretPost(client_secret),
  )
  if (isLocal(token_endpoint)) client.allowInsecureRequests(configuration)
  return configuration
}

/** What must be remembered between leaving for the provider and coming back. */
export interface Attempt {
  provider: string
  state: string
  nonce: string
  verifier: string
  returnTo: string
  /** Account to which the identity is to be linked; null: sign in. */
  linkTo: string | null
}

/** Where to send the browser; PKCE, state and nonce are checked when it comes back. */
export async function authorizationUrl(provider: Provider, attempt: Attempt, redirect: string): Promise<URL> {
  const configuration = await configurationOf(provider)
  return client.buildAuthorizationUrl(configuration, {
    redirect_uri: redirect,
    scope: provider.scope,
    state: attempt.state,
    ...(provider.kind === 'oidc' && { nonce: attempt.nonce }),
    code_challenge: await client.calculatePKCECodeChallenge(attempt.verifier),
    code_challenge_method: 'S256',
  })
}

export const newAttempt = (provider: Provider, returnTo: string, linkTo: string | null): Attempt => ({
  provider: provider.slug,
  state: client.randomState(),
  nonce: client.randomNonce(),
  verifier: client.randomPKCECodeVerifier(),
  returnTo,
  linkTo,
})

/** Exchanges the code of the callback and asks who it is. Throws when the answer does not belong to the attempt. */
export async function claimsOf(provider: Provider, attempt: Attempt, callback: URL): Promise<Claims> {
  const configuration = await configurationOf(provider)
  const tokens = await client.authorizationCodeGrant(configuration, callback, {
    pkceCodeVerifier: attempt.verifier,
    expectedState: attempt.state,
    ...(provider.kind === 'oidc' && { expectedNonce: attempt.nonce, idTokenExpected: true }),
  })
  if (provider.kind === 'oidc') return oidcClaims(configuration, tokens)
  const userinfo = new URL(provider.userinfo_endpoint)
  const answer = await client.fetchProtectedResource(configuration, tokens.access_token, userinfo, 'GET')
  if (!answer.ok) throw new Error(`user info of ${provider.slug}: ${answer.status}`)
  return provider.kind === 'gsis'
    ? gsisClaims(await answer.text())
    : oauthClaims((await answer.json()) as Record<string, unknown>, provider.subject_field)
}

type Tokens = Awaited<ReturnType<typeof client.authorizationCodeGrant>>

async function oidcClaims(configuration: client.Configuration, tokens: Tokens): Promise<Claims> {
  const subject = tokens.claims()?.sub ?? ''
  const info = await client.fetchUserInfo(configuration, tokens.access_token, subject)
  return {
    subject,
    name: info.name ?? info.email ?? subject,
    verifiedEmail: info.email_verified === true && info.email ? info.email.toLowerCase() : null,
  }
}

function oauthClaims(info: Record<string, unknown>, subjectField: string): Claims {
  const subject = z.coerce.string().min(1).parse(info[subjectField])
  // Plain OAuth 2 does not say whether an address was checked.
  return { subject, name: String(info['name'] ?? subject), verifiedEmail: null }
}

const xml = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '', trimValues: true, processEntities: true })
const GsisInfo = z.object({
  root: z.object({
    userinfo: z.object({ userid: z.string().trim().min(1), firstname: z.string().trim(), lastname: z.string().trim() }),
  }),
})

/** The XML user info of the tax portal. Its tax number is not read: we need to know that it is the same person, not who. */
function gsisClaims(text: string): Claims {
  const { userid, firstname, lastname } = GsisInfo.parse(xml.parse(text)).root.userinfo
  return { subject: userid, name: [firstname, lastname].filter(Boolean).join(' ') || userid, verifiedEmail: null }
}
