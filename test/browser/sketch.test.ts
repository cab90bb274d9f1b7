// Somebody draws where the fair will be and sends the link; somebody else opens it, and draws on.
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, mapIsDrawn, open, PHONE, picture, PORTAL } from '../support/browser.ts'

type Position = [number, number]
const HERE = '23.7571,36.3353,17'
const STALLS: Position = [23.7565, 36.3357]
const ROAD: Position[] = [[23.7562, 36.3351], [23.7571, 36.3353], [23.758, 36.3351]] // prettier-ignore
const WORDS = 'Πάγκοι <b>εδώ</b> & εκεί'

/** Where a place is on the page. */
const pixel = (page: Page, at: Position): Promise<{ x: number; y: number }> =>
  page.evaluate((at) => {
    const { astyMap } = globalThis as unknown as { astyMap: { project: (at: unknown) => { x: number; y: number }; getContainer: () => { getBoundingClientRect: () => { left: number; top: number } } } } // prettier-ignore
    const { x, y } = astyMap.project(at)
    const { left, top } = astyMap.getContainer().getBoundingClientRect()
    return { x: x + left, y: y + top }
  }, at)
async function tap(page: Page, at: Position): Promise<void> {
  const { x, y } = await pixel(page, at)
  await page.mouse.click(x, y)
}
const choose = (page: Page, tool: string) => page.locator(`label:has([data-test="sketch-${tool}"])`).click()
const link = (page: Page) => by(page, 'sketch-link').inputValue()
/** Waits until the address tells the same as the link. */
const isWritten = async (page: Page) => {
  const { hash } = new URL(await link(page))
  await page.waitForURL((url) => url.hash === hash)
}
const items = (page: Page) => by(page, 'sketch-press').allInnerTexts()
const drawnOn = (page: Page): Promise<{ type: string; label?: string }[]> =>
  page.evaluate(() => {
    const { astyMap } = globalThis as unknown as { astyMap: { queryRenderedFeatures: (o: object) => { geometry: { type: string }; properties: { label?: string } }[] } } // prettier-ignore
    const layers = ['fill', 'line', 'dot', 'beside', 'within'].map((part) => `sketch:${part}`)
    return astyMap.queryRenderedFeatures({ layers }).map(({ geometry, properties }) => ({ type: geometry.type.replace('Multi', ''), label: properties.label })) // prettier-ignore
  })

describe('a sketch', () => {
  for (const [name, drawer, reader] of [
    ['phone-el', PHONE, { ...DESKTOP, colorScheme: 'dark' as const }],
    ['desktop-en', DESKTOP, { ...PHONE, colorScheme: 'dark' as const }],
  ] as const)
    it(`is drawn, named and sent by link, and read where it is opened (${name})`, async () => {
      const page = await open(`/layers?at=${HERE}&layers=none`, drawer)
      await by(page, 'to-sketch').click()
      await by(page, 'sketch-point').waitFor({ state: 'attached' })
      await picture(page, `${name}-sketch-empty`)
      await tap(page, STALLS)
      await by(page, 'sketch-label').fill(WORDS)
      await page.locator('label:has([data-test="sketch-colour-orange"])').click()
      await choose(page, 'line')
      // A double tap is no line.
      await tap(page, ROAD[0]!)
      for (const corner of ROAD) await tap(page, corner)
      await picture(page, `${name}-sketch-drawing`)
      await expectAccessible(page, `${name}, while drawing`)
      await tap(page, ROAD[2]!)
      await by(page, 'sketch-finish').waitFor({ state: 'detached' })
      await by(page, 'sketch-label').fill('Παράκαμψη')
      await isWritten(page)

      // A corner is dragged; one step back, and it is where it was.
      const before = await link(page)
      const [from, to] = [await pixel(page, ROAD[1]!), await pixel(page, [23.7571, 36.3356])]
      await page.mouse.move(from.x, from.y)
      await page.mouse.down()
      await page.mouse.move((from.x + to.x) / 2, (from.y + to.y) / 2)
      await page.mouse.move(to.x, to.y)
      await page.mouse.up()
      const dragged = await link(page)
      expect(dragged).to.not.equal(before)
      await by(page, 'sketch-undo').click()
      expect(await link(page)).to.equal(before)

      // Without a mouse: corners at the centre of the map, and their places as numbers.
      await by(page, 'sketch-area').focus()
      await page.keyboard.press('Space')
      for (const by of [[60, 0], [0, 40], [-60, 0]]) {
        await page.evaluate(`astyMap.panBy([${by}], { animate: false })`)
        await page.locator('[data-test="sketch-centre"]').press('Enter')
      } // prettier-ignore
      await by(page, 'sketch-finish').press('Enter')
      await by(page, 'sketch-label').fill('Σκηνή')
      await by(page, 'sketch-by-hand').press('Enter')
      await by(page, 'edit-corner').fill('2')
      await by(page, 'edit-corner').blur()
      await by(page, 'edit-lon').fill('23.7585')
      await by(page, 'edit-lon').blur()
      await picture(page, `${name}-sketch-by-hand`)
      await expectAccessible(page, `${name}, by hand`)
      expect(await items(page)).to.have.length(3)
      await by(page, 'sketch-link').scrollIntoViewIfNeeded()
      await picture(page, `${name}-sketch-share`)
      const sent = await link(page)
      expect(sent).to.match(/\/sketch\?layers=none#sketch=1[\w-]+$/)
      await isWritten(page)

      const other = await open(sent.slice(PORTAL.length), reader)
      await by(other, 'sketch-received').waitFor()
      const names = async (of: Page) => (await items(of)).map((text) => text.split('\n')[0])
      expect(await names(other)).to.deep.equal([WORDS, 'Παράκαμψη', 'Σκηνή'])
      expect(await other.locator('#panel b').count(), 'words are words').to.equal(0)
      await mapIsDrawn(other)
      await other.waitForTimeout(300)
      await picture(other, `${name}-sketch-received`)
      await expectAccessible(other, `${name}, received`)
      const drawn = await drawnOn(other)
      expect(new Set(drawn.map(({ type }) => type))).to.deep.equal(new Set(['Point', 'LineString', 'Polygon']))
      expect(drawn.map(({ label }) => label).filter(Boolean)).to.include.members([WORDS, 'Σκηνή'])
      await by(other, 'sketch-mine').click()
      await by(other, 'sketch-press').first().click()
      await by(other, 'sketch-remove').click()
      expect(await items(other)).to.have.length(2)
      await isWritten(other)
      await other.reload()
      await by(other, 'sketch-received').waitFor()
      expect(await items(other)).to.have.length(2)
    })

  it('says so when its link was cut, and leaves room for a new one', async () => {
    const page = await open(`/sketch?at=${HERE}#sketch=1AQAg`, PHONE)
    await by(page, 'sketch-broken').waitFor()
    await picture(page, 'phone-el-sketch-broken')
    await expectAccessible(page, 'a broken link')
    await tap(page, STALLS)
    expect(await items(page)).to.have.length(1)
    await isWritten(page)
    expect(await by(page, 'sketch-broken').count()).to.equal(0)
    // The link to the panel is no new sketch.
    await page.locator('a.skip').focus()
    await page.keyboard.press('Enter')
    await isWritten(page)
    expect(await items(page)).to.have.length(1)
  })

  it('goes into a file and comes back from it; what is too large for a link is said', async () => {
    const page = await open(`/sketch?at=${HERE}`, DESKTOP)
    await tap(page, STALLS)
    await by(page, 'sketch-label').fill('Stalls')
    const waiting = page.waitForEvent('download')
    await by(page, 'sketch-download').click()
    const file = readFileSync(await (await waiting).path(), 'utf8')
    const [feature] = (JSON.parse(file) as { features: { properties: { name: string }; geometry: { coordinates: Position } }[] }).features // prettier-ignore
    expect(feature!.properties.name).to.equal('Stalls')
    expect(feature!.geometry.coordinates[0]).to.be.closeTo(STALLS[0], 1e-4)
    const give = (text: string) => by(page, 'sketch-file').setInputFiles({ name: 'a.geojson', mimeType: 'application/geo+json', buffer: Buffer.from(text) }) // prettier-ignore
    await give('<html>')
    await by(page, 'sketch-file-error').waitFor()
    expect(await items(page)).to.have.length(1)
    await give(file)
    await by(page, 'sketch-press').nth(1).waitFor()
    expect(await by(page, 'sketch-file-error').count()).to.equal(0)
    const wide = Array.from({ length: 1500 }, (_, n) => [23.75 + (n % 50) * 0.001, 36.33 + n * 1e-5])
    await give(JSON.stringify({ type: 'Feature', properties: {}, geometry: { type: 'LineString', coordinates: wide } }))
    await by(page, 'sketch-too-large').waitFor()
    await by(page, 'sketch-too-large').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-en-sketch-too-large')
    await expectAccessible(page, 'too large for a link')
    await page.waitForURL((url) => url.hash === '')
    await by(page, 'sketch-undo').click()
    await isWritten(page)
    expect(await items(page)).to.have.length(2)
  })
})
