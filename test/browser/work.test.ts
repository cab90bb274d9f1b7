// From two reports to one work order: planned on a crew's day, closed without a network, and seen by the citizen.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const DARK = { ...DESKTOP, colorScheme: 'dark' as const }

async function send(lon: number, description: string): Promise<{ id: string; protocol: string; path: string }> {
  const response = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      category: 'pothole',
      location: { type: 'Point', coordinates: [lon, 36.3353] },
      description,
    }),
  })
  const { id, protocol, follow_url } = (await response.json()) as { id: string; protocol: string; follow_url: string }
  return { id, protocol, path: new URL(follow_url).pathname }
}

async function desk(options: Parameters<typeof open>[1], email = 'head@demo.example'): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await by(page, 'desk-item').first().waitFor()
  return page
}

const column = (page: Page, crew: string) => page.locator(`[data-test="board-column"][data-crew="${crew}"]`)

async function makeOrder(page: Page, report: { id: string }, task: string): Promise<void> {
  await page.goto(`${PORTAL}/desk/${report.id}`)
  await by(page, 'work-new').click()
  await by(page, 'work-task').fill(task)
  await by(page, 'work-make').click()
  await by(page, 'linked-order').first().waitFor()
}

describe('work orders', () => {
  it('are planned on the board: by dragging, by choosing, and in their order by the arrows', async () => {
    for (const [name, options] of [
      ['desktop-work-en-dark', DARK],
      ['desktop-work-el', { ...DESKTOP, locale: 'el-GR' }],
      ['phone-work-el-dark', { ...PHONE, colorScheme: 'dark' as const }],
    ] as const) {
      const page = await desk(options)
      const tasks = [`${name}: κλείσιμο λακκούβας`, `${name}: δεύτερη λακκούβα`]
      for (const [n, task] of tasks.entries()) await makeOrder(page, await send(23.7571 + n / 500, task), task)
      await by(page, 'linked-work').scrollIntoViewIfNeeded()
      await picture(page, `${name}-report`)
      await expectAccessible(page, `${name}, report`)
      await page.goto(`${PORTAL}/desk/work`)
      const item = (n: number) => page.locator('[data-test="board-item"]', { hasText: tasks[n] })
      await item(0).waitFor()
      await picture(page, `${name}-unplanned`)
      if (name.startsWith('desktop')) await item(0).dragTo(column(page, 'roads-west').locator('h2'))
      else {
        await item(0).locator('[data-test="board-move"]').click()
        await item(0).locator('[data-test="board-crew"]').selectOption('roads-west')
        await item(0).locator('[data-test="board-plan"]').click()
      }
      await column(page, 'roads-west').getByText(tasks[0]!).waitFor()
      await item(1).locator('[data-test="board-move"]').click()
      await item(1).locator('[data-test="board-crew"]').selectOption('roads-west')
      await picture(page, `${name}-move`)
      await expectAccessible(page, `${name}, moving`)
      await item(1).locator('[data-test="board-plan"]').click()
      await column(page, 'roads-west').getByText(tasks[1]!).waitFor()
      const order = () => column(page, 'roads-west').locator('[data-test="board-item"] a').allTextContents()
      expect((await order()).slice(-2)).to.deep.equal(tasks)
      const place = await item(0).locator('.number').textContent()
      await item(1).locator('[data-step="up"]').focus()
      await page.keyboard.press('Enter')
      await item(1).locator('.number', { hasText: place! }).waitFor()
      await item(1).locator('[data-step="up"]:focus').waitFor()
      expect((await order()).slice(-2)).to.deep.equal([...tasks].reverse())
      await column(page, 'roads-west').scrollIntoViewIfNeeded()
      await picture(page, `${name}-board`)
      await expectAccessible(page, `${name}, board`)
      await item(0).locator('a').click()
      await by(page, 'plan-go').waitFor()
      await picture(page, `${name}-order`)
      await expectAccessible(page, `${name}, order`)
      await page.context().close()
    }
  })
})
