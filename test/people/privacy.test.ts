// Personal data: taken along, forgotten, and gone when their time has come.
import { expect } from 'chai'
import { unzipSync } from 'fflate'
import sharp from 'sharp'
import { destroyFiles, photoName } from '../../backend/cases/service.ts'
import { retain } from '../../backend/reports/retention/run.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const CONTACT = { name: 'Maria Politi', email: 'maria@town.example', phone: '2101234567' }

async function uploadPhoto(): Promise<string> {
  const bytes = await sharp({ create: { width: 40, height: 30, channels: 3, background: '#557799' } })
    .jpeg()
    .toBuffer()
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg')
  const response = await fetch(`${world.url}/api/uploads`, { method: 'POST', body: form })
  return ((await response.json()) as { id: string }).id
}

describe('one’s own data', () => {
  let cookie: string
  let id: string
  let photo: string

  before(async () => {
    await smallTown()
    await make.account('maria@town.example', 'citizen')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    photo = await uploadPhoto()
    id = (await post('/api/reports', pothole(23.005, 37.01, { contact: CONTACT, photos: [photo] }))).body['id']
    const head = await signIn('head@town.example')
    await post(`/api/staff/reports/${id}/contact`, { reason: 'Which door?' }, { cookie: head })
    cookie = await signIn('maria@town.example')
  })

  it('leave as an archive with every photo, and who looked', async () => {
    const response = await fetch(`${world.url}/api/me/export`, { headers: { Cookie: cookie } })
    expect(response.headers.get('content-type')).to.equal('application/zip')
    const files = unzipSync(new Uint8Array(await response.arrayBuffer()))
    expect(Object.keys(files)).to.have.members(['data.json', `photos/${photo}.jpg`])
    const data = JSON.parse(Buffer.from(files['data.json'] ?? []).toString())
    expect(data.account).to.include({ email: 'maria@town.example' })
    expect(data.reports[0]).to.deep.include({ id, contact: CONTACT })
    expect(data.reports[0].contact_views[0].reason).to.equal('Which door?')
    expect(JSON.stringify(data)).to.not.include('argon2')
  })

  it('want a fresh proof of who asks', async () => {
    await world.db('session').update({ authenticated_at: '2020-01-01' })
    expect((await get('/api/me/export', { cookie })).body['type']).to.match(/confirm-needed/)
    expect((await request('DELETE', '/api/me', { cookie })).body['type']).to.match(/confirm-needed/)
    cookie = await signIn('maria@town.example')
  })

  it('are forgotten: the account, and the name in every report, which itself stays', async () => {
    const { body } = await request('DELETE', '/api/me', { cookie })
    expect(body).to.deep.equal({ reports_kept: 1 })
    expect(await world.db('account').where({ email: 'maria@town.example' })).to.deep.equal([])
    expect((await get('/api/session', { cookie })).body['account']).to.equal(null)
    const report = await world.db('report').where({ id }).first()
    expect(report.contact).to.equal(null)
    expect(report.anonymised_at).to.not.equal(null)
    expect((await get(`/api/reports/${id}`)).status).to.equal(200)
  })

  it('of staff are not erased by themselves', async () => {
    const head = await signIn('head@town.example')
    expect((await request('DELETE', '/api/me', { cookie: head })).status).to.equal(409)
  })
})

describe('retention', () => {
  const now = '2026-11-21T12:00:00Z'
  const send = async (closedAt: string | null, photos: string[] = []) => {
    const { id } = (await post('/api/reports', pothole(23.005, 37.01, { contact: CONTACT, photos }))).body as unknown as { id: string } // prettier-ignore
    await world
      .db('report')
      .where({ id })
      .update({ closed_at: closedAt, status: closedAt ? 'resolved' : 'submitted' })
    return id
  }
  const contactOf = async (id: string) => (await world.db('report').where({ id }).first('contact')).contact

  before(smallTown)

  it('counts first, then takes away what is due, and proves it', async () => {
    const photo = await uploadPhoto()
    const [old, recent, open] = [await send('2020-01-01', [photo]), await send('2026-11-01'), await send(null)]
    const forgotten = await uploadPhoto()
    await world.db('attachment').where({ id: forgotten }).update({ created_at: '2026-11-19' })
    const expected = {
      anonymised: 1,
      supporters: 0,
      photos: 1,
      uploads: 1,
      files: 0,
      by_category: { pothole: 1 },
      photos_by_category: { pothole: 1 },
    }

    expect(await retain(world.db, { isDryRun: true, now })).to.deep.equal(expected)
    expect(await contactOf(old), 'a dry run changes nothing').to.deep.equal(CONTACT)
    expect(await world.town.storage.get(photoName(photo))).to.be.instanceOf(Buffer)

    expect(await retain(world.db, { isDryRun: false, now })).to.deep.equal(expected)
    expect(await contactOf(old)).to.equal(null)
    expect(await contactOf(recent)).to.deep.equal(CONTACT)
    expect(await contactOf(open)).to.deep.equal(CONTACT)
    await destroyFiles(world.db, world.town.storage)
    for (const id of [photo, forgotten]) expect(await world.town.storage.get(photoName(id))).to.equal(undefined)
    const proof = await world.db('retention_run').first()
    expect(proof).to.deep.include({ anonymised: 1, photos: 1, uploads: 1 })
    expect(await retain(world.db, { isDryRun: false, now })).to.deep.include({ anonymised: 0, photos: 0 })
  })

  it('follows the time that the category says', async () => {
    const id = await send('2026-10-01')
    await world.db('category').where({ slug: 'pothole' }).update({ contact_months: 1 })
    expect((await retain(world.db, { isDryRun: false, now })).anonymised).to.be.at.least(1)
    expect(await contactOf(id)).to.equal(null)
  })
})
