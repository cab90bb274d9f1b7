// What is sent: CloudEvents 1.0 as structured JSON, signed as Standard Webhooks asks.
import { createHmac } from 'node:crypto'

const PREFIX = 'whsec_'

export interface Message {
  /** Of the message; the same each time it is sent. */
  id: string
  event_id: string | null
  type: string
  subject: string | null
  at: string
  data: Record<string, unknown>
  source: string
}

/** The body. Two messages about one event, to two webhooks, tell of the same CloudEvent. */
export function cloudEvent({ id, event_id, type, subject, at, data, source }: Message): string {
  return JSON.stringify({
    specversion: '1.0',
    id: event_id ?? id,
    source,
    type: `asty.${type}`,
    ...(subject && { subject }),
    time: new Date(at).toISOString(),
    datacontenttype: 'application/json',
    data: subject ? { ...data, url: `${source}/reports/${subject}` } : data,
  })
}

/** Headers with the signature over id, time and body. secret: whsec_ and base64; now: milliseconds. */
export function signed(secret: string, id: string, body: string, now: number): Record<string, string> {
  const timestamp = String(Math.floor(now / 1000))
  const key = Buffer.from(secret.slice(PREFIX.length), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest('base64')
  return { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
}

export const asSecret = (key: Buffer): string => PREFIX + key.toString('base64')
