// Two processes on one database. The embedded engine lives inside one process, so there only a server can show this.
import { rmSync } from 'node:fs'
import { expect } from 'chai'
import sharp from 'sharp'
import { csrfOf, hashPassword } from '../../backend/people/service.ts'
import { pothole, sessionIn } from '../support/http.ts'
import { type MailServer, startMailServer } from '../support/mail.ts'
import { emptyPlace, look, type Node, type Place, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'
import { world } from '../support/world.ts'

const AGENT = 'agent@town.example'

describe('two nodes on one database (a server, not the embedded engine)', function () {
  this.timeout(180_000)
  let place: Place
  let city: string
  let mail: MailServer
  let a: Node
  let b: Node

  const post = (url: string, path: string, body: unknown, cookie = '') =>
    fetch(url + path, {
      method: 'POST',
      headers: {
        'Content-Type': 'application/json',
        ...(cookie && { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }),
      },
      body: JSON.stringify(body),
    })
  const signIn = async (url: string) =>
    sessionIn((await post(url, '/api/session', { email: AGENT, password: 'correct horse' })).headers)

  before(async function () {
    if (!world.config.databaseUrl) return this.skip()
    place = await emptyPlace()
    // One data folder: photos and the key file are common to the nodes. The limits are on.
    place.settings['RATE_LIMITS'] = 'true'
    mail = await startMailServer()
    Object.assign(place.settings, { SMTP_URL: mail.url })
    city = townFolder({ [AGENT]: 'agent' })
    // Both bring an empty database up to date at the same time.
    ;[a, b] = await Promise.all([startNode(place.settings), startNode(place.settings)])
    expect(tool('load-city', [city], place.settings).status).to.equal(0)
    await look(place.settings, async (db) =>
      db('account')
        .where({ email: AGENT })
        .update({ password_hash: await hashPassword('correct horse') }),
    )
  })
  after(async () => {
    await Promise.all([a?.stop('SIGKILL'), b?.stop('SIGKILL')])
    mail?.close()
    await place?.remove()
    if (city) rmSync(city, { recursive: true, force: true })
  })

  it('a session made on one counts on the other, and ends on both', async () => {
    const cookie = await signIn(a.url)
    const me = async () => ((await (await fetch(`${b.url}/api/session`, { headers: { Cookie: cookie } })).json()) as { account: { name: string } | null }).account // prettier-ignore
    expect((await me())?.name).to.equal(AGENT)
    const out = await fetch(`${b.url}/api/session`, {
      method: 'DELETE',
      headers: { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') },
    })
    expect(out.status).to.equal(204)
    expect((await fetch(`${a.url}/api/staff/reports`, { headers: { Cookie: cookie } })).status).to.equal(401)
  })

  it('a photo given to one is shown by the other', async () => {
    const form = new FormData()
    const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#557799' } })
      .jpeg()
      .toBuffer()
    form.set('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg')
    const { id } = (await (await fetch(`${a.url}/api/uploads`, { method: 'POST', body: form })).json()) as {
      id: string
    }
    expect((await fetch(`${b.url}/api/photos/${id}`)).status).to.equal(200)
    const sent = await post(b.url, '/api/reports', pothole(23.005, 37.01, { photos: [id] }))
    expect(sent.status).to.equal(201)
    const key = ((await sent.json()) as { follow_url: string }).follow_url.split('/follow/')[1]
    expect((await fetch(`${a.url}/api/photos/${id}?follow=${key}`)).status).to.equal(200)
  })

  it('a report sent to one is heard at the other', async () => {
    const cookie = await signIn(b.url)
    const stream = await fetch(`${b.url}/api/events`, { headers: { Cookie: cookie } })
    expect(stream.headers.get('content-type')).to.match(/^text\/event-stream/)
    const heard = heardReport(stream)
    const sent = await post(a.url, '/api/reports', pothole(23.005, 37.01))
    const { id } = (await sent.json()) as { id: string }
    expect(await heard).to.equal(id)
  })

  it('tries are counted together', async () => {
    const statuses: number[] = []
    for (let n = 0; n < 34; n++) {
      const { url } = n % 2 ? a : b
      statuses.push((await post(url, '/api/session', { email: 'x@town.example', password: `guess ${n}` })).status)
    }
    expect(statuses.filter((status) => status === 401)).to.have.length(30)
    expect(statuses.slice(-4)).to.deep.equal([429, 429, 429, 429])
  })

  it('when one dies, what it has confirmed is there, no number is missing, and the other goes on', async () => {
    expect((await post(a.url, '/api/my-reports', { email: 'before@town.example' })).status).to.equal(204)
    const confirmed: string[] = []
    const send = async () => {
      const answer = await post(a.url, '/api/reports', pothole(23.015, 37.01))
      if (answer.status !== 201) return
      confirmed.push(((await answer.json()) as { protocol: string }).protocol)
      if (confirmed.length === 10) a.process.kill('SIGKILL')
    }
    const outcomes = await Promise.allSettled(Array.from({ length: 50 }, send))
    expect(
      outcomes.filter(({ status }) => status === 'rejected'),
      'requests that died with it',
    ).to.not.be.empty
    expect(confirmed).to.have.length.at.least(10)
    const next = await Promise.all(Array.from({ length: 3 }, () => post(b.url, '/api/reports', pothole(23.005, 37.01))))
    expect(next.map(({ status }) => status)).to.deep.equal([201, 201, 201])
    // The letter that it had promised comes from the other one.
    await mail.next('before@town.example')
    const { stored, numbers, last } = await look(place.settings, async (db) => ({
      stored: (await db('case_record').pluck('protocol')) as string[],
      numbers: (await db('case_record').orderBy('number').pluck('number')) as number[],
      last: (await db('protocol_series').first('last_number')).last_number as number,
    }))
    expect(stored).to.include.members(confirmed)
    expect(numbers).to.deep.equal(numbers.map((_, index) => index + 1))
    expect(last).to.equal(numbers.length)
    const reports = await look(place.settings, (db) => db('report').count('* as count').first())
    expect(Number(reports?.['count'])).to.equal(numbers.length)
  })
})

/** Id in the first notice of a live stream. */
async function heardReport(stream: Response): Promise<string | undefined> {
  let said = ''
  const decoder = new TextDecoder()
  for await (const chunk of stream.body!) {
    said += decoder.decode(chunk as Uint8Array, { stream: true })
    const data = /event: report\ndata: (.*)\n/.exec(said)?.[1]
    if (data) return (JSON.parse(data) as { id: string }).id
  }
  return undefined
}
