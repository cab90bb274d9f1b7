// The journey of a report: a citizen sends it, the crew sees it arrive, changes it, the citizen reads that.
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { type ChildProcess, spawn } from 'node:child_process'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core'

const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'].find((path) =>
  existsSync(path),
)
const ROOT = fileURLToPath(new URL('../../', import.meta.url))
const SHOTS = join(ROOT, 'data', 'screenshots')
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
const PORT = 18_431
const URL_OF_PORTAL = `http://127.0.0.1:${PORT}`
const PHONE = { viewport: { width: 390, height: 844 }, locale: 'el-GR' } satisfies BrowserContextOptions
const DESKTOP = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' } satisfies BrowserContextOptions

/** Starts Asty as a newcomer does and waits for the line that says where it is open. */
async function startAsty(dataDir: string): Promise<ChildProcess> {
  const env = { ...process.env, PORT: String(PORT), DATA_DIR: dataDir, DATABASE_URL: '', LOG_LEVEL: 'error' }
  const child = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts'], { cwd: ROOT, env })
  let said = ''
  return new Promise((resolve, reject) => {
    const hear = (chunk: Buffer) => {
      said += chunk.toString()
      if (said.includes('Asty is open at')) resolve(child)
    }
    child.stdout.on('data', hear)
    child.stderr.on('data', hear)
    child.once('exit', (code) => reject(new Error(`Asty ended with ${code}:\n${said}`)))
  })
}

const by = (page: Page, name: string) => page.locator(`[data-test="${name}"]`)

async function mapIsDrawn(page: Page): Promise<void> {
  // Functions, not text: the page's policy forbids eval.
  await page.waitForFunction(() => {
    const { astyMap } = globalThis as unknown as { astyMap?: { loaded: () => boolean; areTilesLoaded: () => boolean } }
    return astyMap?.loaded() && astyMap.areTilesLoaded()
  })
}

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

async function expectAccessible(page: Page, screen: string): Promise<void> {
  // Injected by hand: the page's own policy forbids scripts from elsewhere, as it should.
  await page.evaluate(AXE)
  const violations: Violation[] = await page.evaluate(
    `axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'] }).then((result) => result.violations)`,
  )
  const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical')
  expect(
    serious.map(({ id, nodes }) => `${id}: ${nodes[0]?.html.slice(0, 160)}`),
    screen,
  ).to.deep.equal([])
}

describe('a report finds its crew', function () {
  let asty: ChildProcess
  let browser: Browser
  let dataDir: string
  const errors: string[] = []

  before(async function () {
    if (!CHROMIUM) {
      if (process.env['CI']) throw new Error('CI needs Chromium')
      process.stderr.write('No Chromium found: the browser tests are skipped.\n')
      this.skip()
    }
    mkdirSync(SHOTS, { recursive: true })
    dataDir = mkdtempSync(join(tmpdir(), 'asty-browser-'))
    asty = await startAsty(dataDir)
    browser = await chromium.launch({
      executablePath: CHROMIUM,
      args: [
        '--no-sandbox',
        '--use-angle=swiftshader',
        '--enable-unsafe-swiftshader',
        '--disable-background-networking',
        '--disable-component-update',
        '--disable-sync',
      ],
    })
  })

  after(async () => {
    await browser?.close()
    if (asty?.exitCode === null) {
      const gone = new Promise((resolve) => asty.once('exit', resolve))
      asty.kill('SIGINT')
      expect(await gone, 'Ctrl-C ends with 0').to.equal(0)
    }
    if (dataDir) rmSync(dataDir, { recursive: true, force: true })
  })

  async function open(path: string, options: BrowserContextOptions): Promise<Page> {
    const context = await browser.newContext(options)
    const page = await context.newPage()
    page.setDefaultTimeout(30_000)
    page.on('pageerror', (error) => errors.push(error.message))
    page.on('requestfinished', (request) => {
      const { origin } = new URL(request.url())
      if (/^http/.test(origin) && origin !== URL_OF_PORTAL) errors.push(`a request went to ${origin}`)
    })
    await page.goto(URL_OF_PORTAL + path)
    await mapIsDrawn(page)
    return page
  }

  it('from a phone to the crew at its desk, and back', async () => {
    const crew = await open('/sign-in', DESKTOP)
    await by(crew, 'sign-in-email').fill('crew@demo.example')
    await by(crew, 'sign-in-password').fill('asty-demo')
    await by(crew, 'sign-in-submit').click()
    await by(crew, 'desk-item').first().waitFor()

    const citizen = await open('/?at=23.757,36.3352,17', PHONE)
    await citizen.screenshot({ path: join(SHOTS, 'phone-home-el.png') })
    await by(citizen, 'report-button').click()
    await by(citizen, 'place-centre').click()
    await by(citizen, 'step-place-confirm').click()
    await by(citizen, 'category-search').fill('lakkouva')
    await by(citizen, 'category-option').first().click()
    await by(citizen, 'preview').waitFor()
    expect(await by(citizen, 'preview').textContent()).to.include('Τεχνική Υπηρεσία')
    await by(citizen, 'description').fill('Μεγάλη λακκούβα μπροστά στο σχολείο')
    await citizen.screenshot({ path: join(SHOTS, 'phone-form-el.png') })
    await expectAccessible(citizen, 'form, phone, Greek')
    await by(citizen, 'send-report').click()
    const protocol = (await by(citizen, 'receipt-protocol').textContent()) ?? ''
    expect(protocol).to.match(/^\d{4}\/\d{6}$/)
    await citizen.screenshot({ path: join(SHOTS, 'phone-receipt-el.png') })
    const follow = (await by(citizen, 'follow-link').getAttribute('href')) ?? ''

    const arrived = crew.locator(`[data-protocol="${protocol}"]`)
    await arrived.waitFor()
    await crew.screenshot({ path: join(SHOTS, 'desktop-desk-en.png') })
    await expectAccessible(crew, 'desk, desktop, English')
    await arrived.locator('a').click()
    await by(crew, 'routing-why').waitFor()
    expect(await by(crew, 'routing-why').textContent()).to.include('Road crew East')
    await by(crew, 'status-select').selectOption('in_progress')
    await by(crew, 'status-note').fill('Το συνεργείο ξεκίνησε')
    await by(crew, 'status-save').click()
    await crew.getByText('Το συνεργείο ξεκίνησε').waitFor()
    await crew.screenshot({ path: join(SHOTS, 'desktop-report-en.png') })
    await expectAccessible(crew, 'report at the desk')

    await citizen.goto(new URL(follow).pathname.replace(/^/, URL_OF_PORTAL))
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
      await page.screenshot({ path: join(SHOTS, `desktop-home-${scheme}.png`) })
      await expectAccessible(page, `home ${scheme}`)
      await page.goto(`${URL_OF_PORTAL}/place/23.752693,36.336921`)
      await page.locator('dl.facts').first().waitFor()
      await expectAccessible(page, `place ${scheme}`)
      await page.goto(`${URL_OF_PORTAL}/layers?layers=land_use_zone,poi`)
      await by(page, 'layer-toggle').first().waitFor()
      await mapIsDrawn(page)
      await page.screenshot({ path: join(SHOTS, `desktop-layers-${scheme}.png`) })
      await expectAccessible(page, `layers ${scheme}`)
      await page.goto(`${URL_OF_PORTAL}/reports`)
      await page.locator('a.report').first().waitFor()
      await mapIsDrawn(page)
      await page.screenshot({ path: join(SHOTS, `desktop-reports-${scheme}.png`) })
      await expectAccessible(page, `reports ${scheme}`)
      await page.close()
    }
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

  it('asks nobody outside, and throws no error', () => {
    expect(errors).to.deep.equal([])
  })
})
