import { expect } from 'chai'
import sharp from 'sharp'
import { smallTown } from '../support/make.ts'
import { startNode } from '../support/node.ts'
import { world } from '../support/world.ts'

describe('an outside basemap', () => {
  before(smallTown)

  it('is named by the setting, and only its host is opened to the page', async () => {
    const node = await startNode({ basemapStyleUrl: 'https://maps.example/style.json' })
    try {
      const response = await fetch(`${node.url}/api/city`)
      expect(((await response.json()) as { basemap_style_url: string }).basemap_style_url).to.equal(
        'https://maps.example/style.json',
      )
      const policy = (await fetch(node.url)).headers.get('content-security-policy') ?? ''
      expect(policy).to.match(/connect-src 'self' https:\/\/maps\.example;/)
      expect(policy).to.not.include('unsafe')
    } finally {
      await node.close()
    }
  })
})

describe('the portal on a home screen', () => {
  before(smallTown)

  it('has the name of the municipality in the language of the phone, and its crest', async () => {
    const manifest = async (language: string) => {
      const response = await fetch(`${world.url}/manifest.webmanifest`, { headers: { 'Accept-Language': language } })
      expect(response.headers.get('content-type')).to.include('application/manifest+json')
      return (await response.json()) as {
        name: string
        icons: { src: string }[]
        shortcuts: { url: string }[]
        display: string
      }
    }
    await world.db('setting').insert({
      key: 'places.city',
      value: JSON.stringify({ title: { el: 'Δήμος Αλκυόνας', en: 'Municipality of Alkyona' } }),
    })
    expect(await manifest('el')).to.deep.include({ name: 'Δήμος Αλκυόνας', display: 'standalone' })
    expect(await manifest('en')).to.deep.include({ name: 'Municipality of Alkyona' })
    expect((await manifest('el')).icons[0]!.src).to.equal('/crest.svg')
    expect((await manifest('el')).shortcuts.map(({ url }) => url)).to.include('/crew')
  })

  it('has its crest on the home screen, as a picture of every size that phones ask for', async () => {
    const crest =
      '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 10 5"><rect width="10" height="5" fill="red"/></svg>'
    await world.db('setting').insert({ key: 'places.crest', value: JSON.stringify(crest) })
    for (const size of [180, 192, 512]) {
      const response = await fetch(`${world.url}/icon-${size}.png`)
      expect(response.status, await response.clone().text()).to.equal(200)
      const { width, height, format } = await sharp(Buffer.from(await response.arrayBuffer())).metadata()
      expect([width, height, format]).to.deep.equal([size, size, 'png'])
    }
    expect((await fetch(`${world.url}/icon-5000.png`)).status).to.equal(404)
  })
})
