import { z } from 'zod'
import { Assurance, endpoint, Localised, Named, Nothing, Permission } from '../core/contract.ts'

export const Role = z
  .enum([
    'agent',
    'crew_member',
    'crew_leader',
    'contractor',
    'department_head',
    'gis_officer',
    'press',
    'auditor',
    'administrator',
  ])
  .describe('Bundle of permissions')
export type Role = z.infer<typeof Role>

export const Email = z
  .string()
  .trim()
  .toLowerCase()
  .pipe(z.email().max(254))
  .describe('E-mail address; case does not matter')
const NewPassword = z.string().min(10).max(200).describe('New password, at least 10 characters and not a common one')
const OneTimeCode = z
  .string()
  .trim()
  .regex(/^\d{6}$|^[a-z0-9]{4}(-[a-z0-9]{4}){2,5}$/i)
  .describe('Six digits of the authenticator app, or a recovery code')

export const Area = z
  .object({
    layer: z.string().min(1).max(40).describe('Layer of the area'),
    slug: z.string().min(1).max(200).describe('Key of the area in its layer'),
  })
  .meta({ id: 'AreaReference' })

export const Grant = z
  .object({
    id: z.string().describe('Id of the grant'),
    role: Role,
    department: Named.nullable().describe('Only its cases; null: all departments, without their private cases'),
    crew: Named.nullable().describe('Only its cases'),
    area: Area.extend({ title: Localised.nullable() }).nullable().describe('Only cases inside it'),
    valid_from: z.string().describe('First day'),
    valid_to: z.string().nullable().describe('Last day; null: until it is taken back'),
  })
  .meta({ id: 'Grant' })
export type Grant = z.infer<typeof Grant>

export const GrantInput = z
  .object({
    role: Role,
    department: z.string().max(80).nullish().describe('Slug'),
    crew: z.string().max(80).nullish().describe('Slug of a crew of the department'),
    area: Area.nullish(),
    valid_from: z.iso.date().optional().describe('First day; today when missing'),
    valid_to: z.iso.date().nullish().describe('Last day'),
  })
  .meta({ id: 'GrantInput' })
export type GrantInput = z.infer<typeof GrantInput>

export const Session = z
  .object({
    account: z
      .object({
        id: z.string().describe('Account id'),
        email: z.string().nullable().describe('E-mail address'),
        phone: z.string().nullable().describe('Mobile telephone that is theirs, E.164'),
        name: z.string().describe('Name as shown to colleagues'),
        grants: z.array(Grant).describe('Roles, where and until when; none: a citizen'),
        permissions: z.array(Permission).describe('What this session may do'),
        has_second_factor: z.boolean().describe('Whether an authenticator app is set up'),
      })
      .nullable()
      .describe('Null when nobody is signed in'),
    needs: z
      .enum(['second_factor', 'enrolment'])
      .nullable()
      .describe('What is still to be proven or set up before this session may do what the account may'),
    assurance: Assurance,
    csrf: z.string().nullable().describe('To be sent as X-CSRF-Token with every change'),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const getSession = endpoint('GET /api/session', {
  summary: 'Who am I',
  response: Session,
})

export const signIn = endpoint('POST /api/session', {
  summary: 'Sign in with e-mail and password; sets the session cookie',
  body: z
    .object({
      email: z.string().min(3).max(254).describe('E-mail address'),
      password: z.string().min(1).max(200).describe('Password'),
    })
    .meta({ id: 'Credentials', examples: [{ email: 'citizen@demo.example', password: 'the one printed at start' }] }),
  response: Session,
})

export const proveSecondFactor = endpoint('POST /api/session/second-factor', {
  summary: 'Second step of signing in: a code of the authenticator app, or a recovery code',
  body: z.object({ code: OneTimeCode }).meta({ id: 'SecondFactorCode' }),
  response: Session,
})

export const confirmSession = endpoint('POST /api/session/confirm', {
  summary: 'Prove once more who one is, before a dangerous act: password, and the code where one is set up',
  body: z
    .object({ password: z.string().min(1).max(200).describe('Password'), code: OneTimeCode.optional() })
    .meta({ id: 'Confirmation' }),
  response: Session,
})

export const signOut = endpoint('DELETE /api/session', {
  summary: 'Sign out; ends the session everywhere the cookie was used',
  response: Nothing,
  status: 204,
})

export const register = endpoint('POST /api/accounts', {
  summary: 'Make an account; a code is mailed to the address',
  body: z
    .object({
      email: Email,
      name: z.string().trim().min(1).max(200).describe('Name'),
      password: NewPassword,
    })
    .meta({ id: 'Registration' }),
  response: Nothing,
  status: 204,
})

export const verifyEmail = endpoint('POST /api/accounts/verify', {
  summary: 'Show that the address is one’s own, with the mailed code; signs in',
  body: z
    .object({
      email: Email,
      code: z
        .string()
        .trim()
        .regex(/^\d{6}$/)
        .describe('Six digits'),
      password: z.string().min(1).max(200).describe('The one chosen when the account was made'),
    })
    .meta({ id: 'AddressCode' }),
  response: Session,
})

export const listProviders = endpoint('GET /api/sign-in', {
  summary: 'Identity providers that one may sign in with',
  response: z.array(
    z.object({
      slug: z.string().describe('Name in addresses'),
      title: Localised,
      href: z.string().describe('Where to go'),
      assurance: Assurance,
    }),
  ),
})

const Phone = z.string().trim().min(5).max(30).describe('Mobile telephone; Greek, or with its country code')

export const sendPhoneCode = endpoint('POST /api/me/phone', {
  summary: 'Send a code to my mobile telephone',
  body: z.object({ phone: Phone }).meta({ id: 'PhoneNumber' }),
  status: 204,
  response: Nothing,
})

export const verifyPhone = endpoint('POST /api/me/phone/verify', {
  summary: 'Type the code: the telephone counts as mine',
  body: z
    .object({
      phone: Phone,
      code: z
        .string()
        .trim()
        .regex(/^\d{6}$/)
        .describe('Six digits'),
    })
    .meta({ id: 'PhoneCode' }),
  response: Session,
})

export const forgetPhone = endpoint('DELETE /api/me/phone', {
  summary: 'Forget my telephone',
  status: 204,
  response: Nothing,
})

export const listIdentities = endpoint('GET /api/me/identities', {
  summary: 'Identity providers that open my account',
  response: z.array(z.object({ provider: z.string().describe('Slug'), linked_at: z.string().describe('RFC 3339') })),
})

export const linkIdentity = endpoint('POST /api/me/identities/{provider}', {
  summary: 'Begin to link a provider to my account: says where to send the browser',
  params: z.object({ provider: z.string().max(40).describe('Slug') }),
  body: z
    .object({ return: z.string().max(2000).describe('Page of this portal to come back to') })
    .meta({ id: 'LinkIdentity' }),
  response: z.object({ url: z.string().describe('Address at the provider') }),
})

export const unlinkIdentity = endpoint('DELETE /api/me/identities/{provider}', {
  summary: 'Take a provider off my account',
  params: z.object({ provider: z.string().max(40).describe('Slug') }),
  response: Nothing,
  status: 204,
})

export const mailPasswordLink = endpoint('POST /api/accounts/password', {
  summary: 'Mail me a link to choose a new password',
  body: z.object({ email: Email }).meta({ id: 'ForgottenPassword' }),
  response: Nothing,
  status: 204,
})

export const mailReportsLink = endpoint('POST /api/my-reports', {
  summary: 'Mail me a link to the reports that I sent with this address',
  body: z.object({ email: Email }).meta({ id: 'AddressOnly' }),
  response: Nothing,
  status: 204,
})

export const OpenSession = z
  .object({
    id: z.string().describe('Id of the session'),
    browser: z.string().describe('Browser and system'),
    created_at: z.string().describe('Signed in at, RFC 3339'),
    last_seen_at: z.string().describe('Last request, to the minute'),
    factors: z.array(z.string()).describe('What was proven'),
    is_this: z.boolean().describe('The session that asks'),
  })
  .meta({ id: 'OpenSession' })

export const listSessions = endpoint('GET /api/me/sessions', {
  summary: 'Where I am signed in',
  response: z.array(OpenSession),
})

export const endSession = endpoint('DELETE /api/me/sessions/{id}', {
  summary: 'Sign out somewhere else',
  params: z.object({ id: z.uuid().describe('Id of the session') }),
  response: Nothing,
  status: 204,
})

export const changePassword = endpoint('PUT /api/me/password', {
  summary: 'Change my password; all other sessions end',
  body: z
    .object({ password: z.string().min(1).max(200).describe('The one so far'), new_password: NewPassword })
    .meta({ id: 'PasswordChange' }),
  response: Nothing,
  status: 204,
})

export const beginSecondFactor = endpoint('POST /api/me/second-factor', {
  summary: 'Begin to set up an authenticator app (TOTP, RFC 6238)',
  response: z
    .object({
      secret: z.string().describe('Base32, for typing by hand'),
      uri: z.string().describe('otpauth: address, for a QR code'),
    })
    .meta({ id: 'SecondFactorSetup' }),
})

export const finishSecondFactor = endpoint('PUT /api/me/second-factor', {
  summary: 'Finish the set-up with a first code; answers with recovery codes, shown only now',
  body: z.object({ code: OneTimeCode }),
  response: z
    .object({ recovery_codes: z.array(z.string()).describe('Each opens the account once') })
    .meta({ id: 'RecoveryCodes' }),
})

/** What a browser's Web Authentication answers; the library checks the rest. */
const Credential = z
  .looseObject({
    id: z.string().min(1).max(1400).describe('Credential id, base64url'),
    type: z.literal('public-key').describe('Kind of credential'),
    response: z.looseObject({ clientDataJSON: z.string().max(20_000).describe('base64url') }),
  })
  .meta({ id: 'PublicKeyCredential' })
const Options = z.looseObject({ challenge: z.string().describe('base64url') })

export const passkeyOptions = endpoint('POST /api/me/passkeys/options', {
  summary: 'Begin to make a passkey (W3C Web Authentication, creation options as JSON)',
  response: Options,
})

export const addPasskey = endpoint('POST /api/me/passkeys', {
  summary: 'Keep the passkey that the browser made',
  body: Credential,
  response: Nothing,
  status: 204,
})

export const listPasskeys = endpoint('GET /api/me/passkeys', {
  summary: 'My passkeys',
  response: z.array(
    z
      .object({
        id: z.string().describe('Credential id'),
        title: z.string().describe('Browser and system where it was made'),
        created_at: z.string().describe('RFC 3339'),
        last_used_at: z.string().nullable().describe('RFC 3339'),
      })
      .meta({ id: 'Passkey' }),
  ),
})

export const removePasskey = endpoint('DELETE /api/me/passkeys/{id}', {
  summary: 'Take a passkey away',
  params: z.object({ id: z.string().max(1400).describe('Credential id') }),
  response: Nothing,
  status: 204,
})

export const signInOptions = endpoint('POST /api/session/passkey/options', {
  summary: 'Begin to sign in with a passkey (request options as JSON)',
  response: Options,
})

export const signInWithPasskey = endpoint('POST /api/session/passkey', {
  summary: 'Sign in with a passkey; it counts as both factors',
  body: Credential,
  response: Session,
})

export const readInvitation = endpoint('GET /api/invitations/{token}', {
  summary: 'Whom an invitation is for',
  params: z.object({ token: z.string().max(100).describe('Secret of the link') }),
  response: z.object({ email: z.string().describe('E-mail address'), name: z.string().describe('Name') }),
})

export const acceptInvitation = endpoint('POST /api/invitations/{token}', {
  summary: 'Accept an invitation by choosing a password; signs in',
  params: z.object({ token: z.string().max(100).describe('Secret of the link') }),
  body: z.object({ password: NewPassword }),
  response: Session,
})
