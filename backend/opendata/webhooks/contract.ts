import { z } from 'zod'
import { endpoint, Nothing } from '../../core/contract.ts'

export const WebhookType = z
  .enum(['report.created', 'report.changed', 'report.closed'])
  .describe('What happened to a public report')
export type WebhookType = z.infer<typeof WebhookType>

const Title = z.string().trim().min(1).max(100).describe('What staff call it')
const Target = z.url({ protocol: /^https?$/ }).max(2000).describe('Where messages are posted to: https') // prettier-ignore
const Types = z.array(WebhookType).min(1).max(WebhookType.options.length).describe('What it is told')

export const Webhook = z
  .object({
    id: z.string().describe('Id of the webhook'),
    title: Title,
    url: z.string().describe('Where messages are posted to'),
    types: Types,
    created_at: z.string().describe('RFC 3339'),
    failing_since: z.string().nullable().describe('First failure since the last message that arrived, RFC 3339'),
    pause_reason: z
      .enum(['by_hand', 'failing', 'gone'])
      .nullable()
      .describe('Why it is told nothing: by hand; nothing arrived for a day; it answered 410. Null: it is told'),
  })
  .meta({ id: 'Webhook' })
export type Webhook = z.infer<typeof Webhook>

export const listWebhooks = endpoint('GET /api/staff/webhooks', {
  summary: 'Programs of others that are told what happens to public reports',
  response: z.array(Webhook),
})

const WebhookInput = z.object({ title: Title, url: Target, types: Types })

export const addWebhook = endpoint('POST /api/staff/webhooks', {
  summary: 'Add a webhook; the answer holds the key of its signatures, shown only now',
  body: WebhookInput.meta({
    id: 'WebhookInput',
    examples: [{ title: 'Call centre', url: 'https://hooks.example.org/asty', types: ['report.created', 'report.closed'] }],
  }), // prettier-ignore
  response: Webhook.extend({
    secret: z.string().describe('Key of the signatures (Standard Webhooks), whsec_…'),
  }).meta({ id: 'NewWebhook' }),
  status: 201,
})

const params = z.object({
  id: z
    .string()
    .regex(/^\d{1,18}$/)
    .describe('Id of the webhook'),
})

export const changeWebhook = endpoint('PATCH /api/staff/webhooks/{id}', {
  summary: 'Change, pause or resume a webhook',
  params,
  body: WebhookInput.extend({ is_paused: z.boolean().describe('True: it is told nothing') })
    .partial()
    .meta({ id: 'WebhookChange', examples: [{ is_paused: true }] }),
  response: Webhook,
})

export const removeWebhook = endpoint('DELETE /api/staff/webhooks/{id}', {
  summary: 'Remove a webhook with its messages',
  params,
  response: Nothing,
  status: 204,
})

export const Delivery = z
  .object({
    id: z.string().describe('Id of the message, the same each time it is sent (webhook-id)'),
    type: z.string().describe('Kind of message'),
    subject: z.string().nullable().describe('Id of the report; null: a trial'),
    at: z.string().describe('When it happened, RFC 3339'),
    state: z.enum(['waiting', 'delivered', 'failed']).describe('Failed: given up, until it is sent again by hand'),
    attempts: z.number().int().describe('How often it was sent'),
    last_attempt_at: z.string().nullable().describe('RFC 3339'),
    last_status: z.number().int().nullable().describe('HTTP status of the last answer; null: there was none'),
    last_error: z
      .enum(['status', 'redirect', 'refused_address', 'timeout', 'connection', 'paused'])
      .nullable()
      .describe('Why the last one failed'),
  })
  .meta({ id: 'WebhookDelivery' })
export type Delivery = z.infer<typeof Delivery>

export const listDeliveries = endpoint('GET /api/staff/webhooks/{id}/deliveries', {
  summary: 'The newest messages to a webhook, and how the sending went',
  params,
  response: z.array(Delivery),
})

export const tryWebhook = endpoint('POST /api/staff/webhooks/{id}/trial', {
  summary: 'Send a message without content, to see whether it arrives',
  params,
  response: Delivery,
  status: 202,
})

export const replayDelivery = endpoint('POST /api/staff/webhooks/{id}/deliveries/{delivery}/replay', {
  summary: 'Send a message again, with the same id',
  params: params.extend({ delivery: z.uuid().describe('Id of the message') }),
  response: Delivery,
  status: 202,
})
