// Webhooks: what happens to public reports reaches others once, signed, and never an address inside.
import { createServer, type IncomingHttpHeaders, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { Webhook } from 'standardwebhooks'
import { openSealer } from '../../backend/core/secrets.ts'
import { post as postOut } from '../../backend/opendata/webhooks/post.ts'
import { resealWebhooks } from '../../backend/opendata/webhooks/service.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

interface Letter {
  headers: IncomingHttpHeaders
  body: string
}

/** A program of somebody else that is told things. */
function listener() {
  const letters: Letter[] = []
  const self = { letters, status: 200, headers: {} as Record<string, string>, url: '', server: {} as Server }
  self.server = createServer((incoming, response) => {
    let body = ''
    incoming.on('data', (chunk: Buffer) => (body += chunk.toString()))
    incoming.on('end', () => {
      letters.push({ headers: incoming.headers, body })
      response.writeHead(self.status, self.headers).end('thanks')
    })
  })
  return self
}

describe('a webhook', () => {
  const other = listener()
  let node: Node
  let admin: string
  let head: string

  before(async () => {
    await smallTown()
    await make.category('secret', { parent: 'roads', is_public: false })
    await make.account('admin@town.example', 'administrator')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    admin = await signIn('admin@town.example')
    head = await signIn('head@town.example')
    await new Promise<void>((resolve) => other.server.listen(0, '127.0.0.1', resolve))
    other.url = `http://127.0.0.1:${(other.server.address() as AddressInfo).port}/hook`
    node = await startNode({ webhookNetworks: ['127.0.0.0/8'] }, { works: true })
  })
  after(async () => {
    await node?.close()
    other.server.close()
  })
  beforeEach(async () => {
    await world.db('webhook').delete()
    await world.db.raw(`DELETE FROM pgboss.job WHERE name LIKE 'webhook%'`)
    other.letters.length = 0
    other.status = 200
    other.headers = {}
  })

  const add = async (types = ['report.created', 'report.changed', 'report.closed'], url = other.url) => {
    const { status, body } = await post('/api/staff/webhooks', { title: 'Other', url, types }, { cookie: admin })
    expect(status).to.equal(201)
    return { id: body['id'] as string, secret: body['secret'] as string }
  }
  const report = async (more: Record<string, unknown> = {}) =>
    (await post('/api/reports', pothole(23.005, 37.01, more))).body['id'] as string
  const move = (id: string, status: string) =>
    post(`/api/staff/reports/${id}/status`, { status, note: 'Done' }, { cookie: head })
  const deliveries = async (id: string) =>
    (await get(`/api/staff/webhooks/${id}/deliveries`, { cookie: admin })).body as unknown as Record<string, unknown>[]
  const read = (letter: Letter | undefined) => JSON.parse(letter?.body ?? '{}')
  /** What waits for a second try is tried now. */
  const hurry = () =>
    world.db.raw(`UPDATE pgboss.job SET start_after = now() WHERE name = 'webhook' AND state IN ('created', 'retry')`)

  it('is told as a CloudEvent that the library of Standard Webhooks accepts', async () => {
    const { id, secret } = await add()
    const contact = { name: 'Maria', email: 'maria@mail.example' }
    const subject = await report({ contact, description: 'My own words' })
    const letter = await until(() => other.letters[0])
    new Webhook(secret).verify(letter.body, letter.headers as Record<string, string>)
    expect(() => new Webhook(secret).verify(`${letter.body} `, letter.headers as Record<string, string>)).to.throw()
    expect(letter.headers['content-type']).to.equal('application/cloudevents+json; charset=utf-8')
    const event = read(letter)
    expect(event).to.deep.include({ specversion: '1.0', type: 'asty.report.created', subject, source: world.url })
    expect(event.data).to.deep.include({ id: subject, status: 'submitted', district: 'west', department: 'works' })
    expect(event.data.url).to.equal(`${world.url}/reports/${subject}`)
    expect(event.data.geometry.coordinates).to.deep.equal([23.005, 37.01])
    for (const word of ['Maria', 'maria@', 'own words']) expect(letter.body).to.not.include(word)
    const [delivery] = await until(async () => {
      const all = await deliveries(id)
      return all[0]?.['state'] === 'delivered' && all
    })
    expect(delivery).to.include({ id: letter.headers['webhook-id'], attempts: 1, last_status: 200, subject })
  })

  it('is told what it chose, and nothing of private reports', async () => {
    const { id } = await add(['report.closed'])
    const everything = await add(['report.changed'])
    await move(await report({ category: 'secret' }), 'resolved')
    const open = await report()
    await move(open, 'in_progress')
    await move(open, 'resolved')
    await until(() => other.letters.length === 3)
    const told = other.letters.map(read)
    const closed = told.filter(({ type }) => type === 'asty.report.closed')
    expect(closed).to.have.length(1)
    expect(closed[0].data).to.include({ status: 'resolved', previous_status: 'in_progress', id: open })
    expect(told.map(({ subject }) => subject)).to.deep.equal([open, open, open])
    // Two messages, one thing that happened.
    const twice = told.filter(({ data }) => data.status === 'resolved')
    expect(new Set(twice.map((event) => event.id)).size).to.equal(1)
    expect(new Set(other.letters.map(({ headers }) => headers['webhook-id'])).size).to.equal(3)
    expect(await deliveries(id)).to.have.length(1)
    expect(await deliveries(everything.id)).to.have.length(2)
  })

  it('is told that a report was opened again, and not that its reporter wrote something', async () => {
    await add(['report.changed'])
    const made = (await post('/api/reports', pothole(23.005, 37.01))).body
    const token = String(made['follow_url']).split('/').at(-1)
    await request('PATCH', `/api/follow/${token}`, { body: { description: 'Deeper than that' } })
    await move(made['id'], 'resolved')
    await post(`/api/follow/${token}/reopen`, { words: 'Still there' })
    await until(() => other.letters.length === 2)
    expect(other.letters.map((letter) => [read(letter).type, read(letter).data.status])).to.have.deep.members([
      ['asty.report.changed', 'resolved'],
      ['asty.report.changed', 'in_progress'],
    ])
  })

  it('is told nothing of what was thought better of', async () => {
    const { id } = await add()
    const subject = await report()
    await until(() => other.letters.length === 1)
    await world.db
      .transaction(async (trx) => {
        await trx('event').insert({ type: 'report.changed', subject_id: subject })
        throw new Error('thought better of it')
      })
      .catch(() => undefined)
    expect(await deliveries(id)).to.have.length(1)
  })

  it('that is down hears it later, with the same id and a signature of that time', async () => {
    const { id, secret } = await add()
    other.status = 503
    await report()
    await until(async () => (await deliveries(id))[0]?.['attempts'] === 1)
    expect((await deliveries(id))[0]).to.include({ state: 'waiting', last_status: 503, last_error: 'status' })
    other.status = 204
    await until(async () => {
      await hurry()
      return (await deliveries(id))[0]?.['state'] === 'delivered'
    })
    const [first, second] = other.letters
    expect(second?.headers['webhook-id']).to.equal(first?.headers['webhook-id'])
    expect(second?.body).to.equal(first?.body)
    new Webhook(secret).verify(second?.body ?? '', second?.headers as Record<string, string>)
    expect((await get('/api/staff/webhooks', { cookie: admin })).body[0].failing_since).to.equal(null)
  })

  it('is given up after ten tries, and sent again by hand', async () => {
    const { id } = await add()
    other.status = 500
    await report()
    await until(async () => (await deliveries(id))[0]?.['attempts'] === 1)
    await world.db('webhook_delivery').update({ attempts: 9 })
    await until(async () => {
      await hurry()
      return (await deliveries(id))[0]?.['state'] === 'failed'
    })
    other.status = 200
    const sent = (await deliveries(id))[0]?.['id']
    const path = `/api/staff/webhooks/${id}/deliveries/${String(sent)}/replay`
    expect((await post(path, undefined, { cookie: admin })).status).to.equal(202)
    await until(async () => (await deliveries(id))[0]?.['state'] === 'delivered')
    expect(other.letters.at(-1)?.headers['webhook-id']).to.equal(sent)
    const none = await add()
    expect((await post(path.replace(id, none.id), undefined, { cookie: admin })).status).to.equal(404)
  })

  it('at which nothing arrives for a day is paused, until it is resumed', async () => {
    const { id } = await add()
    other.status = 500
    await world.db('webhook').update({ failing_since: world.db.raw(`now() - interval '25 hours'`) })
    await report()
    const one = async () => (await get('/api/staff/webhooks', { cookie: admin })).body[0]
    await until(async () => (await one()).pause_reason === 'failing')
    await report()
    expect(await deliveries(id)).to.have.length(1)
    await until(async () => {
      await hurry()
      return (await deliveries(id))[0]?.['last_error'] === 'paused'
    })
    other.status = 200
    const trial = await post(`/api/staff/webhooks/${id}/trial`, undefined, { cookie: admin })
    expect(trial.status).to.equal(202)
    await until(() => read(other.letters.at(-1)).type === 'asty.webhook.trial')
    expect((await one()).pause_reason).to.equal('failing')
    await request('PATCH', `/api/staff/webhooks/${id}`, { body: { is_paused: false }, cookie: admin })
    await report()
    await until(() => read(other.letters.at(-1)).type === 'asty.report.created')
  })

  it('that says it is gone is told no more', async () => {
    await add()
    other.status = 410
    await report()
    await until(async () => (await get('/api/staff/webhooks', { cookie: admin })).body[0].pause_reason === 'gone')
    expect(await world.db('webhook_delivery').whereNull('failed_at')).to.deep.equal([])
  })

  it('leads nowhere else: a redirect is no arrival', async () => {
    const { id } = await add()
    other.status = 302
    other.headers = { Location: `${other.url}/elsewhere` }
    await report()
    await until(async () => (await deliveries(id))[0]?.['last_error'] === 'redirect')
    expect(other.letters).to.have.length(1)
  })

  it('reaches no address inside, by number or by name', async () => {
    const { port } = new URL(other.url)
    const inside = [
      '127.0.0.1', 'localhost', '[::1]', '[::ffff:127.0.0.1]', '[::ffff:10.0.0.1]', '0.0.0.0', '[::]', '10.0.0.1',
      '172.16.0.1', '192.168.0.1', '169.254.169.254', '[fe80::1]', '[fd00::1]', '100.64.0.1', '224.0.0.1',
      '[64:ff9b::7f00:1]', '2130706433', '0x7f.1', '127.1',
    ] // prettier-ignore
    for (const host of inside)
      for (const protocol of ['http', 'https']) {
        const outcome = await postOut({ url: `${protocol}://${host}:${port}/hook`, headers: {}, body: '', allowed: [] })
        expect(outcome, host).to.deep.equal({ status: null, error: 'refused_address' })
      }
    expect(other.letters).to.deep.equal([])
    const strict = await postOut({ url: other.url, headers: {}, body: '', allowed: ['10.0.0.0/8'] })
    expect(strict.error).to.equal('refused_address')
    const allowed = await postOut({ url: other.url, headers: {}, body: '', allowed: ['127.0.0.0/8'] })
    expect(allowed).to.deep.equal({ status: 200, error: null })
  })

  it('is not made for http, nor with a password in its address', async () => {
    for (const url of ['http://hooks.example/x', 'https://me:secret@hooks.example/', 'ftp://hooks.example/', 'hooks'])
      for (const { status } of [
        await post('/api/staff/webhooks', { title: 'x', url, types: ['report.created'] }, { cookie: admin }),
        await request('PATCH', '/api/staff/webhooks/1', { body: { url }, cookie: admin }),
      ])
        expect(status, url).to.equal(422)
    const wrong = await post('/api/staff/webhooks', { title: 'x', url: 'https://a.example', types: ['layer.imported'] }, { cookie: admin }) // prettier-ignore
    expect(wrong.status).to.equal(422)
  })

  it('keeps its key sealed, shows it once, and is written down', async () => {
    const { id, secret } = await add()
    expect(secret).to.match(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const [row] = await world.db('webhook')
    expect(row.secret.toString('latin1')).to.not.include(secret)
    expect(JSON.stringify((await get('/api/staff/webhooks', { cookie: admin })).body)).to.not.include('whsec_')
    expect((await request('DELETE', `/api/staff/webhooks/${id}`, { cookie: admin })).status).to.equal(204)
    const acts = await world.db('audit_entry').where('action', 'like', 'webhook.%').where({ subject_id: id })
    expect(acts.map(({ action }) => action)).to.deep.equal(['webhook.add', 'webhook.remove'])
    expect(JSON.stringify(acts)).to.not.include('whsec_')
  })

  it('keeps its key when those of the installation change', async () => {
    const { secret } = await add()
    const fresh = Buffer.alloc(32, 7).toString('base64')
    const old = world.config.secretKeys ?? []
    const ring = openSealer({
      ...world.config,
      secretKeys: [fresh, ...old, ...(old.length ? [] : [await keyInFile()])],
    })
    expect(await resealWebhooks(world.db, ring)).to.equal(1)
    const [row] = await world.db('webhook')
    expect(openSealer({ ...world.config, secretKeys: [fresh] }).open(row.secret)).to.equal(secret)
  })
})

async function keyInFile(): Promise<string> {
  const { readFile } = await import('node:fs/promises')
  return (await readFile(`${world.config.dataDir}/secret.keys`, 'utf8')).trim()
}
