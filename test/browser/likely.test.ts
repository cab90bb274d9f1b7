// What has been reported twice: suggested on the page of a report and for the whole list, joined or ruled out with one tap.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const M_LON = 1 / 89_700 // degrees of longitude in a metre here

async function send(lon: number, description: string): Promise<{ id: string; protocol: string }> {
  const response = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      category: 'pothole',
      location: { type: 'Point', coordinates: [lon, 36.3353] },
      description,
    }),
  })
  return (await response.json()) as { id: string; protocol: string }
}

describe('reports that probably mean the same', () => {
  // Where no other test reports anything.
  for (const [name, options, lon] of [
    ['desktop-likely-en-dark', { ...DESKTOP, colorScheme: 'dark' as const }, 23.7595],
    ['phone-likely-el', PHONE, 23.7555],
  ] as const)
    it(`are joined with one tap, or never suggested again (${name})`, async () => {
      const [main, twin, third, other] = [
        await send(lon, 'Λακκούβα σαν πηγάδι έξω από τον φούρνο'),
        await send(lon + 8 * M_LON, 'Πηγάδι έγινε η λακκούβα στον φούρνο'),
        await send(lon + 4 * M_LON, 'Λακκούβα σαν πηγάδι μπροστά στον φούρνο'),
        await send(lon + 2 * M_LON, 'Λακκούβα έξω από τον φούρνο'),
      ] as const
      const desk = await open('/sign-in', options)
      await signInAt(desk, 'crew@demo.example')
      await by(desk, 'desk-item').first().waitFor()
      await desk.goto(`${PORTAL}/desk/${main.id}`)
      const line = (protocol: string) => desk.locator(`[data-test="likely"][data-protocol="${protocol}"]`)
      await line(twin.protocol).scrollIntoViewIfNeeded()
      await picture(desk, name)
      await expectAccessible(desk, name)
      await line(twin.protocol).locator('[data-test="join-likely"]').click()
      await by(desk, 'desk-merged').getByText(twin.protocol).waitFor()
      await line(twin.protocol).waitFor({ state: 'detached' })
      await line(other.protocol).locator('[data-test="not-same"]').click()
      await line(other.protocol).waitFor({ state: 'detached' })
      await line(third.protocol).waitFor()

      // As staff come to it: from the list, with its filters.
      await desk.goto(`${PORTAL}/desk?category=pothole`)
      await by(desk, 'to-same').click()
      const cluster = desk.locator(`[data-test="cluster"][data-protocol="${main.protocol}"]`)
      await cluster.scrollIntoViewIfNeeded()
      expect(await cluster.getByText(other.protocol).count(), 'ruled out').to.equal(0)
      expect(new URL(desk.url()).searchParams.get('category')).to.equal('pothole')
      await picture(desk, `${name}-list`)
      await expectAccessible(desk, `${name}, list`)
      const item = cluster.locator('[data-test="cluster-other"]', { hasText: third.protocol })
      await item.locator('[data-test="join-likely"]').click()
      await item.waitFor({ state: 'detached' })
      await desk.locator('h1:focus').waitFor()
      await picture(desk, `${name}-joined`)
      await desk.goto(`${PORTAL}/desk/${third.id}`)
      await by(desk, 'desk-main').getByText(main.protocol).waitFor()

      // Three people wait for it now: among the first of those for which most do.
      await desk.goto(`${PORTAL}/desk?sort=people`)
      const joined = desk.locator(`[data-test="desk-item"][data-protocol="${main.protocol}"]`)
      await joined.scrollIntoViewIfNeeded()
      expect(await joined.locator('[data-test="people"]').textContent()).to.match(/^3 /)
      await picture(desk, `${name}-people`)
      await expectAccessible(desk, `${name}, people`)
    })
})
