// A citizen asks by address on a phone: which school is ours, what may be built here, and takes the answer home on paper.
import { expect } from 'chai'
import {
  by,
  DESKTOP,
  expectAccessible,
  LOCALHOST,
  mapIsDrawn,
  open,
  PHONE,
  picture,
  PORTAL,
  signInAt,
} from '../support/browser.ts'
import { sheetAt } from '../support/pdf.ts'

const search = async (page: Awaited<ReturnType<typeof open>>, words: string) => {
  await by(page, 'search-input').fill(words)
  await by(page, 'search-option').filter({ hasText: words }).first().click()
}

describe('a citizen asks', () => {
  it('by address on a phone, and gets the school, the building conditions and a sheet of paper', async () => {
    const page = await open('/', PHONE)
    await by(page, 'to-schools').click()
    await by(page, 'by-address').click()
    await search(page, 'Μήλου 10')
    await by(page, 'school').first().waitFor()
    expect(await by(page, 'schools-of').textContent()).to.include('Μήλου 10')
    expect(await by(page, 'school').allTextContents()).to.have.length(2)
    expect(await by(page, 'school').first().textContent())
      .to.include('1ο Δημοτικό Σχολείο')
      .and.include('κατάλογος οδών')
    await mapIsDrawn(page)
    await picture(page, 'phone-schools-el')
    await expectAccessible(page, 'schools, phone, Greek')

    await page.goto(`${PORTAL}/place/23.753,36.34?at=23.753,36.34,17`)
    const card = by(page, 'card-building')
    await card.waitFor()
    expect(await card.textContent())
      .to.include('Γενική κατοικία')
      .and.include('60 %')
    expect(await by(page, 'card-schools').textContent()).to.include('Δημοτικό Σχολείο')
    await mapIsDrawn(page)
    await picture(page, 'phone-place-el')
    await expectAccessible(page, 'what is here, phone, Greek')
    const sheet = await sheetAt((await by(page, 'sheet').getAttribute('href')) ?? '', PORTAL)
    expect(sheet.info).to.match(/Pages: +1\n/)
    expect(sheet.words).to.include('Συντελεστής δόμησης: 1,4').and.include('Δημοτικό Σχολείο')

    await by(page, 'to-building').click()
    await by(page, 'plot-floor').waitFor()
    expect(await by(page, 'plot').textContent())
      .to.include('Ο.Τ.')
      .and.include('Γενική κατοικία')
    await mapIsDrawn(page)
    await picture(page, 'phone-building-el')
    await expectAccessible(page, 'building conditions, phone, Greek')
    const paper = await sheetAt((await by(page, 'plot-sheet').getAttribute('href')) ?? '', PORTAL)
    expect(paper.words).to.include('Όροι δόμησης: Ο.Τ.').and.include('Μέγιστη δόμηση')
  })

  it('on a desktop: draws a plot across zones, and staff see where register and zones contradict each other', async () => {
    const page = await open('/building?at=23.7545,36.337,17', { ...DESKTOP, colorScheme: 'dark' })
    await by(page, 'mode-draw').check()
    const map = await page.locator('.map').boundingBox()
    const [x, y] = [map!.x + map!.width / 2, map!.y + map!.height / 2]
    for (const [right, down] of [[-150, 100], [150, 100], [150, -100], [-150, -100]] as const) await page.mouse.click(x + right, y + down) // prettier-ignore
    await by(page, 'plot-zone').nth(1).waitFor()
    expect(await page.getByText(/% of the plot/).count()).to.be.greaterThan(1)
    expect(page.url()).to.match(/ring=/)
    await picture(page, 'desktop-building-en-dark')
    await expectAccessible(page, 'building conditions, desktop, dark')
    await page.reload()
    await by(page, 'plot-zone').nth(1).waitFor()

    await page.goto(`${PORTAL}/sign-in`)
    await signInAt(page, 'gis@demo.example')
    await page.waitForURL((url) => !url.pathname.startsWith('/sign-in'))
    await page.goto(`${PORTAL}/schools/register`)
    await by(page, 'conflict').first().waitFor()
    await by(page, 'register-file').setInputFiles({ name: 'register.csv', mimeType: 'text/csv', buffer: Buffer.from('school;street\nDS-1;nowhere\n') }) // prettier-ignore
    await page.getByText('Line 2: no street is called "nowhere".').waitFor()
    await picture(page, 'desktop-school-register-en-dark')
    await expectAccessible(page, 'school register, desktop, dark')
    await by(page, 'conflict').first().click()
    await by(page, 'disputed').first().waitFor()
    await mapIsDrawn(page)
    await picture(page, 'desktop-schools-en-dark')
  })

  it('measures on the map, and puts the map with its layers into a page of others', async () => {
    const page = await open('/measure?area=23.753,36.337;23.754,36.337;23.754,36.338;23.753,36.338&at=23.7535,36.3375,17', { ...PHONE, locale: 'en-GB' }) // prettier-ignore
    await by(page, 'measured-area').waitFor()
    expect(await by(page, 'measured-area').textContent()).to.match(/9,9\d\d.* m²/)
    await picture(page, 'phone-measure-en')
    await expectAccessible(page, 'measure, phone')

    await page.goto(`${PORTAL}/layers?at=23.7535,36.3375,16&layers=land_use_zone`)
    await by(page, 'embed-open').click()
    await mapIsDrawn(page)
    const code = await by(page, 'embed-code').inputValue()
    for (const part of ['/embed?at=', 'layers=land_use_zone', 'lang=en', 'title="Municipality of Alkyona"']) expect(code).to.include(part) // prettier-ignore
    // A page of somebody else, on another origin.
    const other = await open('/', { ...DESKTOP, permissions: ['local-network-access'] })
    await other.route(`${LOCALHOST}/other`, (route) => route.fulfill({ contentType: 'text/html', body: code }))
    await other.goto(`${LOCALHOST}/other`)
    const frame = other.frameLocator('iframe')
    await frame.locator('[data-test="embed-out"]').waitFor()
    expect(await frame.locator('header').count()).to.equal(0)
    await frame.locator('canvas').waitFor()
    await frame.locator('.map[aria-busy="false"]').waitFor()
    await picture(other, 'desktop-embed-en')
  })
})
