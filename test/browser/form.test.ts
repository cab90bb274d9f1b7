// The report form under the conditions of the street: GPS, photos, keyboard, small screens, a lost connection.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { breakPhotos, by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL } from '../support/browser.ts'

const HERE = { latitude: 36.3352, longitude: 23.757, accuracy: 8 }

interface Draft {
  at: [number, number] | null
  description: string
}

const draftOf = (page: Page): Promise<Draft> => page.evaluate(`JSON.parse(localStorage.getItem('asty.draft') ?? '{}')`)

async function toDetails(page: Page): Promise<void> {
  await by(page, 'place-centre').click()
  await by(page, 'step-place-confirm').click()
  await by(page, 'category-search').fill('lakkouva')
  await by(page, 'category-option').first().click()
  await by(page, 'preview').waitFor()
}

describe('the report form', () => {
  it('takes the place from the phone, and says so when it may not', async () => {
    const page = await open('/report', PHONE, async (context) => {
      await context.grantPermissions(['geolocation'], { origin: PORTAL })
      await context.setGeolocation(HERE)
    })
    await by(page, 'locate').click()
    await by(page, 'step-place-confirm').waitFor()
    expect((await draftOf(page)).at).to.deep.equal([HERE.longitude, HERE.latitude])
    const refused = await open('/report', { ...PHONE, locale: 'en-GB', permissions: [] })
    await by(refused, 'locate').click()
    await refused.getByText('does not allow the use of your position').waitFor()
  })

  it('offers the place of the photo, and stores the photo without it', async () => {
    const page = await open('/report?at=23.757,36.3352,17', PHONE)
    await toDetails(page)
    const photo = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#557799' } })
      .withExif({ IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '36/1 20/1 6/1', GPSLongitudeRef: 'E', GPSLongitude: '23/1 45/1 21/1' } })
      .jpeg()
      .toBuffer() // prettier-ignore
    await by(page, 'photo-input').setInputFiles({ name: 'hole.jpg', mimeType: 'image/jpeg', buffer: photo })
    await by(page, 'photo-place').click()
    const { at } = await draftOf(page)
    expect(at?.[0]).to.be.closeTo(23.75583, 1e-4)
    expect(at?.[1]).to.be.closeTo(36.335, 1e-4)
    const stored = (await page.locator('figure img').first().getAttribute('src')) ?? ''
    const bytes = Buffer.from(await (await fetch(PORTAL + stored)).arrayBuffer())
    expect((await sharp(bytes).metadata()).exif).to.equal(undefined)
  })

  it('keeps every word when photos cannot be stored, and takes them again afterwards', async () => {
    const jpeg = await sharp({ create: { width: 80, height: 60, channels: 3, background: '#557799' } }).jpeg().toBuffer() // prettier-ignore
    const hole = { name: 'hole.jpg', mimeType: 'image/jpeg', buffer: jpeg }
    const mend = breakPhotos()
    try {
      for (const [options, title, screen] of [
        [PHONE, 'Οι φωτογραφίες δεν είναι διαθέσιμες αυτή τη στιγμή', 'phone-photo-away-el'],
        [
          { ...DESKTOP, colorScheme: 'dark' as const },
          'Photos are out of reach at the moment',
          'desktop-photo-away-en-dark',
        ],
      ] as const) {
        const page = await open('/report?at=23.757,36.3352,17', options)
        await toDetails(page)
        await by(page, 'description').fill('A hole as deep as a bucket')
        await by(page, 'photo-input').setInputFiles(hole)
        await page.getByText(title).waitFor()
        await page.getByText(title).scrollIntoViewIfNeeded()
        await picture(page, screen)
        await expectAccessible(page, screen)
        expect(await by(page, 'description').inputValue()).to.equal('A hole as deep as a bucket')
        await page.reload()
        expect((await draftOf(page)).description).to.equal('A hole as deep as a bucket')
      }
    } finally {
      mend()
    }
    const page = await open('/report?at=23.757,36.3352,17', PHONE)
    await toDetails(page)
    await by(page, 'photo-input').setInputFiles(hole)
    await page.locator('figure img').first().waitFor()
  })

  it('moves the pin with the arrow keys and with typed coordinates', async () => {
    const page = await open('/report?at=23.757,36.3352,17', DESKTOP)
    await by(page, 'place-centre').click()
    const before = (await draftOf(page)).at ?? [0, 0]
    await by(page, 'place-arrows').press('ArrowUp')
    await by(page, 'place-arrows').press('ArrowRight')
    const after = (await draftOf(page)).at ?? [0, 0]
    expect(after[1] - before[1]).to.be.closeTo(0.00002, 1e-7)
    expect(after[0] - before[0]).to.be.closeTo(0.00002, 1e-7)
    await by(page, 'coordinates').fill('36.33600, 23.75700')
    await by(page, 'coordinates').press('Enter')
    await by(page, 'coordinates').blur()
    expect((await draftOf(page)).at).to.deep.equal([23.757, 36.336])
    await by(page, 'coordinates').fill('36,337 23,758')
    await by(page, 'coordinates').blur()
    expect((await draftOf(page)).at).to.deep.equal([23.758, 36.337])
  })

  it('keeps everything when the connection is lost, and sends it once when it is back', async () => {
    const page = await open('/report?at=23.757,36.3352,17', { ...PHONE, locale: 'en-GB' })
    await toDetails(page)
    await by(page, 'description').fill('The lamp is broken')
    let lost = 0
    // The request arrives; the answer does not.
    await page.route('**/api/reports', async (route) => {
      if (route.request().method() !== 'POST' || lost > 0) return route.continue()
      lost++
      await route.fetch()
      await route.abort('connectionreset')
    })
    await by(page, 'send-report').click()
    await page.getByText('What you wrote is kept').waitFor()
    expect(await by(page, 'description').inputValue()).to.equal('The lamp is broken')
    await by(page, 'send-report').click()
    const protocol = await by(page, 'receipt-protocol').textContent()
    const found = await (await fetch(`${PORTAL}/api/reports?q=${encodeURIComponent('The lamp is broken')}`)).json()
    const protocols = (found as { features: { properties: { protocol: string } }[] }).features.map(({ properties }) => properties.protocol) // prettier-ignore
    expect(protocols).to.deep.equal([protocol])
  })

  it('is still there after a reload, and starts over when asked', async () => {
    const page = await open('/report?at=23.757,36.3352,17', PHONE)
    await toDetails(page)
    await by(page, 'description').fill('Μισή πρόταση')
    await page.reload()
    await by(page, 'draft-discard').waitFor()
    expect((await draftOf(page)).description).to.equal('Μισή πρόταση')
    await by(page, 'draft-discard').click()
    expect((await draftOf(page)).description ?? '').to.equal('')
  })

  it('sits in a sheet that a tap, a drag and the keyboard move', async () => {
    const page = await open('/', PHONE)
    const sheet = page.locator('.panel')
    const height = async () => {
      // The movement begins with the next frame, whenever that is. As text: there is no DOM among the types of tests.
      await page.evaluate(`(async () => {
        for (let frame = 0; frame < 2; frame++) await new Promise(requestAnimationFrame)
        await Promise.all(document.querySelector('.panel').getAnimations().map(({ finished }) => finished))
      })()`)
      return (await sheet.boundingBox())?.height ?? 0
    }
    const peek = await height()
    await by(page, 'sheet-handle').click()
    const half = await height()
    expect(half).to.be.greaterThan(peek)
    const box = (await by(page, 'sheet-handle').boundingBox()) ?? { x: 0, y: 0, width: 0, height: 0 }
    await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2)
    await page.mouse.down()
    await page.mouse.move(box.x + box.width / 2, box.y - 200, { steps: 5 })
    await page.mouse.up()
    const full = await height()
    expect(full).to.be.greaterThan(half)
    await by(page, 'sheet-handle').press('Enter')
    expect(await height()).to.equal(peek)
  })

  it('fits a narrow screen and large letters', async () => {
    const page = await open('/', { ...PHONE, viewport: { width: 320, height: 640 } })
    for (const path of ['/', '/report', '/reports', '/layers', '/sign-in']) {
      await page.goto(PORTAL + path)
      await page.locator('h1').first().waitFor()
      for (const size of ['100%', '200%']) {
        const width: number = await page.evaluate(`
          document.documentElement.style.fontSize = '${size}'
          Math.max(document.documentElement.scrollWidth, document.querySelector('.content').scrollWidth)`)
        expect(width, `${path} at ${size}`).to.be.at.most(320)
      }
    }
  })

  it('is accessible in the dark, in English, on a phone', async () => {
    const page = await open('/report?at=23.757,36.3352,17', { ...PHONE, locale: 'en-GB', colorScheme: 'dark' })
    await expectAccessible(page, 'place step')
    await toDetails(page)
    await expectAccessible(page, 'details step')
    await by(page, 'description').fill('A dark corner')
    await by(page, 'send-report').click()
    await by(page, 'receipt-protocol').waitFor()
    await expectAccessible(page, 'receipt')
    await page.goto(`${PORTAL}/my-reports`)
    await expectAccessible(page, 'my reports of the device')
  })
})
