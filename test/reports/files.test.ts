// Documents that staff put beside a report: what they may be, who may see them, and when they go.
import { expect } from 'chai'
import { zipSync } from 'fflate'
import sharp from 'sharp'
import { attachmentNames, destroyFiles, documentName } from '../../backend/cases/service.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { retain } from '../../backend/reports/retention/run.ts'
import { type Clamd, hasClamd, startClamd, VIRUS } from '../support/clamd.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

interface Listed {
  id: string
  title: string
  media_type: string
  size_bytes: number
  added_by: string | null
  may_remove: boolean
}

const PDF = Buffer.from('%PDF-1.7\n%%EOF\n')
const text = (words: string) => new Uint8Array(Buffer.from(words))
const packed = (parts: Record<string, string>) =>
  Buffer.from(zipSync(Object.fromEntries(Object.entries(parts).map(([name, words]) => [name, [text(words), { level: 0 }]])))) // prettier-ignore
const CONTENT = { '[Content_Types].xml': '<Types/>' }
const compound = (...streams: string[]) =>
  Buffer.concat([Buffer.from('d0cf11e0a1b11ae1', 'hex'), Buffer.alloc(504), ...streams.map((name) => Buffer.from(name, 'utf16le'))]) // prettier-ignore

describe('documents beside a report', () => {
  let head: string, agent: string, crew: string, parks: string, citizen: string
  let id: string

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.category('secret', { parent: 'roads', department: 'works', is_public: false })
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('crew@town.example', 'crew_member', { department: 'works', crew: 'crew-west' })
    await make.account('auditor@town.example', 'auditor')
    await make.account('parks@town.example', 'agent', { department: 'parks' })
    await make.account('maria@town.example', 'citizen')
    ;[head, crew, agent, parks, citizen] = await Promise.all(['head', 'crew', 'auditor', 'parks', 'maria'].map((name) => signIn(`${name}@town.example`))) as [string, string, string, string, string] // prettier-ignore
  })
  beforeEach(async () => {
    id = (await post('/api/reports', pothole(23.005, 37.01))).body['id']
  })

  const path = (report = id) => `/api/staff/reports/${report}/files`
  async function add(
    bytes: Buffer,
    { cookie = head, title = 'Offer', report = id, name = 'offer.exe', url = world.url } = {},
  ) {
    const body = new FormData()
    body.set('file', new Blob([new Uint8Array(bytes)]), name)
    const headers = { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? ''), 'Accept-Language': 'en' }
    const answer = await fetch(`${url}${path(report)}?title=${encodeURIComponent(title)}`, { method: 'POST', headers, body }) // prettier-ignore
    return {
      status: answer.status,
      body: (await answer.json()) as Listed[] & { type: string; errors: { path: string }[] },
    }
  }
  const list = async (cookie = head, report = id) => get<Listed[]>(path(report), { cookie })
  const take = (file: string, cookie = head) => fetch(`${world.url}${path()}/${file}`, { headers: { Cookie: cookie } })
  const remove = (file: string, cookie: string) => request('DELETE', `${path()}/${file}`, { cookie })

  it('are listed with who and when, and saved with their name and never shown', async () => {
    const { status, body } = await add(PDF, { title: 'Προσφορά «Οδός Ερμού»', cookie: crew })
    expect(status).to.equal(201)
    expect(body[0]).to.include({ title: 'Προσφορά «Οδός Ερμού»', media_type: 'application/pdf', size_bytes: PDF.length, added_by: 'crew@town.example', may_remove: true }) // prettier-ignore
    const answer = await take(body[0]!.id)
    expect(Buffer.from(await answer.arrayBuffer()).equals(PDF)).to.equal(true)
    expect(answer.headers.get('content-type')).to.equal('application/pdf')
    expect(answer.headers.get('content-disposition'))
      .to.match(/^attachment; /)
      .and.include(`filename*=UTF-8''${encodeURIComponent('Προσφορά «Οδός Ερμού».pdf')}`)
    expect(answer.headers.get('x-content-type-options')).to.equal('nosniff')
    expect(answer.headers.get('cache-control')).to.equal('no-store')
    const story = (await get(`/api/staff/reports/${id}`, { cookie: head })).body['timeline'].at(-1)
    expect(story).to.include({ kind: 'attached', note: 'Προσφορά «Οδός Ερμού»', is_public: false, actor: 'crew@town.example' }) // prettier-ignore
    const open = JSON.stringify((await get(`/api/reports/${id}`)).body)
    expect(open, 'nothing of it is public').to.not.include('Προσφορά')
  })

  it('are what their content says, and nothing with a program in it', async () => {
    const picture = (format: 'png' | 'webp' | 'tiff' | 'jpeg') =>
      sharp({ create: { width: 8, height: 8, channels: 3, background: '#557799' } })
        .toFormat(format)
        .toBuffer()
    const good: [Buffer, RegExp][] = [
      [PDF, /pdf$/],
      [packed({ ...CONTENT, 'word/document.xml': '' }), /wordprocessingml.document$/],
      [packed({ ...CONTENT, 'xl/workbook.xml': '' }), /spreadsheetml.sheet$/],
      [packed({ ...CONTENT, 'ppt/presentation.xml': '' }), /presentationml.presentation$/],
      [packed({ mimetype: 'application/vnd.oasis.opendocument.text', 'content.xml': '' }), /opendocument.text$/],
      [compound('Root Entry', 'WordDocument'), /msword$/],
      [compound('Root Entry', 'Workbook'), /ms-excel$/],
      [await picture('png'), /png$/],
      [await picture('webp'), /webp$/],
      [await picture('tiff'), /tiff$/],
      [await picture('jpeg'), /jpeg$/],
    ]
    for (const [bytes, type] of good) {
      const { status, body } = await add(bytes)
      expect(status, String(type)).to.equal(201)
      expect(body[0]!.media_type).to.match(type)
    }
    const bad: Record<string, Buffer> = {
      page: Buffer.from('<!doctype html><script>alert(1)</script>'),
      drawing: Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      program: Buffer.from('MZ\x90\x00'),
      archive: packed({ 'readme.txt': 'words' }),
      'macros of Word': packed({ ...CONTENT, 'word/document.xml': '', 'word/vbaProject.bin': '' }),
      'macros of OpenDocument': packed({ mimetype: 'application/vnd.oasis.opendocument.text', 'Basic/a.xml': '' }),
      'macros of old Word': compound('WordDocument', '_VBA_PROJECT'),
      'an installer': compound('Root Entry', 'SummaryInformation'),
      'a broken archive': Buffer.from('PK\x03\x04 and nothing more', 'latin1'),
      'a text that says it is one': Buffer.from('application/pdf'),
    }
    for (const [what, bytes] of Object.entries(bad)) {
      const { status, body } = await add(bytes, { name: 'letter.pdf' })
      expect([status, body.errors[0]?.path], what).to.deep.equal([415, 'file'])
    }
    expect((await add(Buffer.alloc(0))).status).to.equal(422)
    expect((await add(Buffer.concat([PDF, Buffer.alloc(12 * 1024 * 1024)]))).status).to.equal(413)
    expect((await add(PDF, { title: ' ' })).body.errors[0]?.path).to.equal('title')
    expect((await list()).body).to.have.length(good.length)
  })

  it('are for staff who may see the report', async () => {
    const secret = (await post('/api/reports', { ...pothole(23.005, 37.01), category: 'secret' })).body['id'] as string
    const file = (await add(PDF, { report: secret })).body[0]!.id
    const paths = { list: path(secret), file: `${path(secret)}/${file}` }
    for (const cookie of [parks, agent]) {
      for (const each of Object.values(paths)) expect((await get(each, { cookie })).status, each).to.equal(404)
      expect((await add(PDF, { cookie, report: secret })).status).to.equal(404)
      expect((await request('DELETE', paths.file, { cookie })).status).to.equal(404)
    }
    for (const [cookie, status] of [
      [undefined, 401],
      [citizen, 403],
    ] as const)
      // prettier-ignore
      for (const each of Object.values(paths)) expect((await get(each, { cookie })).status).to.equal(status)
    // Not under the address of another report, either.
    expect((await take(file)).status).to.equal(404)
    expect((await list(head, secret)).body).to.have.length(1)
  })

  it('are removed by who added them or may change the report, and their bytes are destroyed', async () => {
    const { storage } = world.town
    const ofAuditor = (await add(PDF, { cookie: agent, title: 'Opinion' })).body[0]!.id
    const ofHead = (await add(PDF)).body[0]!.id
    expect((await list(agent)).body.map(({ may_remove }) => may_remove)).to.deep.equal([false, true])
    expect((await remove(ofHead, agent)).status).to.equal(403)
    expect((await remove(ofAuditor, agent)).status).to.equal(204)
    expect((await remove(ofAuditor, agent)).status).to.equal(404)
    expect(await attachmentNames(storage)).to.include(documentName(ofAuditor))
    await destroyFiles(world.db, storage)
    const left = await attachmentNames(storage)
    expect(left).to.not.include(documentName(ofAuditor))
    expect(left).to.include(documentName(ofHead))
    expect((await remove(ofHead, crew)).status, 'who may change the report').to.equal(204)
    const kinds = (await get(`/api/staff/reports/${id}`, { cookie: head })).body['timeline'].map(({ kind }: { kind: string }) => kind) // prettier-ignore
    expect(kinds.slice(-4)).to.deep.equal(['attached', 'attached', 'detached', 'detached'])
    const audited = await world.db('audit_entry').where({ subject_id: id }).whereIn('action', ['report.attached', 'report.detached']) // prettier-ignore
    expect(audited).to.have.length(4)
  })

  it('are at most fifty for a report', async () => {
    const row = { report_id: id, title: 'x', media_type: 'application/pdf', extension: 'pdf', size_bytes: 1 }
    await world.db('report_file').insert(Array.from({ length: 50 }, () => ({ ...row, id: world.db.raw('gen_random_uuid()') }))) // prettier-ignore
    await world.db('photo_removal').delete()
    const { status, body } = await add(PDF)
    expect([status, body.type]).to.deep.equal([409, 'urn:asty:problem:too-many-files'])
    const undecided = await world.db('photo_removal').where({ extension: 'bin' }).select('photo_id')
    expect(undecided, 'what was stored for nothing goes').to.have.length(1)
  })

  it('go with the photos, when the time of the category has come', async () => {
    const file = (await add(PDF)).body[0]!.id
    await world.db('report').where({ id }).update({ status: 'resolved', closed_at: world.db.raw(`now() - interval '37 months'`) }) // prettier-ignore
    expect((await retain(world.db, { isDryRun: true })).files).to.equal(1)
    expect((await list()).body).to.have.length(1)
    expect((await retain(world.db, { isDryRun: false })).files).to.equal(1)
    expect((await list()).body).to.deep.equal([])
    await destroyFiles(world.db, world.town.storage)
    expect(await attachmentNames(world.town.storage)).to.not.include(documentName(file))
    expect((await world.db('retention_run').orderBy('id', 'desc').first('files')).files).to.equal(1)
  })

  describe('with a scanner', () => {
    let clamd: Clamd, node: Node
    before(async function () {
      if (!hasClamd()) this.skip()
      clamd = await startClamd()
      node = await startNode({ clamdUrl: clamd.tcp })
    })
    after(async () => {
      await node?.close()
      await clamd?.stop()
    })

    it('are looked at before they are kept', async () => {
      const { status, body } = await add(Buffer.concat([PDF, VIRUS]), { url: node.url })
      expect([status, body.type]).to.deep.equal([422, 'urn:asty:problem:infected-file'])
      expect((await add(PDF, { url: node.url })).status).to.equal(201)
      expect((await list()).body).to.have.length(1)
    })
  })
})
