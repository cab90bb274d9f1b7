// A GIS officer runs a layer without a developer: loads it, styles it by categories, publishes it; a citizen reads map and legend.
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

const KINDS = ['Πλάτανος', 'Πλάτανος', 'Μουριά', 'Πεύκο', 'Πλάτανος', 'Μουριά']
const GROVE = `code;kind;height;lon;lat\n${KINDS.map((kind, n) => `t${n};${kind};${3 + n * n};${23.757 + n / 1500};${36.335 + (n % 3) / 1500}`).join('\n')}\n` // prettier-ignore

async function signedIn(options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, 'gis@demo.example')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  return page
}

/** Colours of what the map draws of the layer, on the screen. */
const coloursOnMap = (page: Page) =>
  page.evaluate(() => {
    const { astyMap } = globalThis as unknown as { astyMap: { getStyle: () => { layers: { id: string }[] }; queryRenderedFeatures: (options: object) => { layer: { paint: Record<string, { toString: () => string }> } }[] } } // prettier-ignore
    const layers = astyMap.getStyle().layers.map(({ id }) => id).filter((id) => id === 'overlay:grove:0') // prettier-ignore
    const drawn = astyMap.queryRenderedFeatures({ layers })
    return [...new Set(drawn.map(({ layer }) => JSON.stringify(layer.paint['circle-color'])))].length
  })

describe('the desk of a GIS officer', () => {
  it('styles a layer by categories and publishes it, and a citizen reads map and legend', async () => {
    const desk = await signedIn(DESKTOP)
    await desk.goto(`${PORTAL}/layers/import?at=23.7587,36.3355,16.5`)
    await by(desk, 'import-file').setInputFiles({ name: 'grove.csv', mimeType: 'text/csv', buffer: Buffer.from(GROVE) })
    await by(desk, 'import-load').waitFor()
    await by(desk, 'import-title-el').fill('Άλσος')
    await by(desk, 'import-title-en').fill('Grove')
    await by(desk, 'import-slug').fill('grove')
    await by(desk, 'import-key-field').selectOption('code')
    await by(desk, 'import-title-field').selectOption('kind')
    await by(desk, 'import-load').click()
    await by(desk, 'import-done').waitFor()

    await desk.goto(`${PORTAL}/layers/grove/style?at=23.7587,36.3355,16.5`)
    await by(desk, 'style-graduated').check()
    await by(desk, 'style-method').selectOption('jenks')
    await by(desk, 'style-class').nth(2).waitFor()
    await mapIsDrawn(desk)
    await picture(desk, 'desktop-style-ranges-en')
    await by(desk, 'style-categorised').check()
    await by(desk, 'style-field').selectOption('kind')
    await desk.waitForFunction(() => {
      const { document } = globalThis as unknown as { document: { querySelector: (selector: string) => { value: string } | null } } // prettier-ignore
      return document.querySelector('[data-test="style-class"] .words input')?.value === 'Πλάτανος'
    })
    await by(desk, 'style-class').first().getByLabel('In English').fill('Plane')
    await by(desk, 'style-icon').first().click()
    await by(desk, 'icon-trees').first().click()
    await by(desk, 'style-labels').check()
    await by(desk, 'legend').getByText('Plane').waitFor()
    await by(desk, 'legend').getByText('Others').waitFor()
    await mapIsDrawn(desk)
    expect(await coloursOnMap(desk), 'the map shows it before it is saved').to.equal(3)
    await picture(desk, 'desktop-style-categories-en')
    await expectAccessible(desk, 'style of a layer')
    await by(desk, 'style-save').click()
    await by(desk, 'style-saved').waitFor()
    await by(desk, 'layer-page-settings').click()
    await by(desk, 'layer-public').check()
    await by(desk, 'layer-save').click()
    await by(desk, 'layer-saved').waitFor()

    await by(desk, 'layer-page-fields').click()
    await by(desk, 'field-add').click()
    await by(desk, 'field-new-title-el').fill('Περίμετρος κορμού')
    await by(desk, 'field-new-title-en').fill('Girth')
    await by(desk, 'field-new-type').selectOption('number')
    await by(desk, 'field-new-unit').fill('cm')
    await picture(desk, 'desktop-field-new-en')
    await by(desk, 'field-new-save').click()
    await by(desk, 'field-girth').click()
    await picture(desk, 'desktop-fields-en')
    await expectAccessible(desk, 'fields of a layer')
    await by(desk, 'field-retire-girth').click()
    await by(desk, 'field-restore-girth').waitFor()

    const phone = await open('/layers?at=23.7587,36.3355,16.5&layers=grove', { ...PHONE, colorScheme: 'dark' })
    await by(phone, 'legend').getByText('Πλάτανος').waitFor()
    expect(await by(phone, 'legend').locator('li').allTextContents()).to.deep.equal(['kind', 'Πλάτανος', 'Μουριά', 'Πεύκο', 'Άλλα']) // prettier-ignore
    await mapIsDrawn(phone)
    expect(await coloursOnMap(phone)).to.equal(3)
    await by(phone, 'legend').scrollIntoViewIfNeeded()
    await picture(phone, 'phone-style-published-el-dark')
    await expectAccessible(phone, 'legend of a published layer')
  })

  it('fits a phone, in the dark and in Greek', async () => {
    const phone = await signedIn({ ...PHONE, colorScheme: 'dark' })
    await phone.goto(`${PORTAL}/layers/grove/style?at=23.7587,36.3355,16.5`)
    await by(phone, 'style-class').first().waitFor()
    await picture(phone, 'phone-style-el-dark')
    await expectAccessible(phone, 'style on a phone')
    await by(phone, 'layer-page-fields').click()
    await by(phone, 'field-restore-girth').click()
    await by(phone, 'field-kind').click()
    await picture(phone, 'phone-fields-el-dark')
    await expectAccessible(phone, 'fields on a phone')
  })

  it('shows what was done to the features, and puts it back', async () => {
    const desk = await signedIn(DESKTOP)
    const status = await desk.evaluate(async (url) => {
      const session = (await (await fetch('/api/session')).json()) as { csrf: string }
      const headers = { 'If-Match': '*', 'Content-Type': 'application/geo+json', 'X-CSRF-Token': session.csrf } // prettier-ignore
      const geometry = { type: 'Point', coordinates: [23.7585, 36.3362] }
      return (await fetch(url, { method: 'PATCH', headers, body: JSON.stringify({ type: 'Feature', properties: { height: 77 }, geometry }) })).status // prettier-ignore
    }, '/ogc/collections/grove/items/1')
    expect(status).to.equal(204)
    await desk.goto(`${PORTAL}/layers/grove/history?at=23.7587,36.3355,16.5`)
    await by(desk, 'history-entry').first().click()
    await desk.getByText('77').waitFor()
    await desk.getByText('On the map').first().click()
    await mapIsDrawn(desk)
    await picture(desk, 'desktop-history-en')
    await expectAccessible(desk, 'history of a layer')
    await by(desk, 'history-put-back').first().click()
    await by(desk, 'history-back').waitFor()
    const data = (await (await fetch(`${PORTAL}/ogc/collections/grove/items/1`)).json()) as { properties: { height: number } } // prettier-ignore
    expect(data.properties.height).to.not.equal(77)
  })

  after(async () => {
    const desk = await signedIn(DESKTOP)
    await desk.goto(`${PORTAL}/layers/grove/settings`)
    await by(desk, 'layer-delete').click()
    await by(desk, 'layer-delete-go').click()
    await desk.waitForURL(/\/layers(\?|$)/)
  })
})
