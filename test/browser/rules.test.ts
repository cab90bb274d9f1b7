// Who answers for what and where: tried on the reports of the last days before it counts, by rule and by boundary.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

async function atDesk(path: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, 'admin@demo.example')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto(PORTAL + path)
  return page
}

describe('the routing console', () => {
  it('tries a changed rule on past reports, shows which would go elsewhere, and publishes it', async () => {
    const page = await atDesk('/routing', DESKTOP)
    await by(page, 'rule').first().waitFor()
    await picture(page, 'desktop-rules-en')
    await expectAccessible(page, 'rules of routing')
    await by(page, 'rule').filter({ hasText: 'Road crew East' }).first().click()
    await page.locator('details[open] [data-test="rule-crew"]').selectOption('roads-west')
    await by(page, 'rules-try').click()
    await by(page, 'what-if-move').first().waitFor()
    expect(await by(page, 'what-if-move').first().textContent()).to.match(/Road crew East → Road crew West\s*[1-9]/)
    await by(page, 'what-if-move').first().click()
    await picture(page, 'desktop-rules-tried-en')
    await expectAccessible(page, 'rules, tried')
    await by(page, 'rules-publish').click()
    await by(page, 'rules-published').waitFor()
    expect(await by(page, 'rules-published').textContent()).to.match(/[1-9]\d*\.$/)
    await by(page, 'rules-publish').waitFor({ state: 'detached' })
    // The other tests find the town as it was.
    await page.locator('details[open] [data-test="rule-crew"]').selectOption('roads-east')
    await by(page, 'rules-publish').click()
    await by(page, 'rules-publish').waitFor({ state: 'detached' })
    expect(await by(page, 'rules-published').textContent()).to.match(/[1-9]\d*\.$/)
  })

  it('keeps what was not published, and needs a name, on a phone in the dark and in Greek', async () => {
    const page = await atDesk('/routing', { ...PHONE, colorScheme: 'dark' })
    await by(page, 'rule-add').click()
    expect(await by(page, 'rules-publish').isEnabled()).to.equal(false)
    await page.locator('details[open] [data-test="rule-title-el"]').fill('Όλα στο κέντρο')
    await page.locator('details[open] [data-test="rule-title-en"]').fill('All to the centre')
    await picture(page, 'phone-rules-el-dark')
    await expectAccessible(page, 'a rule on a phone')
    await by(page, 'rules-discard').click()
    await by(page, 'rules-discard').waitFor({ state: 'detached' })
  })

  it('shows where rules contradict each other, and where there are none', async () => {
    const page = await atDesk('/routing', DESKTOP)
    await by(page, 'rule').filter({ hasText: 'Road crew East' }).first().click()
    await page.locator('details[open] [data-test="rule-remove"]').click()
    await by(page, 'rules-try').click()
    await by(page, 'what-if').waitFor()
    await picture(page, 'desktop-rules-grounds-en')
    await expectAccessible(page, 'contradictions and holes')
    const phone = await atDesk('/routing', { ...PHONE, colorScheme: 'dark' })
    await by(phone, 'rules-try').click()
    await by(phone, 'what-if').waitFor()
    await by(phone, 'what-if').scrollIntoViewIfNeeded()
    await picture(phone, 'phone-rules-grounds-el-dark')
    await expectAccessible(phone, 'contradictions and holes on a phone')
  })

  it('tells what another boundary would change, before it is saved', async () => {
    const page = await atDesk('/layers/crew_area/edit?at=23.755,36.337,14&layers=crew_area', DESKTOP)
    await by(page, 'edit-item').first().click()
    await by(page, 'edit-corner').fill('3')
    await by(page, 'edit-corner').blur()
    const lon = Number(await by(page, 'edit-lon').inputValue())
    await by(page, 'edit-lon').fill(String(lon + 1e-5))
    await by(page, 'edit-lon').blur()
    await by(page, 'shape-try').click()
    await by(page, 'what-if').waitFor()
    await picture(page, 'desktop-boundary-tried-en')
    await expectAccessible(page, 'a boundary, tried')
  })
})
