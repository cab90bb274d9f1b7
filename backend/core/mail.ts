// E-mail over SMTP; without SMTP_URL each message is a file in the data folder, so that a trial works without a mail server.
import { randomUUID } from 'node:crypto'
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport, type Transporter } from 'nodemailer'
import { type Config, isLocal } from './config.ts'
import type { JobKind } from './jobs.ts'

export interface Message {
  to: string
  subject: string
  text: string
  /** Beyond those that every letter has. */
  headers?: Record<string, string>
}

const TIMEOUT_MS = 15_000

/** A message on its way: put down with `jobs.send`, tried again until the mail server takes it. */
export const mailJob: JobKind<Message> = {
  queue: 'mail',
  limit_s: 60,
  work: ({ config }, message) => sendMail(config, message),
}

/** Resolves when the mail server has taken the message. */
export async function sendMail(config: Config, message: Message): Promise<void> {
  const from = config.mailFrom
  if (!config.smtpUrl) return writeToOutbox(config.dataDir, { from, ...message })
  const options = {
    url: config.smtpUrl,
    connectionTimeout: TIMEOUT_MS,
    socketTimeout: TIMEOUT_MS,
    // Codes and links never cross a network in the open because a server, or somebody between, offers no TLS.
    requireTLS: !isLocal(config.smtpUrl) && !config.smtpUrl.includes('ignoreTLS=true'),
  }
  const transport: Transporter = createTransport(options, { from })
  await transport.sendMail(message)
}

async function writeToOutbox(dataDir: string, message: Message & { from: string }): Promise<void> {
  const folder = join(dataDir, 'outbox')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const composer = createTransport({ streamTransport: true, buffer: true })
  const { message: source } = await composer.sendMail(message)
  writeFileSync(join(folder, `${Date.now()}-${randomUUID()}.eml`), source as Buffer, { mode: 0o600 })
}
