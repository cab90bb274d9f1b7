// The journey of a report: a citizen sends it, the crew sees it arrive, changes it, the citizen reads that.
import { expect } from 'chai'
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

describe('a report finds its crew', () => {
  it('from a phone to the crew at its desk, and back', async () => {
    const crew = await open('/sign-in', DESKTOP)
    await signInAt(crew, 'crew@demo.example')
    await by(crew, 'desk-item').first().waitFor()

    const citizen = await open('/?at=23.757,36.3352,17', PHONE)
    await picture(citizen, 'phone-home-el')
    await by(citizen, 'report-button').click()
    await by(citizen, 'place-centre').click()
    await by(citizen, 'step-place-confirm').click()
    await by(citizen, 'category-search').fill('lakkouva')
    await by(citizen, 'category-option').first().click()
    await by(citizen, 'preview').waitFor()
    expect(await by(citizen, 'preview').textContent()).to.include('Τεχνική Υπηρεσία')
    await by(citizen, 'description').fill('Μεγάλη λακκούβα μπροστά στο σχολείο')
    await picture(citizen, 'phone-form-el')
    await expectAccessible(citizen, 'form, phone, Greek')
    await by(citizen, 'send-report').click()
    const protocol = (await by(citizen, 'receipt-protocol').textContent()) ?? ''
    expect(protocol).to.match(/^\d{4}\/\d{6}$/)
    await picture(citizen, 'phone-receipt-el')
    const follow = (await by(citizen, 'follow-link').getAttribute('href')) ?? ''

    const arrived = crew.locator(`[data-protocol="${protocol}"]`)
    await arrived.waitFor()
    await picture(crew, 'desktop-desk-en')
    await expectAccessible(crew, 'desk, desktop, English')
    await arrived.locator('a').click()
    await by(crew, 'routing-why').waitFor()
    expect(await by(crew, 'routing-why').textContent()).to.include('Road crew East')
    await by(crew, 'status-select').selectOption('in_progress')
    await by(crew, 'status-note').fill('Το συνεργείο ξεκίνησε')
    await by(crew, 'status-save').click()
    await crew.getByText('Το συνεργείο ξεκίνησε').waitFor()
    await picture(crew, 'desktop-report-en')
    await expectAccessible(crew, 'report at the desk')

    await citizen.goto(new URL(follow).pathname.replace(/^/, PORTAL))
    await citizen.getByText('Το συνεργείο ξεκίνησε').waitFor()
  })

  it('keeps the draft when the place is outside the municipality', async () => {
    const page = await open('/report?at=23.9,36.2,14', { ...PHONE, locale: 'en-GB' })
    await by(page, 'place-centre').click()
    await by(page, 'step-place-confirm').click()
    await by(page, 'category-search').fill('pothole')
    await by(page, 'category-option').first().click()
    await page.getByText('The point is outside the municipality').waitFor()
    await by(page, 'step-place-confirm').waitFor()
    const draft = await page.evaluate(`localStorage.getItem('asty.draft')`)
    expect(draft).to.include('pothole')
  })

  it('shows what is here, the layers and the reports, in both languages, light and dark', async () => {
    for (const [scheme, locale] of [
      ['light', 'el-GR'],
      ['dark', 'en-GB'],
    ] as const) {
      const page = await open('/?at=23.7528,36.3368,17', { ...DESKTOP, locale, colorScheme: scheme })
      await picture(page, `desktop-home-${scheme}`)
      await expectAccessible(page, `home ${scheme}`)
      await page.goto(`${PORTAL}/place/23.752693,36.336921`)
      await page.locator('dl.facts').first().waitFor()
      await expectAccessible(page, `place ${scheme}`)
      await page.goto(`${PORTAL}/layers?layers=land_use_zone,poi`)
      await by(page, 'layer-toggle').first().waitFor()
      await mapIsDrawn(page)
      await picture(page, `desktop-layers-${scheme}`)
      await expectAccessible(page, `layers ${scheme}`)
      await page.goto(`${PORTAL}/reports`)
      await page.locator('a.report').first().waitFor()
      await mapIsDrawn(page)
      await picture(page, `desktop-reports-${scheme}`)
      await expectAccessible(page, `reports ${scheme}`)
      await page.close()
    }
  })

  it('keeps the selected feature in the address', async () => {
    const page = await open('/place/23.752693,36.336921?at=23.7528,36.3368,16.5', DESKTOP)
    await by(page, 'select-feature').first().click()
    await page.waitForURL(/feature=\w+(\/|%2F)\d+/)
    await page.reload()
    await mapIsDrawn(page)
    expect(await page.evaluate(`astyMap.queryRenderedFeatures({ layers: ['selection:0'] }).length`)).to.be.greaterThan(
      0,
    )
    await picture(page, 'desktop-selection-en')
    await expectAccessible(page, 'a selected feature')
    await page.goto(`${PORTAL}/reports`)
    await mapIsDrawn(page)
    expect(await page.evaluate(`Boolean(astyMap.getLayer('selection:0'))`)).to.equal(false)
  })

  it('finds an address in Greek, without accents and in greeklish', async () => {
    const page = await open('/', DESKTOP)
    for (const words of ['Ερμού 1', 'ΕΡΜΟΥ 1', 'ermou 1']) {
      await by(page, 'search-input').fill(words)
      await page
        .getByRole('option', { name: /Ermou 1/ })
        .first()
        .waitFor()
    }
    await by(page, 'search-input').press('Enter')
    await page.waitForURL(/\/place\//)
  })
})
