// E-mail over SMTP; without SMTP_URL each message is a file in the data folder, so that a trial works without a mail server.
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createTransport, type Transporter } from 'nodemailer'
import type { Config } from './config.ts'

export interface Message {
  to: string
  subject: string
  text: string
}

export interface Mailer {
  /** Resolves when the mail server has taken the message. */
  send: (message: Message) => Promise<void>
}

const TIMEOUT_MS = 15_000

export function createMailer(config: Config): Mailer {
  const from = config.mailFrom
  if (!config.smtpUrl) return { send: (message) => writeToOutbox(config.dataDir, { from, ...message }) }
  const transport: Transporter = createTransport(config.smtpUrl, { from })
  Object.assign(transport.options, { connectionTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS })
  return { send: async (message) => void (await transport.sendMail(message)) }
}

async function writeToOutbox(dataDir: string, message: Message & { from: string }): Promise<void> {
  const folder = join(dataDir, 'outbox')
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  const composer = createTransport({ streamTransport: true, buffer: true })
  const { message: source } = await composer.sendMail(message)
  writeFileSync(join(folder, `${Date.now()}.eml`), source as Buffer, { mode: 0o600 })
}
