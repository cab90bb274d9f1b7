// What happens to a photo from its upload to its end, wherever photos are kept, and when the storage or the scanner is away.
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import { destroyFiles, attachmentNames } from '../../backend/cases/service.ts'
import { type Config, readConfig } from '../../backend/core/config.ts'
import { openStorage } from '../../backend/core/files/open.ts'
import type { Storage } from '../../backend/core/files/storage.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { retain } from '../../backend/reports/retention/run.ts'
import { type Clamd, hasClamd, startClamd, VIRUS } from '../support/clamd.ts'
import { freePort } from '../support/cluster.ts'
import { pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { type S3, startS3 } from '../support/s3.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

const picture = () =>
  sharp({ create: { width: 320, height: 240, channels: 3, background: '#557799' } })
    .jpeg()
    .toBuffer()

interface Answer {
  status: number
  headers: Headers
  bytes: Buffer
  body: any // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
}

async function ask(
  node: Node,
  method: string,
  path: string,
  { body, cookie, language = 'en' }: { body?: unknown; cookie?: string; language?: string } = {},
): Promise<Answer> {
  // prettier-ignore
  const answer = await fetch(node.url + path, {
    method,
    headers: {
      'Accept-Language': language,
      ...(body !== undefined && !(body instanceof FormData) && { 'Content-Type': 'application/json' }),
      ...(cookie && { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }),
    },
    body: body === undefined || body instanceof FormData ? body : JSON.stringify(body),
  })
  const bytes = Buffer.from(await answer.arrayBuffer())
  const isJson = /json/.test(answer.headers.get('content-type') ?? '')
  return { status: answer.status, headers: answer.headers, bytes, body: isJson ? JSON.parse(bytes.toString()) : undefined } // prettier-ignore
}

function upload(node: Node, bytes: Buffer, language?: string): Promise<Answer> {
  const body = new FormData()
  body.set('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg')
  return ask(node, 'POST', '/api/uploads', { body, language })
}

/** A report with one photo. */
async function send(node: Node, cookie?: string) {
  const photo: string = (await upload(node, await picture())).body.id
  const { body } = await ask(node, 'POST', '/api/reports', {
    body: pothole(23.005, 37.01, { photos: [photo] }),
    cookie,
  })
  return { id: body.id as string, photo, key: (body.follow_url as string).split('/follow/')[1] ?? '' }
}

const blur = (node: Node, { id, photo }: { id: string; photo: string }, cookie: string) =>
  ask(node, 'POST', `/api/staff/reports/${id}/photos/${photo}/blur`, {
    body: { areas: [{ kind: 'box', x: 10, y: 10, width: 50, height: 50 }] },
    cookie,
  })

const nothingIsLeftToDo = () => until(async () => (await world.db('photo_removal')).length === 0)

/** As if the hour of what is being written were over. */
const anHourLater = () => world.db('photo_removal').update({ at: world.db.raw(`at - interval '61 minutes'`) })

describe('where photos are kept', function () {
  this.timeout(60_000)
  let s3: S3
  let folder: string
  let node: Node
  let storage: Storage
  let head: string

  const open = async (settings: Partial<Config>, works = false) => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
    storage = openStorage({ ...world.config, ...settings })
    node = await startNode(settings, { works })
  }
  const onS3 = (prefix: string) => ({ s3: readConfig(s3.settings(prefix)).s3 })

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asty-storage-'))
    s3 = await startS3()
  })
  after(async () => {
    await s3?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const kind of ['disk', 'S3'] as const) {
    describe(`on ${kind}`, () => {
      before(() => open(kind === 'S3' ? onS3('life') : { dataDir: join(folder, 'life') }, true))
      after(() => node.close())

      it('a photo is shown as it was stored, and not sent again to who has it', async () => {
        const { photo, key } = await send(node)
        expect(await attachmentNames(storage)).to.deep.equal([`${photo}.jpg`])
        const shown = await ask(node, 'GET', `/api/photos/${photo}?follow=${key}`)
        expect(shown.status).to.equal(200)
        expect(shown.headers.get('content-type')).to.equal('image/jpeg')
        expect(await storage.get(`${photo}.jpg`)).to.deep.equal(shown.bytes)
        const known = { 'If-None-Match': shown.headers.get('etag') ?? '' }
        const again = await fetch(`${node.url}/api/photos/${photo}?follow=${key}`, { headers: known })
        expect(again.status).to.equal(304)
        expect((await ask(node, 'GET', `/api/photos/${photo}`)).status, 'a stranger').to.equal(404)
        await nothingIsLeftToDo()
      })

      it('one that is blurred leaves no original', async () => {
        const report = await send(node)
        const original = await storage.get(`${report.photo}.jpg`)
        const { status, body } = await blur(node, report, head)
        expect(status).to.equal(200)
        const blurred = body.photos[0].id
        expect(blurred).to.not.equal(report.photo)
        await nothingIsLeftToDo()
        expect(await storage.get(`${report.photo}.jpg`)).to.equal(undefined)
        expect((await storage.get(`${blurred}.jpg`))?.equals(original!)).to.equal(false)
      })

      it('its owner takes it along', async () => {
        await make.account('citizen@town.example', 'citizen')
        const cookie = await signIn('citizen@town.example')
        const [one, other] = [await send(node, cookie), await send(node, cookie)]
        const stored = await storage.get(`${one.photo}.jpg`)
        // Lost, on a bad disk: the rest is the owner's all the same.
        await storage.remove(`${other.photo}.jpg`)
        const { status, bytes } = await ask(node, 'GET', '/api/me/export', { cookie })
        expect(status).to.equal(200)
        const files = unzipSync(new Uint8Array(bytes))
        expect(Buffer.from(files[`photos/${one.photo}.jpg`] ?? []).equals(stored!)).to.equal(true)
        expect(files[`photos/${other.photo}.jpg`]).to.have.length(0)
      })

      it('it goes when its time has come', async () => {
        const { id, photo } = await send(node)
        await world.db('report').where({ id }).update({ closed_at: '2020-01-01', status: 'resolved' })
        expect((await retain(world.db, { isDryRun: false, now: '2026-11-21T12:00:00Z' })).photos).to.equal(1)
        await destroyFiles(world.db, storage)
        expect(await attachmentNames(storage)).to.not.include(`${photo}.jpg`)
        expect(await world.db('photo_removal')).to.deep.equal([])
      })
    })
  }

  describe('while the S3 server is away', () => {
    before(() => open(onS3('away')))
    after(() => node.close())
    afterEach(() => s3.start())

    it('an upload is refused for now, with words; a report without a photo is taken', async () => {
      await s3.stop()
      const attachments = await world.db('attachment')
      for (const [language, title] of [
        ['en', 'Photos are out of reach at the moment'],
        ['el', 'Οι φωτογραφίες δεν είναι διαθέσιμες αυτή τη στιγμή'],
      ] as const) {
        const { status, headers, body } = await upload(node, await picture(), language)
        expect(status).to.equal(503)
        expect(Number(headers.get('retry-after'))).to.be.within(1, 120)
        expect(body).to.include({ type: 'urn:asty:problem:storage-away', title })
        expect(JSON.stringify(body), 'where the storage is').to.not.include('127.0.0.1')
      }
      expect(await world.db('attachment')).to.deep.equal(attachments)
      expect((await ask(node, 'POST', '/api/reports', { body: pothole(23.005, 37.01) })).status).to.equal(201)
    })

    it('a photo is not said to be gone', async () => {
      const { photo, key } = await send(node)
      await s3.stop()
      const { status, body, headers } = await ask(node, 'GET', `/api/photos/${photo}?follow=${key}`)
      expect(status).to.equal(503)
      expect(body.type).to.equal('urn:asty:problem:storage-away')
      expect(headers.get('etag')).to.not.equal(`"${photo}"`)
    })

    it('what its owner takes along breaks off, and does not look whole', async () => {
      await make.account('citizen@town.example', 'citizen')
      const cookie = await signIn('citizen@town.example')
      await send(node, cookie)
      await s3.stop()
      const broken = await ask(node, 'GET', '/api/me/export', { cookie }).then(() => 'whole', String)
      expect(broken).to.not.equal('whole')
      expect((await ask(node, 'GET', '/api/session', { cookie })).status, 'the node lives').to.equal(200)
    })

    it('nothing is blurred by half', async () => {
      const report = await send(node)
      await s3.stop()
      expect((await blur(node, report, head)).status).to.equal(503)
      const row = await world.db('attachment').where({ case_id: report.id }).first()
      expect(row).to.include({ id: report.photo, blurred_at: null })
      await s3.start()
      expect(await storage.get(`${report.photo}.jpg`)).to.be.instanceOf(Buffer)
      expect((await blur(node, report, head)).status).to.equal(200)
      await s3.stop()
    })

    it('an original that could not be destroyed is, as soon as it is back', async () => {
      const report = await send(node)
      expect((await blur(node, report, head)).status).to.equal(200)
      await s3.stop()
      const worker = await startNode(onS3('away'), { works: true })
      const jobs = () => world.db('pgboss.job').where({ name: 'photo-removal' })
      const wanted = () => world.db('photo_removal').where({ photo_id: report.photo })
      await until(async () => (await jobs().where({ state: 'retry' })).length > 0)
      expect(await wanted()).to.have.length(1)
      expect((await ask(node, 'GET', `/api/photos/${report.photo}?follow=${report.key}`)).status).to.equal(404)
      await s3.start()
      await jobs().where({ state: 'retry' }).update({ start_after: world.db.fn.now() })
      await until(async () => (await wanted()).length === 0)
      expect(await storage.get(`${report.photo}.jpg`)).to.equal(undefined)
      await worker.close()
      await s3.stop()
    })
  })

  it('a photo without a row, as a node leaves it that dies, is destroyed after an hour', async () => {
    await open({ dataDir: join(folder, 'dies') })
    const insert = `CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'; END $$;
                    CREATE TRIGGER refuse BEFORE INSERT ON attachment EXECUTE FUNCTION refuse()`
    await world.db.raw(insert)
    try {
      expect((await upload(node, await picture())).status).to.equal(500)
    } finally {
      await world.db.raw('DROP TRIGGER refuse ON attachment; DROP FUNCTION refuse()')
    }
    const kept = await upload(node, await picture())
    expect(await attachmentNames(storage)).to.have.length(2)
    await destroyFiles(world.db, storage)
    expect(await attachmentNames(storage), 'somebody may be just writing it').to.have.length(2)
    await anHourLater()
    await destroyFiles(world.db, storage)
    expect(await attachmentNames(storage)).to.deep.equal([`${kept.body.id}.jpg`])
    await node.close()
  })
})

describe('a virus scanner', function () {
  this.timeout(60_000)
  let clamd: Clamd | undefined
  let small: Clamd | undefined
  let node: Node | undefined
  let silent: Server | undefined

  before(async function () {
    if (!hasClamd()) return this.skip()
    clamd = await startClamd()
    small = await startClamd({ limit_bytes: 1000 })
    await smallTown()
  })
  afterEach(() => node?.close())
  after(async () => {
    await clamd?.stop()
    await small?.stop()
    silent?.close()
  })

  /** A photo like any other, but for what is behind its end. */
  const infected = async () => Buffer.concat([await picture(), VIRUS])
  const open = async (clamdUrl: string) => (node = await startNode({ clamdUrl }))

  for (const way of ['tcp', 'unix'] as const)
    it(`by ${way} lets photos pass, and stops one that carries a virus`, async () => {
      const at = await open(clamd![way])
      expect((await upload(at, await picture())).status).to.equal(201)
      const attachments = await world.db('attachment')
      for (const [language, title] of [
        ['en', 'The file was not accepted'],
        ['el', 'Το αρχείο δεν έγινε δεκτό'],
      ] as const) {
        const { status, body } = await upload(at, await infected(), language)
        expect(status).to.equal(422)
        expect(body).to.include({ type: 'urn:asty:problem:infected-file', title })
        expect(body.errors[0].path).to.equal('file')
        expect(JSON.stringify(body)).to.not.include('Asty.Test')
      }
      expect(await world.db('attachment')).to.deep.equal(attachments)
    })

  it('is not asked where none is set', async () => {
    node = await startNode({})
    expect((await upload(node, await infected())).status).to.equal(201)
  })

  it('sees a large photo whole, and what is no photo before anything else does', async () => {
    const at = await open(clamd!.tcp)
    const large = Buffer.concat([Buffer.alloc(11 * 1024 * 1024, 7), VIRUS])
    expect((await upload(at, large)).body.type).to.equal('urn:asty:problem:infected-file')
    expect((await upload(at, large.subarray(0, -1))).body.type).to.equal('urn:asty:problem:not-a-photo')
  })

  it('that is away, takes less than the photo, or says something else lets nothing pass', async () => {
    silent = createServer((socket) => socket.end('hello\0'))
    await new Promise<void>((resolve) => silent?.listen(0, '127.0.0.1', resolve))
    for (const url of [
      `tcp://127.0.0.1:${await freePort()}`,
      'unix:///nowhere/clamd.ctl',
      small!.tcp,
      `tcp://127.0.0.1:${(silent.address() as AddressInfo).port}`,
    ]) {
      const at = await open(url)
      const { status, headers, body } = await upload(at, await sharp(await picture()).png().toBuffer().then((bytes) => Buffer.concat([bytes, Buffer.alloc(2000)]))) // prettier-ignore
      expect(status, url).to.equal(503)
      expect(body.type).to.equal('urn:asty:problem:scanner-away')
      expect(Number(headers.get('retry-after'))).to.be.within(1, 120)
      await at.close()
      node = undefined
    }
  })
})
