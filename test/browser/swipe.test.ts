// Two states of the town under one divider: school zones today and after a change, or one layer beside another.
import { setTimeout as wait } from 'node:timers/promises'
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
import { until } from '../support/until.ts'

const [ZONE, THEN] = ['school_zone_primary', '2031-09-01']
const VIEW = 'at=23.7571,36.3353,14'

interface Maps {
  astyMap: Shown
  astyBeside?: Shown & { loaded: () => boolean; areTilesLoaded: () => boolean }
}
interface Shown {
  getCenter: () => { lng: number; lat: number }
  getZoom: () => number
  getLayersOrder: () => string[]
  queryRenderedFeatures: (options: object) => { properties: { code: string } }[]
}

const besideIsDrawn = async (page: Page): Promise<void> => {
  await mapIsDrawn(page)
  await page.waitForFunction(() => {
    const { astyBeside: beside } = globalThis as unknown as Maps
    return beside?.loaded() && beside.areTilesLoaded() && beside.getLayersOrder().length > 5
  })
}
/** Codes of the zones that a side draws. */
const codes = (page: Page, side: 'astyMap' | 'astyBeside'): Promise<string[]> =>
  page.evaluate(
    ([side, zone]) => {
      const map = (globalThis as unknown as Required<Maps>)[side as keyof Maps]
      const layers = map.getLayersOrder().filter((id) => id.startsWith(`overlay:${zone}:`))
      return [...new Set(map.queryRenderedFeatures({ layers }).map(({ properties }) => properties.code))].sort()
    },
    [side, ZONE] as const,
  )
/** The map on the right takes its tiles of that day. */
const showsThen = (page: Page) =>
  page.waitForFunction((then) => {
    const { astyBeside } = globalThis as unknown as { astyBeside: { getSource: (id: string) => { tiles: string[] } | undefined } } // prettier-ignore
    return astyBeside.getSource('overlay:school_zone_primary')?.tiles[0]?.endsWith(`at=${then}`)
  }, THEN)
const overlays = (page: Page, side: 'astyMap' | 'astyBeside'): Promise<string[]> =>
  page.evaluate((side) => {
    const map = (globalThis as unknown as Required<Maps>)[side]
    return [...new Set(map.getLayersOrder().flatMap((id) => id.match(/^overlay:(.+):/)?.[1] ?? []))]
  }, side)
/** Both look at the same place. */
const isTogether = (page: Page): Promise<boolean> =>
  page.evaluate(() => {
    const { astyMap, astyBeside } = globalThis as unknown as Required<Maps>
    const [a, b] = [astyMap.getCenter(), astyBeside.getCenter()]
    return Math.abs(a.lng - b.lng) < 1e-9 && Math.abs(a.lat - b.lat) < 1e-9 && astyMap.getZoom() === astyBeside.getZoom() // prettier-ignore
  })
const split = async (page: Page) => Number(await by(page, 'swipe-divider').getAttribute('aria-valuenow'))

describe('two days side by side', () => {
  /** The zone that ends before the day. */
  let gone: string

  before(async () => {
    const desk = await open('/sign-in', DESKTOP)
    await signInAt(desk, 'gis@demo.example')
    await desk.waitForURL((url) => url.pathname !== '/sign-in')
    await desk.goto(`${PORTAL}/layers/${ZONE}/fields`)
    await by(desk, 'field-date').click()
    await by(desk, 'field-date').waitFor({ state: 'detached' })
    gone = await desk.evaluate(async (url) => {
      const session = (await (await fetch('/api/session')).json()) as { csrf: string }
      const headers = { 'If-Match': '*', 'Content-Type': 'application/geo+json', 'X-CSRF-Token': session.csrf } // prettier-ignore
      const { features } = (await (await fetch(`${url}?limit=1&bbox=23.7571,36.3353,23.7572,36.3354`)).json()) as { features: { id: string; properties: { code: string } }[] } // prettier-ignore
      const [zone] = features
      const { status } = await fetch(`${url}/${zone!.id}`, { method: 'PATCH', headers, body: JSON.stringify({ type: 'Feature', properties: { valid_to: '2031-08-31' } }) }) // prettier-ignore
      if (status !== 204) throw new Error(String(status))
      return zone!.properties.code
    }, `/ogc/collections/${ZONE}/items`)
    await desk.context().close()
  })

  for (const [name, options, dayName, todayName] of [
    ['phone-el', PHONE, '1 Σεπτεμβρίου 2031', 'Σήμερα'],
    ['desktop-en-dark', { ...DESKTOP, colorScheme: 'dark' as const }, '1 September 2031', 'Today'],
  ] as const)
    it(`are swiped by keyboard and mouse, shared by link and left without a trace (${name})`, async () => {
      // Tiles of today are slow: the right side asks for another day while they are on their way.
      const page = await open(`/layers?${VIEW}&layers=${ZONE}`, options, (context) =>
        context.route(new RegExp(`/tiles/${ZONE}/(?!.*${THEN})`), async (route) => {
          await wait(1500)
          await route.continue()
        }),
      )
      await picture(page, `${name}-layers-tools`)
      await by(page, 'to-swipe').click()
      await by(page, 'swipe-divider').waitFor()
      await by(page, 'swipe-day').fill(THEN)
      await page.waitForURL((url) => url.searchParams.get('vs_day') === THEN)
      await by(page, 'swipe-right').getByText(dayName).waitFor()
      expect(await by(page, 'swipe-left').innerText()).to.equal(todayName)
      await showsThen(page)
      await besideIsDrawn(page)
      await until(async () => {
        const [left, right] = [await codes(page, 'astyMap'), await codes(page, 'astyBeside')]
        return left.includes(gone) && String(right) === String(left.filter((code) => code !== gone))
      })
      await picture(page, `${name}-swipe-days`)
      await expectAccessible(page, `${name}, two days`)

      const divider = by(page, 'swipe-divider')
      await divider.focus()
      for (const key of ['ArrowLeft', 'ArrowLeft', 'ArrowRight', 'PageUp']) await page.keyboard.press(key)
      expect(await split(page)).to.equal(58)
      await page.keyboard.press('Home')
      expect(await split(page)).to.equal(0)
      const box = (await by(page, 'swipe-stage').boundingBox())!
      // Where the zone was, and neither words nor the divider lie over it.
      const clip = { x: box.x + box.width * 0.4, y: box.y + 110, width: box.width * 0.4, height: 140 }
      await picture(page, `${name}-swipe-all-right`)
      const shot = await page.screenshot({ clip })
      await page.keyboard.press('End')
      expect(await split(page)).to.equal(100)
      expect(shot.equals(await page.screenshot({ clip })), 'the same picture on both sides').to.equal(false)
      const knob = (await divider.locator('span').boundingBox())!
      expect(knob.width).to.be.at.least(44)
      const y = knob.y + knob.height / 2
      await page.mouse.move(box.x + box.width - 10, y)
      await page.mouse.down()
      await page.mouse.move(box.x + box.width * 0.5, y)
      await page.mouse.move(box.x + box.width * 0.3, y)
      await page.mouse.up()
      expect(await split(page)).to.be.within(29, 31)

      // Either side leads.
      for (const x of [box.x + box.width * 0.1, box.x + box.width * 0.8]) {
        const before = await page.evaluate(`astyMap.getCenter().lng`)
        const isBeside = await page.evaluate(
          `document.elementFromPoint(${x}, ${y + 40}).closest('[data-test="swipe-stage"]') !== null`,
        )
        expect(isBeside).to.equal(x > box.x + box.width * 0.3)
        await page.mouse.move(x, y + 40)
        await page.mouse.down()
        await page.mouse.move(x + 20, y + 60)
        await page.mouse.move(x + 40, y + 70)
        await page.mouse.up()
        await page.waitForTimeout(400)
        expect(await page.evaluate(`astyMap.getCenter().lng`)).to.not.equal(before)
        expect(await isTogether(page)).to.equal(true)
      }
      await page.waitForURL((url) => url.searchParams.has('split'))

      const other = await open(new URL(page.url()).pathname + new URL(page.url()).search, options)
      await besideIsDrawn(other)
      expect(await split(other)).to.equal(await split(page))
      await by(other, 'swipe-right').getByText(dayName).waitFor()
      await showsThen(other)

      await page.goBack()
      await by(page, 'to-swipe').waitFor()
      expect(await page.locator('canvas').count()).to.equal(1)
      expect(await by(page, 'swipe-stage').count()).to.equal(0)
      expect(await page.evaluate(`'astyBeside' in globalThis`)).to.equal(false)
      expect(new URL(page.url()).searchParams.has('vs_day')).to.equal(false)
    })
})

describe('two sets of layers side by side', () => {
  it('are chosen in one table, and shown with their legends', async () => {
    for (const [name, options] of [
      ['phone-en-dark', { ...PHONE, locale: 'en-GB', colorScheme: 'dark' as const }],
      ['desktop-el', { ...DESKTOP, locale: 'el-GR' }],
    ] as const) {
      const page = await open(`/swipe?${VIEW}&layers=land_use_zone&vs_layers=district:60&split=40`, options)
      await besideIsDrawn(page)
      expect(await overlays(page, 'astyMap')).to.deep.equal(['land_use_zone'])
      expect(await overlays(page, 'astyBeside')).to.deep.equal(['district'])
      await by(page, 'swipe-right-bus_line').click()
      await page.waitForURL((url) => url.searchParams.get('vs_layers') === 'district:60,bus_line')
      await by(page, 'swipe-left-land_use_zone').click()
      await page.waitForURL((url) => url.searchParams.get('layers') === 'none')
      await besideIsDrawn(page)
      expect(await overlays(page, 'astyMap')).to.deep.equal([])
      expect(await overlays(page, 'astyBeside')).to.have.members(['district', 'bus_line'])
      await picture(page, `${name}-swipe-layers`)
      await expectAccessible(page, `${name}, two sets of layers`)
      const legend = by(page, 'legend').last()
      await legend.scrollIntoViewIfNeeded()
      await picture(page, `${name}-swipe-legend`)
      // Another language draws both maps anew.
      await by(page, 'language-switch').click()
      await by(page, 'swipe-left')
        .getByText(name.includes('en') ? 'Χωρίς επίπεδα' : 'No layers')
        .waitFor()
      await until(async () => (await overlays(page, 'astyBeside')).length === 2)
    }
  })

  it('takes an address that says nonsense for none', async () => {
    const page = await open(`/swipe?${VIEW}&layers=none&vs_day=2031-13-99&split=abc`, PHONE)
    await besideIsDrawn(page)
    expect(await split(page)).to.equal(50)
    expect(await by(page, 'swipe-day').inputValue()).to.equal('')
    expect(await page.locator('.note.bad').count(), 'the server was asked about a day that is none').to.equal(0)
  })
})
