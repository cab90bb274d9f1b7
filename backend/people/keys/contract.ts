import { z } from 'zod'
import { endpoint, Nothing, Scope } from '../../core/contract.ts'

const Title = z.string().trim().min(1).max(100).describe('What its owner calls it, e.g. the program that has it')
const Scopes = z.array(Scope).min(1).max(Scope.options.length).describe('What it opens, and nothing else')

export const ApiKey = z
  .object({
    id: z.string().describe('Id of the key; no secret'),
    title: Title,
    start: z.string().describe('First letters of the key, to know it by'),
    scopes: Scopes,
    created_at: z.string().describe('RFC 3339'),
    expires_on: z.string().nullable().describe('Last day, Europe/Athens; null: until it is taken back'),
    last_used_on: z.string().nullable().describe('Last day of use, Europe/Athens; null: never'),
  })
  .meta({ id: 'ApiKey' })
export type ApiKey = z.infer<typeof ApiKey>

export const listKeys = endpoint('GET /api/me/keys', {
  summary: 'Keys with which programs act for me, newest first',
  response: z.array(ApiKey),
})

export const makeKey = endpoint('POST /api/me/keys', {
  summary: 'Make a key for a program; the answer holds it, and it is shown only now',
  body: z
    .object({
      title: Title,
      scopes: Scopes,
      expires_on: z.iso.date().nullish().describe('Last day; missing: until it is taken back'),
    })
    .meta({
      id: 'ApiKeyInput',
      examples: [{ title: 'Bus company', scopes: ['reports.write'], expires_on: '2027-12-31' }],
    }),
  response: ApiKey.extend({ key: z.string().describe('To be sent as X-API-Key') }).meta({ id: 'NewApiKey' }),
  status: 201,
})

export const revokeKey = endpoint('DELETE /api/me/keys/{id}', {
  summary: 'Take a key back; counts at once',
  params: z.object({ id: z.string().max(40).describe('Id of the key') }),
  response: Nothing,
  status: 204,
})
