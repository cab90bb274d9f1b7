// What became of the reports, as citizens and staff see it.
import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, signInAt } from '../support/browser.ts'

const DARK = { ...DESKTOP, colorScheme: 'dark' as const }

describe('statistics', () => {
  it('tell a citizen what became of the reports: figures, months, districts on the map, and a table to take along', async () => {
    for (const [name, options] of [
      ['phone-statistics-el', PHONE],
      ['desktop-statistics-en-dark', DARK],
    ] as const) {
      const page = await open('/statistics', options)
      await by(page, 'figure-received').waitFor()
      await by(page, 'statistics-chart').waitFor()
      await picture(page, name)
      await expectAccessible(page, name)
      await by(page, 'statistics-measure').selectOption('per_km2')
      await by(page, 'statistics-by').selectOption('district')
      await by(page, 'statistics-row').nth(2).waitFor()
      await by(page, 'statistics-measure').scrollIntoViewIfNeeded()
      await picture(page, `${name}-map`)
      await expectAccessible(page, `${name}, map`)
      const coming = page.waitForEvent('download')
      await by(page, 'statistics-csv').click()
      const file = await coming
      expect(file.suggestedFilename()).to.match(/^district-.*\.csv$/)
      const rows = await by(page, 'statistics-row').count()
      expect(
        readFileSync(await file.path(), 'utf8')
          .trim()
          .split('\r\n'),
      ).to.have.length(rows + 1)
      await page.context().close()
    }
  })

  it('tell staff about crews and channels too', async () => {
    const page = await open('/sign-in', DESKTOP)
    await signInAt(page, 'head@demo.example')
    await by(page, 'desk-item').first().waitFor()
    await page.goto(`${new URL(page.url()).origin}/statistics`)
    await by(page, 'statistics-by').selectOption('crew')
    await by(page, 'statistics-row').getByText('Road crew East').first().waitFor()
    const figure = (name: string) => page.locator(`[data-test="figure-${name}"] .value`)
    await by(page, 'statistics-department').selectOption({ label: 'Technical Service' })
    await by(page, 'statistics-period').selectOption('chosen')
    await by(page, 'statistics-from').fill('2001-01-01')
    await by(page, 'statistics-to').fill('2001-12-31')
    await by(page, 'statistics-to').press('Tab')
    await figure('received').filter({ hasText: /^0$/ }).waitFor()
    // Those that are open wait all the same.
    await figure('waiting').filter({ hasText: /^[1-9]/ }).waitFor() // prettier-ignore
    await by(page, 'statistics-district').selectOption({ index: 1 })
    await by(page, 'statistics-period').selectOption('year')
    await by(page, 'statistics-by').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-statistics-staff-en')
    await expectAccessible(page, 'statistics of staff')
  })
})
