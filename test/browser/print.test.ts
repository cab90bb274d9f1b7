// The map arranged for paper, and the paper.
import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, mapIsDrawn, open, PHONE, picture, PORTAL } from '../support/browser.ts'

/** The corners of the frame on the screen, as places in the Greek Grid; metres. */
async function frameOnGround(page: Page): Promise<[east: number, north: number][]> {
  const path = String(await by(page, 'print-frame').getAttribute('d'))
  const corners = [...path.matchAll(/(-?[\d.]+) (-?[\d.]+)/g)].map(([, x, y]): [number, number] => [Number(x), Number(y)]) // prettier-ignore
  const places = await page.evaluate((points) => {
    const { astyMap } = globalThis as unknown as { astyMap: { unproject: (at: [number, number]) => { lng: number; lat: number } } } // prettier-ignore
    return points.map((at) => astyMap.unproject(at)).map(({ lng, lat }): [number, number] => [lng, lat])
  }, corners)
  return Promise.all(
    places.map(async ([lon, lat]): Promise<[number, number]> => {
      const { grid } = (await (await fetch(`${PORTAL}/api/where?lon=${lon}&lat=${lat}`)).json()) as { grid: { east: number; north: number } } // prettier-ignore
      return [grid.east, grid.north]
    }),
  )
}

/** Width and height of the frame, metres in the Greek Grid; and how far it is turned, as a share of its width. */
async function sizeOnGround(page: Page) {
  const [nw, ne, se] = (await frameOnGround(page)) as [[number, number], [number, number], [number, number]]
  return { width: ne[0] - nw[0], height: ne[1] - se[1], turn: Math.abs(ne[1] - nw[1]) / (ne[0] - nw[0]) }
}

describe('the map for paper', () => {
  it('shows on a phone what will be printed, true to the scale, wherever the map goes', async () => {
    const page = await open('/layers?at=23.7530,36.3360,16&layers=poi,bin:60', PHONE)
    await by(page, 'to-print').click()
    await by(page, 'print-frame').waitFor({ state: 'attached' })
    await by(page, 'print-scale').selectOption('2000')
    await page.waitForURL(/scale=2000/)
    await mapIsDrawn(page)
    await picture(page, 'phone-print-el')
    await expectAccessible(page, 'print on a phone')
    const here = await sizeOnGround(page)
    // A pixel is about a metre there.
    expect(here.width, 'width').to.be.closeTo(360, 1.5)
    expect(here.height, 'height').to.be.closeTo(352, 1.5)
    expect(here.turn, 'as the grid lies, not as the screen').to.be.lessThan(0.004)
    await page.evaluate('astyMap.jumpTo({ center: [23.7, 36.4] })')
    const [west] = await frameOnGround(page)
    await page.evaluate('astyMap.jumpTo({ center: [23.72, 36.4] })')
    const [east] = await frameOnGround(page)
    expect(east![0] - west![0], 'follows').to.be.closeTo(1793, 10)
    await by(page, 'print-a3').check()
    await by(page, 'print-landscape').check()
    await page.waitForURL(/paper=a3.*orientation=landscape/)
    await mapIsDrawn(page)
    const lying = await sizeOnGround(page)
    expect(lying.width / lying.height).to.be.closeTo(310 / 225, 0.01)
    expect(lying.width).to.be.closeTo(620, 3)
    await page.context().close()
  })

  it('is saved as a sheet of what the frame shows', async () => {
    const page = await open('/print?at=23.7530,36.3360,16&layers=school,bus_line:50&scale=5000', { ...DESKTOP, colorScheme: 'dark' }) // prettier-ignore
    await by(page, 'print-frame').waitFor({ state: 'attached' })
    expect(await by(page, 'print-layers').locator('li').allTextContents()).to.deep.equal(['Schools', 'Bus lines'])
    await by(page, 'print-title').fill('Way to school')
    await mapIsDrawn(page)
    await picture(page, 'desktop-print-en-dark')
    await expectAccessible(page, 'print on a desktop')
    const asked = page.waitForRequest(/map\.pdf/)
    const [download] = await Promise.all([page.waitForEvent('download'), by(page, 'print-go').press('Enter')])
    expect(download.suggestedFilename()).to.equal('Way to school 1-5000.pdf')
    expect(
      readFileSync(await download.path())
        .subarray(0, 5)
        .toString(),
    ).to.equal('%PDF-')
    const { searchParams } = new URL((await asked).url())
    expect(Object.fromEntries(searchParams)).to.deep.include({ scale: '5000', paper: 'a4', orientation: 'portrait', layers: 'school,bus_line:50', title: 'Way to school', language: 'en' }) // prettier-ignore
    expect(Number(searchParams.get('lon'))).to.be.closeTo(23.753, 1e-4)
    await page.getByRole('status').filter({ hasText: 'actual size' }).waitFor()
    await page.context().close()
  })

  it('says what happened when there is no sheet', async () => {
    const page = await open('/print?at=23.7530,36.3360,16&layers=school', DESKTOP)
    await page.evaluate('astyMap.jumpTo({ center: [2, 48] })')
    await by(page, 'print-go').click()
    await page.getByRole('alert').filter({ hasText: 'move the map to Greece' }).waitFor()
    await page.context().close()
  })
})
