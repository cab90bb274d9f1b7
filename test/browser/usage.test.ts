// Usage of open data, as staff and visitors see it.
import { by, DESKTOP, expectAccessible, open, openPlain, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

describe('usage of open data', () => {
  it('is a table for staff, and a line on the page of a dataset', async () => {
    const take = (path: string) => fetch(PORTAL + path).then((answer) => answer.text())
    for (const path of ['poi.csv', 'poi.csv', 'poi.gpkg', 'poi.geojson', 'street.geojson', 'reports.csv'])
      await take(`/opendata/${path}`)
    await take('/ogc/collections/poi/items?f=json')
    const page = await open('/sign-in', DESKTOP)
    await signInAt(page, 'head@demo.example')
    await by(page, 'desk-item').first().waitFor()
    // Counts are written every half minute.
    for (let tries = 0; tries < 40 && (await take('/opendata/poi/usage')).includes('"total":0'); tries++)
      await page.waitForTimeout(1000)
    await page.goto(`${PORTAL}/usage`)
    await by(page, 'usage').first().waitFor()
    await expectAccessible(page, 'usage')
    await picture(page, 'desktop-usage-en')
    await page.setViewportSize(PHONE.viewport)
    await page.emulateMedia({ colorScheme: 'dark' })
    await by(page, 'language-switch').click()
    await expectAccessible(page, 'usage in the dark')
    await picture(page, 'phone-usage-el-dark')
    const dataset = await openPlain('/opendata/poi', PHONE)
    await dataset.getByText('σε έναν χρόνο').scrollIntoViewIfNeeded()
    await picture(dataset, 'phone-dataset-usage-el')
  })
})
