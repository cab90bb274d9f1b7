// The day is planned at the desk: proposed beside the tours made by hand, taken over, and seen by the crew with its times.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { dayAfter, dayInAthens } from '../../backend/core/days.ts'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

/** A Monday to come, another for each test. */
function monday(weeks: number): string {
  const today = dayInAthens()
  const ahead = (8 - (new Date(`${today}T00:00:00Z`).getUTCDay() || 7)) % 7
  return dayAfter(today, ahead + 7 * weeks)
}

async function desk(options: Parameters<typeof open>[1], email = 'head@demo.example'): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
  return page
}

/** Makes orders as the one who is signed in; by hand they go to and fro. */
const makeOrders = (page: Page, tasks: { task: string; lon: number; crew?: string; day?: string }[]) =>
  page.evaluate(async (orders) => {
    const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
    for (const { lon, ...order } of orders)
      await fetch('/api/staff/work', {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
        body: JSON.stringify({
          ...order,
          department: 'technical-service',
          location: { type: 'Point', coordinates: [lon, 36.3379] },
        }),
      })
  }, tasks)

const LONS = [23.7461, 23.7585, 23.7466, 23.7579]

describe('planning the day', () => {
  for (const [n, name, options] of [
    [1, 'desktop-plan-en', DESKTOP],
    [2, 'desktop-plan-el-dark', { ...DESKTOP, locale: 'el-GR', colorScheme: 'dark' as const }],
    [3, 'phone-plan-el', PHONE],
  ] as const)
    it(`proposes tours beside those made by hand, and they are used (${name})`, async () => {
      const day = monday(n)
      const page = await desk(options)
      const hand = LONS.map((lon, i) => ({ task: `${name}: στάση ${i + 1}`, lon, crew: 'roads-west', day }))
      await makeOrders(page, [...hand, { task: `${name}: ακόμη μία`, lon: 23.7521 }])
      await page.goto(`${PORTAL}/desk/work?day=${day}`)
      await by(page, 'board-item').first().waitFor()
      if (options === PHONE) await by(page, 'sheet-handle').click()
      await picture(page, `${name}-before`)
      await by(page, 'plan-go-day').focus()
      await page.keyboard.press('Enter')
      await by(page, 'plan-figures').waitFor()
      // The heading is read next, wherever the button has gone.
      await page.locator('[data-test="plan-day"] h2:focus').waitFor()
      const figure = async (what: string) =>
        (await page.locator(`[data-figure="${what}"] td`).allTextContents()).map((text) => text.trim())
      const metres = (text: string) => Number(text.replace(',', '.').replace(/[^\d.]/g, '')) * (text.includes('km') ? 1000 : 1) // prettier-ignore
      const [before, after] = (await figure('distance')).map(metres) as [number, number]
      expect(before).to.be.above(2000)
      expect(after).to.be.below(before * 1.2)
      expect((await figure('stops'))[0]).to.equal('4')
      await picture(page, `${name}-proposal`)
      await expectAccessible(page, `${name}, proposal`)
      const tours = page.locator('[data-test="plan-tour"]', { has: page.locator('details') })
      await tours.first().locator('summary').click()
      await tours.first().scrollIntoViewIfNeeded()
      await picture(page, `${name}-tour`)
      await expectAccessible(page, `${name}, tour`)
      await by(page, 'plan-apply').click()
      await by(page, 'plan-figures').waitFor({ state: 'detached' })
      await by(page, 'expected').first().waitFor()
      expect(await by(page, 'expected').first().textContent()).to.match(/^\d\d:\d\d$/)
      await picture(page, `${name}-after`)
      await page.context().close()
    })

  it('takes over only the tours that are ticked', async () => {
    const day = monday(5)
    const page = await desk(DESKTOP)
    await makeOrders(page, LONS.map((lon, i) => ({ task: `ticked: stop ${i + 1}`, lon, crew: 'roads-west', day }))) // prettier-ignore
    await page.goto(`${PORTAL}/desk/work?day=${day}`)
    await by(page, 'plan-go-day').click()
    await by(page, 'plan-figures').waitFor()
    const tour = page.locator('[data-test="plan-tour"][data-crew="roads-west"]')
    await tour.locator('input').uncheck()
    await by(page, 'plan-apply').click()
    await by(page, 'plan-figures').waitFor({ state: 'detached' })
    const west = page.locator('[data-test="board-column"][data-crew="roads-west"]')
    await west.waitFor()
    expect(await west.locator('[data-test="expected"]').count()).to.equal(0)
    await page.context().close()
  })

  for (const [name, options] of [
    ['desktop-crews-en', DESKTOP],
    ['phone-crews-el-dark', { ...PHONE, colorScheme: 'dark' as const }],
  ] as const)
    it(`rests on what crews are, which administrators say (${name})`, async () => {
      const page = await desk(options, 'admin@demo.example')
      await page.goto(`${PORTAL}/crews`)
      const crew = page.locator('[data-test="crew"][data-crew="green-1"]')
      await crew.waitFor()
      if (options !== DESKTOP) await by(page, 'sheet-handle').click()
      await crew.locator('summary').first().click()
      await crew.locator('[data-test="crew-vehicle"]').fill(`Φορτηγάκι, ${name}`)
      await crew.locator('[data-test="depot-map"]').click()
      await picture(page, name)
      await expectAccessible(page, name)
      await crew.locator('[data-test="crew-save"]').click()
      await crew.locator('dd', { hasText: `Φορτηγάκι, ${name}` }).waitFor({ state: 'attached' })
      await page.context().close()
    })
})
