// Which pharmacy is on duty, what is open near here, a walk with its ups and downs: list, map, page of a place.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const DARK = { ...DESKTOP, colorScheme: 'dark' as const }
const VIEW = 'at=23.7530,36.3360,16'

describe('places of the town', () => {
  for (const [name, options] of [
    ['phone-places-el', PHONE],
    ['desktop-places-en-dark', DARK],
  ] as const)
    it(`are found, nearest first, and have a page with hours and an address to share (${name})`, async () => {
      const page = await open(`/?${VIEW}`, options)
      await by(page, 'to-places').click()
      const items = by(page, 'place-item')
      await items.first().waitFor()
      await picture(page, name)
      await expectAccessible(page, name)

      await by(page, 'places-duty').check()
      await page.waitForURL(/duty=now/)
      await by(page, 'places')
        .getByText(options === PHONE ? 'Εφημερεύει' : 'On duty')
        .first()
        .waitFor()
      await picture(page, `${name}-duty`)
      await items.first().click()
      await by(page, 'on-duty').waitFor()
      expect(await page.title()).to.include(String(await by(page, 'place-title').textContent()))
      expect(new URL(page.url()).pathname).to.match(/^\/places\/poi\/P-\d+$/)
      await by(page, 'opening-week').waitFor()
      await picture(page, `${name}-pharmacy`)
      await expectAccessible(page, `${name}, a pharmacy`)

      await page.goto(`${PORTAL}/places?kind=walk&${VIEW}`)
      await items.first().click()
      await by(page, 'profile').waitFor()
      await by(page, 'profile').scrollIntoViewIfNeeded()
      await picture(page, `${name}-walk`)
      await expectAccessible(page, `${name}, a walk`)

      await page.goto(`${PORTAL}/places/poi/nobody`)
      await page.getByRole('alert').waitFor()
      await by(page, 'search-input').fill(options === PHONE ? 'μουσειο' : 'museum')
      await by(page, 'search-option').first().click()
      await by(page, 'opening-week').waitFor()
      await page.waitForURL(/\/places\/poi\/P-\d+/)
      await picture(page, `${name}-museum`)
      await page.context().close()
    })

  it('take the list of the pharmacists from staff, and say which line is wrong', async () => {
    const page = await open('/sign-in', DESKTOP)
    await signInAt(page, 'gis@demo.example')
    await page.waitForURL((url) => url.pathname !== '/sign-in')
    await page.goto(`${PORTAL}/duties`)
    const load = (csv: string) =>
      by(page, 'duties-file').setInputFiles({ name: 'duties.csv', mimeType: 'text/csv', buffer: Buffer.from(csv) })
    await load('date;place\n1/12/2026;nobody\n')
    await by(page, 'duties-refused').getByText('nobody').waitFor()
    await picture(page, 'desktop-duties-en')
    await expectAccessible(page, 'the list of duties')
    const pharmacy = await fetch(`${PORTAL}/api/places?kind=pharmacy&limit=1`)
    const { features } = (await pharmacy.json()) as { features: { properties: { key: string } }[] }
    await load(`date;place\n1/12/2026;${features[0]?.properties.key}\n`)
    await by(page, 'duties-loaded').waitFor()
    await page.context().close()
  })
})
