import { z } from 'zod'
import { endpoint, Localised, Named } from '../../core/contract.ts'
import { Receipt, ReportInput, Status } from '../contract.ts'

/** More than this is not read out to anybody. */
export const MOST_EARLIER = 20

/** An earlier report of somebody who is on the telephone. */
export const EarlierReport = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number'),
    status: Status,
    category: Named,
    address: Localised.nullable().describe('Nearest address'),
    description: z.string().describe('Words of the citizen'),
    created_at: z.string().describe('RFC 3339'),
    due_at: z.string().describe('RFC 3339'),
    last_note: z.string().nullable().describe('Newest words of the municipality for all who may see the report'),
    name: z.string().nullable().describe('Name that was left'),
    phone: z.string().nullable().describe('Telephone; only its last digits where one was not looked for by it'),
    email: z.string().nullable().describe('E-mail address; null where one was not looked for by telephone'),
  })
  .meta({ id: 'EarlierReport' })
export type EarlierReport = z.infer<typeof EarlierReport>

export const findCaller = endpoint('POST /api/staff/callers', {
  summary:
    'Who is on the telephone? Earlier reports by telephone, name, protocol number or code; the look is written down, and the reporters can read of it',
  body: z
    .object({
      q: z
        .string()
        .trim()
        .min(3)
        .max(100)
        .describe('Telephone, part of the name, protocol number, or the nine digits of the receipt'),
    })
    .meta({ id: 'CallerQuery' }),
  response: z.array(EarlierReport).describe('Newest first, at most 20; only of the caller’s own area of work'),
})

export const PhoneReportInput = ReportInput.omit({ website: true })
  .extend({
    language: z.enum(['el', 'en']).describe('Language that the caller speaks'),
    notice_read: z
      .boolean()
      .default(false)
      .describe('The notice on personal data was read to the caller; needed to keep name, telephone or e-mail'),
  })
  .refine(({ contact, notice_read }) => notice_read || !Object.values(contact ?? {}).some(Boolean), {
    path: ['notice_read'],
    params: { text: 'field.notice_read' },
  })
  .meta({ id: 'PhoneReportInput' })
export type PhoneReportInput = z.infer<typeof PhoneReportInput>

export const registerCall = endpoint('POST /api/staff/reports', {
  summary: 'Register a report that somebody tells by telephone: numbered, placed and routed like any other',
  headers: { 'Idempotency-Key': 'The same key twice returns the same report' },
  body: PhoneReportInput,
  response: Receipt,
  status: 201,
})
