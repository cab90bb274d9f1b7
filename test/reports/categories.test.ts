// Categories without a developer: what an administrator adds is at once wherever categories are.
import { expect } from 'chai'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { both, make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const PATH = '/api/staff/categories'
const BENCH = {
  slug: 'bench',
  title: { el: 'Παγκάκι', en: 'Bench' },
  description: { el: 'Σπασμένο παγκάκι', en: 'A broken bench' },
  parent: 'roads',
  icon: 'armchair',
  colour: '#336699',
}
const QUESTION = { code: 'planks', type: 'number', title: both('Planks?'), is_public: true }

describe('the catalogue of categories', () => {
  let admin: string
  const add = (more: object = {}) => post(PATH, { ...BENCH, ...more }, { cookie: admin })
  const change = (body: object, slug = 'bench') => request('PATCH', `${PATH}/${slug}`, { cookie: admin, body })
  const publish = (form_version: number, questions: object[], stops: object[] = []) =>
    request('PUT', `${PATH}/bench/form`, { cookie: admin, body: { form_version, questions, stops } })
  const offered = async () =>
    ((await get('/api/categories')).body as unknown as { slug: string }[]).map(({ slug }) => slug)
  const report = (more: object = {}) => post('/api/reports', pothole(23.005, 37.01, { category: 'bench', ...more }))

  beforeEach(async () => {
    await smallTown()
    await make.account('admin@town.example', 'administrator')
    admin = await signIn('admin@town.example')
  })

  it('gets a category: its form, its reports on the map, open data, Open311 and feed are there at once', async () => {
    expect((await add()).status).to.equal(201)
    expect((await publish(0, [QUESTION])).body).to.deep.include({ form_version: 1, report_count: 0 })
    expect(await offered()).to.include('bench')
    const sent = await report({ answers: { planks: 3 } })
    expect(sent.status).to.equal(201)
    expect(sent.body['department'].slug, 'that of the group').to.equal('works')

    const onMap = (await get('/api/reports?category=bench&bbox=23,37,23.02,37.02')).body['features'][0].properties
    expect(onMap).to.include({ icon: 'armchair', colour: '#336699' })
    const open = (await get(`/ogc/collections/reports/items?filter=${encodeURIComponent("category='bench'")}`)).body
    expect(open['features'][0].properties).to.deep.include({ category_en: 'Bench', answers: { planks: 3 } })
    const set = await get('/ogc/collections/reports-bench/items?filter=planks%3E2')
    expect(set.body['features'][0].properties).to.include({ planks: 3, protocol: sent.body['protocol'] })
    expect((await get('/opendata/reports-bench.csv')).body).to.match(/,planks,.*\r?\n.*,3,/)
    const service = (await get('/open311/v2/services/bench.json')).body
    expect(service['attributes'][0]).to.deep.include({ code: 'planks', datatype: 'number' })
    const feed = String((await get('/feeds/reports.atom?category=bench')).body)
    expect(feed).to.include(sent.body['id'])
    expect((await add()).body['type'], 'the name is taken').to.equal('urn:asty:problem:category-exists')
  })

  it('changes and orders them; a retired one takes no reports, keeps those it has, and is put back', async () => {
    await add()
    const { id } = (await report()).body as { id: string }
    const { body } = await change({
      title: { el: 'Παγκάκια', en: 'Benches' },
      needs_photo: true,
      keywords: ['kathisma'],
    })
    expect(body).to.deep.include({ needs_photo: true, keywords: ['kathisma'], open_count: 1 })
    expect((await report()).body['errors'][0].path).to.equal('photos')
    await change({ needs_photo: false })

    const order = await request('PUT', `${PATH}/order`, { cookie: admin, body: { slugs: ['bench', 'pothole'] } })
    expect(order.status).to.equal(200)
    expect((await offered()).filter((slug) => slug !== 'roads')).to.deep.equal(['bench', 'pothole'])

    await change({ is_retired: true })
    expect(await offered()).to.not.include('bench')
    expect((await report()).body['type']).to.equal('urn:asty:problem:unknown-category')
    expect((await get(`/api/reports/${id}`)).body['properties'].category.title.en).to.equal('Benches')
    await change({ is_retired: false })
    await change({ is_retired: true }, 'roads')
    expect(await offered(), 'a group takes its categories along').to.deep.equal([])
    expect((await report()).status).to.equal(422)
    await change({ is_retired: false }, 'roads')
    expect((await report()).status).to.equal(201)

    expect((await change({ parent: 'pothole' })).body['errors'][0].path, 'no group').to.equal('parent')
    expect((await change({ parent: null })).status, 'a category stays one').to.equal(422)
    expect((await change({ department: 'nobody' })).body['errors'][0].path).to.equal('department')
    const trail = await world.db('audit_entry').where({ subject_id: 'bench' }).pluck('action')
    expect(trail).to.include.members(['category.add', 'category.change'])
  })

  it('asks only what can be answered; who was slower is told what is there', async () => {
    await add()
    const yes = { code: 'wet', type: 'yes_no', title: both('Wet?') }
    const wrong = await publish(0, [
      { ...QUESTION, only_when: { question: 'wet', values: ['true'] } },
      yes,
      { ...yes, only_when: { question: 'planks', values: ['3'] } },
      { code: 'pick', type: 'choice', title: both('Pick'), options: [{ code: 'one', title: both('One') }] },
    ])
    expect(wrong.status).to.equal(422)
    expect(wrong.body['errors'].map(({ path }: { path: string }) => path)).to.deep.equal([
      'questions.0.only_when',
      'questions.2.code',
      'questions.2.only_when',
      'questions.3.options',
    ])
    expect((await publish(0, [yes])).body['form_version']).to.equal(1)
    const late = await publish(0, [QUESTION])
    expect(late.status).to.equal(409)
    expect(late.body['current'].questions[0].code).to.equal('wet')
    expect(await world.db('category_form').select('version')).to.deep.equal([{ version: 1 }])
  })
})
