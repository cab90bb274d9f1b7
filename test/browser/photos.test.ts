// Photos at the desk: staff blur faces and plates with mouse, finger or keys, and publish what is left.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'
import { pothole } from '../support/http.ts'

const [WIDTH, HEIGHT] = [1600, 1200]
/** Where eyes and mouth are, and the number plate; pixels. */
const FACE = { left: 1030, top: 290, width: 120, height: 160 }
const PLATE = { left: 330, top: 840, width: 300, height: 90 }

const street = () =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="${WIDTH}" height="${HEIGHT}">
      <rect width="1600" height="1200" fill="#a9c4d6"/><rect y="700" width="1600" height="500" fill="#6d6d70"/>
      <rect x="150" y="560" width="660" height="400" rx="60" fill="#31506b"/>
      <circle cx="260" cy="960" r="80" fill="#222"/><circle cx="700" cy="960" r="80" fill="#222"/>
      <rect x="330" y="840" width="300" height="90" fill="#fff" stroke="#000" stroke-width="6"/>
      <text x="350" y="910" font-size="70" font-family="sans-serif">IKA 1234</text>
      <rect x="960" y="480" width="260" height="480" rx="90" fill="#8a3b3b"/><ellipse cx="1090" cy="360" rx="110" ry="140" fill="#e2b48f"/>
      <circle cx="1050" cy="330" r="14"/><circle cx="1130" cy="330" r="14"/>
      <path d="M1040 430q50 40 100 0" stroke="#5a1d1d" stroke-width="12" fill="none"/></svg>`),
  )
    .jpeg()
    .toBuffer()

async function send(): Promise<{ id: string; photo: string; follow: string }> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(await street())]), 'street.jpg')
  const upload = await fetch(`${PORTAL}/api/uploads`, { method: 'POST', body: form })
  const { id: photo } = (await upload.json()) as { id: string }
  const sent = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify(pothole(23.757, 36.3352, { photos: [photo] })),
  })
  const { id, follow_url } = (await sent.json()) as { id: string; follow_url: string }
  return { id, photo, follow: new URL(follow_url).pathname }
}

/** The point of the page over a point of the photo. */
async function at(page: Page, x: number, y: number): Promise<[number, number]> {
  const box = await by(page, 'blur-canvas').boundingBox()
  if (!box) throw new Error('no canvas')
  return [box.x + (x / WIDTH) * box.width, box.y + (y / HEIGHT) * box.height]
}

const marked = (page: Page) => by(page, 'blur-count').textContent()
const bytesOf = async (path: string) => Buffer.from(await (await fetch(PORTAL + path)).arrayBuffer())
const contrast = async (photo: Buffer, area: typeof FACE) =>
  (await sharp(await sharp(photo).extract(area).greyscale().toBuffer()).stats()).channels[0]?.stdev ?? 0

async function atDesk(id: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, 'agent@demo.example')
  await by(page, 'desk-item').first().waitFor()
  await page.goto(`${PORTAL}/desk/${id}`)
  await by(page, 'photo-blur').waitFor()
  return page
}

describe('photos at the desk', () => {
  it('are blurred with mouse and keys, and published, before anybody else sees them', async () => {
    const { id, photo, follow } = await send()
    const page = await atDesk(id, DESKTOP)
    await page.getByText('Not public').waitFor()
    await expectAccessible(page, 'photos of a report at the desk')
    await by(page, 'desk-photo').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-photos-en')

    await by(page, 'photo-blur').click()
    await by(page, 'blur-brush').fill('15')
    await page.mouse.move(...(await at(page, 1090, 260)))
    await page.mouse.down()
    await page.mouse.move(...(await at(page, 1090, 460)), { steps: 8 })
    await page.mouse.up()
    expect(await marked(page)).to.include('1')
    await page.mouse.click(...(await at(page, 100, 100)))
    expect(await marked(page)).to.include('2')
    await page.keyboard.press('Control+z')
    expect(await marked(page)).to.include('1')

    // From the middle of the photo to the plate, and as wide as it, with keys alone.
    await by(page, 'blur-frame').focus()
    await page.keyboard.press('Enter')
    for (let n = 0; n < 10; n++) await page.keyboard.press('ArrowLeft')
    for (let n = 0; n < 8; n++) await page.keyboard.press('ArrowDown')
    for (let n = 0; n < 4; n++) await page.keyboard.press('Shift+ArrowRight')
    await picture(page, 'desktop-blur-en')
    await page.keyboard.press('Enter')
    expect(await marked(page)).to.include('2')
    await expectAccessible(page, 'blurring')
    // From here on with Enter: the focus goes along.
    await by(page, 'blur-go').press('Enter')
    await page.getByText('Nobody can bring it back').waitFor()
    await expectAccessible(page, 'blurring, asked once more')
    await page.keyboard.press('Enter')
    await page.getByText('The original photo no longer exists').waitFor()
    expect(await page.evaluate(`document.activeElement.dataset.test`), 'the focus is back').to.equal('photo-blur')
    expect((await fetch(`${PORTAL}/api/photos/${photo}`)).status).to.equal(404)

    const visitor = await open(`/reports/${id}`, DESKTOP)
    await visitor.getByText('A deep hole in the road').waitFor()
    expect(await visitor.locator('img[src^="/api/photos/"]').count()).to.equal(0)
    const reporter = await open(follow, { ...PHONE, colorScheme: 'dark' })
    await reporter.locator('img[src^="/api/photos/"]').waitFor()
    await reporter.getByText('μόνο εσείς').waitFor()
    await expectAccessible(reporter, 'a photo that is not published, for its reporter')
    await by(page, 'photo-publish').click()
    await page.getByText('The photo is public now').waitFor()
    await by(page, 'desk-photo').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-photos-blurred-en')
    await visitor.reload()
    const shown = (await visitor.locator('img[src^="/api/photos/"]').first().getAttribute('src')) ?? ''
    expect(shown).to.not.include(photo)
    const [before, after] = [await street(), await bytesOf(shown)]
    expect(await contrast(after, FACE), 'the face').to.be.below((await contrast(before, FACE)) / 2)
    expect(await contrast(after, PLATE), 'the plate').to.be.below((await contrast(before, PLATE)) / 2)
    const road = { left: 1300, top: 600, width: 250, height: 250 }
    expect(await contrast(after, road)).to.be.closeTo(await contrast(before, road), 2)
  })

  it('are blurred with a finger on a phone', async () => {
    const { id } = await send()
    const page = await atDesk(id, { ...PHONE, hasTouch: true, colorScheme: 'dark' })
    await by(page, 'desk-photo').scrollIntoViewIfNeeded()
    await picture(page, 'phone-photos-el-dark')
    await expectAccessible(page, 'photos of a report, phone, dark')
    await by(page, 'photo-blur').click()
    for (const y of [280, 360, 440]) await page.touchscreen.tap(...(await at(page, 1090, y)))
    expect(await marked(page)).to.include('3')
    const seen = `document.querySelector('[data-test="blur-canvas"]').getContext('2d').getImageData(1090, 360, 1, 1).data[3]`
    expect(await page.evaluate(seen), 'the dots are seen').to.equal(255)
    await picture(page, 'phone-blur-el-dark')
    await expectAccessible(page, 'blurring, phone, dark')
    await by(page, 'blur-go').click()
    await picture(page, 'phone-blur-ask-el-dark')
    await by(page, 'blur-confirm').click()
    await page.getByText('Η αρχική φωτογραφία δεν υπάρχει πια').waitFor()
    await by(page, 'desk-photo').scrollIntoViewIfNeeded()
    await picture(page, 'phone-photos-blurred-el-dark')
  })
})
