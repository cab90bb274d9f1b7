// How long personal data stay is the administrator's to say; what went is there to be read.
import { expect } from 'chai'
import { retain } from '../../backend/reports/retention/run.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const CONTACT = { name: 'Maria Politi', email: 'maria@town.example' }

describe('how long personal data stay', () => {
  let admin: string
  const PATH = '/api/staff/retention'
  const change = (body: unknown, category = 'pothole', cookie = admin) =>
    request('PATCH', `${PATH}/${category}`, { cookie, body })
  const rehearse = async () => (await post(`${PATH}/rehearsal`, undefined, { cookie: admin })).body

  /** A report that was closed so many days ago. */
  async function closed(days: number): Promise<string> {
    const { id } = (await post('/api/reports', pothole(23.005, 37.01, { contact: CONTACT }))).body as { id: string }
    const photo = { id: world.db.raw('gen_random_uuid()'), width_px: 4, height_px: 3, size_bytes: 9 }
    await world.db('attachment').insert({ ...photo, case_id: id })
    const closed_at = world.db.raw('now() - make_interval(days => ?)', [days])
    await world.db('report').where({ id }).update({ status: 'resolved', closed_at })
    return id
  }

  beforeEach(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    admin = await signIn('admin@town.example')
  })

  it('is listed by category, with what they are for', async () => {
    const { body } = await get(PATH, { cookie: admin })
    expect(body['rules']).to.have.length(1)
    expect(body['rules'][0]).to.deep.include({ contact_months: 12, photo_months: 36 })
    expect(body['rules'][0].group.slug).to.equal('roads')
    expect(body['rules'][0].purpose.en).to.match(/deal with the report/)
    expect(body['runs']).to.deep.equal([])
    expect((await get(PATH, { cookie: await signIn('head@town.example') })).status).to.equal(403)
  })

  it('is changed by an administrator; a rehearsal says what would go, the next run takes it, and says so', async () => {
    const [old, recent] = [await closed(100), await closed(10)]
    const nothing = {
      anonymised: 0,
      supporters: 0,
      photos: 0,
      uploads: 0,
      files: 0,
      by_category: {},
      photos_by_category: {},
    }
    expect(await rehearse()).to.deep.equal(nothing)

    const purpose = { el: 'Για να κλείσει η λακκούβα', en: 'To fill the hole' }
    const { body } = await change({ contact_months: 3, photo_months: 0, purpose })
    expect(body).to.deep.include({ contact_months: 3, photo_months: 0, purpose })
    const due = {
      anonymised: 1,
      supporters: 0,
      photos: 2,
      uploads: 0,
      files: 0,
      by_category: { pothole: 1 },
      photos_by_category: { pothole: 2 },
    }
    expect(await rehearse()).to.deep.equal(due)
    expect((await world.db('report').where({ id: old }).first('contact')).contact, 'only a rehearsal').to.deep.equal(
      CONTACT,
    )

    expect(await retain(world.db, { isDryRun: false })).to.deep.equal(due)
    expect((await world.db('report').where({ id: old }).first('contact')).contact).to.equal(null)
    expect((await world.db('report').where({ id: recent }).first('contact')).contact).to.deep.equal(CONTACT)
    const { runs } = (await get(PATH, { cookie: admin })).body
    expect(runs[0]).to.deep.include({ anonymised: 1, photos: 2, uploads: 0, by_category: { pothole: 1 } })
  })

  it('is changed under a name and after a fresh proof of who it is', async () => {
    await change({ contact_months: 6 })
    const entry = await world.db('audit_entry').orderBy('id', 'desc').first('action', 'subject_id', 'detail')
    expect(entry).to.deep.include({ action: 'retention.change', subject_id: 'pothole' })
    expect(entry.detail.from).to.deep.include({ contact_months: 12, photo_months: 36 })
    expect(entry.detail.to).to.deep.include({ contact_months: 6, photo_months: 36 })
    await world.db('session').update({ authenticated_at: '2020-01-01' })
    expect((await change({ contact_months: 1 })).body['type']).to.match(/confirm-needed/)
    expect((await world.db('category').where({ slug: 'pothole' }).first('contact_months')).contact_months).to.equal(6)
  })

  it('is a whole number of months, at most twenty years, with words in both languages', async () => {
    const wrong: [unknown, string[]][] = [
      [{ contact_months: -1, photo_months: 1.5 }, ['contact_months', 'photo_months']],
      [{ contact_months: '6' }, ['contact_months']],
      [{ photo_months: 241 }, ['photo_months']],
      [{ purpose: { el: '  ', en: 'x' } }, ['purpose.el']],
      [{ purpose: { en: 'x' } }, ['purpose.el']],
    ]
    for (const [body, paths] of wrong) {
      const answer = await change(body)
      expect(answer.status, JSON.stringify(body)).to.equal(422)
      expect(answer.body['errors'].map(({ path }: { path: string }) => path)).to.deep.equal(paths)
    }
    for (const none of ['nothing', 'roads'])
      expect((await change({ contact_months: 1 }, none)).status, `${none}: no category that holds reports`).to.equal(
        404,
      )
  })
})
