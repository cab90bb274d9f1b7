// A real SMTP server that keeps what it is given.
import type { AddressInfo } from 'node:net'
import { SMTPServer } from 'smtp-server'
import { until } from './until.ts'

export interface MailServer {
  url: string
  letters: string[]
  /** The next letter to this address that nobody has read yet; waits for it. */
  next: (to: string) => Promise<string>
  /** While true, every letter is refused for now (421). */
  isBusy: boolean
  close: () => void
}

export async function startMailServer(): Promise<MailServer> {
  const letters: string[] = []
  const read = new Set<number>()
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    onMailFrom: (_from, _session, done) => done(mail.isBusy ? new Error('try again later') : undefined),
    onData: (stream, _session, done) => {
      let letter = ''
      stream.on('data', (chunk: Buffer) => (letter += chunk.toString()))
      stream.on('end', () => {
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
    next,
    isBusy: false,
    close: () => server.close(),
  }
  return mail
}
