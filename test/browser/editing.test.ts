// Officers at the map: one draws a district beside another and snaps, two change the same, a sliver is given away, and the open map follows.
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

type Position = [number, number]
interface Feature {
  id: string
  version: string
  geometry: { coordinates: Position[][][] }
}

const BOX = (west: number, south: number, east: number, north: number): Position[] => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]
// Digits that no map would round to, and a sliver between b and c.
const EDGE = 23.757123456789
const ZONES = [
  ['Α', BOX(23.75512345678912, 36.33412345678912, EDGE, 36.33612345678912)],
  ['Β', BOX(23.75912345678912, 36.33412345678912, 23.7611, 36.33612345678912)],
  ['Γ', [[23.7611, 36.33412345678912], [23.763, 36.33412345678912], [23.763, 36.33612345678912], [23.7611, 36.33612345678912], [23.7612, 36.3351], [23.7611, 36.33412345678912]]],
] as const // prettier-ignore

const FILE = JSON.stringify({
  type: 'FeatureCollection',
  features: ZONES.map(([code, ring]) => ({ type: 'Feature', properties: { kodikos: code, pupils: 120 }, geometry: { type: 'Polygon', coordinates: [ring] } })), // prettier-ignore
})

async function desk(options: Parameters<typeof open>[1], path: string): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, 'gis@demo.example')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto(PORTAL + path)
  return page
}

/** The page's own session, for what the screen does not show. */
const features = (page: Page): Promise<Feature[]> =>
  page.evaluate(async () => ((await (await fetch('/api/staff/layers/zone/features')).json()) as { features: never[] }).features) // prettier-ignore

const pixel = (page: Page, at: Position): Promise<{ x: number; y: number }> =>
  page.evaluate((at) => {
    const { astyMap } = globalThis as unknown as { astyMap: { project: (at: unknown) => { x: number; y: number }; getContainer: () => { getBoundingClientRect: () => { left: number; top: number } } } } // prettier-ignore
    const { x, y } = astyMap.project(at)
    const { left, top } = astyMap.getContainer().getBoundingClientRect()
    return { x: x + left, y: y + top }
  }, at)

async function tap(page: Page, at: Position, aside = 0): Promise<void> {
  const { x, y } = await pixel(page, at)
  await page.mouse.click(x + aside, y + aside)
}

async function drag(page: Page, from: Position, to: Position, aside = 0): Promise<void> {
  const [a, b] = [await pixel(page, from), await pixel(page, to)]
  await page.mouse.move(a.x, a.y)
  await page.mouse.down()
  await page.mouse.move((a.x + b.x) / 2, (a.y + b.y) / 2)
  await page.mouse.move(b.x + aside, b.y + aside)
  await page.mouse.up()
}

const VIEW = '?at=23.7581,36.3351,16.5&layers=zone'

describe('editing features', () => {
  let officer: Page

  it('draws a polygon that takes over the corners of its neighbours, and saves it', async () => {
    officer = await desk({ ...DESKTOP, locale: 'el-GR' }, '/layers/import')
    await by(officer, 'import-file').setInputFiles({ name: 'zone.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(FILE) }) // prettier-ignore
    await by(officer, 'import-load').waitFor()
    await by(officer, 'import-title-el').fill('Ζώνες')
    await by(officer, 'import-title-en').fill('Zones')
    await by(officer, 'import-slug').fill('zone')
    await by(officer, 'import-title-field').selectOption('kodikos')
    await by(officer, 'import-key-field').selectOption('kodikos')
    await by(officer, 'import-public').check()
    await by(officer, 'import-load').click()
    await by(officer, 'import-done').waitFor()
    await officer.goto(`${PORTAL}/layers/zone/edit${VIEW}`)
    await by(officer, 'edit-item').nth(2).waitFor()
    await mapIsDrawn(officer)
    await picture(officer, 'desktop-edit-list-el')
    await expectAccessible(officer, 'features to edit')
    await by(officer, 'edit-new').click()
    const [, [, west]] = [null, ZONES[0]]
    const [, east] = ZONES[1]
    for (const corner of [west[1]!, east[0]!, east[3]!, west[2]!]) await tap(officer, corner, 3)
    await by(officer, 'edit-finish').click()
    await by(officer, 'edit-field-kodikos').fill('Δ')
    await by(officer, 'edit-field-pupils').fill('80')
    await by(officer, 'edit-field-pupils').blur()
    await picture(officer, 'desktop-edit-drawn-el')
    await expectAccessible(officer, 'a feature being drawn')
    await officer.reload()
    await by(officer, 'edit-save').click()
    await by(officer, 'edit-saved').waitFor()
    const made = (await features(officer)).at(-1)!
    expect(made.geometry.coordinates[0]![0], 'to the last digit').to.deep.equal([west[1], east[0], east[3], west[2], west[1]]) // prettier-ignore
  })

  it('keeps both versions when two officers change the same', async () => {
    const second = await desk({ ...DESKTOP, colorScheme: 'dark' }, `/layers/zone/edit${VIEW}`)
    for (const page of [officer, second]) {
      await by(page, 'edit-item').filter({ hasText: 'Δ' }).click()
      await by(page, 'edit-title').filter({ hasText: 'Δ' }).waitFor()
    }
    await by(officer, 'edit-field-pupils').fill('90')
    await by(officer, 'edit-save').click()
    await by(officer, 'edit-saved').waitFor()
    // A corner by the keyboard, and undone and done again.
    await by(second, 'edit-corner').fill('1')
    await by(second, 'edit-corner').blur()
    await by(second, 'edit-north').click()
    const moved = await by(second, 'edit-lat').inputValue()
    await by(second, 'edit-undo').click()
    expect(await by(second, 'edit-lat').inputValue()).to.not.equal(moved)
    await by(second, 'edit-redo').click()
    await by(second, 'edit-save').click()
    await by(second, 'edit-conflict').waitFor()
    await by(second, 'edit-conflict').locator('summary').first().click()
    await by(second, 'edit-conflict').getByText('90').waitFor()
    await picture(second, 'desktop-edit-conflict-en-dark')
    await expectAccessible(second, 'a conflict')
    await by(second, 'edit-mine').click()
    await by(second, 'edit-saved').waitFor()
    const data = (await (await fetch(`${PORTAL}/opendata/zone.geojson`)).json()) as { features: { properties: { kodikos: string; pupils: number } }[] } // prettier-ignore
    const zone = data.features.find(({ properties }) => properties.kodikos === 'Δ')!
    expect(zone.properties.pupils, 'what only the first has changed stays').to.equal(90)
    await second.context().close()
  })

  it('shows where an outline crosses itself, after a corner was dragged', async () => {
    await by(officer, 'edit-item').filter({ hasText: 'Α' }).click()
    await by(officer, 'edit-title').filter({ hasText: 'Α' }).waitFor()
    await mapIsDrawn(officer)
    const [, ring] = ZONES[0]
    await drag(officer, ring[0]!, [23.7568, 36.33622])
    await by(officer, 'edit-save').click()
    await by(officer, 'edit-error').waitFor()
    await picture(officer, 'desktop-edit-broken-el')
    await by(officer, 'edit-close').click()
  })

  it('gives a sliver to a neighbour, in the dark, on a phone', async () => {
    const phone = await desk({ ...PHONE, locale: 'en-GB', colorScheme: 'dark' }, `/layers/zone/edit${VIEW}`)
    await by(phone, 'edit-item').filter({ hasText: 'Β' }).click()
    await by(phone, 'edit-save').waitFor()
    await picture(phone, 'phone-edit-feature-en-dark')
    await expectAccessible(phone, 'a feature on a phone')
    await by(phone, 'edit-close').click()
    await phone.goto(`${PORTAL}/layers/zone/topology`)
    await by(phone, 'topology-give').first().waitFor()
    await by(phone, 'topology-show').first().click()
    await picture(phone, 'phone-topology-en-dark')
    await expectAccessible(phone, 'gaps on a phone')
    for (let left = await by(phone, 'topology-fault').count(); left > 0; left--) {
      await by(phone, 'topology-give').first().click()
      await by(phone, 'topology-mended').waitFor()
      if (left > 1)
        await by(phone, 'topology-fault')
          .nth(left - 1)
          .waitFor({ state: 'detached' })
    }
    await by(phone, 'topology-clean').waitFor()
    await picture(phone, 'phone-topology-clean-en-dark')
  })

  it('shows on an open map what somebody else writes by another door', async () => {
    const citizen = await open(`/${VIEW}`, PHONE)
    await mapIsDrawn(citizen)
    const seen = () =>
      citizen.evaluate(() => {
        const { astyMap } = globalThis as unknown as { astyMap: { getSource: (id: string) => { tiles: string[] } } }
        return astyMap.getSource('overlay:zone').tiles[0]
      })
    const before = await seen()
    // The list holds what is in view, and the officer looked at the other end.
    await officer.goto(`${PORTAL}/layers/zone/edit${VIEW}`)
    await by(officer, 'edit-item').filter({ hasText: 'Γ' }).click()
    await by(officer, 'edit-field-pupils').fill('7')
    await by(officer, 'edit-save').click()
    await by(officer, 'edit-saved').waitFor()
    // As when somebody comes back to the tab.
    await citizen.evaluate(`document.dispatchEvent(new Event('visibilitychange'))`)
    await citizen.waitForFunction((old) => {
      const { astyMap } = globalThis as unknown as { astyMap: { getSource: (id: string) => { tiles: string[] } } }
      return astyMap.getSource('overlay:zone').tiles[0] !== old
    }, before)
    await officer.context().close()
  })
})
