// "Which lamp is it?": the pin goes to the nearest, and who finds it reported already follows with one tap.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, mapIsDrawn, open, openPlain, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts' // prettier-ignore

type Feature = { id: string; geometry: { coordinates: [number, number] }; properties: { protocol: string } }
interface Draft {
  at: [number, number]
  asset?: { key: string } | null
}
const draftOf = (page: Page): Promise<Draft> => page.evaluate(`JSON.parse(localStorage.getItem('asty.draft') ?? '{}')`)
const reports = async (query: string) =>
  ((await (await fetch(`${PORTAL}/api/reports?${query}`)).json()) as { features: Feature[] }).features
const dark = (status: string) => reports(`category=street-light-out&status=${status}&limit=200`)
const withAsset = async (features: Feature[]): Promise<Feature & { asset: { key: string } }> => {
  for (const { id } of features) {
    const one = (await (await fetch(`${PORTAL}/api/reports/${id}`)).json()) as Feature & { asset: { key: string } | null }
    if (one.asset) return one as Feature & { asset: { key: string } }
  }
  throw new Error('no report about a lamp')
} // prettier-ignore

async function toLamp(page: Page): Promise<void> {
  await by(page, 'place-centre').click()
  await by(page, 'step-place-confirm').click()
  await by(page, 'category-search').fill('lampa')
  await page.locator('[data-category="street-light-out"]').click()
  await by(page, 'asset').first().waitFor()
}

describe('a report about a thing on the map', () => {
  it('finds it, says that it is reported already, and follows with one tap on a phone', async () => {
    const known = await withAsset(await dark('open'))
    const [lon, lat] = known.geometry.coordinates
    // Some metres beside it, as a finger would.
    const page = await open(`/report?at=${lon + 0.00002},${lat + 0.00002},17`, PHONE)
    await toLamp(page)
    expect((await draftOf(page)).asset?.key).to.equal(known.asset.key)
    expect((await draftOf(page)).at[0], 'the pin went to it').to.be.closeTo(lon, 1e-6)
    await by(page, 'asset-open').waitFor()
    await mapIsDrawn(page)
    await picture(page, 'phone-asset-known-el')
    await expectAccessible(page, 'asset: known already')
    await by(page, 'asset-open').scrollIntoViewIfNeeded()
    await picture(page, 'phone-asset-me-too-el')
    await by(page, 'asset-me-too').first().click()
    expect(await by(page, 'support-protocol').textContent()).to.match(/^20\d\d\//)
  })

  it('goes to another one that is tapped, in the list and on the map, and is sent about it', async () => {
    const known = await withAsset(await dark('closed'))
    const [lon, lat] = known.geometry.coordinates
    const page = await open(`/report?at=${lon},${lat},17`, { ...DESKTOP, colorScheme: 'dark' })
    await toLamp(page)
    const keys = await by(page, 'asset').locator('input').evaluateAll((inputs) => inputs.map((input) => (input as unknown as { dataset: { test: string } }).dataset.test)) // prettier-ignore
    expect(keys[0]).to.equal(`asset-${known.asset.key}`)
    await by(page, 'asset-history').waitFor()
    await mapIsDrawn(page)
    await picture(page, 'desktop-asset-history-en-dark')
    await expectAccessible(page, 'asset with a history, dark')
    const other = keys[1]!
    await by(page, other).check()
    const at = (await draftOf(page)).at
    expect(at).to.not.deep.equal([lon, lat])
    // A tap beside the first takes that one again.
    const [x, y] = await page.evaluate<[number, number]>(`(() => { const { x, y } = astyMap.project([${lon}, ${lat}]); return [x, y] })()`) // prettier-ignore
    const box = (await page.locator('.maplibregl-canvas').boundingBox())!
    await page.mouse.click(box.x + x + 6, box.y + y + 4)
    await page.waitForFunction((key) => (globalThis as unknown as { localStorage: { getItem: (k: string) => string } }).localStorage.getItem('asty.draft').includes(`"asset":{"key":"${key}"`), known.asset.key) // prettier-ignore
    await by(page, 'asset-next').click()
    await by(page, 'preview').getByText(known.asset.key).waitFor()
    await by(page, 'description').fill('It is dark again')
    await by(page, 'send-report').click()
    const protocol = await by(page, 'receipt-protocol').textContent()
    const [sent] = await reports(`q=${encodeURIComponent(protocol!)}`)

    const desk = await openPlain('/sign-in', DESKTOP)
    await signInAt(desk, 'admin@demo.example')
    await desk.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await desk.goto(`${PORTAL}/desk/${sent!.id}`)
    await by(desk, 'report-asset').getByText(known.asset.key).waitFor()
    await by(desk, 'asset-report').first().waitFor()
    await by(desk, 'report-asset').scrollIntoViewIfNeeded()
    await picture(desk, 'desktop-desk-asset-en')
    await expectAccessible(desk, 'desk: a report about a thing')
  })

  it('is about none of them when somebody says so, by keyboard too', async () => {
    const known = await withAsset(await dark('closed'))
    const [lon, lat] = known.geometry.coordinates
    const page = await open(`/report?at=${lon},${lat},17`, { ...PHONE, locale: 'en-GB', colorScheme: 'dark' })
    await toLamp(page)
    await by(page, `asset-${known.asset.key}`).focus()
    await page.keyboard.press('ArrowUp')
    await page.waitForFunction(() => (globalThis as unknown as { localStorage: { getItem: (k: string) => string } }).localStorage.getItem('asty.draft').includes('"asset":null')) // prettier-ignore
    await picture(page, 'phone-asset-none-en-dark')
    await expectAccessible(page, 'asset: none, dark phone')
    await by(page, 'asset-next').click()
    await by(page, 'preview').waitFor()
  })
})
