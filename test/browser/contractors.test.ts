// A contractor on its phone: one order declined, one accepted at a price, and the board sees both at once.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { dayInAthens } from '../../backend/core/days.ts'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const DARK = { ...DESKTOP, colorScheme: 'dark' as const }

async function desk(options: Parameters<typeof open>[1], email: string): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return page
}

const makeOrders = (page: Page, tasks: readonly string[]) =>
  page.evaluate(
    async ({ tasks: asked, day }) => {
      const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
      for (const task of asked)
        await fetch('/api/staff/work', {
          method: 'POST',
          headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
          body: JSON.stringify({
            ...{ task, crew: 'roads-east', day, department: 'technical-service' },
            location: { type: 'Point', coordinates: [23.7571, 36.3353] },
          }),
        })
    },
    { tasks, day: dayInAthens() },
  )

/** Makes a crew a contractor at the page of crews, or an own crew again. */
async function setContractor(page: Page, contract: string | null): Promise<void> {
  await page.goto(`${PORTAL}/crews`)
  const crew = page.locator('[data-test="crew"][data-crew="roads-east"]')
  await crew.locator('summary').first().click()
  await crew.locator('[data-test="crew-contractor"]').setChecked(contract !== null)
  if (contract !== null) await crew.locator('[data-test="crew-contract"]').fill(contract)
  await crew.locator('[data-test="crew-save"]').click()
  await crew.locator('[data-test="contractor"]').waitFor({ state: contract === null ? 'detached' : 'visible' })
}

describe('a contractor on its phone', () => {
  it('declines one order with a reason and accepts another at a price; the board sees both', async function () {
    this.timeout(300_000)
    const admin = await desk({ ...DESKTOP, locale: 'el-GR' }, 'admin@demo.example')
    await setContractor(admin, '12/2026')
    await by(admin, 'contractor').getByText('12/2026').waitFor()
    await picture(admin, 'desktop-contractor-crew-el')
    await expectAccessible(admin, 'a crew that is a contractor')

    const head = await desk(DARK, 'head@demo.example')
    await makeOrders(head, ['Κοπή κλαδιών στην πλατεία', 'Αντικατάσταση φρεατίου'])
    await head.goto(`${PORTAL}/desk/work`)
    const item = (text: string) => by(head, 'board-item').filter({ hasText: text })
    await item('Κοπή κλαδιών').locator('[data-offer="offered"]').waitFor()

    const crew = await desk(PHONE, 'crew@demo.example')
    await crew.goto(`${PORTAL}/crew`)
    await by(crew, 'crew-stop').getByText('Κοπή κλαδιών στην πλατεία').waitFor()
    expect(await by(crew, 'crew-arrive').count()).to.equal(0)
    await by(crew, 'sheet-handle').click()
    await picture(crew, 'phone-contractor-offer-el')
    await expectAccessible(crew, 'an offer')
    await by(crew, 'offer-decline').click()
    await by(crew, 'offer-reason').fill('Το καλαθοφόρο είναι στο συνεργείο')
    await picture(crew, 'phone-contractor-decline-el')
    await expectAccessible(crew, 'declining')
    await by(crew, 'offer-decline-go').click()
    await by(crew, 'crew-stop').getByText('Αντικατάσταση φρεατίου').waitFor()
    await by(crew, 'offer-price').fill('120.50')
    await by(crew, 'offer-accept').click()
    await by(crew, 'crew-arrive').waitFor()
    await picture(crew, 'phone-contractor-accepted-el')
    await expectAccessible(crew, 'an accepted order')

    await item('Κοπή κλαδιών').locator('[data-offer="declined"]').waitFor()
    await item('Αντικατάσταση φρεατίου').getByText('€120.50').waitFor()
    await picture(head, 'desktop-contractor-board-en-dark')
    await expectAccessible(head, 'the board with answers')
    await item('Αντικατάσταση φρεατίου').getByRole('link').click()
    await head.getByText('€120.50').nth(1).waitFor()
    await picture(head, 'desktop-contractor-story-en-dark')

    await by(crew, 'crew-done').click()
    await by(crew, 'crew-keep').click()
    await by(crew, 'crew-all-done').waitFor()
    await setContractor(admin, null)
    for (const page of [admin, head, crew]) await page.context().close()
  })
})
