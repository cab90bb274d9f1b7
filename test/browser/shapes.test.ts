// A citizen draws a stretch by finger, and an area by keyboard; everybody sees it afterwards.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { by, DESKTOP, expectAccessible, mapIsDrawn, open, openPlain, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts' // prettier-ignore

interface Draft {
  shape: { kind: string; corners: [number, number][] } | null
}
const draftOf = (page: Page): Promise<Draft> => page.evaluate(`JSON.parse(localStorage.getItem('asty.draft') ?? '{}')`)
const cornersOf = async (page: Page) => (await draftOf(page)).shape?.corners ?? []

async function toExtent(page: Page, category = 'street-sweeping'): Promise<void> {
  await by(page, 'place-centre').click()
  await by(page, 'step-place-confirm').click()
  await by(page, 'category-search').fill(category === 'street-sweeping' ? 'skoupisma' : 'paralia')
  await page.locator(`[data-category="${category}"]`).click()
  await by(page, 'extent-line').or(by(page, 'extent-area')).first().waitFor({ state: 'attached' })
}
/** Pixels from the middle of what is seen of the map. */
async function tap(page: Page, right: number, down: number): Promise<void> {
  const [x, y] = await page.evaluate<[number, number]>(`(() => { const { x, y } = astyMap.project(astyMap.getCenter()); return [x, y] })()`) // prettier-ignore
  const box = (await page.locator('.maplibregl-canvas').boundingBox()) ?? { x: 0, y: 0 }
  await page.mouse.click(box.x + x + right, box.y + y + down)
}

describe('a report that is more than a point', () => {
  it('is a stretch, drawn by finger from the pin on, with a step back', async () => {
    const page = await open('/report?at=23.757,36.3352,17', { ...PHONE, hasTouch: true })
    await toExtent(page)
    await expectAccessible(page, 'extent: a point')
    await by(page, 'extent-line').check({ force: true })
    expect(await cornersOf(page)).to.have.length(1)
    expect(await by(page, 'extent-next').isDisabled()).to.equal(true)
    await tap(page, 90, 30)
    await tap(page, 120, -60)
    expect(await cornersOf(page)).to.have.length(3)
    await by(page, 'extent-undo').click()
    expect(await cornersOf(page)).to.have.length(2)
    await by(page, 'extent-measured').waitFor()
    await mapIsDrawn(page)
    await picture(page, 'phone-extent-line-el')
    await expectAccessible(page, 'extent: a stretch')
    await by(page, 'extent-next').click()
    await by(page, 'preview').waitFor()
    await by(page, 'description').fill('Άσκουπιστος όλος ο δρόμος')
    await by(page, 'send-report').click()
    await by(page, 'receipt-protocol').waitFor()
    const { features } = (await (await fetch(`${PORTAL}/api/reports?limit=1`)).json()) as { features: { id: string; shape: { type: string; coordinates: unknown[] } }[] } // prettier-ignore
    expect(features[0]!.shape.type).to.equal('LineString')
    expect(features[0]!.shape.coordinates).to.have.length(2)

    await page.goto(`${PORTAL}/reports/${features[0]!.id}`)
    await by(page, 'extent').waitFor()
    await mapIsDrawn(page)
    await page.waitForFunction(() => (globalThis as unknown as { astyMap: { queryRenderedFeatures: (o: object) => unknown[] } }).astyMap.queryRenderedFeatures({ layers: ['report-shape:line'] }).length > 0) // prettier-ignore
    await picture(page, 'phone-report-shape-el')
    await expectAccessible(page, 'report with a stretch')
  })

  it('corners are dragged, and a drawing that crosses itself is told at once', async () => {
    const page = await open('/report?at=23.757,36.3352,17', DESKTOP)
    await toExtent(page, 'street-sweeping')
    await by(page, 'extent-area').check({ force: true })
    await tap(page, 120, 0)
    await tap(page, 0, 100)
    await by(page, 'extent-measured').waitFor()
    await tap(page, 120, 100)
    await page.getByText('sides cross').waitFor()
    expect(await by(page, 'extent-next').isDisabled()).to.equal(true)
    await by(page, 'extent-undo').click()
    await by(page, 'extent-measured').waitFor()
    const before = (await cornersOf(page))[1]!
    const [x, y] = await page.evaluate<[number, number]>(`(() => { const { x, y } = astyMap.project(${JSON.stringify(before)}); return [x, y] })()`) // prettier-ignore
    const box = (await page.locator('.maplibregl-canvas').boundingBox())!
    await page.mouse.move(box.x + x, box.y + y)
    await page.mouse.down()
    await page.mouse.move(box.x + x + 40, box.y + y - 40, { steps: 4 })
    await page.mouse.up()
    const after = await cornersOf(page)
    expect(after).to.have.length(3)
    expect(after[1]![0]).to.be.above(before[0])
    await picture(page, 'desktop-extent-area-en')
    // What was drawn stays while somebody looks at the other kinds.
    await by(page, 'extent-point').check({ force: true })
    expect((await draftOf(page)).shape).to.equal(null)
    await by(page, 'extent-area').check({ force: true })
    expect(await cornersOf(page)).to.deep.equal(after)
  })

  it('is drawn without a mouse, in the dark', async () => {
    const page = await open('/report?at=23.757,36.3352,17', { ...DESKTOP, colorScheme: 'dark' })
    await toExtent(page, 'beach-litter')
    await by(page, 'extent-point').focus()
    await page.keyboard.press('ArrowRight')
    for (const [lon, lat] of [[23.7575, 36.3352], [23.7575, 36.3356]]) {
      await page.evaluate(`astyMap.jumpTo({ center: [${lon}, ${lat}] })`)
      await by(page, 'extent-centre').press('Enter')
    } // prettier-ignore
    await by(page, 'extent-measured').waitFor()
    await by(page, 'extent-by-hand').press('Enter')
    await by(page, 'edit-corner').fill('3')
    await by(page, 'edit-corner').press('Tab')
    const before = (await cornersOf(page))[2]!
    await by(page, 'edit-north').press('Enter')
    expect((await cornersOf(page))[2]![1]).to.be.above(before[1])
    await expectAccessible(page, 'extent by keyboard, dark')
    await picture(page, 'desktop-extent-keyboard-en-dark')
    await by(page, 'extent-next').press('Enter')
    await by(page, 'preview').waitFor()
    await page.reload()
    await by(page, 'draft-discard').waitFor()
    expect(await cornersOf(page), 'kept until it is sent').to.have.length(3)
  })

  it('is what the category says, and that is ticked by who looks after it', async () => {
    const page = await openPlain('/sign-in', DESKTOP)
    await signInAt(page, 'admin@demo.example')
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await page.goto(`${PORTAL}/categories/graffiti`)
    await by(page, 'category-geometry-area').check()
    await expectAccessible(page, 'category that is drawn')
    await by(page, 'category-geometry-area').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-category-geometries-en')
    await by(page, 'category-save').click()
    await page.getByText('It counts from now on').waitFor()
    const categories = (await (await fetch(`${PORTAL}/api/categories`)).json()) as { slug: string; geometries: string[] }[] // prettier-ignore
    expect(categories.find(({ slug }) => slug === 'graffiti')?.geometries).to.deep.equal(['point', 'area'])
  })
})

describe('questions about a photo, a thing, a line or an area', () => {
  it('are made without a developer, answered on a phone, and seen on the map', async () => {
    const admin = await openPlain('/sign-in', DESKTOP)
    await signInAt(admin, 'admin@demo.example')
    await admin.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await admin.goto(`${PORTAL}/categories/bench`)
    for (const [n, type, title] of [[0, 'photo', 'Its number'], [1, 'asset', 'Nearest lamp'], [2, 'line', 'Where to stand']] as const) {
      await by(admin, 'question-add').click()
      const editor = by(admin, 'question-editor').nth(n)
      await editor.locator('[data-test="question-title-el"]').fill(title)
      await editor.locator('[data-test="question-title-en"]').fill(title)
      await editor.locator('[data-test="question-type"]').selectOption(type)
      if (type === 'asset') await editor.locator('[data-test="question-layer"]').selectOption('street_light')
      await editor.locator('[data-test="question-public"]').check()
    } // prettier-ignore
    await by(admin, 'form-save').click()
    await by(admin, 'form-saved').waitFor()

    const page = await open('/report?at=23.757,36.3352,17', { ...PHONE, locale: 'en-GB' })
    await by(page, 'place-centre').click()
    await by(page, 'step-place-confirm').click()
    await by(page, 'category-search').fill('pagkaki')
    await page.locator('[data-category="bench"]').click()
    const jpeg = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#557799' } }).jpeg().toBuffer() // prettier-ignore
    await page.locator('fieldset [data-test="photo-input"]').setInputFiles({ name: 'n.jpg', mimeType: 'image/jpeg', buffer: jpeg }) // prettier-ignore
    await page.locator('fieldset figure img').waitFor()
    const lamps = page.locator('fieldset select')
    await lamps.locator('option').nth(1).waitFor({ state: 'attached' })
    await lamps.selectOption({ index: 1 })
    await by(page, 'draw-start').click()
    await by(page, 'draw-centre').click()
    await page.evaluate(`astyMap.jumpTo({ center: [23.7573, 36.3353] })`)
    await by(page, 'draw-centre').click()
    await picture(page, 'phone-question-line-en')
    await expectAccessible(page, 'questions about things')
    await by(page, 'draw-done').click()
    await by(page, 'description').fill('The bench is broken')
    await by(page, 'send-report').click()
    const protocol = await by(page, 'receipt-protocol').textContent()
    const { features } = (await (await fetch(`${PORTAL}/api/reports?q=${encodeURIComponent(protocol!)}`)).json()) as { features: { id: string }[] } // prettier-ignore
    await page.goto(`${PORTAL}/reports/${features[0]!.id}`)
    await by(page, 'answers').getByText(/L-\d+/).waitFor()
    await mapIsDrawn(page)
    await page.getByRole('button', { name: 'The line on the map' }).click()
    await page.waitForFunction(() => (globalThis as unknown as { astyMap: { getLayer: (id: string) => unknown; queryRenderedFeatures: (o: object) => unknown[] } }).astyMap.getLayer('preview:line') && (globalThis as unknown as { astyMap: { queryRenderedFeatures: (o: object) => unknown[] } }).astyMap.queryRenderedFeatures({ layers: ['preview:line'] }).length > 0) // prettier-ignore
    await picture(page, 'phone-answers-en')
    await expectAccessible(page, 'answers about things')
  })
})
