// One report, three work orders of three departments: who closes it knows what is still open, and is asked when the last is done.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

async function send(): Promise<{ id: string; protocol: string }> {
  const response = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      category: 'pothole',
      location: { type: 'Point', coordinates: [23.7571, 36.3353] },
      description: 'Οι ρίζες σήκωσαν τον δρόμο και έσπασε ο σωλήνας',
    }),
  })
  return (await response.json()) as { id: string; protocol: string }
}

async function signedIn(email: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await by(page, 'desk-item').first().waitFor()
  return page
}

/** As the phone of a crew says it. */
const done = (page: Page, order: string, note: string) =>
  page.evaluate(
    async ({ order, note }) => {
      const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
      const answer = await fetch(`/api/staff/work/${order}/acts`, {
        method: 'POST',
        headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf },
        body: JSON.stringify({ act: 'done', at: new Date().toISOString(), note }),
      })
      if (!answer.ok) throw new Error(await answer.text())
    },
    { order, note },
  )

describe('a report with three work orders', () => {
  for (const [name, options] of [
    ['desktop-several-en-dark', { ...DESKTOP, colorScheme: 'dark' as const }],
    ['phone-several-el', PHONE],
  ] as const)
    it(`is closed knowing what is open, or when the last is done (${name})`, async function () {
      this.timeout(300_000)
      const { id, protocol } = await send()
      const head = await signedIn('head@demo.example', options)
      const others = await signedIn('admin@demo.example', DESKTOP)
      await head.goto(`${PORTAL}/desk/${id}`)
      for (const [n, department] of ['technical-service', 'green', 'water'].entries()) {
        await by(head, 'work-new').click()
        await by(head, 'work-task').fill(`${name} ${department}`)
        await by(head, 'work-department').selectOption(department)
        await by(head, 'work-make').click()
        await by(head, 'linked-order').nth(n).waitFor()
      }
      await by(head, 'linked-work').scrollIntoViewIfNeeded()
      await picture(head, name)
      await expectAccessible(head, name)
      const orders = await head.evaluate(async (report) => {
        const { linked } = (await (await fetch(`/api/staff/reports/${report}/work`)).json()) as { linked: { id: string; protocol: string }[] } // prettier-ignore
        return linked
      }, id)

      await done(others, orders[0]!.id, 'Η λακκούβα έκλεισε')
      await head.goto(`${PORTAL}/desk/work/${orders[0]!.id}`)
      await by(head, 'open-work').getByText(orders[2]!.protocol).waitFor()
      expect(await by(head, 'open-work').locator('li').count()).to.equal(2)
      expect(await by(head, 'close-go').isDisabled(), 'it waits unless somebody says otherwise').to.equal(true)
      await by(head, 'close-reports').getByRole('checkbox').check()
      await by(head, 'close-go').click()
      await head.locator('[data-test="close-anyway"]:focus').waitFor()
      await by(head, 'close-ask').scrollIntoViewIfNeeded()
      await picture(head, `${name}-asks`)
      await expectAccessible(head, `${name}, asking`)
      await by(head, 'close-wait').click()

      await done(others, orders[1]!.id, 'Κόπηκαν οι ρίζες')
      await head.goto(`${PORTAL}/desk/work`)
      await by(head, 'board-column').first().waitFor()
      const waiting = by(head, 'to-close').getByText(protocol)
      expect(await waiting.count()).to.equal(0)
      // Another department does the last: it is heard of at once.
      await done(others, orders[2]!.id, 'Ο σωλήνας επισκευάστηκε')
      await waiting.waitFor()
      await waiting.scrollIntoViewIfNeeded()
      await picture(head, `${name}-board`)
      await expectAccessible(head, `${name}, board`)

      await head.goto(`${PORTAL}/desk/${id}`)
      await by(head, 'close-proposal').scrollIntoViewIfNeeded()
      expect(await by(head, 'proposal-note').inputValue()).to.equal('Ο σωλήνας επισκευάστηκε')
      await picture(head, `${name}-proposal`)
      await expectAccessible(head, `${name}, proposal`)
      await by(head, 'proposal-close').click()
      await by(head, 'close-proposal').waitFor({ state: 'detached' })
      const { properties } = (await (await fetch(`${PORTAL}/api/reports/${id}`)).json()) as { properties: { status: string } } // prettier-ignore
      expect(properties.status).to.equal('resolved')
      await others.context().close()
    })
})
