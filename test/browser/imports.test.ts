// A GIS officer loads a file from the desk, looks at it, and publishes it; a citizen switches it on and opens it as data.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const TREES = `Κωδικός;Είδος;lon;lat;Ύψος\n${[
  ['Δ-001', 'Πλάτανος', '23,7571', '36,3353', '12,5'],
  ['Δ-002', 'Νεραντζιά', '23,7581', '36,3361', '3,2'],
  ['Δ-003', 'Μουριά', '23,7590', '36,3347', '5'],
]
  .map((row) => row.join(';'))
  .join('\n')}\n`

const file = (name: string, content: string) => ({ name, mimeType: 'text/csv', buffer: Buffer.from(content) })

describe('a layer from a file', () => {
  it('is looked at, loaded and published, and a citizen finds it', async () => {
    const desk = await open('/sign-in', DESKTOP)
    await signInAt(desk, 'gis@demo.example')
    await desk.waitForURL((url) => url.pathname !== '/sign-in')
    await desk.goto(`${PORTAL}/layers/import`)
    await by(desk, 'import-file').setInputFiles(file('δέντρα.csv', 'name\nnothing\n'))
    await by(desk, 'import-error').waitFor()
    await picture(desk, 'desktop-import-refused-el')
    await by(desk, 'import-restart').click()
    await by(desk, 'import-file').setInputFiles(file('δέντρα.csv', TREES))
    await by(desk, 'import-load').waitFor()
    await desk.getByText('Πλάτανος').waitFor()
    await picture(desk, 'desktop-import-found-el')
    await expectAccessible(desk, 'import, found')
    await by(desk, 'import-title-el').fill('Δέντρα')
    await by(desk, 'import-title-en').fill('Trees')
    await by(desk, 'import-slug').fill('tree')
    await by(desk, 'import-theme').selectOption('places')
    await by(desk, 'import-title-field').selectOption('eidos')
    await by(desk, 'import-key-field').selectOption('kodikos')
    await by(desk, 'import-public').check()
    await by(desk, 'import-load').click()
    await by(desk, 'import-done').waitFor()
    await picture(desk, 'desktop-import-done-el')

    const phone = await open('/layers', { ...PHONE, locale: 'en-GB', colorScheme: 'dark' })
    await phone.locator('[data-layer="tree"]').check()
    await phone.getByText('Trees').first().waitFor()
    await picture(phone, 'phone-import-published-en-dark')
    const data = await fetch(`${PORTAL}/opendata/tree.geojson`)
    expect(((await data.json()) as { features: unknown[] }).features).to.have.length(3)
  })

  it('says by which columns a table has its places, when it does not say so itself', async () => {
    const desk = await open('/sign-in', { ...PHONE, colorScheme: 'dark' })
    await signInAt(desk, 'gis@demo.example')
    await desk.waitForURL((url) => url.pathname !== '/sign-in')
    await desk.goto(`${PORTAL}/layers/import`)
    const shops = 'Κατάστημα;Πού;Αρ. πόρτας\nΦούρνος;Ερμού;12\nΚαφέ;Ερμού;13\nΒιβλία;Πουθενά;1\n'
    await by(desk, 'import-file').setInputFiles(file('μαγαζιά.csv', shops))
    await by(desk, 'import-place').waitFor()
    await by(desk, 'place-first').selectOption('Πού')
    await by(desk, 'place-second').selectOption('Αρ. πόρτας')
    await by(desk, 'place-again').click()
    await by(desk, 'import-addresses').waitFor()
    expect(await by(desk, 'import-addresses').textContent()).to.match(/: 2\D.*: 0\D.*: 1\D|: 1\D.*: 1\D.*: 1\D/)
    await picture(desk, 'phone-import-addresses-el-dark')
    await expectAccessible(desk, 'import, addresses')
    const table = desk.waitForEvent('download')
    await by(desk, 'import-problems-csv').click()
    expect((await table).suggestedFilename()).to.equal('μαγαζιά-problems.csv')
    await by(desk, 'place-coordinates').check()
    expect(await by(desk, 'place-again').isEnabled()).to.equal(true)
  })

  it('is described, and deleted when it is not wanted any more', async () => {
    const desk = await open('/sign-in', { ...DESKTOP, colorScheme: 'dark' })
    await signInAt(desk, 'gis@demo.example')
    await desk.waitForURL((url) => url.pathname !== '/sign-in')
    await desk.goto(`${PORTAL}/layers/tree/settings`)
    await by(desk, 'layer-title-el').fill('Δέντρα του δήμου')
    await by(desk, 'layer-save').click()
    await by(desk, 'layer-saved').waitFor()
    await picture(desk, 'desktop-layer-settings-en-dark')
    await expectAccessible(desk, 'settings of a layer')
    await by(desk, 'layer-delete').click()
    await by(desk, 'layer-delete-go').click()
    await desk.waitForURL(/\/layers(\?|$)/)
    expect((await fetch(`${PORTAL}/opendata/tree.geojson`)).status).to.equal(404)
  })

  it('is for who may: others are led to the sign-in', async () => {
    const page = await open('/layers/import', PHONE)
    await page.waitForURL(/sign-in/)
  })

  it('fits a phone, in the dark and in English', async () => {
    const phone = await open('/sign-in', { ...PHONE, locale: 'en-GB', colorScheme: 'dark' })
    await signInAt(phone, 'gis@demo.example')
    await phone.waitForURL((url) => url.pathname !== '/sign-in')
    await phone.goto(`${PORTAL}/layers/import`)
    await by(phone, 'import-file').waitFor({ state: 'attached' })
    await picture(phone, 'phone-import-en-dark')
    await expectAccessible(phone, 'import on a phone')
    await by(phone, 'import-file').setInputFiles(file('trees.csv', TREES))
    await by(phone, 'import-found')
      .waitFor()
      .finally(() => picture(phone, 'phone-import-found-en-dark'))
    await by(phone, 'import-load').waitFor()
    await expectAccessible(phone, 'import on a phone, found')
  })
})
