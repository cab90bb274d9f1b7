// Forwarding to another body by Open311: to a second Asty with a database of its own, and to servers that behave badly.
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect } from 'chai'
import { openSealer } from '../../backend/core/secrets.ts'
import { readingJob } from '../../backend/reports/forwarding/read.ts'
import { resealEndpoints } from '../../backend/reports/forwarding/service.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { openSecondTown, type SecondTown } from '../support/secondtown.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

type Row = Record<string, any> // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely

const contact = { name: 'Maria Petrou', email: 'maria@mail.example', phone: '+306900000000' }

describe('a report of a category that is forwarded', () => {
  let node: Node
  let admin: string

  before(async () => {
    await smallTown()
    await make.category('secret', { parent: 'roads', is_public: false })
    await make.account('admin@town.example', 'administrator')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    admin = await signIn('admin@town.example')
    node = await startNode({ webhookNetworks: ['127.0.0.0/8'] }, { works: true })
  })
  after(() => node?.close())
  beforeEach(async () => {
    await world.db('open311_endpoint').delete()
    await world.db.raw('TRUNCATE case_record CASCADE')
    await world.db.raw(`DELETE FROM pgboss.job WHERE name LIKE 'forward%'`)
  })

  const body = async (url: string, more: Row = {}): Promise<string> => {
    const made = await post('/api/staff/forwarding/endpoints', { title: 'Water company', url, ...more }, { cookie: admin }) // prettier-ignore
    expect(made.status).to.equal(201)
    return made.body['id']
  }
  const map = (id: string, ...categories: Row[]) =>
    request('PUT', `/api/staff/forwarding/endpoints/${id}/categories`, { cookie: admin, body: { categories } })
  const hole = (more: Row = {}) => ({ category: 'pothole', service_code: 'pothole', sends_contact: false, ...more })
  const report = async (more: Row = {}) => (await post('/api/reports', pothole(23.005, 37.01, more))).body
  const forwards = async (state: string) =>
    (await get(`/api/staff/forwarding/forwards?state=${state}`, { cookie: admin })).body as unknown as Row[]
  const timeline = async (id: string) => (await get(`/api/reports/${id}`)).body['timeline'] as Row[]
  const followed = async ({ follow_url }: Row) =>
    (await get(`/api/follow/${String(follow_url).split('/').at(-1)}`)).body['timeline'] as Row[]
  const hurry = () =>
    world.db.raw(`UPDATE pgboss.job SET start_after = now() WHERE name = 'forward' AND state IN ('created', 'retry')`)
  /** Asks the other body now, and waits for its answer. */
  const read = async (id: string) => {
    await world.town.jobs.send(world.db, readingJob, { id })
    await until(async () => (await world.db('pgboss.job').where({ name: 'forward-reading' }).whereNot({ state: 'completed' })).length === 0) // prettier-ignore
  }
  const tries = async (n: number, last_error: string) =>
    until(async () => {
      await hurry()
      return (await world.db('report_forward').where('attempts', '>=', n).where({ last_error }).first()) as Row
    })

  describe('to another Asty', function () {
    this.timeout(240_000)
    let far: SecondTown
    const HEAD = 'head@far.example'

    before(async () => {
      far = await openSecondTown({ [HEAD]: 'administrator' })
    })
    after(() => far?.close())
    beforeEach(() => far.db.raw('TRUNCATE case_record CASCADE'))

    const keyThere = async (): Promise<string> =>
      (await far.as(HEAD, 'POST', '/api/me/keys', { title: 'Town', scopes: ['reports.write', 'reports.own'] }))['key']
    const there = () => far.db('report as r').join('case_record as k', 'k.id', 'r.id').orderBy('k.number').select('r.*', 'k.protocol') // prettier-ignore
    const move = (id: string, status: string, note?: string) =>
      far.as(HEAD, 'POST', `/api/staff/reports/${id}/status`, { status, note })
    const forwarding = async () =>
      body(`${far.url}/open311/v2/`, { api_key: await keyThere(), jurisdiction_id: 'town' })

    it('shows up there, and what is done there shows here', async () => {
      const id = await forwarding()
      const services = await fetch(`${node.url}/api/staff/forwarding/endpoints/${id}/services`, { headers: { Cookie: admin } }) // prettier-ignore
      expect(await services.json()).to.deep.equal([
        { service_code: 'pothole', service_name: 'pothole', group: 'roads' },
      ])
      expect((await map(id, hole())).body['categories']).to.deep.equal([hole()])
      const question = (code: string, more: object) => ({
        code,
        type: 'number' as const,
        title: both(`${code};`),
        ...more,
      })
      const questions = [question('depth', { is_public: true, unit: both('cm') }), question('age', {})]
      await make.form('pothole', { questions, stops: [] })
      const sent = await report({ contact, description: 'Λακκούβα & <νερά>', answers: { depth: 12.5, age: 44 } })
      await until(async () => (await forwards('sent'))[0])
      const [arrived] = await there()
      expect(arrived.description).to.equal(
        `Λακκούβα & <νερά>\ndepth; 12,5 cm\n\n${sent['protocol']} · ${world.url}/reports/${sent['id']}`,
      )
      expect(arrived.contact).to.equal(null)
      const number = arrived.protocol.replace('/', '-')
      expect((await timeline(sent['id'])).at(-1)).to.include({ kind: 'forwarded', note: `Water company (${number})`, is_public: true }) // prettier-ignore

      await move(arrived.id, 'in_progress', 'Our van comes')
      await read(id)
      await until(async () => (await timeline(sent['id'])).some(({ status }) => status === 'in_progress'))
      await move(arrived.id, 'resolved', 'Filled')
      await read(id)
      await until(async () => (await timeline(sent['id'])).some(({ status }) => status === 'resolved'))
      const story = (await followed(sent)).slice(1).map(({ kind, status, note }) => [kind, status, note])
      expect(story).to.deep.equal([
        ['forwarded', 'forwarded', `Water company (${number})`],
        ['status', 'in_progress', 'Water company: Our van comes'],
        ['status', 'resolved', 'Water company: Filled'],
      ])
      // Read again and again, it is told once.
      await read(id)
      expect(await timeline(sent['id'])).to.have.length(4)
      // What the reporter opens again stays open, whatever was said before.
      const token = String(sent['follow_url']).split('/').at(-1)
      expect((await post(`/api/follow/${token}/reopen`, { words: 'Still there' })).status).to.be.oneOf([200, 201])
      await read(id)
      expect((await world.db('report').first('status')).status).to.equal('in_progress')
    })

    it('arrives once when the other body was away, even after it was given up', async () => {
      const id = await forwarding()
      await map(id, hole())
      await far.leave()
      const sent = await report()
      expect(await tries(1, 'connection')).to.include({ state: 'waiting' })
      await world.db('report_forward').update({ attempts: 9 })
      await until(async () => (await hurry(), (await forwards('failed'))[0]))
      expect(await timeline(sent['id'])).to.have.length(1)
      await far.comeBack()
      const [given] = await forwards('failed')
      expect(given).to.include({ protocol: sent['protocol'], endpoint: 'Water company', last_error: 'connection', attempts: 10 }) // prettier-ignore
      const retry = () => post(`/api/staff/forwarding/forwards/${given!['id']}/retry`, undefined, { cookie: admin })
      expect((await retry()).status).to.equal(202)
      await until(async () => (await forwards('sent'))[0])
      expect(await there()).to.have.length(1)
      expect((await retry()).status).to.equal(404)
    })

    it('makes one request there although our note of its arrival was lost', async () => {
      const id = await forwarding()
      await map(id, hole())
      await report()
      await until(async () => (await forwards('sent'))[0])
      for (const isFound of [true, false]) {
        // As if this node had died between its answer and the commit; the second time it cannot be found there by its words, either.
        await world.db('report_forward').update({ state: 'failed', remote_id: null })
        if (!isFound) await far.db('report').update({ is_public: false, sender_id: null })
        const [lost] = await forwards('failed')
        await post(`/api/staff/forwarding/forwards/${lost!['id']}/retry`, undefined, { cookie: admin })
        await until(async () => (await forwards('sent'))[0])
        expect(await there()).to.have.length(1)
      }
    })

    it('goes with contact details only where that was said, and no further than one body', async () => {
      const id = await forwarding()
      await map(id, { ...hole({ category: 'secret' }), sends_contact: true }, hole())
      await report({ category: 'secret', contact })
      await until(async () => (await there()).length === 1)
      expect((await there())[0].contact).to.deep.equal(contact)
      expect((await there())[0].description).to.not.include('/reports/')
      expect(await world.db('audit_entry').where({ action: 'report.forward' }).orderBy('id', 'desc').first('detail')).to.deep.equal({ detail: { endpoint: id, with_contact: true } }) // prettier-ignore
      // There it would go on to us, and from us to them.
      await far.db('open311_endpoint').insert({ title: 'Back', url: world.url, source: far.url })
      await far.db.raw(`INSERT INTO open311_mapping (category_id, endpoint_id, service_code) SELECT c.id, e.id, 'pothole' FROM category AS c, open311_endpoint AS e WHERE c.slug = 'pothole'`) // prettier-ignore
      await report()
      await until(async () => (await there()).length === 2)
      expect(await far.db('report_forward')).to.deep.equal([])
    })

    it('of a private category is followed with our own key', async () => {
      const id = await forwarding()
      await map(id, hole({ category: 'secret' }))
      const sent = await report({ category: 'secret' })
      await until(async () => (await forwards('sent'))[0])
      const [arrived] = await there()
      await far.db('report').update({ is_public: false })
      await move(arrived.id, 'resolved', 'Done quietly')
      await read(id)
      await until(async () => (await followed(sent)).some(({ status }) => status === 'resolved'))
      const open = await fetch(`${far.url}/open311/v2/servicerequestupdates.json`)
      expect(await open.json()).to.deep.equal([])
    })
  })

  describe('to a server of somebody else', () => {
    interface Asked {
      path: string
      headers: IncomingHttpHeaders
      body: string
    }
    const asked: Asked[] = []
    let answers: (path: string) => [status: number, body: string]
    const server = createServer((incoming, response) => {
      let said = ''
      incoming.on('data', (chunk: Buffer) => (said += chunk.toString()))
      incoming.on('end', () => {
        asked.push({ path: incoming.url ?? '', headers: incoming.headers, body: said })
        const [status, text] = answers(incoming.url ?? '')
        response.writeHead(status, { 'Content-Type': 'text/xml', Location: 'http://127.0.0.1:1/' }).end(text)
      })
    })
    let url: string
    const created = '<?xml version="1.0"?><service_requests><request><service_request_id>77</service_request_id></request></service_requests>' // prettier-ignore

    before(async () => {
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
      url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v2`
    })
    after(() => server.close())
    beforeEach(() => {
      asked.length = 0
      answers = () => [201, created]
    })

    it('is sent as a form with our key, and given up at once when it is refused', async () => {
      const id = await body(url, { api_key: 'our key' })
      await map(id, hole({ service_code: 'LEAK' }))
      answers = () => [400, '<errors><error><code>400</code><description>LEAK &#38; nothing else</description></error></errors>'] // prettier-ignore
      await report({ contact })
      const given = await until(async () => (await forwards('failed'))[0])
      expect(given).to.include({
        last_error: 'refused',
        last_status: 400,
        last_words: 'LEAK & nothing else',
        attempts: 1,
      })
      const form = new URLSearchParams(asked[0]!.body)
      expect([form.get('service_code'), form.get('lat'), form.get('long'), form.get('api_key')]).to.deep.equal(['LEAK', '37.01', '23.005', 'our key']) // prettier-ignore
      expect(asked[0]!.body).to.not.match(/maria|Petrou|690000/i)
      expect(asked[0]!.headers['idempotency-key']).to.equal(given['id'])
    })

    it('is tried again after a failure and after answers that nobody can read', async () => {
      const id = await body(url)
      await map(id, hole())
      answers = () => [503, 'busy']
      await report()
      expect(await tries(1, 'status')).to.include({ last_status: 503 })
      answers = () => [200, '<html><body>Welcome</body></html>']
      await tries(2, 'unreadable')
      answers = () => [200, '<!DOCTYPE x [<!ENTITY a "aaaa">]><service_requests/>']
      await tries(3, 'unreadable')
      answers = () => [302, '']
      expect(await tries(4, 'redirect')).to.include({ last_status: 302 })
      answers = () => [200, `<service_requests>${' '.repeat(5_100_000)}</service_requests>`]
      await tries(5, 'too_large')
      answers = () => [201, created]
      expect(await until(async () => (await hurry(), (await forwards('sent'))[0]))).to.include({ remote_id: '77', last_error: null }) // prettier-ignore
      const keys = asked.filter(({ path }) => path.startsWith('/v2/requests.xml') && !path.includes('start_date')).map(({ headers }) => headers['idempotency-key']) // prettier-ignore
      expect(new Set(keys).size).to.equal(1)
    })

    it('is looked for there before it is sent once more, where the key of a repeat says nothing', async () => {
      const id = await body(url)
      await map(id, hole())
      answers = () => [504, '']
      const sent = await report()
      await tries(1, 'status')
      const words = new URLSearchParams(asked.find(({ body: form }) => form)!.body).get('description')
      const one = (number: number, text: string) =>
        `<request><service_request_id>${number}</service_request_id><status>open</status><description>${text}</description></request>`
      answers = () => [200, `<service_requests>${one(78, `Another\n\n${String(sent['protocol'])}`)}${one(79, String(words))}</service_requests>`] // prettier-ignore
      expect(await until(async () => (await hurry(), (await forwards('sent'))[0]))).to.include({ remote_id: '79' })
      expect(asked.filter(({ body: form }) => form)).to.have.length(1)
    })

    it('is followed by its state where there are no updates, and by its token until it has a number', async () => {
      const id = await body(url)
      await map(id, hole())
      answers = () => [201, '<service_requests><request><token>t/1</token></request></service_requests>']
      const sent = await report()
      await until(async () => (await forwards('sent'))[0])
      let state = ['open', '']
      answers = (path) =>
        path.startsWith('/v2/tokens/t%2F1.xml') ? [200, created]
          : path.includes('servicerequestupdates') ? [404, '']
            : [200, `<service_requests><request><service_request_id>77</service_request_id><status>${state[0]}</status><status_notes>${state[1]}</status_notes></request></service_requests>`] // prettier-ignore
      await read(id)
      await until(async () => (await world.db('open311_endpoint').where({ has_updates: false, failures: 0 }).whereNotNull('read_until').first()) as Row) // prettier-ignore
      expect(await timeline(sent['id'])).to.have.length(2)
      // The clock may have read as well, at the same time; once it is known, nobody asks any more.
      const updates = () => asked.filter(({ path }) => path.includes('servicerequestupdates')).length
      const asksBefore = updates()
      expect(asksBefore).to.be.within(1, 2)
      state = ['closed', 'Pipe mended']
      await read(id)
      await until(async () => (await timeline(sent['id'])).length === 3)
      expect((await timeline(sent['id'])).at(-1)).to.include({ status: 'resolved', note: 'Water company: Pipe mended' })
      // Closed there and opened there again.
      state = ['open', 'Not yet']
      await read(id)
      await until(async () => (await timeline(sent['id'])).at(-1)?.['status'] === 'in_progress')
      // What our own staff close is not opened by news from there.
      const head = await signIn('head@town.example')
      await post(`/api/staff/reports/${sent['id']}/status`, { status: 'resolved', note: 'Done' }, { cookie: head })
      state = ['open', 'Digging']
      await read(id)
      await until(async () => (await timeline(sent['id'])).at(-1)?.['note'] === 'Water company: Digging')
      expect((await get(`/api/reports/${sent['id']}`)).body['properties'].status).to.equal('resolved')
      expect(updates()).to.equal(asksBefore)
    })

    it('is asked less and less often while that fails, and the portal says why', async () => {
      const id = await body(url)
      await map(id, hole())
      await report()
      await until(async () => (await forwards('sent'))[0])
      answers = () => [500, '']
      await read(id)
      await until(async () => (await world.db('open311_endpoint').where({ failures: 1 }).first()) as Row)
      await world.db('open311_endpoint').update({ failures: 5 })
      await read(id)
      await until(async () => (await world.db('open311_endpoint').where({ failures: 6 }).first()) as Row)
      const { s } = await world.db('open311_endpoint').first(world.db.raw('extract(epoch FROM read_after - now())::int AS s')) // prettier-ignore
      expect(s).to.be.within(9600 * 0.7, 9600 * 1.3)
      expect((await get('/api/staff/forwarding/endpoints', { cookie: admin })).body[0].last_error).to.equal('status')
      await request('PATCH', `/api/staff/forwarding/endpoints/${id}`, { cookie: admin, body: { title: 'Other name' } })
      expect((await get('/api/staff/forwarding/endpoints', { cookie: admin })).body[0]).to.include({ last_error: null, title: 'Other name' }) // prettier-ignore
    })

    it('goes to no address inside, nor over http', async () => {
      for (const wrong of ['http://water.example/v2', 'https://me:secret@water.example/v2', 'ftp://water.example', 'https://water.example/v2?x=1', 'water']) // prettier-ignore
        expect((await post('/api/staff/forwarding/endpoints', { title: 'x', url: wrong }, { cookie: admin })).status, wrong).to.equal(422) // prettier-ignore
      const id = await body('https://169.254.169.254/v2')
      const services = await get(`/api/staff/forwarding/endpoints/${id}/services`, { cookie: admin })
      expect(services.status).to.equal(502)
      expect(services.body['detail']).to.match(/may not enter/)
      // The node of the tests' own requests may enter no network at all.
      const local = await body(url)
      expect((await get(`/api/staff/forwarding/endpoints/${local}/services`, { cookie: admin })).status).to.equal(502)
      expect(asked).to.deep.equal([])
    })

    it('keeps our key sealed, shows it to nobody and in no trail, and seals it anew', async () => {
      const id = await body(url, { api_key: 'our key' })
      const listed = await get('/api/staff/forwarding/endpoints', { cookie: admin })
      expect(listed.body[0]).to.include({ has_key: true })
      await request('PATCH', `/api/staff/forwarding/endpoints/${id}`, { cookie: admin, body: { title: 'x' } })
      const [row] = await world.db('open311_endpoint')
      const trail = await world.db('audit_entry').where('action', 'like', 'forwarding.%').where({ subject_id: id })
      for (const text of [JSON.stringify(listed.body), row.api_key.toString('latin1'), JSON.stringify(trail)])
        expect(text).to.not.include('our key')
      const fresh = Buffer.alloc(32, 9).toString('base64')
      const old = (await import('node:fs')).readFileSync(`${world.config.dataDir}/secret.keys`, 'utf8').trim()
      expect(await resealEndpoints(world.db, openSealer({ ...world.config, secretKeys: [fresh, old] }))).to.equal(1)
      const [after] = await world.db('open311_endpoint')
      expect(openSealer({ ...world.config, secretKeys: [fresh] }).open(after.api_key)).to.equal('our key')
    })

    it('is set up by administrators for categories that there are', async () => {
      const id = await body(url)
      expect((await map(id, hole({ category: 'nothing' }))).status).to.equal(422)
      expect((await map(id, hole({ category: 'roads' }))).status).to.equal(422)
      const head = await signIn('head@town.example')
      expect((await get('/api/staff/forwarding/endpoints', { cookie: head })).status).to.equal(403)
      expect((await request('DELETE', `/api/staff/forwarding/endpoints/${id}`, { cookie: admin })).status).to.equal(204)
      expect((await request('DELETE', `/api/staff/forwarding/endpoints/${id}`, { cookie: admin })).status).to.equal(404)
    })
  })
})
