// From two reports to one work order: planned on a crew's day, closed without a network, and seen by the citizen.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
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
  for (const [name, options] of [
    ['desktop-work-en-dark', DARK],
    ['desktop-work-el', { ...DESKTOP, locale: 'el-GR' }],
    ['phone-work-el-dark', { ...PHONE, colorScheme: 'dark' as const }],
  ] as const)
    it(`are planned on the board: by dragging, by choosing, and in their order by the arrows (${name})`, async () => {
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
      if (name.startsWith('desktop')) {
        // Both ends of the way are on the screen.
        await page.setViewportSize({ width: 1440, height: 1800 })
        await item(0).dragTo(column(page, 'roads-west').locator('h2'))
      } else {
        await item(0).locator('[data-test="board-move"]').click()
        await item(0).locator('[data-test="board-crew"]').selectOption('roads-west')
        await item(0).locator('[data-test="board-plan"]').click()
      }
      await column(page, 'roads-west').getByText(tasks[0]!).waitFor()
      await page.setViewportSize(options.viewport)
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
      // At the top "up" works no more: the focus is on its neighbour then, not lost.
      await item(1).locator('[data-step]:focus').waitFor()
      expect((await order()).slice(-2)).to.deep.equal([...tasks].reverse())
      await column(page, 'roads-west').scrollIntoViewIfNeeded()
      await picture(page, `${name}-board`)
      await expectAccessible(page, `${name}, board`)
      await item(0).locator('a').click()
      await by(page, 'plan-go').waitFor()
      await picture(page, `${name}-order`)
      await expectAccessible(page, `${name}, order`)
      await page.context().close()
    })
})

/** The page can open without a network from now on. */
const shellIsKept = (page: Page) =>
  page.waitForFunction(async () => {
    const { caches } = globalThis as unknown as { caches: { open: (name: string) => Promise<{ keys: () => Promise<unknown[]> }> } } // prettier-ignore
    return (await (await caches.open('asty-shell')).keys()).length > 8
  })

describe('a crew on its phone', () => {
  // A picture that a camera could have taken.
  const photo = (colour: string) =>
    sharp({ create: { width: 900, height: 700, channels: 3, background: colour } })
      .jpeg()
      .toBuffer()
      .then((buffer) => ({ name: 'photo.jpg', mimeType: 'image/jpeg', buffer }))

  it('closes an order of two reports without a network, and both citizens see it', async function () {
    // Three browsers, one after the other.
    this.timeout(300_000)
    const [one, two] = [await send(23.7571, 'Λακκούβα μπροστά στο σχολείο'), await send(23.7572, 'Τρύπα στο σχολείο')]
    const head = await desk(DARK)
    await makeOrder(head, one, 'Κλείσιμο λακκούβας στο σχολείο')
    await head.goto(`${PORTAL}/desk/${two.id}`)
    const offered = by(head, 'nearby-order').filter({ hasText: 'στο σχολείο' })
    await offered.scrollIntoViewIfNeeded()
    await picture(head, 'desktop-work-join-en-dark')
    await expectAccessible(head, 'joining an order')
    await offered.locator('[data-test="join-work"]').click()
    await by(head, 'linked-order').locator('a').click()
    await by(head, 'work-reports').getByText(two.protocol).waitFor()
    await by(head, 'plan-crew').selectOption('roads-east')
    await by(head, 'plan-day').fill(new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Athens' }).format(new Date()))
    await by(head, 'plan-go').click()
    await head.locator('[data-test="work-status"][data-status="planned"]').waitFor()

    const crew = await desk(PHONE, 'crew@demo.example')
    await crew.goto(`${PORTAL}/crew`)
    await by(crew, 'crew-stop').getByText('Κλείσιμο λακκούβας στο σχολείο').waitFor()
    await by(crew, 'sheet-handle').click()
    await picture(crew, 'phone-crew-el')
    await expectAccessible(crew, 'tour')
    await shellIsKept(crew)

    await crew.context().setOffline(true)
    await by(crew, 'crew-arrive').click()
    await by(crew, 'crew-photo-before').setInputFiles(await photo('#884422'))
    await by(crew, 'waiting-photo').first().waitFor()
    // The phone had to be restarted.
    await crew.reload()
    await by(crew, 'crew-offline').waitFor()
    await by(crew, 'sheet-handle').click()
    await by(crew, 'waiting-photo').first().waitFor()
    await by(crew, 'crew-photo-after').setInputFiles(await photo('#333333'))
    await by(crew, 'waiting-photo').nth(1).waitFor()
    await by(crew, 'crew-done').click()
    await by(crew, 'crew-note').fill('Η λακκούβα έκλεισε με ψυχρή άσφαλτο')
    await by(crew, 'crew-materials').fill('3 σακιά ψυχρή άσφαλτος')
    await by(crew, 'crew-minutes').fill('35')
    await picture(crew, 'phone-crew-el-finish')
    await expectAccessible(crew, 'finishing without a network')
    await by(crew, 'crew-keep').click()
    await by(crew, 'crew-all-done').waitFor()
    await picture(crew, 'phone-crew-el-offline')
    await expectAccessible(crew, 'tour without a network')
    await crew.context().setOffline(false)
    await by(crew, 'crew-waiting').waitFor({ state: 'detached' })
    await by(crew, 'crew-stops').getByText('Κλείσιμο λακκούβας στο σχολείο').click()
    await by(crew, 'work-photo').nth(1).waitFor()
    // They come from the server now.
    await crew.waitForFunction(() => {
      const { document } = globalThis as unknown as { document: { querySelectorAll: (css: string) => Iterable<{ naturalWidth: number }> } } // prettier-ignore
      return [...document.querySelectorAll('[data-test="work-photo"]')].every(({ naturalWidth }) => naturalWidth > 0)
    })
    await by(crew, 'crew-close').waitFor()
    await picture(crew, 'phone-crew-el-sent')

    await by(head, 'close-note').waitFor()
    expect(await by(head, 'close-note').inputValue()).to.equal('Η λακκούβα έκλεισε με ψυχρή άσφαλτο')
    expect(await by(head, 'close-photo').isChecked(), 'nothing is shown that nobody chose').to.equal(false)
    await by(head, 'close-photo').check()
    await by(head, 'close-photo').scrollIntoViewIfNeeded()
    await picture(head, 'desktop-work-close-en-dark')
    await expectAccessible(head, 'closing reports')
    await by(head, 'close-go').click()
    await by(head, 'close-reports').waitFor({ state: 'detached' })
    await head.locator('details', { hasText: 'Correct it' }).locator('summary').click()
    await by(head, 'work-cost').fill('42.50')
    await by(head, 'work-save').click()
    await head.getByText('€42.50').waitFor()
    await by(head, 'work-photo').first().scrollIntoViewIfNeeded()
    await picture(head, 'desktop-work-done-en-dark')
    await head.goto(`${PORTAL}/crew`)
    await by(head, 'crew-choice').selectOption('roads-east')
    await by(head, 'crew-stops').getByText('στο σχολείο').waitFor()
    await picture(head, 'desktop-crew-en-dark')
    await expectAccessible(head, 'the tour of a crew, seen by the head')
    for (const path of [one.path, two.path, `/reports/${one.id}`]) {
      const citizen = await open(path, PHONE)
      await citizen.getByText('Η λακκούβα έκλεισε με ψυχρή άσφαλτο').waitFor()
      await citizen.getByText('Ολοκληρώθηκε').first().waitFor()
      // What the crew found stays with the crew; what it left behind is there to be seen.
      const photos = citizen.locator('img[src^="/api/photos/"]')
      await photos.first().scrollIntoViewIfNeeded()
      await citizen.waitForFunction(() => {
        const { document } = globalThis as unknown as { document: { querySelector: (css: string) => { naturalWidth: number } | null } } // prettier-ignore
        return document.querySelector('img[src^="/api/photos/"]')?.naturalWidth === 900
      })
      expect(await photos.count()).to.equal(1)
      await citizen.context().close()
    }
  })

  it('reads what did not count: an order that was called off meanwhile', async () => {
    const report = await send(23.7575, 'Λακκούβα στη στροφή')
    const head = await desk(DESKTOP)
    await makeOrder(head, report, 'Λακκούβα στη στροφή')
    await by(head, 'linked-order').locator('a').click()
    await by(head, 'plan-crew').selectOption('roads-east')
    await by(head, 'plan-day').fill(new Intl.DateTimeFormat('sv', { timeZone: 'Europe/Athens' }).format(new Date()))
    await by(head, 'plan-go').click()
    await head.locator('[data-test="work-status"][data-status="planned"]').waitFor()
    const crew = await desk({ ...PHONE, locale: 'en-GB', colorScheme: 'dark' }, 'crew@demo.example')
    await crew.goto(`${PORTAL}/crew`)
    await by(crew, 'crew-stop').getByText('Λακκούβα στη στροφή').first().waitFor()
    await by(crew, 'sheet-handle').click()
    await crew.context().setOffline(true)
    await by(crew, 'crew-not-possible').click()
    await by(crew, 'crew-note').fill('A car stands on it')
    await by(crew, 'crew-keep').click()
    await head.locator('details', { hasText: 'Cancel the order' }).locator('summary').click()
    await head.locator('details', { hasText: 'Cancel the order' }).locator('textarea').fill('The owner filled it')
    await by(head, 'work-cancel').click()
    await head.locator('[data-test="work-status"][data-status="cancelled"]').waitFor()
    await crew.context().setOffline(false)
    await by(crew, 'crew-refused').getByText('had been cancelled').waitFor()
    await picture(crew, 'phone-crew-en-dark-refused')
    await expectAccessible(crew, 'refused')
    await by(crew, 'crew-refused').getByRole('button').click()
    await by(crew, 'crew-refused').waitFor({ state: 'detached' })
    await head.getByText('A car stands on it').waitFor()
    await picture(head, 'desktop-work-cancelled-en')
  })
})
