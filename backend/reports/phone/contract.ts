import { z } from 'zod'
import { endpoint, Localised, Named } from '../../core/contract.ts'
import { Contact, Receipt, ReportId, ReportInput, Status } from '../contract.ts'

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

const told = {
  language: z.enum(['el', 'en']).describe('Language that the caller speaks'),
  notice_read: z
    .boolean()
    .default(false)
    .describe('The notice on personal data was read to the caller; needed to keep name, telephone or e-mail'),
}
const isNoticed = ({ contact, notice_read }: { contact?: object | undefined; notice_read: boolean }) =>
  notice_read || !Object.values(contact ?? {}).some(Boolean)
const UNNOTICED = { path: ['notice_read'], params: { text: 'field.notice_read' } }

export const PhoneReportInput = ReportInput.omit({ website: true })
  .extend(told)
  .refine(isNoticed, UNNOTICED)
  .meta({ id: 'PhoneReportInput' })
export type PhoneReportInput = z.infer<typeof PhoneReportInput>

export const registerCall = endpoint('POST /api/staff/reports', {
  summary: 'Register a report that somebody tells by telephone: numbered, placed and routed like any other',
  headers: { 'Idempotency-Key': 'The same key twice returns the same report' },
  body: PhoneReportInput,
  response: Receipt,
  status: 201,
})

export const PhoneSupportInput = z
  .object({
    contact: Contact.optional(),
    note: z.string().trim().max(4000).optional().describe('What else the caller says; only staff read it'),
    ...told,
  })
  .refine(isNoticed, UNNOTICED)
  .meta({ id: 'PhoneSupportInput' })
export type PhoneSupportInput = z.infer<typeof PhoneSupportInput>

export const PhoneSupport = z
  .object({
    id: z.string().describe('Id of the report; of its main one, where it is treated together with another'),
    protocol: z.string().describe('Protocol number, YYYY/NNNNNN'),
    support_count: z.number().int().describe('How many others said: me too'),
    lookup_code: Receipt.shape.lookup_code,
  })
  .meta({ id: 'PhoneSupport' })
export type PhoneSupport = z.infer<typeof PhoneSupport>

export const supportByPhone = endpoint('POST /api/staff/reports/{id}/support', {
  summary: '"Me too" of somebody who is on the telephone',
  params: ReportId,
  body: PhoneSupportInput,
  response: PhoneSupport,
  status: 201,
})
