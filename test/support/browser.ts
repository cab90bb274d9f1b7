// The portal in a real Chromium, on a demo city of its own; shared by all browser tests.
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect } from 'chai'
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core'
import { CHROMIUM, launchChromium } from './chromium.ts'
import { type IdentityProvider, startIdentityProvider } from './idp.ts'
import { type Program, startProgram } from './program.ts'

const SHOTS = fileURLToPath(new URL('../../data/screenshots/', import.meta.url))
const AXE = readFileSync(fileURLToPath(import.meta.resolve('axe-core/axe.min.js')), 'utf8')
/** Drawing in software costs by frame and pixel, and in CI nobody looks at the pictures: everything is drawn, but small and at once. */
const PLAIN: BrowserContextOptions = { reducedMotion: 'reduce', deviceScaleFactor: process.env['CI'] ? 0.5 : 1 }
const PORT = Number(process.env['BROWSER_TEST_PORT'] ?? 18_431)

export const PORTAL = `http://127.0.0.1:${PORT}`
/** The same portal under a name: passkeys belong to names, not to numbers. */
export const LOCALHOST = `http://localhost:${PORT}`
export const PHONE = { viewport: { width: 390, height: 844 }, locale: 'el-GR' } satisfies BrowserContextOptions
export const DESKTOP = { viewport: { width: 1440, height: 900 }, locale: 'en-GB' } satisfies BrowserContextOptions

/** What went wrong in any page: errors thrown, policies broken, requests to other hosts. */
export const faults: string[] = []

let asty: Program | undefined
let browser: Browser | undefined
let idp: IdentityProvider | undefined
let dataDir: string | undefined

async function startAll(): Promise<void> {
  mkdirSync(SHOTS, { recursive: true })
  dataDir = mkdtempSync(join(tmpdir(), 'asty-browser-'))
  idp = await startIdentityProvider([`${PORTAL}/api/sign-in/city/callback`], {
    anna: { name: 'Anna', email: 'anna@mail.example', email_verified: true },
  })
  const provider = {
    kind: 'oidc',
    slug: 'city',
    title: { el: 'Ταυτότητα δοκιμής', en: 'Test identity' },
    issuer: idp.issuer,
    client_id: 'asty',
    client_secret: 'a-secret-of-the-test',
  }
  asty = startProgram({
    PORT: String(PORT),
    DATA_DIR: dataDir,
    SIGN_IN_PROVIDERS: JSON.stringify([provider]),
    // It may forward reports to itself.
    WEBHOOK_NETWORKS: '127.0.0.0/8',
  })
  await asty.until('Asty is open at')
  browser = await launchChromium()
}

const groupOf = ({ parent }: Mocha.Test | Mocha.Suite): Mocha.Suite =>
  parent!.parent!.root ? parent! : groupOf(parent!)
const lastOf = ({ tests, suites }: Mocha.Suite): Mocha.Test | undefined => {
  const inner = suites.at(-1)
  return inner ? lastOf(inner) : tests.at(-1)
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    this.timeout(600_000)
    if (CHROMIUM) return startAll()
    if (process.env['CI']) throw new Error('CI needs Chromium')
    process.stderr.write('No Chromium found: the browser tests are skipped.\n')
    this.skip()
  },
  /** Pages stay for the tests of a group, which may share them; after that they would only make the machine slow. */
  async afterEach(this: Mocha.Context): Promise<void> {
    if (this.currentTest && this.currentTest === lastOf(groupOf(this.currentTest)))
      await Promise.all(browser?.contexts().map((context) => context.close()) ?? [])
  },
  async afterAll(): Promise<void> {
    await browser?.close()
    idp?.close()
    if (asty?.child.exitCode === null) {
      asty.child.kill('SIGINT')
      expect(await asty.ended, 'Ctrl-C ends with 0').to.equal(0)
    }
    if (dataDir) rmSync(dataDir, { recursive: true, force: true })
  },
}

/** A page at this path, its map drawn. `prepare` sees the context before it is opened. */
export async function open(
  path: string,
  options: BrowserContextOptions,
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<Page> {
  const page = await openPlain(path, options, prepare)
  await mapIsDrawn(page)
  return page
}

/** A page at this path, which may have no map. */
export async function openPlain(
  path: string,
  options: BrowserContextOptions,
  prepare?: (context: BrowserContext) => Promise<unknown>,
): Promise<Page> {
  if (!browser) throw new Error('no browser')
  const context = await browser.newContext({ ...PLAIN, ...options })
  await prepare?.(context)
  const page = await context.newPage()
  page.setDefaultTimeout(30_000)
  page.on('pageerror', (error) => faults.push(error.message))
  page.on('console', (message) => {
    if (/Content Security Policy/.test(message.text())) faults.push(message.text())
  })
  page.on('requestfinished', (request) => {
    const { origin } = new URL(request.url())
    if (/^http/.test(origin) && ![PORTAL, LOCALHOST, idp?.issuer].includes(origin))
      faults.push(`a request went to ${origin}`)
  })
  await page.goto(PORTAL + path)
  return page
}

/** The newest message that was sent to this address or telephone, as a trial without a mail server keeps it. */
export async function newestMessage(to: string): Promise<string> {
  const outbox = join(dataDir ?? '', 'outbox')
  for (let tries = 0; tries < 100; tries++) {
    const files = existsSync(outbox) ? readdirSync(outbox).sort().reverse() : []
    const found = files
      .map((file) => readFileSync(join(outbox, file), 'utf8'))
      .find((text) => text.includes(`To: ${to}`))
    if (found) return found
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
  throw new Error(`nothing was sent to ${to}`)
}

/** Makes the place of the photos one that nothing can be written to. Returns what puts it back. */
export function breakPhotos(): () => void {
  const photos = join(dataDir ?? '', 'photos')
  mkdirSync(photos, { recursive: true })
  renameSync(photos, `${photos}-aside`)
  writeFileSync(photos, '')
  return () => {
    rmSync(photos)
    renameSync(`${photos}-aside`, photos)
  }
}

export const by = (page: Page, name: string) => page.locator(`[data-test="${name}"]`)

/** A picture for people to look at, in data/screenshots. */
export const picture = (page: Page, name: string, { fullPage = false } = {}) =>
  page.screenshot({ path: join(SHOTS, `${name}.png`), fullPage })

export async function mapIsDrawn(page: Page): Promise<void> {
  // Functions, not text: the page's policy forbids eval.
  await page.waitForFunction(() => {
    const { astyMap } = globalThis as unknown as { astyMap?: { loaded: () => boolean; areTilesLoaded: () => boolean } }
    return astyMap?.loaded() && astyMap.areTilesLoaded()
  })
}

export async function signInAt(page: Page, email: string, password = 'asty-demo'): Promise<void> {
  await by(page, 'sign-in-email').fill(email)
  await by(page, 'sign-in-password').fill(password)
  await by(page, 'sign-in-submit').click()
}

interface Violation {
  id: string
  impact: string
  nodes: { html: string }[]
}

/** axe finds nothing serious on this screen (WCAG 2.2 AA). */
export async function expectAccessible(page: Page, screen: string): Promise<void> {
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
