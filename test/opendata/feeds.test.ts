// Feeds: what readers of news take, and nothing that a citizen wrote.
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect } from 'chai'
import { XMLParser } from 'fast-xml-parser'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const run = promisify(execFile)
const FORMS = ['atom', 'rss', 'json'] as const
const parser = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@', isArray: (name) => name === 'entry' || name === 'item', parseTagValue: false }) // prettier-ignore

/** libxml2 reads it too, where it is installed. */
async function expectWellFormed(xml: string): Promise<void> {
  const reading = run('xmllint', ['--noout', '-'])
  reading.child.stdin?.end(xml)
  await reading.catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

async function read(path: string, headers: Record<string, string> = {}) {
  const answer = await get<string>(path, { headers })
  expect(answer.status, path).to.equal(200)
  await expectWellFormed(answer.body)
  return { ...answer, document: parser.parse(answer.body) }
}

describe('the feed of reports', () => {
  let west: string
  let east: string
  const words = 'Only between the citizen and the town'

  before(async () => {
    await smallTown()
    await make.category('lights', { department: 'works' })
    await make.category('lamp', { parent: 'lights' })
    west = (await post('/api/reports', pothole(23.005, 37.01, { description: words }))).body['id']
    const lamp = { category: 'lamp', description: words }
    east = (await post('/api/reports', pothole(23.015, 37.01, lamp))).body['id']
  })

  it('is Atom with ids that stay, links to pages, and places', async () => {
    const { document, headers } = await read('/feeds/reports.atom')
    expect(headers.get('content-type')).to.equal('application/atom+xml; charset=utf-8')
    const { feed } = document
    expect(feed['@xmlns']).to.equal('http://www.w3.org/2005/Atom')
    expect(feed['@xml:lang']).to.equal('en')
    expect(feed.link[0]).to.include({ '@rel': 'self', '@href': `${world.url}/feeds/reports.atom?lang=en` })
    expect(feed.id).to.equal(feed.link[0]['@href'])
    expect(feed.author.name).to.equal('town')
    expect(feed.entry.map(({ id }: { id: string }) => id)).to.deep.equal([`urn:uuid:${east}`, `urn:uuid:${west}`])
    const [, entry] = feed.entry
    expect(entry.title).to.equal('pothole, west')
    expect(entry.link['@href']).to.equal(`${world.url}/reports/${west}`)
    expect(entry['georss:point']).to.equal('37.01 23.005')
    expect(entry.category).to.deep.equal({ '@term': 'pothole', '@label': 'pothole' })
    for (const time of [feed.updated, entry.updated, entry.published]) expect(Date.parse(time)).to.be.above(0)
  })

  it('is RSS 2.0 with the same', async () => {
    const { document, headers } = await read('/feeds/reports.rss')
    expect(headers.get('content-type')).to.equal('application/rss+xml; charset=utf-8')
    const { channel } = document.rss
    expect(document.rss['@version']).to.equal('2.0')
    expect(channel['atom:link']['@href']).to.equal(`${world.url}/feeds/reports.rss?lang=en`)
    const item = channel.item[1]
    expect(item.guid).to.deep.equal({ '@isPermaLink': 'false', '#text': `urn:uuid:${west}` })
    expect(item.pubDate).to.match(/^(Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000$/)
    expect(item['georss:point']).to.equal('37.01 23.005')
  })

  it('is JSON Feed 1.1 with the same', async () => {
    const { body, headers } = await get('/feeds/reports.json')
    expect(headers.get('content-type')).to.equal('application/feed+json; charset=utf-8')
    expect(body).to.deep.include({ version: 'https://jsonfeed.org/version/1.1', language: 'en' })
    expect(body['feed_url']).to.equal(`${world.url}/feeds/reports.json?lang=en`)
    expect(body['items'][1]).to.deep.include({
      id: `urn:uuid:${west}`,
      url: `${world.url}/reports/${west}`,
      title: 'pothole, west',
      _geometry: { type: 'Point', coordinates: [23.005, 37.01] },
    })
  })

  it('speaks Greek to who asks in Greek, by the address or by the header', async () => {
    const greek = await read('/feeds/reports.atom?lang=el')
    expect(greek.document.feed.title).to.equal('Αναφορές πολιτών')
    expect(greek.headers.get('content-language')).to.equal('el')
    const asked = await read('/feeds/reports.atom', { 'Accept-Language': 'el' })
    expect(asked.body).to.equal(greek.body)
    expect(asked.headers.get('vary')).to.match(/Accept-Language/)
  })

  const idsOf = async (query: string) =>
    (await get(`/feeds/reports.json?${query}`)).body['items'].map(({ id }: { id: string }) => id.slice(9))

  it('is by category, by group of categories, by district and by box', async () => {
    expect(await idsOf('category=lamp')).to.deep.equal([east])
    expect(await idsOf('category=roads')).to.deep.equal([west])
    expect(await idsOf('district=west')).to.deep.equal([west])
    expect(await idsOf('bbox=23.01,37,23.02,37.02')).to.deep.equal([east])
    expect(await idsOf('category=lamp&district=west')).to.deep.equal([])
    const { feed } = (await read('/feeds/reports.atom?category=roads&district=west')).document
    expect(feed.title).to.equal('Reports by citizens · roads · west')
    expect(feed.id).to.include('?category=roads&district=west&lang=en')
  })

  it('without anything in it is a feed too', async () => {
    const query = 'category=lamp&district=west'
    expect((await read(`/feeds/reports.atom?${query}`)).document.feed).to.not.have.property('entry')
    expect((await read(`/feeds/reports.rss?${query}`)).document.rss.channel).to.not.have.property('item')
  })

  it('of what is not there is refused, with the name of the parameter', async () => {
    for (const [query, status] of [
      ['category=none', 400],
      ['district=none', 400],
      ['bbox=23.02,37,23.01,38', 400],
      ['bbox=1.1.1,1,2,2', 400],
      ['bbox=here', 422],
      ['lang=fr', 422],
    ] as const)
      // prettier-ignore
      for (const form of FORMS) {
        const answer = await get(`/feeds/reports.${form}?${query}`)
        expect(answer.status, query).to.equal(status)
        expect(answer.body['errors'][0].path, query).to.equal(query.split('=')[0])
        expect(answer.headers.get('access-control-allow-origin'), query).to.equal('*')
      }
    expect((await get('/feeds/reports.exe')).status).to.equal(404)
  })

  it('holds no word of the citizen, and no private report', async () => {
    await make.category('secret', { parent: 'roads', is_public: false })
    const hidden = (await post('/api/reports', pothole(23.005, 37.01, { category: 'secret' }))).body
    for (const form of FORMS)
      for (const query of ['', '?category=secret', '?category=roads', '?district=west']) {
        const { body } = await get(`/feeds/reports.${form}${query}`)
        const text = typeof body === 'string' ? body : JSON.stringify(body)
        expect(text).to.not.include(words)
        for (const part of [hidden['id'], hidden['protocol']]) expect(text).to.not.include(part)
      }
  })

  it('is asked for again cheaply, until something changes', async () => {
    const first = await get('/feeds/reports.atom')
    expect(first.headers.get('cache-control')).to.match(/^public/)
    const known = { headers: { 'If-None-Match': first.headers.get('etag') ?? '' } }
    expect((await get('/feeds/reports.atom', known)).status).to.equal(304)
    const head = await request('HEAD', '/feeds/reports.atom')
    expect(head.headers.get('etag')).to.equal(first.headers.get('etag'))
    await make.account('head@town.example', 'department_head', { department: 'works' })
    const cookie = await signIn('head@town.example')
    await post(`/api/staff/reports/${west}/status`, { status: 'in_progress' }, { cookie })
    const changed = await get<string>('/feeds/reports.atom', known)
    expect(changed.status).to.equal(200)
    expect(changed.body).to.include('State: In progress')
  })

  it('is open to the pages of other sites', async () => {
    const { headers } = await get('/feeds/reports.json', { headers: { Origin: 'https://press.example' } })
    expect(headers.get('access-control-allow-origin')).to.equal('*')
    const asked = await request('OPTIONS', '/feeds/reports.json')
    expect(asked.status).to.equal(204)
    expect(asked.headers.get('access-control-allow-headers')).to.equal('If-None-Match')
  })

  it('breaks out of no element, whatever a title holds', async () => {
    const nasty = `</title><script>alert("1")</script>]]> & 'x' \u0001\u000b`
    await world
      .db('category')
      .where({ slug: 'lamp' })
      .update({ title: JSON.stringify({ el: nasty, en: nasty }) })
    const shown = `</title><script>alert("1")</script>]]> & 'x'`
    const atom = await read('/feeds/reports.atom?category=lamp')
    expect(atom.body).to.not.include('<script>')
    expect(atom.document.feed.entry[0].title).to.include(shown)
    expect(atom.document.feed.entry[0].category['@label']).to.include(shown)
    const rss = await read('/feeds/reports.rss?category=lamp')
    expect(rss.document.rss.channel.item[0].title).to.include(shown)
    expect((await get('/feeds/reports.json?category=lamp')).body['items'][0].title).to.include(shown)
  })

  it('holds the fifty newest', async () => {
    for (let n = 0; n < 50; n++) await post('/api/reports', pothole(23.015, 37.01))
    const ids = await idsOf('')
    expect(ids).to.have.length(50)
    expect(ids).to.not.include(west)
  })
})
