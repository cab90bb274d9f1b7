// Where there are many: counted in cells, as heat, through time and compared.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture } from '../support/browser.ts'

describe('analytics on the map', () => {
  it('counts reports in cells, compares two stretches of days and moves through them by the keyboard', async () => {
    const page = await open('/layers', DESKTOP)
    await by(page, 'to-analytics').click()
    await by(page, 'analytics-row').first().waitFor()
    await page.locator('canvas').nth(1).waitFor()
    await picture(page, 'desktop-analytics-en')
    await expectAccessible(page, 'analytics')

    const days = by(page, 'analytics-days')
    const all = await days.textContent()
    const answered = page.waitForResponse(/analytics\/cells/)
    await by(page, 'analytics-time').press('ArrowRight')
    await answered
    expect(await days.textContent()).not.to.equal(all)
    expect(new URL(page.url()).pathname).to.equal('/analytics')
    await page.waitForURL(/piece=1/)
    await by(page, 'analytics-time').press('Home')

    await by(page, 'analytics-compare').selectOption('before')
    await page.getByRole('heading', { name: 'Difference by cell' }).waitFor()
    await page.waitForURL(/compare=before/)
    await picture(page, 'desktop-analytics-en-difference')
    await page.reload()
    await page.getByRole('heading', { name: 'Difference by cell' }).waitFor()
    await by(page, 'analytics-picture').selectOption('square')
    await page.waitForURL(/picture=square/)
    await page.context().close()
  })

  it('shows heat on a phone, in Greek and in the dark, and layers of points that know no time', async () => {
    const page = await open('/analytics?picture=heat', { ...PHONE, colorScheme: 'dark', reducedMotion: 'reduce' })
    await by(page, 'analytics-row').first().waitFor()
    await page.locator('canvas').nth(1).waitFor()
    expect(await by(page, 'analytics-play').count(), 'nothing moves by itself').to.equal(0)
    await picture(page, 'phone-analytics-el-dark')
    await expectAccessible(page, 'analytics, heat')
    await by(page, 'analytics-source').selectOption({ index: 1 })
    await page.waitForURL(/source=/)
    await by(page, 'analytics-row').first().waitFor()
    await by(page, 'analytics-legend').scrollIntoViewIfNeeded()
    await picture(page, 'phone-analytics-el-dark-layer')
    await page.context().close()
  })
})
