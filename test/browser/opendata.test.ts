// Open data as pages: read without scripts, with a map where they run.
import { expect } from 'chai'
import { DESKTOP, expectAccessible, mapIsDrawn, open, openPlain, PHONE, picture, PORTAL } from '../support/browser.ts'

describe('the pages of open data', () => {
  it('show a dataset and its features, on a map too', async () => {
    const page = await openPlain('/ogc/collections?lang=el', DESKTOP)
    await picture(page, 'desktop-ogc-collections-el')
    await expectAccessible(page, 'list of datasets')
    await page.getByRole('link', { name: 'Σχολεία' }).click()
    await mapIsDrawn(page)
    await picture(page, 'desktop-ogc-collection-el')
    await expectAccessible(page, 'a dataset')
    await page.getByRole('link', { name: 'Δείτε τα αντικείμενα' }).click()
    await mapIsDrawn(page)
    await picture(page, 'desktop-ogc-items-el')
    await expectAccessible(page, 'features of a dataset')
    await page.locator('tbody a').first().click()
    await page.locator('dl').waitFor()
    expect(await page.locator('dl').textContent()).to.include('Μαθητές')
  })

  it('are the datasets of /opendata for a browser', async () => {
    const page = await openPlain('/opendata/school', DESKTOP)
    await mapIsDrawn(page)
    await picture(page, 'desktop-opendata-school-en', { fullPage: true })
    await expectAccessible(page, 'a dataset with downloads')
    expect(await page.locator('script[type="application/ld+json"]').textContent()).to.include('"@type":"Dataset"')
    const [file] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'GeoPackage' }).click(),
    ])
    expect(file.suggestedFilename()).to.equal('school.gpkg')

    const phone = await openPlain('/opendata/school', { ...PHONE, colorScheme: 'dark' })
    await mapIsDrawn(phone)
    await picture(phone, 'phone-opendata-school-el-dark', { fullPage: true })
    expect((await phone.locator('body').boundingBox())?.width).to.be.at.most(PHONE.viewport.width)
  })

  it('fit a phone, in the dark, in English, and without scripts', async () => {
    const page = await open('/ogc/collections/street_light/items?lang=en', { ...PHONE, colorScheme: 'dark' })
    await mapIsDrawn(page)
    await picture(page, 'phone-ogc-items-en-dark')
    await expectAccessible(page, 'features on a phone')
    expect((await page.locator('body').boundingBox())?.width).to.be.at.most(PHONE.viewport.width)
    await page.getByRole('link', { name: 'Next page' }).click()
    await page.getByRole('link', { name: 'First page' }).waitFor()

    const plain = await openPlain('/ogc/collections/street_light/items?lang=en', {
      ...DESKTOP,
      javaScriptEnabled: false,
    })
    expect(await plain.locator('tbody tr').count()).to.equal(25)
    expect(await plain.locator('.map').isVisible()).to.equal(false)
    expect((await fetch(`${PORTAL}/ogc/collections/street_light/items?f=html`)).status).to.equal(200)
  })

  it('describe the API, on a desk and on a phone', async () => {
    const page = await openPlain('/api/docs', DESKTOP)
    await page.locator('#postApiReports summary').click()
    await page.locator('#postApiReports summary').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-docs-en')
    await expectAccessible(page, 'description of the API')
    const phone = await openPlain('/api/docs?lang=el', { ...PHONE, colorScheme: 'dark' })
    await picture(phone, 'phone-docs-el-dark')
    await expectAccessible(phone, 'description of the API on a phone')
    expect((await phone.locator('body').boundingBox())?.width).to.be.at.most(PHONE.viewport.width)
  })
})
