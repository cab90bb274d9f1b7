// Short messages through the gateway of a provider; without SMS_URL each message is a file in the data folder.
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Config } from './config.ts'
import type { JobKind } from './jobs.ts'

export interface Sms {
  /** E.164. */
  to: string
  text: string
}

const TIMEOUT_MS = 15_000

/** A short message on its way: put down with `jobs.send`, tried again until the gateway takes it. */
export const smsJob: JobKind<Sms> = {
  queue: 'sms',
  limit_s: 60,
  work: ({ config }, sms) => (config.smsUrl ? sendSms(config.smsUrl, config, sms) : writeToOutbox(config, sms)),
}

/** POST {to, from, text} with a bearer token: what most gateways take, or a few lines of a proxy make of it. */
async function sendSms(url: string, { smsToken, smsFrom }: Config, sms: Sms): Promise<void> {
  const answer = await fetch(url, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json', ...(smsToken && { Authorization: `Bearer ${smsToken}` }) },
    body: JSON.stringify({ from: smsFrom, ...sms }),
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  })
  if (!answer.ok) throw new Error(`the SMS gateway answered ${answer.status}`)
}

async function writeToOutbox({ dataDir }: Config, { to, text }: Sms): Promise<void> {
  const folder = join(dataDir, 'outbox')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  writeFileSync(join(folder, `${Date.now()}-${randomUUID()}.sms.txt`), `To: ${to}\n\n${text}\n`, { mode: 0o600 })
}
