// kill -9 in the middle of a rush: what was answered is there, once, with its photos and its number, and others hear of it.
import { rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { csrfOf, hashPassword } from '../../backend/people/service.ts'
import { sessionIn } from '../support/http.ts'
import { emptyPlace, look, type Node, type Place, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

const ADMIN = 'admin@town.example'
const JSON_TYPE = { 'Content-Type': 'application/json' }

interface Submission {
  key: string
  body: string
  photo: string | null
  /** Id, once it was answered 201. */
  id?: string
}

describe('killing a node in the middle of many reports', function () {
  this.timeout(600_000)
  let place: Place
  let city: string
  let node: Node
  let other: Server
  /** Ids of the CloudEvents that the other program was sent, as often as it was. */
  const letters: string[] = []

  before(async () => {
    other = createServer((incoming, response) => {
      let body = ''
      incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
      incoming.on('end', () => {
        letters.push((JSON.parse(body) as { id: string }).id)
        response.end('thanks')
      })
    })
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve))
    place = await emptyPlace()
    Object.assign(place.settings, { RATE_LIMITS: 'false', WEBHOOK_NETWORKS: '127.0.0.0/8' })
    city = townFolder({ [ADMIN]: 'administrator' })
    expect(tool('load-city', [city], place.settings).status).to.equal(0)
    await look(place.settings, async (db) => {
      await db('account').update({ password_hash: await hashPassword('correct horse') })
    })
    node = await startNode(place.settings)
  })
  after(async () => {
    await node?.stop('SIGKILL')
    other.close()
    await place?.remove()
    if (city) rmSync(city, { recursive: true, force: true })
  })

  const ask = (path: string, body: string, headers: Record<string, string> = {}) =>
    fetch(node.url + path, { method: 'POST', headers: { ...JSON_TYPE, ...headers }, body })

  async function tellOther(): Promise<void> {
    const signedIn = await ask('/api/session', JSON.stringify({ email: ADMIN, password: 'correct horse' }))
    const url = `http://127.0.0.1:${(other.address() as AddressInfo).port}/hook`
    const hook = JSON.stringify({ title: 'Other', url, types: ['report.created'] })
    const cookie = sessionIn(signedIn.headers)
    const rights = { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }
    const made = await ask('/api/staff/webhooks', hook, rights)
    expect(made.status, await made.text()).to.equal(201)
  }

  async function photo(): Promise<string> {
    const form = new FormData()
    const picture = await sharp({ create: { width: 8, height: 8, channels: 3, background: '#884422' } }).jpeg().toBuffer() // prettier-ignore
    form.set('file', new Blob([new Uint8Array(picture)], { type: 'image/jpeg' }), 'hole.jpg')
    const answer = await fetch(`${node.url}/api/uploads`, { method: 'POST', body: form })
    return ((await answer.json()) as { id: string }).id
  }

  async function make(count: number, photos: number): Promise<Submission[]> {
    const submissions: Submission[] = []
    for (let n = 0; n < count; n++) {
      const id = n % Math.ceil(count / photos) === 0 ? await photo() : null
      const location = { type: 'Point', coordinates: [23.001 + (n % 100) * 0.0001, 37.01] }
      const body = { category: 'pothole', location, description: `Hole ${n}`, photos: id ? [id] : [] }
      submissions.push({ key: `rush-${n}`, photo: id, body: JSON.stringify(body) })
    }
    return submissions
  }

  /** Sends all at once; resolves when each was answered or came to nothing. */
  async function rush(submissions: readonly Submission[], onAnswer: () => void): Promise<void> {
    await Promise.all(
      submissions.map(async (each) => {
        const answer = await ask('/api/reports', each.body, { 'Idempotency-Key': each.key }).catch(() => undefined)
        if (answer?.status !== 201) return
        // Who reads 201 has been answered, whatever becomes of the rest of it.
        const { id } = (await answer.json().catch(() => ({ id: 'cut off' }))) as { id: string }
        each.id = id
        onAnswer()
      }),
    )
  }

  it('loses and doubles nothing that was answered, and no number; the others hear of each', async () => {
    // The embedded engine takes some thirty a second.
    const count = world.config.databaseUrl ? 1000 : 200
    await tellOther()
    const all = await make(count, 50)
    let answered = 0
    let killed: Promise<unknown> | undefined
    await rush(all, () => {
      if (++answered >= count / 3) killed ??= node.stop('SIGKILL')
    })
    await killed
    const before = all.filter(({ id }) => id)
    expect(before.length, 'it was killed in the middle').to.be.within(count / 3, count - 1)

    node = await startNode(place.settings)
    // As the portal does: with the same key, until there is an answer.
    await rush(all.filter(({ id }) => !id), () => undefined) // prettier-ignore
    expect(all.filter(({ id }) => !id)).to.deep.equal([])
    // What the dead node had in its hands is given to another after a minute.
    await until(() => new Set(letters).size === count, 300_000)
    await node.stop()

    await look(place.settings, async (db) => {
      const rows: { id: string; idempotency_key: string; number: number; photos: string[]; created: number }[] =
        await db('report as r')
          .join('case_record as k', 'k.id', 'r.id')
          .select('r.id', 'r.idempotency_key', 'k.number')
          .select(db.raw('ARRAY(SELECT p.id::text FROM attachment AS p WHERE p.case_id = r.id) AS photos'))
          .select(
            db.raw(
              `(SELECT count(*)::int FROM event AS e WHERE e.subject_id = r.id::text AND e.type = 'report.created') AS created`,
            ),
          ) // prettier-ignore
          .orderBy('k.number')
      expect(rows.map(({ number }) => number)).to.deep.equal(Array.from({ length: count }, (_, n) => n + 1))
      const byKey = new Map(rows.map((row) => [row.idempotency_key, row]))
      for (const { key, id, photo } of all) {
        const row = byKey.get(key)
        if (id !== 'cut off') expect(row?.id, key).to.equal(id)
        expect(row?.photos, key).to.deep.equal(photo ? [photo] : [])
        expect(row?.created, key).to.equal(1)
        if (!photo) continue
        const { width } = await sharp(join(place.settings['DATA_DIR'] ?? '', 'photos', `${photo}.jpg`)).metadata()
        expect(width, 'the picture itself').to.equal(8)
      }
      const messages: { event_id: string }[] = await db('webhook_delivery').select('event_id')
      expect(messages).to.have.length(count)
      expect(new Set(letters)).to.deep.equal(new Set(messages.map(({ event_id }) => event_id)))
      expect(Number((await db('webhook_delivery').whereNull('delivered_at').count('* as n').first())?.['n'])).to.equal(
        0,
      )
    })
  })
})
