import { z } from 'zod'
import { endpoint, Named, Nothing } from '../../core/contract.ts'

const Title = z.string().trim().min(1).max(100).describe('Name of the body, as people read it in timelines')
const Address = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .describe('Its Open311 address up to the version: https://…/open311/v2')
const Jurisdiction = z
  .string()
  .trim()
  .max(200)
  .nullable()
  .describe('jurisdiction_id, where the address serves several; null: none')

const Mapping = z.object({
  category: z.string().max(80).describe('Slug of a category of ours'),
  service_code: z.string().trim().min(1).max(200).describe('What it is called there'),
  sends_contact: z.boolean().describe('True: name, e-mail and telephone of the reporter go with it'),
})

export const ForwardingEndpoint = z
  .object({
    id: z.string().describe('Id of the endpoint'),
    title: Title,
    url: z.string().describe('Its Open311 address'),
    jurisdiction_id: Jurisdiction,
    has_key: z.boolean().describe('Whether we have a key there; it is shown to nobody'),
    last_error: z.string().nullable().describe('Why reading its updates failed the last time; null: it did not'),
    categories: z.array(Mapping).describe('What is forwarded there'),
  })
  .meta({ id: 'ForwardingEndpoint' })
export type ForwardingEndpoint = z.infer<typeof ForwardingEndpoint>

const params = z.object({
  id: z
    .string()
    .regex(/^\d{1,18}$/)
    .describe('Id of the endpoint'),
})

export const listEndpoints = endpoint('GET /api/staff/forwarding/endpoints', {
  summary: 'Bodies that get reports from us by Open311',
  response: z.array(ForwardingEndpoint),
})

const EndpointInput = z.object({
  title: Title,
  url: Address,
  jurisdiction_id: Jurisdiction.optional(),
  api_key: z.string().trim().max(500).nullish().describe('Our key there; null takes it away'),
})

export const addEndpoint = endpoint('POST /api/staff/forwarding/endpoints', {
  summary: 'Add a body that gets reports from us',
  body: EndpointInput.meta({
    id: 'ForwardingEndpointInput',
    examples: [{ title: 'Water company', url: 'https://water.example/open311/v2', api_key: 'our-key-there' }],
  }),
  response: ForwardingEndpoint,
  status: 201,
})

export const changeEndpoint = endpoint('PATCH /api/staff/forwarding/endpoints/{id}', {
  summary: 'Change the name, address or key of a body that gets reports from us',
  params,
  body: EndpointInput.partial().meta({
    id: 'ForwardingEndpointChange',
    examples: [{ title: 'Water and sewerage company' }],
  }),
  response: ForwardingEndpoint,
})

export const removeEndpoint = endpoint('DELETE /api/staff/forwarding/endpoints/{id}', {
  summary: 'Forward nothing there any more, and hear no more of what was; timelines stay',
  params,
  response: Nothing,
  status: 204,
})

export const RemoteService = z
  .object({
    service_code: z.string().describe('Code'),
    service_name: z.string().describe('Name'),
    group: z.string().describe('Group; may be empty'),
  })
  .meta({ id: 'RemoteService' })
export type RemoteService = z.infer<typeof RemoteService>

export const listRemoteServices = endpoint('GET /api/staff/forwarding/endpoints/{id}/services', {
  summary: 'What can be requested there, asked of the other body now',
  params,
  response: z.array(RemoteService),
})

export const mapCategories = endpoint('PUT /api/staff/forwarding/endpoints/{id}/categories', {
  summary: 'Say which categories are forwarded there from now on, and as what; replaces what was said before',
  params,
  body: z.object({ categories: z.array(Mapping).max(500).describe('All of them') }).meta({
    id: 'ForwardingCategories',
    examples: [{ categories: [{ category: 'water-leak', service_code: 'LEAK', sends_contact: false }] }],
  }),
  response: ForwardingEndpoint,
})

export const ForwardError = z.enum([
  'status',
  'refused',
  'redirect',
  'refused_address',
  'timeout',
  'connection',
  'too_large',
  'unreadable',
])
export type ForwardError = z.infer<typeof ForwardError>

export const Forward = z
  .object({
    id: z.string().describe('Id of the forwarding'),
    report_id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Number of the report'),
    category: Named,
    endpoint: z.string().describe('Name of the other body'),
    state: z.enum(['waiting', 'sent', 'failed']).describe('Failed: given up, until somebody sends it again'),
    attempts: z.number().int().describe('How often it was sent'),
    created_at: z.string().describe('When it was put on its way, RFC 3339'),
    last_attempt_at: z.string().nullable().describe('RFC 3339'),
    last_error: ForwardError.nullable().describe('Why the last sending failed'),
    last_status: z.number().int().nullable().describe('HTTP status of the last answer; null: there was none'),
    last_words: z.string().nullable().describe('What the other body said about it'),
    remote_id: z.string().nullable().describe('Number there'),
  })
  .meta({ id: 'Forward' })
export type Forward = z.infer<typeof Forward>

export const listForwards = endpoint('GET /api/staff/forwarding/forwards', {
  summary: 'Reports on their way to other bodies, the newest hundred of a state',
  query: z.object({ state: z.enum(['waiting', 'sent', 'failed']).default('failed').describe('Which') }),
  response: z.array(Forward),
})

export const retryForward = endpoint('POST /api/staff/forwarding/forwards/{id}/retry', {
  summary: 'Send a report again that was given up',
  params: z.object({ id: z.uuid().describe('Id of the forwarding') }),
  response: Forward,
  status: 202,
})
