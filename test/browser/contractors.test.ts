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
            ...{ task, crew: 'green-contractor', day, department: 'green' },
            location: { type: 'Point', coordinates: [23.7571, 36.3353] },
          }),
        })
    },
    { tasks, day: dayInAthens() },
  )

describe('a contractor on its phone', () => {
  it('declines one order with a reason and accepts another at a price; the board sees both', async function () {
    this.timeout(300_000)
    const admin = await desk({ ...DESKTOP, locale: 'el-GR' }, 'admin@demo.example')
    await admin.goto(`${PORTAL}/crews`)
    const firm = admin.locator('[data-test="crew"][data-crew="green-contractor"]')
    await firm.locator('summary').first().click()
    await firm.locator('[data-test="crew-contract"]').fill('12/2026')
    await firm.locator('[data-test="crew-save"]').click()
    await by(admin, 'contractor').getByText('12/2026').waitFor()
    await picture(admin, 'desktop-contractor-crew-el')
    await expectAccessible(admin, 'a crew that is a contractor')

    const head = await desk(DARK, 'admin@demo.example')
    await makeOrders(head, ['Κοπή κλαδιών στην πλατεία', 'Αντικατάσταση φρεατίου'])
    await head.goto(`${PORTAL}/desk/work`)
    const item = (text: string) => by(head, 'board-item').filter({ hasText: text })
    await item('Κοπή κλαδιών').locator('[data-offer="offered"]').waitFor()

    // Straight to their work: there is no desk for them.
    const crew = await desk(PHONE, 'contractor@demo.example')
    expect(new URL(crew.url()).pathname).to.equal('/crew')
    expect(await crew.locator('a[href="/desk"]').count()).to.equal(0)
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
    for (const page of [admin, head, crew]) await page.context().close()
  })

  it('has people whose role is for its crew, which the page of people knows', async () => {
    const page = await desk(DESKTOP, 'admin@demo.example')
    await page.goto(`${PORTAL}/people`)
    await by(page, 'person').filter({ hasText: 'contractor@demo.example' }).click()
    await page.getByText('Contractor · Pruning contractor').waitFor()
    const crews = () => by(page, 'grant-crew').locator('option').allTextContents()
    await by(page, 'grant-department').selectOption('green')
    expect((await crews()).join())
      .to.contain('Parks crew')
      .and.not.contain('Pruning')
    await by(page, 'grant-role').selectOption('contractor')
    await by(page, 'grant-contractor').waitFor()
    expect((await crews()).join())
      .to.contain('Pruning')
      .and.not.contain('Parks crew')
    await by(page, 'grant-save').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-contractor-role-en')
    await expectAccessible(page, 'the role of a contractor')
    await by(page, 'grant-department').selectOption('water')
    await by(page, 'grant-no-crew').waitFor()
    await page.context().close()
  })
})
