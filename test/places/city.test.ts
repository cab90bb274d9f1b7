import { expect } from 'chai'
import { smallTown } from '../support/make.ts'
import { startNode } from '../support/node.ts'

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
