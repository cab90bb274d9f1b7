// The map where there is much: how smoothly 100,000 points move, and cells of all the dots of opendata.ts counted in the database.
import type { Page } from 'playwright-core'
import { CHROMIUM, launchChromium } from '../support/chromium.ts'
import { ask, compare, type Parts, statementOf } from './measure.ts'

const VIEW = { width: 1280, height: 800 }
const MOVED_MS = 6000
/** Until tiles have come. */
const SETTLED_MS = 5000

/** Frames a second of the heat map of 100,000 points and of cells while somebody drags the map; drawn in software. */
export async function measureMap({ base, inside, database, lend }: Parts): Promise<void> {
  const cells = (from = base) => ask(`${from}/api/analytics/cells?source=dot&size_m=${sizes()}`, 200)
  const statement = await statementOf(database.db, '"gis"."dot"', () => cells(inside))
  await compare('cells of all the dots', () => cells(), () => lend((client) => client.query(statement)), 1) // prettier-ignore
  if (!CHROMIUM) return void process.stdout.write('Chromium is not installed: frames are not counted\n')
  const browser = await launchChromium()
  try {
    const frames: number[] = []
    for (const path of [
      'layers',
      'analytics?source=dot&picture=heat',
      'analytics?source=dot&picture=hexagon&size=300',
    ]) {
      const page = await browser.newPage({ viewport: VIEW })
      await page.goto(`${base}/${path}`)
      await page.locator('canvas').first().waitFor()
      if (path !== 'layers') await page.locator('[data-test="analytics-row"]').first().waitFor()
      await page.waitForTimeout(SETTLED_MS)
      frames.push(await framesWhileDragged(page))
      await page.close()
    }
    const [bare, heat, hexagon] = frames.map((rate) => rate.toFixed(1))
    process.stdout.write(`frames a second while the map is dragged, drawn in software: 100,000 points as heat ${heat}, as cells ${hexagon}, the map alone ${bare}\n`) // prettier-ignore
  } finally {
    await browser.close()
  }
}

/** Nobody asks for the same cells twice: answers may be remembered. */
let size = 300
const sizes = () => (size += 1e-3).toFixed(3)

async function framesWhileDragged(page: Page): Promise<number> {
  const counted = page.evaluate<number>(`new Promise((resolve) => {
    const start = performance.now()
    let frames = 0
    const next = (now) => {
      frames++
      if (now - start < ${MOVED_MS}) requestAnimationFrame(next)
      else resolve((frames * 1000) / (now - start))
    }
    requestAnimationFrame(next)
  })`)
  const end = performance.now() + MOVED_MS
  const [x, y] = [VIEW.width * 0.65, VIEW.height / 2]
  await page.mouse.move(x, y)
  await page.mouse.down()
  for (let n = 0; performance.now() < end; n++) {
    await page.mouse.move(x + 120 * Math.sin(n / 12), y + 80 * Math.cos(n / 12))
    await page.waitForTimeout(12)
  }
  await page.mouse.up()
  return counted
}
