// What people agree to, and how long their data stay: the citizen's switches and the administrator's pages.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const DARK = { ...PHONE, colorScheme: 'dark' } as const

async function enter(email: string, path: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await by(page, 'my-account').waitFor()
  await page.goto(PORTAL + path)
  return page
}

const isOn = (page: Page, purpose: string) => by(page, `consent-${purpose}`).isChecked()
const turned = (page: Page, purpose: string, on: boolean) =>
  page.locator(`[data-test="consent-${purpose}"]${on ? ':checked' : ':not(:checked)'}`).waitFor()

describe('personal data in the portal', () => {
  it('a citizen agrees and withdraws with one switch, and is asked anew when the text changes', async () => {
    const page = await enter('citizen@demo.example', '/account', PHONE)
    await by(page, 'consent').first().waitFor()
    expect(await isOn(page, 'news-email'), 'nothing is on by itself').to.equal(false)
    expect(await by(page, 'consent-news-sms').isDisabled(), 'without a mobile').to.equal(true)
    await by(page, 'consent-news-email').focus()
    await page.keyboard.press('Space')
    await turned(page, 'news-email', true)
    await by(page, 'consent-news-email').scrollIntoViewIfNeeded()
    await picture(page, 'phone-consents-el')
    await expectAccessible(page, 'consents')
    await by(page, 'consent-news-email').click()
    await turned(page, 'news-email', false)
    await by(page, 'consent-news-email').click()
    await turned(page, 'news-email', true)
    await page.locator('[data-test="consent"] summary').first().click()
    expect(await by(page, 'consent').first().locator('ol li').count()).to.equal(3)

    const admin = await enter('admin@demo.example', '/consents', DESKTOP)
    const purpose = by(admin, 'purpose').first()
    await purpose.locator('summary').click()
    await purpose.getByText('Counting now: 1').waitFor()
    await purpose.locator('[data-test="wording-text-el"]').fill('Νέο κείμενο για το ενημερωτικό δελτίο.')
    await picture(admin, 'desktop-consent-purposes-en')
    await expectAccessible(admin, 'purposes of consent')
    await purpose.locator('[data-test="wording-save"]').click()
    await purpose.getByText('Counting now: 0').waitFor()

    await page.reload()
    await page.getByText('Το κείμενο άλλαξε').waitFor()
    expect(await isOn(page, 'news-email')).to.equal(false)
    await page.getByText('Το κείμενο άλλαξε').scrollIntoViewIfNeeded()
    await page.locator('[data-test="consent"] summary').first().click()
    await picture(page, 'phone-consents-changed-el')
    await expectAccessible(page, 'consents, text changed')

    await by(admin, 'consents-email').fill('citizen@demo.example')
    await by(admin, 'consents-find').click()
    await by(admin, 'consent-news-email').click()
    await turned(admin, 'news-email', true)
    await admin.getByText('on the telephone').first().waitFor()
    await by(admin, 'consents-find').scrollIntoViewIfNeeded()
    await picture(admin, 'desktop-consents-of-person-en')
    await expectAccessible(admin, 'consents of a person')
    await page.reload()
    await turned(page, 'news-email', true)
  })

  it('a text that changed under the reader is not agreed to unread', async () => {
    const page = await enter('citizen@demo.example', '/account', { ...DESKTOP, colorScheme: 'dark' })
    await by(page, 'consent').first().waitFor()
    const admin = await enter('admin@demo.example', '/consents', DARK)
    const purpose = by(admin, 'purpose').nth(2)
    await purpose.locator('summary').click()
    await purpose.locator('[data-test="wording-title-en"]').fill('Surveys, now by telephone too')
    await picture(admin, 'phone-consent-purposes-el-dark')
    await expectAccessible(admin, 'purposes of consent, phone, dark')
    await purpose.locator('[data-test="wording-save"]').click()
    await purpose.locator('ol li').nth(1).waitFor()
    await by(page, 'consent-surveys').click()
    await page.getByText('The text has changed.').waitFor()
    await page.getByText('Surveys, now by telephone too').waitFor()
    expect(await isOn(page, 'surveys')).to.equal(false)
    await by(page, 'consent-surveys').click()
    await turned(page, 'surveys', true)
    await by(page, 'consent-surveys').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-consents-en-dark')
    await expectAccessible(page, 'consents, desktop, dark')
  })

  it('an administrator says how long data stay, and sees what that will take', async () => {
    const admin = await enter('admin@demo.example', '/privacy', DESKTOP)
    await by(admin, 'retention-due').waitFor()
    await picture(admin, 'desktop-privacy-en')
    const rule = by(admin, 'retention-rule').first()
    await rule.locator('summary').click()
    await rule.locator('[data-test="contact-months"]').fill('120')
    await rule.locator('[data-test="photo-months"]').fill('241')
    await rule.locator('[data-test="retention-save"]').click()
    expect(await rule.locator('[data-test="photo-months"]:invalid').count(), 'too long').to.equal(1)
    await rule.locator('[data-test="photo-months"]').fill('24')
    await rule.locator('[data-test="retention-save"]').click()
    await rule.getByText('Contact details 120 months').waitFor()
    await rule.getByText('Saved').waitFor()
    await expectAccessible(admin, 'personal data')
    await picture(admin, 'desktop-privacy-rule-en')

    const phone = await enter('admin@demo.example', '/privacy', DARK)
    await by(phone, 'retention-due').waitFor()
    await picture(phone, 'phone-privacy-el-dark')
    await by(phone, 'retention-rule').first().locator('summary').click()
    await by(phone, 'contact-months').first().scrollIntoViewIfNeeded()
    await picture(phone, 'phone-privacy-rule-el-dark')
    await expectAccessible(phone, 'personal data, phone, dark')
  })
})
