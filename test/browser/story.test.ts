// The whole story: one hole, two citizens, a department, a planned tour, a crew without a network, and somebody who says "not fixed".
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

/** Nobody else reports here. */
const HERE = '23.7547,36.3391'
const TASK = 'Καθίζηση μπροστά στον φούρνο'

const photo = (name: string, background: string) =>
  sharp({ create: { width: 900, height: 700, channels: 3, background } })
    .jpeg()
    .toBuffer()
    .then((buffer) => ({ name, mimeType: 'image/jpeg', buffer }))

async function signedIn(email: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  return page
}

async function toDetails(page: Page): Promise<void> {
  await page.goto(`${PORTAL}/report?here=${HERE}&at=${HERE},17`)
  await by(page, 'category-search').fill('lakkouva')
  await by(page, 'category-option').first().click()
  await by(page, 'preview').waitFor()
}

interface Shift {
  shift_from: string
  shift_to: string
  weekdays: number[]
}

/** Lets the crew of the east work at these times; returns those it had. This test runs on Sundays, and at night. */
async function work(admin: Page, shift: Shift): Promise<Shift> {
  return admin.evaluate(async (asked) => {
    const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
    const crews = (await (await fetch('/api/staff/crews')).json()) as (Shift & { slug: string; version: number })[]
    const { version, shift_from, shift_to, weekdays } = crews.find(({ slug }) => slug === 'roads-east')!
    const { status } = await fetch('/api/staff/crews/roads-east', {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
      body: JSON.stringify({ version, ...asked }),
    })
    if (status !== 200) throw new Error(`${status}`)
    return { shift_from, shift_to, weekdays }
  }, shift)
}

describe('the story of a hole', function () {
  // Five browsers, one after the other.
  this.timeout(600_000)

  let admin: Page
  let usual: Shift
  before(async () => {
    admin = await signedIn('admin@demo.example', DESKTOP)
    usual = await work(admin, { shift_from: '00:00', shift_to: '23:59', weekdays: [1, 2, 3, 4, 5, 6, 7] })
  })

  it('from two phones to a planned tour, a repair without a network, "not fixed", and open again', async () => {
    const first = await open('/', PHONE)
    await toDetails(first)
    await by(first, 'description').fill(`${TASK}, πέφτουν τα μηχανάκια`)
    await by(first, 'photo-input').setInputFiles(await photo('hole.jpg', '#884422'))
    await first.getByAltText('Φωτογραφία 1').waitFor()
    await by(first, 'send-report').click()
    const protocol = (await by(first, 'receipt-protocol').textContent()) ?? ''
    const firstLink = new URL((await by(first, 'follow-link').getAttribute('href')) ?? '', PORTAL).pathname

    const second = await open('/', { ...PHONE, colorScheme: 'dark' })
    await toDetails(second)
    await by(second, 'description').fill('kathizisi mprosta ston fourno')
    await by(second, 'description').blur()
    const known = by(second, 'known-report').filter({ hasText: 'μηχανάκια' })
    await known.scrollIntoViewIfNeeded()
    await picture(second, 'phone-story-known-el-dark')
    await known.locator('[data-test="me-too"]').click()
    expect(await by(second, 'support-protocol').textContent()).to.equal(protocol)
    const secondLink = new URL((await by(second, 'support-link').getAttribute('href')) ?? '', PORTAL).pathname

    const head = await signedIn('head@demo.example', DESKTOP)
    await head.goto(`${PORTAL}/desk`)
    await head.locator(`[data-protocol="${protocol}"] a`).first().click()
    await by(head, 'support-count').waitFor()
    await by(head, 'work-new').click()
    await by(head, 'work-task').fill(TASK)
    await by(head, 'work-make').click()
    await by(head, 'linked-order').first().waitFor()
    await head.goto(`${PORTAL}/desk/work`)
    await by(head, 'plan-go-day').click()
    const tour = by(head, 'plan-tour').filter({ hasText: TASK })
    await tour.waitFor()
    await picture(head, 'desktop-story-plan-en')
    await expectAccessible(head, 'the day, planned')
    const crewName = await tour.getAttribute('data-crew')
    await by(head, 'plan-apply').click()
    await head.locator(`[data-test="board-column"][data-crew="${crewName}"]`).getByText(TASK).waitFor()

    await first.goto(PORTAL + firstLink)
    await first.getByText('Προγραμματίστηκε').first().waitFor()
    await picture(first, 'phone-story-planned-el')
    await by(second, 'support-link').click()
    await second.getByText('Προγραμματίστηκε').first().waitFor()

    expect(crewName, 'who works in that part of the town').to.equal('roads-east')
    const crew = await signedIn('crew@demo.example', PHONE)
    await crew.goto(`${PORTAL}/crew`)
    await crew.getByText(TASK).first().waitFor()
    await by(crew, 'sheet-handle').click()
    await crew.waitForFunction(async () => {
      const { caches } = globalThis as unknown as { caches: { open: (name: string) => Promise<{ keys: () => Promise<unknown[]> }> } } // prettier-ignore
      return (await (await caches.open('asty-shell')).keys()).length > 8
    })
    await crew.context().setOffline(true)
    const stop = by(crew, 'crew-stop').filter({ hasText: TASK })
    if ((await stop.count()) === 0) await by(crew, 'crew-stops').getByText(TASK).click()
    await by(crew, 'crew-arrive').first().click()
    await by(crew, 'crew-photo-after')
      .first()
      .setInputFiles(await photo('done.jpg', '#333333'))
    await by(crew, 'waiting-photo').first().waitFor()
    await by(crew, 'crew-done').first().click()
    await by(crew, 'crew-note').fill('Στρώθηκε νέα άσφαλτος')
    await by(crew, 'crew-keep').click()
    await picture(crew, 'phone-story-offline-el')
    await crew.context().setOffline(false)
    await by(crew, 'crew-waiting').waitFor({ state: 'detached' })

    await head.goto(`${PORTAL}/desk`)
    await head.locator(`[data-protocol="${protocol}"] a`).first().click()
    await by(head, 'linked-order').locator('a').first().click()
    await by(head, 'close-note').waitFor()
    await by(head, 'close-go').click()
    await by(head, 'close-reports').waitFor({ state: 'detached' })

    // The page of the first is still open, and somebody writes on it: what is new comes by itself.
    await by(first, 'own-words').click()
    await by(first, 'own-words-text').fill('Και κάτι ακόμη')
    await first.evaluate('document.dispatchEvent(new Event("visibilitychange"))')
    await first.getByText('Στρώθηκε νέα άσφαλτος').waitFor()
    await first.getByText('Μόλις ήρθαν νέα').waitFor()
    expect(await by(first, 'own-words-text').inputValue()).to.equal('Και κάτι ακόμη')
    await picture(first, 'phone-story-news-el')
    // On the other phone nobody touches anything: it asks once a minute.
    await second.getByText('Στρώθηκε νέα άσφαλτος').waitFor({ timeout: 90_000 })
    await expectAccessible(first, 'news has come')
    for (const [page, link] of [
      [first, firstLink],
      [second, secondLink],
    ] as const) {
      await page.goto(PORTAL + link)
      await page.getByText('Στρώθηκε νέα άσφαλτος').waitFor()
      await page.getByText('Ολοκληρώθηκε').first().waitFor()
    }
    await picture(second, 'phone-story-done-el-dark')
    await by(second, 'not-fixed').click()
    await by(second, 'not-fixed-words').fill('Βούλιαξε ξανά με την πρώτη βροχή')
    await by(second, 'photo-input')
      .first()
      .setInputFiles(await photo('again.jpg', '#664422'))
    await second.getByAltText('Φωτογραφία 1').first().waitFor()
    await by(second, 'not-fixed-send').click()
    await second.getByText('Σε εξέλιξη').first().waitFor()
    await picture(second, 'phone-story-again-el-dark')
    await expectAccessible(second, 'open again')
    await head.goto(`${PORTAL}/desk`)
    await head.locator(`[data-protocol="${protocol}"] a`).first().click()
    await by(head, 'reopened').waitFor()
    await head.getByText('Βούλιαξε ξανά').waitFor()
    // What another boundary would do before it counts: rules.test.ts.
    await work(admin, usual)
  })
})
