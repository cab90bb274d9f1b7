// The town's own days at the desk: the patron's of the demo city, one more, and away again.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const YEAR = new Date().getFullYear()

describe('the days of the town', () => {
  for (const [name, options] of [
    ['desktop-days-en', DESKTOP],
    ['phone-days-el-dark', { ...PHONE, colorScheme: 'dark' as const }],
  ] as const)
    it(`are listed by year, added and removed by an administrator (${name})`, async () => {
      const page = await open('/sign-in', options)
      await signInAt(page, 'admin@demo.example')
      await page.waitForURL((url) => url.pathname !== '/sign-in')
      await page.goto(`${PORTAL}/account`)
      await by(page, 'to-days').click()
      const patron = by(page, 'local-day').filter({ hasText: /Saint Nicholas|Άγιος Νικόλαος/ })
      await patron.waitFor()
      expect(await by(page, 'days-year').textContent()).to.equal(String(YEAR))
      await by(page, 'days-after').click()
      await by(page, 'days-year')
        .getByText(String(YEAR + 1))
        .waitFor()
      await patron.waitFor()

      const strike = by(page, 'local-day').filter({ hasText: /A strike|Απεργία/ })
      await by(page, 'day-date').fill(`${YEAR + 2}-05-17`)
      await by(page, 'day-title-el').fill('Απεργία')
      await by(page, 'day-title-en').fill('A strike')
      await by(page, 'day-save').click()
      await strike.waitFor()
      expect(await by(page, 'days-year').textContent(), 'the year of what was added').to.equal(String(YEAR + 2))
      expect(await by(page, 'local-day').count()).to.equal(2)
      await by(page, 'day-date').fill(`${YEAR + 2}-05-17`)
      await by(page, 'day-title-el').fill('Ξανά')
      await by(page, 'day-title-en').fill('Once more')
      await by(page, 'day-save').click()
      await page.getByRole('alert').waitFor()
      if (options !== DESKTOP) await by(page, 'sheet-handle').click()
      await picture(page, name)
      await expectAccessible(page, name)
      await strike.locator('[data-test="day-remove"]').click()
      await strike.waitFor({ state: 'detached' })
      await page.context().close()
    })
})
