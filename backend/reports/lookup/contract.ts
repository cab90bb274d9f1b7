import { z } from 'zod'
import { endpoint, Named } from '../../core/contract.ts'
import { Status } from '../contract.ts'

/** What everybody may know of a report whose code was said. */
export const LookedUp = z
  .object({
    protocol: z.string().describe('Protocol number'),
    status: Status,
    category: Named.nullable().describe('Null: of a report that is not public'),
    created_at: z.string().describe('RFC 3339'),
    updated_at: z.string().describe('RFC 3339'),
    due_at: z.string().describe('Expected at the latest, RFC 3339'),
    closed_at: z.string().nullable().describe('RFC 3339; null: open'),
  })
  .meta({ id: 'LookedUp' })
export type LookedUp = z.infer<typeof LookedUp>

export const lookUp = endpoint('POST /api/lookup', {
  summary: 'What became of a report, by its short code; tells nothing personal, neither words nor place',
  body: z
    .object({
      code: z
        .string()
        .transform((text) => text.replace(/[\s.-]/g, ''))
        .pipe(z.string().regex(/^\d{9}$/))
        .describe('Nine digits; spaces and dashes do not matter'),
    })
    .meta({ id: 'LookupCode', examples: [{ code: '572 000 004' }] }),
  response: LookedUp,
})
