// Animals that are looked for and animals that are found: what is asked of them, which may be the same, who hears of it, and what nobody learns.
import { expect } from 'chai'
import sharp from 'sharp'
import { get, point, post, request, signIn } from '../support/http.ts'
import { type MailServer, startMailServer } from '../support/mail.ts'
import { both, make, smallTown } from '../support/make.ts'
import { type Node, startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

const option = (code: string) => ({ code, title: both(code) })
const question = (code: string, type: string, more: object = {}) =>
  ({ code, type, title: both(`${code}?`), is_public: true, ...more }) as never

/** The names of the questions differ from category to category; what they mean does not. */
const questions = (prefix: string) => [
  question(`${prefix}_kind`, 'choice', { means: 'species', is_required: true, options: ['dog', 'cat'].map(option) }),
  question(`${prefix}_colours`, 'choices', { means: 'colours', options: ['black', 'white', 'brown'].map(option) }),
  question(`${prefix}_on`, 'date', { means: 'day' }),
  question(`${prefix}_chip`, 'text', { means: 'chip', is_public: false }),
]

const CHIP = '300000000012345'
const HERE = [23.005, 37.01] as const
/** Degrees to the east of HERE for so many metres. */
const east = (metres: number): [number, number] => [
  HERE[0] + metres / 111_320 / Math.cos((HERE[1] * Math.PI) / 180),
  HERE[1],
]

async function upload(): Promise<string> {
  const photo = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#775533' } })
    .jpeg()
    .toBuffer()
  const body = new FormData()
  body.set('file', new Blob([new Uint8Array(photo)]), 'dog.jpg')
  const response = await fetch(`${world.url}/api/uploads`, { method: 'POST', body })
  return ((await response.json()) as { id: string }).id
}

interface Sent {
  id: string
  token: string
}
interface Match {
  id: string
  distance_m: number
  days: number
  colours: { en: string }[]
  is_same_chip: boolean
  is_joined: boolean
  photo: { id: string } | null
}

describe('lost and found animals', () => {
  let head: string

  beforeEach(async () => {
    await smallTown()
    await make.category('animals', { department: 'works' })
    for (const [slug, pet_side, prefix] of [
      ['lost', 'lost', 'lost'],
      ['found', 'found', 'found'],
      ['stray', 'found', 'seen'],
      ['hidden', 'found', 'seen'],
    ] as const) {
      await make.category(slug, { parent: 'animals', is_public: slug !== 'hidden' })
      await world.db('category').where({ slug }).update({ kind: 'pet', pet_side })
      await make.form(slug, { questions: questions(prefix), stops: [] })
    }
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
  })

  const PREFIX: Record<string, string> = { lost: 'lost', found: 'found', stray: 'seen', hidden: 'seen' }
  interface Animal {
    kind?: string
    colours?: string[]
    on?: string
    chip?: string
    at?: readonly [number, number]
    contact?: object
    photos?: string[]
  }
  const attempt = (category: string, { at = HERE, contact, photos, kind = 'dog', ...told }: Animal = {}) => {
    const answers = Object.fromEntries(
      Object.entries({ on: '2026-11-20', colours: ['black'], ...told, kind }).map(([name, value]) => [
        `${PREFIX[category]}_${name}`,
        value,
      ]),
    )
    return post('/api/reports', { category, location: point(...at), description: 'A dog', answers, contact, photos })
  }
  const send = async (category: string, animal: Animal = {}): Promise<Sent> => {
    const { status, body } = await attempt(category, animal)
    expect(status, JSON.stringify(body)).to.equal(201)
    return { id: body['id'], token: body['follow_url'].split('/follow/')[1] }
  }
  const matches = async (path: string, cookie?: string): Promise<Match[]> => {
    const { status, body } = await get(path, { cookie })
    expect(status).to.equal(200)
    return body['matches']
  }
  const seen = ({ id }: Sent) => matches(`/api/reports/${id}/matches`)
  const followed = ({ token }: Sent) => matches(`/api/follow/${token}/matches`)
  const desk = ({ id }: Sent) => matches(`/api/staff/reports/${id}/matches`, head)
  const ids = (list: { id: string }[]) => list.map(({ id }) => id)

  it('match the other side by species, more colours in common first, then nearer, then sooner, and say why', async () => {
    const lost = await send('lost', { colours: ['black', 'white'] })
    const near = await send('found', { colours: ['black'], at: east(200) })
    const alike = await send('stray', { colours: ['white', 'black'], at: east(700), on: '2026-11-23' })
    const later = await send('found', { colours: ['brown'], at: east(100), on: '2026-11-24' })
    const sooner = await send('found', { colours: ['brown'], at: east(100), on: '2026-11-22' })
    await send('found', { kind: 'cat', colours: ['black', 'white'] })
    await send('lost', { colours: ['black', 'white'] })
    const found = await seen(lost)
    expect(ids(found)).to.deep.equal(ids([alike, near, sooner, later]))
    expect(found[0]).to.include({ days: 3, is_same_chip: false, is_joined: false, photo: null })
    expect(found[0]!.distance_m).to.be.closeTo(700, 5)
    expect(found[0]!.colours.map(({ en }) => en)).to.deep.equal(['black', 'white'])
    expect(ids(await seen(alike)), 'and the reverse').to.include(lost.id)
    const { body } = await get(`/api/reports/${lost.id}/matches`)
    expect(body).to.include({ radius_m: 10_000, days: 90 })
  })

  it('do not match what was found long before it was lost, or too long after, or is closed', async () => {
    const lost = await send('lost', { on: '2026-08-20' })
    const slip = await send('found', { on: '2026-08-18' })
    await send('found', { on: '2026-08-17' })
    const last = await send('found', { on: '2026-11-18' })
    await send('found', { on: '2026-11-19' })
    const home = await send('found', { on: '2026-08-21' })
    expect(ids(await seen(lost))).to.have.members(ids([home, slip, last]))
    await post(`/api/staff/reports/${home.id}/status`, { status: 'resolved', note: 'Home' }, { cookie: head })
    expect(ids(await seen(lost))).to.have.members(ids([slip, last]))
    expect(await seen(home)).to.deep.equal([])
  })

  it('are found within the radius only', async () => {
    const lost = await send('lost')
    const found = await send('found')
    const move = (metres: number) =>
      world.db.raw('UPDATE report SET geom = ST_SetSRID(ST_MakePoint(?, ?), 4326) WHERE id = ?', [
        ...east(metres),
        found.id,
      ])
    await move(9900)
    expect(ids(await seen(lost))).to.deep.equal([found.id])
    await move(10_200)
    expect(await seen(lost)).to.deep.equal([])
  })

  it('with the same chip come first, whatever the distance and the day; with another chip they are not the same', async () => {
    const lost = await send('lost', { chip: CHIP, colours: ['black'] })
    const near = await send('found', { colours: ['black'] })
    const other = await send('found', { colours: ['black'], chip: '300000000099999' })
    const same = await send('found', { kind: 'cat', colours: ['white'], chip: '300 000 000 012-345', on: '2025-01-01' })
    await world.db.raw('UPDATE report SET geom = ST_SetSRID(ST_MakePoint(25, 40), 4326) WHERE id = ?', [same.id])
    for (const list of [await followed(lost), await desk(lost)]) {
      expect(ids(list)).to.deep.equal(ids([same, near]))
      expect(list[0]).to.include({ is_same_chip: true })
    }
    expect(ids(await seen(lost)), 'the public learns nothing of chips').to.have.members(ids([near, other]))
    expect(JSON.stringify(await seen(lost))).to.not.include('true')
  })

  it('tell who said "me too" no more than the public', async () => {
    const lost = await send('lost', { chip: CHIP })
    await send('found', { chip: CHIP, kind: 'cat' })
    const device = 'a-token-of-this-browser'
    const { body } = await post(`/api/reports/${lost.id}/support`, { device })
    expect(await followed({ id: '', token: body['follow_url'].split('/follow/')[1] })).to.deep.equal([])
    expect(await followed(lost)).to.have.length(1)
  })

  it('never show a chip, nor anything of private reports, to those who may not see it', async () => {
    const lost = await send('lost', { chip: CHIP })
    const hidden = await send('hidden', { chip: CHIP, at: east(123) })
    const open = await send('found', { chip: CHIP })
    for (const list of [await seen(lost), await followed(lost)]) expect(ids(list)).to.deep.equal([open.id])
    expect(ids(await desk(lost))).to.have.members(ids([open, hidden]))
    expect((await get(`/api/reports/${hidden.id}/matches`)).status).to.equal(404)
    expect(ids(await followed(hidden)), 'its own reporter sees public ones').to.deep.equal([lost.id])
    await make.account('parks@town.example', 'department_head', { department: 'desk' })
    const parks = await signIn('parks@town.example')
    expect((await get(`/api/staff/reports/${lost.id}/matches`, { cookie: parks })).status).to.equal(404)
    for (const path of [
      `/api/reports/${lost.id}`,
      `/api/reports/${lost.id}/matches`,
      `/api/follow/${open.token}/matches`,
      `/api/staff/reports/${lost.id}/matches`,
      '/api/reports',
      '/opendata/reports.geojson',
      '/opendata/reports-lost.geojson',
      '/opendata/reports-lost.csv',
      '/ogc/collections/reports-lost/items',
      '/feeds/reports.atom',
      '/open311/v2/requests.json?extensions=true',
    ]) {
      const answer = await get(path, { cookie: path.includes('/staff/') ? head : undefined })
      expect(answer.status, path).to.equal(200)
      expect(JSON.stringify(answer.body), path).to.not.include(CHIP)
    }
    const { rows } = await world.db.raw('SELECT answers FROM public_report')
    expect(JSON.stringify(rows)).to.not.include(CHIP)
  })

  it('take a chip number of 15 digits and no other, and say so in both languages', async () => {
    const { id } = await send('lost', { chip: '300-0000 0001.2345' })
    expect((await world.db('report').where({ id }).first('answers')).answers.lost_chip).to.equal(CHIP)
    for (const wrong of ['30000000001234', '3000000000123456', '30000000001234a', '999000000000001', '000000000000001', '300274877906944']) {
      const { status, body } = await attempt('lost', { chip: wrong })
      expect(status, wrong).to.equal(422)
      expect(body['errors'][0].path).to.equal('answers.lost_chip')
      expect(body['errors'][0].message).to.match(/15 digits/)
    } // prettier-ignore
    const answers = { lost_kind: 'dog', lost_chip: '12' }
    const body = { category: 'lost', location: point(...HERE), description: 'A dog', answers }
    const greek = await request('POST', '/api/reports', { body, headers: { 'Accept-Language': 'el' } })
    expect(greek.body['errors'][0].message).to.match(/15 ψηφία/)
  })

  it('show a photo only when it is published, or to staff', async () => {
    const lost = await send('lost')
    const photo = await upload()
    await send('found', { photos: [photo] })
    expect((await seen(lost))[0]!.photo).to.equal(null)
    expect((await desk(lost))[0]!.photo).to.include({ id: photo })
    await world.db('attachment').update({ published_at: world.db.fn.now() })
    expect((await seen(lost))[0]!.photo).to.include({ id: photo })
  })

  it('that staff have found to be the same are shown on both pages, with who and when', async () => {
    const lost = await send('lost')
    const found = await send('found', { kind: 'cat' })
    expect(await seen(lost)).to.deep.equal([])
    const merged = await post(`/api/staff/reports/${found.id}/merge`, { into: lost.id }, { cookie: head })
    expect(merged.status).to.equal(200)
    for (const [one, other] of [
      [lost, found],
      [found, lost],
    ] as const)
      for (const list of [await seen(one), await followed(one), await desk(one)]) {
        expect(ids(list)).to.deep.equal([other.id])
        expect(list[0]).to.include({ is_joined: true })
      }
    const told = (await get(`/api/staff/reports/${lost.id}`, { cookie: head })).body['timeline'].at(-1)
    expect(told).to.include({ kind: 'merged', actor: 'head@town.example' })
    await post(`/api/staff/reports/${lost.id}/status`, { status: 'resolved', note: 'Home' }, { cookie: head })
    expect(ids(await seen(lost)), 'also when it is home').to.deep.equal([found.id])
  })

  it('are matched by the questions they were asked', async () => {
    const lost = await send('lost')
    const found = await send('found')
    await make.form('found', { questions: [question('words', 'text')], stops: [] })
    expect(ids(await seen(lost))).to.deep.equal([found.id])
    await world.db('category').where({ slug: 'found' }).update({ pet_side: null })
    expect(await seen(lost)).to.deep.equal([])
    const hole = await post('/api/reports', { category: 'pothole', location: point(...HERE), description: 'A hole' })
    expect(await seen({ id: hole.body['id'], token: '' })).to.deep.equal([])
  })

  it('are no duplicates of the other side', async () => {
    const lost = await send('lost')
    const found = await send('found')
    const near = async (category: string) =>
      ids(
        (await get(`/api/reports/nearby?lon=${HERE[0]}&lat=${HERE[1]}&category=${category}`)).body as unknown as Sent[],
      )
    expect(await near('lost')).to.deep.equal([lost.id])
    expect(await near('stray')).to.deep.equal([found.id])
  })

  describe('in the categories', () => {
    let admin: string
    beforeEach(async () => {
      await make.account('admin@town.example', 'administrator')
      admin = await signIn('admin@town.example')
    })
    const change = (slug: string, body: object) => request('PATCH', `/api/staff/categories/${slug}`, { body, cookie: admin }) // prettier-ignore

    it('a side is for pets only', async () => {
      expect((await change('lost', { pet_side: 'found' })).body).to.include({ pet_side: 'found' })
      for (const [slug, body] of [
        ['pothole', { pet_side: 'lost' }],
        ['lost', { kind: 'fault' }],
      ] as const) {
        const refused = await change(slug, body)
        expect(refused.status).to.equal(400)
        expect(refused.body['errors'][0].path).to.equal('pet_side')
      }
      expect((await change('lost', { kind: 'fault', pet_side: null })).status).to.equal(200)
      expect((await change('lost', { pet_side: 'both' })).status).to.equal(422)
    })

    it('what a question means fits its type, is said once, and a chip is never public', async () => {
      const chip = { code: 'chip', type: 'text', title: both('Chip'), means: 'chip' }
      const day = { code: 'day', type: 'date', title: both('Day'), means: 'day', is_public: true }
      const publish = (...asked: object[]) =>
        request('PUT', '/api/staff/categories/lost/form', {
          body: { form_version: 1, questions: asked, stops: [] },
          cookie: admin,
        })
      for (const [asked, path] of [
        [[{ ...chip, is_public: true }], 'questions.0.is_public'],
        [[{ ...day, is_public: false }], 'questions.0.is_public'],
        [[{ ...day, type: 'text' }], 'questions.0.means'],
        [[day, { ...day, code: 'other' }], 'questions.1.means'],
        [[{ ...day, means: 'weight' }], 'questions.0.means'],
      ] as const) {
        const { status, body } = await publish(...asked)
        expect(status).to.equal(422)
        expect(body['errors'][0].path).to.equal(path)
      }
      const { status, body } = await publish(chip, day)
      expect(status).to.equal(200)
      expect(body['questions'].map(({ means }: { means: string }) => means)).to.deep.equal(['chip', 'day'])
    })
  })

  describe('and who looks for one', () => {
    let mail: MailServer, node: Node
    before(async () => {
      mail = await startMailServer()
      node = await startNode({ smtpUrl: mail.url }, { works: true })
    })
    after(async () => {
      await node.close()
      mail.close()
    })

    it('hears by mail when one is found that is likely theirs, and only then', async () => {
      const of = (name: string) => ({ contact: { email: `${name}@mail.example` } })
      await send('found', of('finder'))
      const lost = await send('lost', of('anna'))
      await send('lost', { ...of('far'), at: east(1300), colours: ['white'] })
      await send('lost', { ...of('cat'), kind: 'cat' })
      const chipped = await send('lost', { ...of('chip'), kind: 'cat', chip: CHIP })
      await post(`/api/reports/${lost.id}/support`, { device: 'a-token-of-this-browser', email: 'ben@mail.example' })
      await send('hidden')
      const found = await send('stray', { at: east(400), chip: CHIP })
      const letter = await mail.next('anna@mail.example')
      expect(letter).to.include(`/follow/${lost.token}`)
      expect(await mail.next('ben@mail.example')).to.not.include(lost.token)
      expect(await mail.next('chip@mail.example')).to.include(`/follow/${chipped.token}`)
      expect(mail.letters, 'nobody else, and not of what is private').to.have.length(3)
      expect(mail.letters.join()).to.not.include(found.token).and.not.include(CHIP)
    })
  })
})
