import { z } from 'zod'
import { endpoint, Localised, localisedInput } from '../../core/contract.ts'

const Slug = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,60}$/)
  .describe('Stable name of the purpose')
const Version = z.number().int().min(1).describe('Version of the wording')
const ReachedBy = z.enum(['email', 'phone', 'any']).describe('How people are reached for it; any: by either')

const Channel = z.enum(['portal', 'desk', 'phone']).describe('How it was said')

export const ConsentEntry = z
  .object({
    at: z.string().describe('RFC 3339'),
    is_granted: z.boolean().describe('True: agreed; false: withdrew'),
    version: Version,
    title: Localised.describe('Title of that wording'),
    text: Localised.describe('What was read'),
    channel: Channel,
  })
  .meta({ id: 'ConsentEntry' })

/** One purpose and a person’s answers to it. */
export const Consent = z
  .object({
    purpose: Slug,
    title: Localised.describe('In a few words'),
    text: Localised.describe('What is agreed to'),
    version: Version.describe('Version of this wording'),
    contact: ReachedBy,
    is_active: z.boolean().describe('False: the municipality does not ask any more, and no consent counts'),
    is_granted: z.boolean().describe('The person agrees to what is asked now'),
    is_reachable: z.boolean().describe('False: there is no proven contact, so nothing is sent'),
    entries: z.array(ConsentEntry).describe('All answers, newest first'),
  })
  .meta({ id: 'Consent' })
export type Consent = z.infer<typeof Consent>

const Granting = z.object({
  granted: z.literal(true).describe('Agree'),
  version: Version.describe('The wording that was read; refused when there is a newer one'),
})
const Withdrawing = z.object({ granted: z.literal(false).describe('Withdraw') })
export const Answer = z.discriminatedUnion('granted', [Granting, Withdrawing]).meta({ id: 'ConsentAnswer' })
export type Answer = z.infer<typeof Answer>

export const listOwnConsents = endpoint('GET /api/me/consents', {
  summary: 'What I am asked to agree to, what I answered, when and to which wording',
  response: z.array(Consent),
})

export const answer = endpoint('PUT /api/me/consents/{purpose}', {
  summary: 'Agree, or withdraw; both are one act and count at once',
  params: z.object({ purpose: Slug }),
  body: Answer,
  response: Consent,
})

const personParams = z.object({
  id: z
    .string()
    .regex(/^\d{1,18}$/)
    .describe('Account id'),
})

export const listConsents = endpoint('GET /api/staff/people/{id}/consents', {
  summary: 'Consents of a person; the look is written down',
  params: personParams,
  response: z.array(Consent),
})

const Told = z.object({ channel: Channel.extract(['desk', 'phone']) })
export const recordAnswer = endpoint('PUT /api/staff/people/{id}/consents/{purpose}', {
  summary: 'Write down what a person said at the desk or on the telephone',
  params: personParams.extend({ purpose: Slug }),
  body: z
    .discriminatedUnion('granted', [Granting.extend(Told.shape), Withdrawing.extend(Told.shape)])
    .meta({ id: 'RecordedConsentAnswer' }),
  response: Consent,
})

const Wording = z.object({
  title: localisedInput(120).describe('In a few words'),
  text: localisedInput(2000).describe(
    'What is agreed to, plainly: who does what, how often, and that it can be taken back',
  ),
})

export const ConsentPurpose = z
  .object({
    slug: Slug,
    contact: ReachedBy,
    is_active: z.boolean().describe('False: not asked any more'),
    consents: z.number().int().describe('How many people’s consents count now'),
    wordings: z
      .array(
        z.object({
          version: Version,
          title: Localised,
          text: Localised,
          asks_anew: z.boolean().describe('False: consents to the version before go on counting'),
          at: z.string().describe('Asked since, RFC 3339'),
        }),
      )
      .describe('Newest first; the first is asked now'),
  })
  .meta({ id: 'ConsentPurpose' })
export type ConsentPurpose = z.infer<typeof ConsentPurpose>

export const listPurposes = endpoint('GET /api/staff/consent-purposes', {
  summary: 'What people are asked to agree to, in all its wordings',
  response: z.array(ConsentPurpose),
})

export const PurposeInput = Wording.extend({ slug: Slug, contact: ReachedBy }).meta({ id: 'ConsentPurposeInput' })

export const addPurpose = endpoint('POST /api/staff/consent-purposes', {
  summary: 'Ask people for something more',
  body: PurposeInput,
  response: ConsentPurpose,
  status: 201,
})

export const rewordPurpose = endpoint('POST /api/staff/consent-purposes/{slug}/wordings', {
  summary: 'Ask in other words from now on; consents stay recorded with the words they were given to',
  params: z.object({ slug: Slug }),
  body: Wording.extend({
    asks_anew: z
      .boolean()
      .default(true)
      .describe('True: the meaning changes, and who agreed before is asked anew; false: only the words do'),
  }).meta({ id: 'ConsentWordingInput' }),
  response: ConsentPurpose,
})

export const switchPurpose = endpoint('PATCH /api/staff/consent-purposes/{slug}', {
  summary: 'Stop or go on asking; while it is stopped no consent to it counts',
  params: z.object({ slug: Slug }),
  body: z.object({ is_active: z.boolean().describe('False: stop') }).meta({ id: 'ConsentPurposeSwitch' }),
  response: ConsentPurpose,
})
