// A real SMTP server that keeps what it is given.
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { until } from './until.ts'

export interface MailServer {
  url: string
  letters: string[]
  /** The same, as they came. */
  sources: string[]
  /** The next letter to this address that nobody has read yet; waits for it. */
  next: (to: string) => Promise<string>
  /** While true, every letter is refused for now (421). */
  isBusy: boolean
  close: () => void
}

export async function startMailServer(): Promise<MailServer> {
  const letters: string[] = []
  const sources: string[] = []
  const read = new Set<number>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_from, _session, done) => done(mail.isBusy ? new Error('try again later') : undefined),
    onData: (stream, _session, done) => {
      let letter = ''
      stream.on('data', (chunk: Buffer) => (letter += chunk.toString()))
      stream.on('end', () => {
        sources.push(letter)
        letters.push(letter.replace(/=\r\n/g, '').replace(/=3D/g, '='))
        done()
      })
    },
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const next = async (to: string): Promise<string> => {
    const isIt = (letter: string, at: number) => !read.has(at) && letter.includes(`To: ${to.toLowerCase()}`)
    const letter = await until(() => letters.find(isIt))
    read.add(letters.findIndex(isIt))
    return letter
  }
  const mail: MailServer = {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    sources,
    next,
    isBusy: false,
    close: () => server.close(),
  }
  return mail
}

/** Subject and words of a letter as it came, decoded (RFC 2045, 2047). */
export function readable(source: string): { subject: string; words: string } {
  const [, head = '', body = ''] = /^(.*?)\r\n\r\n(.*)$/s.exec(source) ?? []
  const unfolded = head.replace(/\r\n[ \t]+/g, ' ').replaceAll('?= =?', '?==?')
  const words = /[Tt]ransfer-Encoding: (quoted|base64)/.exec(unfolded)
  return {
    subject: (/^Subject: (.*)$/m.exec(unfolded)?.[1] ?? '').replace(/=\?UTF-8\?([BQ])\?(.*?)\?=/g, (_, how: string, part: string) => decoded(part.replaceAll('_', ' '), how === 'B')), // prettier-ignore
    words: (words ? decoded(body, words[1] === 'base64') : body).replaceAll('\r\n', '\n'),
  }
}

const decoded = (text: string, isBase64: boolean): string =>
  isBase64
    ? Buffer.from(text, 'base64').toString()
    : Buffer.from(text.replace(/=\r\n/g, '').replace(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(parseInt(hex, 16))), 'latin1').toString() // prettier-ignore
