// A change of zones is entered in advance: whoever asks about that day sees it already.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import {
  by,
  DESKTOP,
  expectAccessible,
  mapIsDrawn,
  open,
  PHONE,
  picture,
  PORTAL,
  signInAt,
} from '../support/browser.ts'

const [TODAY, THEN] = ['2026-01-01', '2031-09-01']
const ZONE = 'school_zone_secondary'

/** Addresses from which the map takes the tiles of the zones. */
const tilesOf = (page: Page) =>
  page.evaluate((slug) => {
    const { astyMap } = globalThis as unknown as { astyMap: { getSource: (id: string) => { tiles: string[] } } }
    return astyMap.getSource(`overlay:${slug}`).tiles[0] ?? ''
  }, ZONE)

describe('a layer that is dated', () => {
  it('is shown as of the day that is asked about', async () => {
    const desk = await open('/sign-in', DESKTOP)
    await signInAt(desk, 'gis@demo.example')
    await desk.waitForURL((url) => url.pathname !== '/sign-in')
    await desk.goto(`${PORTAL}/layers/${ZONE}/fields`)
    await by(desk, 'field-date').click()
    await desk.getByText('Valid until').first().waitFor()
    await by(desk, 'field-date').waitFor({ state: 'detached' })
    await picture(desk, 'desktop-en-fields-dated')

    const status = await desk.evaluate(
      async ([url, valid_from]) => {
        const session = (await (await fetch('/api/session')).json()) as { csrf: string }
        const headers = { 'If-Match': '*', 'Content-Type': 'application/geo+json', 'X-CSRF-Token': session.csrf } // prettier-ignore
        return (await fetch(url!, { method: 'PATCH', headers, body: JSON.stringify({ type: 'Feature', properties: { valid_from } }) })).status // prettier-ignore
      },
      [`/ogc/collections/${ZONE}/items/1`, THEN],
    )
    expect(status).to.equal(204)

    const page = await open(`/layers?layers=${ZONE}&at=23.757,36.336,14`, PHONE)
    await by(page, 'day-ahead').click()
    await page.waitForURL((url) => url.searchParams.get('day') === THEN)
    await page.waitForFunction((then) => {
      const { astyMap } = globalThis as unknown as { astyMap: { getSource: (id: string) => { tiles: string[] } } }
      return astyMap.getSource('overlay:school_zone_secondary').tiles[0]?.endsWith(`at=${then}`)
    }, THEN)
    await mapIsDrawn(page)
    await expectAccessible(page, 'the layers on another day')
    await picture(page, 'phone-el-layers-on-a-day')
    await page.reload()
    await mapIsDrawn(page)
    expect(await by(page, 'day').inputValue(), 'a link to it shows the same day').to.equal(THEN)
    const answered = page.waitForResponse((response) => response.url().includes('/api/where?'))
    await page.goto(`${PORTAL}/place/23.757,36.336?day=${THEN}`)
    expect(new URL((await answered).url()).searchParams.get('at')).to.equal(THEN)
    await page.goto(`${PORTAL}/layers?layers=${ZONE}&day=${THEN}`)
    await by(page, 'day-today').click()
    await page.waitForURL((url) => !url.searchParams.has('day'))
    for (let tries = 0; tries < 50 && (await tilesOf(page)).endsWith(THEN); tries++) await page.waitForTimeout(100)
    expect(await tilesOf(page))
      .to.match(/at=20\d\d-\d\d-\d\d$/)
      .and.not.include(THEN)
    expect((await by(page, 'day').inputValue()) > TODAY).to.equal(true)
  })
})
