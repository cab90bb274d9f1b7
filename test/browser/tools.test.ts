// What the map shows, taken along as files.
import { expect } from 'chai'
import { by, expectAccessible, open, PHONE, picture, PORTAL } from '../support/browser.ts'

describe('what the map shows', () => {
  it('is downloaded layer by layer, and no more than it', async () => {
    const page = await open('/layers?at=23.7530,36.3360,16&layers=poi,bin', PHONE)
    await by(page, 'export').locator('summary').click()
    const file = by(page, 'export-poi-geojson')
    await file.scrollIntoViewIfNeeded()
    await picture(page, 'phone-export-el')
    await expectAccessible(page, 'downloads of what is visible')
    const count = async () => {
      const { features } = (await (await fetch(PORTAL + (await file.getAttribute('href')))).json()) as { features: unknown[] } // prettier-ignore
      return features.length
    }
    const before = await count()
    expect(before).to.be.within(1, 200)
    await page.evaluate('astyMap.jumpTo({ zoom: 18 })')
    await page.waitForURL(/,18\.00/)
    expect(await count()).to.be.lessThan(before)
    for (const format of ['csv', 'gpkg']) {
      const href = String(await by(page, `export-bin-${format}`).getAttribute('href'))
      expect((await fetch(PORTAL + href)).status, href).to.equal(200)
    }
    await page.context().close()
  })
})
