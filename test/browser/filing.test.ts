// What only staff file: an administrator says so, citizens are not offered it, who answers the telephone is.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

describe('what only staff file', () => {
  it('is said in the category, on a desktop and on a phone', async () => {
    const admin = await open('/sign-in', DESKTOP)
    await signInAt(admin, 'admin@demo.example')
    await by(admin, 'desk-item').first().waitFor()
    await admin.goto(`${PORTAL}/categories/occupied-pavement`)
    await by(admin, 'category-may-file').selectOption('staff')
    await by(admin, 'category-may-file').scrollIntoViewIfNeeded()
    await expectAccessible(admin, 'who files')
    await picture(admin, 'desktop-category-filing-en')
    await by(admin, 'category-save').click()
    await by(admin, 'category-saved').waitFor()
    await admin.setViewportSize(PHONE.viewport)
    await admin.emulateMedia({ colorScheme: 'dark' })
    await by(admin, 'language-switch').click()
    await by(admin, 'category-may-file').scrollIntoViewIfNeeded()
    await expectAccessible(admin, 'who files, on a phone, in the dark')
    await picture(admin, 'phone-category-filing-el-dark')
  })

  it('is not offered to citizens, but on the telephone screen', async () => {
    const phone = await open('/report?here=23.757,36.3352', PHONE)
    await by(phone, 'category-search').fill('katalipsi')
    await phone.getByRole('status').first().waitFor()
    expect(await by(phone, 'category-option').count()).to.equal(0)
    await phone.goto(`${PORTAL}/sign-in`)
    await signInAt(phone, 'agent@demo.example')
    await by(phone, 'desk-item').first().waitFor()
    // Without a new page: who has signed in is offered more.
    await by(phone, 'to-phone').click()
    await by(phone, 'call-what').fill('katalipsi')
    await phone.getByRole('option', { name: 'Κατάληψη πεζοδρομίου' }).waitFor()
    await by(phone, 'call-what').fill('περιπολία')
    await phone.getByRole('option', { name: 'Συμβάν της Δημοτικής Αστυνομίας' }).waitFor()
    await picture(phone, 'phone-desk-phone-filing-el')
  })
})
