// One hole, two citizens: the second says "me too", staff join a third, and somebody says that it is not fixed.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const HERE = [23.7571, 36.3353]
const DARK = { ...DESKTOP, colorScheme: 'dark' as const }

async function send(description: string): Promise<{ id: string; protocol: string; path: string }> {
  const response = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ category: 'pothole', location: { type: 'Point', coordinates: HERE }, description }),
  })
  const { id, protocol, follow_url } = (await response.json()) as { id: string; protocol: string; follow_url: string }
  return { id, protocol, path: new URL(follow_url).pathname }
}

const support = (id: string) =>
  fetch(`${PORTAL}/api/reports/${id}/support`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ device: crypto.randomUUID(), note: 'Έσπασε το λάστιχο' }),
  })

async function toDetails(page: Page): Promise<void> {
  await page.goto(`${PORTAL}/report?here=${HERE.join(',')}&at=${HERE.join(',')},17`)
  await by(page, 'category-search').fill('lakkouva')
  await by(page, 'category-option').first().click()
  await by(page, 'me-too').first().waitFor()
}

describe('the same hole, reported again', () => {
  it('is followed with one tap, on phone and desktop, in both languages, light and dark', async () => {
    const { protocol, id } = await send('Λακκούβα σαν πηγάδι έξω από τον φούρνο')
    for (const [name, options] of [
      ['phone-me-too-el', PHONE],
      ['desktop-me-too-en-dark', DARK],
    ] as const) {
      const page = await open('/', options)
      await toDetails(page)
      await by(page, 'description').fill('lakkouva san pigadi exo apo ton fourno')
      await by(page, 'description').blur()
      const first = by(page, 'known-report').first()
      await first.getByText('πηγάδι').waitFor()
      await first.scrollIntoViewIfNeeded()
      await picture(page, name)
      await expectAccessible(page, name)
      await first.locator('[data-test="me-too"]').click()
      expect(await by(page, 'support-protocol').textContent()).to.equal(protocol)
      await picture(page, `${name}-receipt`)
      await expectAccessible(page, `${name}, receipt`)
      await by(page, 'support-link').click()
      await by(page, 'support-count').waitFor()
      await page.getByText('lakkouva san pigadi').waitFor()
      await picture(page, `${name}-follow`)
      await expectAccessible(page, `${name}, followed`)
      await page.goto(`${PORTAL}/my-reports`)
      await page.getByText(protocol).waitFor()
    }
    const { properties } = (await (await fetch(`${PORTAL}/api/reports/${id}`)).json()) as { properties: { support_count: number } } // prettier-ignore
    expect(properties.support_count).to.equal(2)
  })

  it('is joined to its main report at the desk, which says how many wait, and separated again', async () => {
    const [main, twin] = [await send('Λακκούβα στη γωνία'), await send('Τρύπα στη γωνία')]
    await support(main.id)
    for (const [name, options, isLast] of [
      ['desktop-desk-together-en-dark', DARK, false],
      ['phone-desk-together-el', PHONE, true],
    ] as const) {
      const desk = await open('/sign-in', options)
      await signInAt(desk, 'crew@demo.example')
      await by(desk, 'desk-item').first().waitFor()
      await desk.goto(`${PORTAL}/desk/${twin.id}`)
      await by(desk, 'merge-into').fill(main.protocol)
      await by(desk, 'merge').click()
      await by(desk, 'desk-main').scrollIntoViewIfNeeded()
      await picture(desk, name)
      await expectAccessible(desk, name)
      await desk.goto(`${PORTAL}/desk/${main.id}`)
      await by(desk, 'desk-merged').getByText(twin.protocol).waitFor()
      expect(await by(desk, 'support-count').textContent()).to.equal('1')
      await desk.getByText('Έσπασε το λάστιχο').scrollIntoViewIfNeeded()
      await picture(desk, `${name}-main`)
      await expectAccessible(desk, `${name}, main`)
      const page = await open(`/reports/${twin.id}`, options)
      await by(page, 'main-report').getByText(main.protocol).waitFor()
      await picture(page, `${name}-public`)
      await expectAccessible(page, `${name}, public page`)
      await desk.goto(`${PORTAL}/desk/${twin.id}`)
      await by(desk, 'unmerge').click()
      await by(desk, 'merge-into').waitFor()
      if (isLast) await desk.context().close()
    }
  })
})

describe('with the private link', () => {
  it('somebody corrects the words, says that it is not fixed, and staff see it', async () => {
    for (const [name, options] of [
      ['phone-not-fixed-el', PHONE],
      ['desktop-not-fixed-en-dark', DARK],
    ] as const) {
      const { id, path } = await send('Λακκούβα')
      const page = await open(path, options)
      await by(page, 'own-words').click()
      await by(page, 'own-words-text').fill('Δύο λακκούβες')
      await picture(page, `${name}-words`)
      await expectAccessible(page, `${name}, words`)
      await by(page, 'own-words-save').click()
      await page.locator('p.words', { hasText: 'Δύο λακκούβες' }).first().waitFor()

      const desk = await open('/sign-in', DESKTOP)
      await signInAt(desk, 'crew@demo.example')
      await by(desk, 'desk-item').first().waitFor()
      await desk.goto(`${PORTAL}/desk/${id}`)
      await by(desk, 'status-select').selectOption('resolved')
      await by(desk, 'status-note').fill('Έκλεισε')
      await by(desk, 'status-save').click()
      await desk.getByText('Έκλεισε').first().waitFor()

      await page.reload()
      await by(page, 'not-fixed').click()
      await by(page, 'not-fixed-words').fill('Άνοιξε πάλι με τη βροχή')
      await picture(page, name)
      await expectAccessible(page, name)
      await by(page, 'not-fixed-send').click()
      await page.getByText('Άνοιξε πάλι').waitFor()
      await picture(page, `${name}-done`)
      await expectAccessible(page, `${name}, done`)
      await by(desk, 'reopened').waitFor()
      await desk.getByText('Άνοιξε πάλι').scrollIntoViewIfNeeded()
      await picture(desk, `${name}-desk`)
      await expectAccessible(desk, `${name}, desk`)
    }
  })
})
