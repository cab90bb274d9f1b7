// Letters travel encrypted or not at all.
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { SMTPServer } from 'smtp-server'
import { mailJob } from '../../backend/core/mail.ts'
import { world } from '../support/world.ts'

describe('mail', () => {
  const letters: string[] = []
  let server: SMTPServer
  let port: number
  before(async () => {
    server = new SMTPServer({
      authOptional: true,
      disabledCommands: ['STARTTLS'],
      onData: (stream, _session, done) => {
        stream.on('data', (chunk: Buffer) => letters.push(chunk.toString()))
        stream.on('end', () => done())
      },
    })
    await new Promise<void>((resolve) => server.listen(0, resolve))
    port = (server.server.address() as AddressInfo).port
  })
  after(() => server?.close())

  const send = (smtpUrl: string) =>
    mailJob.work({ config: { ...world.config, smtpUrl } } as never, {
      to: 'maria@town.example',
      subject: 'Your code\r\nBcc: thief@evil.example',
      text: '123456',
    })

  it('is not handed to another machine that offers no encryption, unless the operator says so', async () => {
    // Only 127.0.0.1 counts as this machine.
    const refused = await send(`smtp://127.0.0.2:${port}`).catch((error: Error) => error.message)
    expect(refused).to.match(/STARTTLS/)
    expect(letters).to.deep.equal([])
    await send(`smtp://127.0.0.2:${port}?ignoreTLS=true`)
    await send(`smtp://127.0.0.1:${port}`)
    expect(letters.join('').match(/123456/g)).to.have.length(2)
  })

  it('has no header that somebody slipped into a subject', () => {
    expect(letters.join('')).to.include('Subject: Your code')
    expect(letters.join('')).to.not.match(/^Bcc:/m)
  })
})
