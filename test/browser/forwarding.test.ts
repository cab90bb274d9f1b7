// Forwarding in the portal: a body is added, its key is wrong at first, and what was refused is sent again with one click.
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const report = (lon: number) =>
  fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      category: 'pothole',
      location: { type: 'Point', coordinates: [lon, 36.3352] },
      description: 'Μια βαθιά λακκούβα μπροστά στο σχολείο',
    }),
  }).then((answer) => answer.json() as Promise<{ id: string; protocol: string }>)

describe('forwarding', () => {
  it('an administrator adds a body, sees why a report was refused, and sends it again', async () => {
    const admin = await open('/sign-in', DESKTOP)
    await signInAt(admin, 'admin@demo.example')
    await by(admin, 'desk-item').first().waitFor()
    await admin.goto(`${PORTAL}/account`)
    await by(admin, 'key-open').click()
    await by(admin, 'key-title').fill('Ύδρευση')
    await by(admin, 'key-make').click()
    const key = (await by(admin, 'key-fresh').textContent()) ?? ''

    await admin.goto(`${PORTAL}/forwarding`)
    await by(admin, 'forwarding-open').click()
    await by(admin, 'forwarding-title').fill('Water and sewerage company')
    await by(admin, 'forwarding-url').fill(`${PORTAL}/open311/v2`)
    await expectAccessible(admin, 'new body')
    await picture(admin, 'desktop-forwarding-form-en')
    await by(admin, 'forwarding-add').click()
    await by(admin, 'forwarding-body').waitFor()
    await by(admin, 'forwarding-categories').click()
    await by(admin, 'forwarding-map-add').click()
    const selects = by(admin, 'forwarding-mapping').locator('select')
    await selects.nth(0).selectOption('pothole')
    await selects.nth(1).selectOption('pothole')
    await by(admin, 'forwarding-map-save').click()
    await admin.getByText('It counts for new reports').waitFor()
    await by(admin, 'forwarding-mapping').scrollIntoViewIfNeeded()
    await expectAccessible(admin, 'what is forwarded')
    await picture(admin, 'desktop-forwarding-categories-en')

    const sent = await report(23.757)
    for (let tries = 0; tries < 40 && !(await by(admin, 'forward').count()); tries++) {
      await admin.waitForTimeout(500)
      await admin.reload()
      await by(admin, 'forwarding-body').waitFor()
    }
    await by(admin, 'forward').getByText(sent.protocol).first().waitFor()
    await expectAccessible(admin, 'not delivered')
    await picture(admin, 'desktop-forwarding-failed-en')
    await admin.setViewportSize(PHONE.viewport)
    await admin.emulateMedia({ colorScheme: 'dark' })
    await by(admin, 'language-switch').click()
    await by(admin, 'forward').scrollIntoViewIfNeeded()
    await expectAccessible(admin, 'not delivered, in the dark')
    await picture(admin, 'phone-forwarding-failed-el-dark')
    await admin.emulateMedia({ colorScheme: 'light' })
    await by(admin, 'forwarding-categories').click()
    await by(admin, 'forwarding-mapping').scrollIntoViewIfNeeded()
    await picture(admin, 'phone-forwarding-categories-el')

    await by(admin, 'forwarding-change').click()
    await by(admin, 'forwarding-body').locator('input[type="password"]').fill(key)
    await by(admin, 'forwarding-body').locator('form button[type="submit"]').first().click()
    await by(admin, 'forwarding-body').locator('input[type="password"]').waitFor({ state: 'detached' })
    await by(admin, 'forward-retry').click()
    await by(admin, 'forward').waitFor({ state: 'detached' })
    await picture(admin, 'phone-forwarding-el')
    for (let tries = 0; tries < 40 && !(await by(admin, 'forward').count()); tries++) {
      await admin.waitForTimeout(500)
      await admin.reload()
      await by(admin, 'forward-state').selectOption('sent')
      await admin.waitForTimeout(300)
    }
    await by(admin, 'forward').getByText(sent.protocol).first().waitFor()
    await admin.goto(`${PORTAL}/reports/${sent.id}`)
    await admin.getByText('Προωθήθηκε σε άλλον φορέα').waitFor()
    await picture(admin, 'phone-report-forwarded-el')
    await admin.goto(`${PORTAL}/forwarding`)
    await by(admin, 'forwarding-remove').click()
    await by(admin, 'forwarding-remove-go').click()
    await by(admin, 'forwarding-body').waitFor({ state: 'detached' })
  })
})
