// What is on: a citizen looks for it on the phone, and takes it along.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, mapIsDrawn, open, PHONE, picture, PORTAL } from '../support/browser.ts'

describe('what is on', () => {
  it('is a list by days and dots on the map; an event goes into one’s own calendar', async () => {
    const page = await open('/', PHONE)
    await by(page, 'to-calendar').click()
    await by(page, 'happening').first().waitFor()
    await mapIsDrawn(page)
    await picture(page, 'calendar-phone-el')
    await expectAccessible(page, 'calendar, phone')
    await by(page, 'calendar-kind').selectOption('market')
    const market = by(page, 'happening').filter({ hasText: 'Λαϊκή αγορά' })
    expect(await by(page, 'happening').count()).to.equal(await market.count())
    expect(page.url()).to.include('kind=market')
    await market.first().click()
    await by(page, 'add-to-calendar').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).to.equal('Λαϊκή αγορά')
    const file = await page.request.get(PORTAL + (await by(page, 'add-to-calendar').getAttribute('href')))
    expect(await file.text()).to.include('SUMMARY:Λαϊκή αγορά')
    await picture(page, 'happening-phone-el')
    await expectAccessible(page, 'one event')
    await page.context().close()
  })

  it('keeps days and kind in the address, by night and in English', async () => {
    const page = await open('/calendar?when=week', { ...DESKTOP, colorScheme: 'dark' })
    await by(page, 'happening').first().waitFor()
    expect(await by(page, 'days-week').isChecked()).to.equal(true)
    await by(page, 'days-week').press('ArrowRight')
    expect(await by(page, 'days-month').isChecked(), 'by the keys alone').to.equal(true)
    await page.getByText('Postponed').first().waitFor()
    await mapIsDrawn(page)
    await picture(page, 'calendar-desktop-en-dark')
    await expectAccessible(page, 'calendar, dark')
    await page.context().close()
  })
})
