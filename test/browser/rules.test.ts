// Who answers for what and where: tried on the reports of the last days before it counts, by rule and by boundary.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

async function atDesk(path: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, 'admin@demo.example')
  await page.waitForURL((url) => url.pathname !== '/sign-in')
  await page.goto(PORTAL + path)
  return page
}

interface Found {
  features: { geometry: { coordinates: [number, number][][] | [number, number][][][] } }[]
}

/** What the server answers to the reader. */
const ask = <T>(page: Page, path: string): Promise<T> =>
  page.evaluate(async (asked) => (await (await fetch(asked)).json()) as T, path)

/** A pothole that somebody has just reported there; its id. */
const reported = (page: Page, coordinates: [number, number]): Promise<string> =>
  page.evaluate(async (at) => {
    const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
    const answer = await fetch('/api/reports', {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf, 'Idempotency-Key': crypto.randomUUID() },
      body: JSON.stringify({ category: 'pothole', location: { type: 'Point', coordinates: at }, description: 'Λακκούβα' }), // prettier-ignore
    })
    return ((await answer.json()) as { id: string }).id
  }, coordinates)

/** Waits until the map shows something of a layer of its style. */
const drawn = (page: Page, layer: string) =>
  page.waitForFunction((name) => {
    const { astyMap } = globalThis as unknown as { astyMap: { getLayer: (id: string) => unknown; queryRenderedFeatures: (of: { layers: string[] }) => unknown[] } } // prettier-ignore
    return astyMap.getLayer(name) && astyMap.queryRenderedFeatures({ layers: [name] }).length > 0
  }, layer)

describe('the routing console', () => {
  it('tries a changed rule on past reports, shows which would go elsewhere, and publishes it', async () => {
    const page = await atDesk('/routing', DESKTOP)
    await by(page, 'rule').first().waitFor()
    await picture(page, 'desktop-rules-en')
    await expectAccessible(page, 'rules of routing')
    await by(page, 'rule').filter({ hasText: 'Road crew East' }).first().click()
    await by(page, 'rule-area-shown').getByText('m²').waitFor()
    await drawn(page, 'preview:fill')
    await picture(page, 'desktop-rule-area-en')
    await page.locator('details[open] [data-test="rule-crew"]').selectOption('roads-west')
    expect(await by(page, 'rules-publish').isEnabled(), 'nothing is published that was not tried').to.equal(false)
    await by(page, 'rules-try').click()
    await by(page, 'what-if-move').first().waitFor()
    expect(await by(page, 'what-if-move').first().textContent()).to.match(/Road crew East → Road crew West\s*[1-9]/)
    await by(page, 'what-if-move').first().click()
    await picture(page, 'desktop-rules-tried-en')
    await expectAccessible(page, 'rules, tried')
    await by(page, 'rules-publish').click()
    await by(page, 'rules-published').waitFor()
    expect(await by(page, 'rules-published').textContent()).to.match(/[1-9]\d*\.$/)
    await by(page, 'rules-publish').waitFor({ state: 'detached' })
    // The other tests find the town as it was.
    await page.locator('details[open] [data-test="rule-crew"]').selectOption('roads-east')
    expect(await by(page, 'what-if').count(), 'what was tried is not what is there').to.equal(0)
    await by(page, 'rules-try').click()
    await by(page, 'what-if').waitFor()
    await by(page, 'rules-publish').click()
    await by(page, 'rules-publish').waitFor({ state: 'detached' })
    expect(await by(page, 'rules-published').textContent()).to.match(/[1-9]\d*\.$/)
  })

  it('keeps what was not published, and needs a name, on a phone in the dark and in Greek', async () => {
    const page = await atDesk('/routing', { ...PHONE, colorScheme: 'dark' })
    await by(page, 'rule-add').click()
    expect(await by(page, 'rules-publish').isEnabled()).to.equal(false)
    await page.locator('details[open] [data-test="rule-title-el"]').fill('Όλα στο κέντρο')
    await page.locator('details[open] [data-test="rule-title-en"]').fill('All to the centre')
    await picture(page, 'phone-rules-el-dark')
    await expectAccessible(page, 'a rule on a phone')
    await by(page, 'rules-discard').click()
    await by(page, 'rules-discard').waitFor({ state: 'detached' })
  })

  it('shows where rules contradict each other, and where there are none', async () => {
    const page = await atDesk('/routing', DESKTOP)
    await by(page, 'rule').filter({ hasText: 'Road crew East' }).first().click()
    await page.locator('details[open] [data-test="rule-remove"]').click()
    const holes = by(page, 'rules-holes')
    await by(page, 'rules-try').click()
    await by(page, 'what-if').waitFor()
    expect(await by(page, 'rules-overlaps').count(), 'the demo contradicts itself nowhere').to.equal(0)
    expect(await holes.count(), 'the group has a department').to.equal(0)
    // Two crews for the same ground: the rule that is open, beside the one of its area.
    await by(page, 'rule-add').click()
    const added = page.locator('details[open]').filter({ has: by(page, 'rule-category') })
    await added.locator('[data-test="rule-title-el"]').fill('Διπλός κανόνας')
    await added.locator('[data-test="rule-title-en"]').fill('A rule too many')
    await added.locator('[data-test="rule-category"]').selectOption('roads')
    await added.locator('[data-test="rule-area"]').selectOption(JSON.stringify(['crew_area', 'roads-west']))
    await added.locator('[data-test="rule-department"]').selectOption('technical-service')
    await added.locator('[data-test="rule-crew"]').selectOption('roads-east')
    await by(page, 'rules-try').click()
    await by(page, 'rules-overlaps').first().waitFor()
    expect(await by(page, 'rules-overlaps').count()).to.equal(1)
    expect(await by(page, 'rules-overlaps').textContent()).to.match(/A rule too many.*km²|A rule too many.*m²/)
    await by(page, 'rules-overlaps').click()
    await drawn(page, 'preview:fill')
    await picture(page, 'desktop-rules-grounds-en')
    await expectAccessible(page, 'contradictions and holes')
    const phone = await atDesk('/routing', { ...PHONE, colorScheme: 'dark' })
    await by(phone, 'rules-try').click()
    await by(phone, 'what-if').waitFor()
    await by(phone, 'what-if').scrollIntoViewIfNeeded()
    await picture(phone, 'phone-rules-grounds-el-dark')
    await expectAccessible(phone, 'contradictions and holes on a phone')
  })

  it('tells what another boundary would change before it is saved, and moves open reports after it', async function () {
    this.timeout(300_000)
    const page = await atDesk('/layers/crew_area/edit?at=23.753,36.3386,15&layers=crew_area', DESKTOP)
    const id = await reported(page, [23.7527, 36.33863])
    const crewOf = async () =>
      (await ask<{ properties: { crew: { slug: string } } }>(page, `/api/staff/reports/${id}`)).properties.crew.slug
    expect(await crewOf()).to.equal('roads-west')

    /** Puts the corner of the eastern crew's area that is on this latitude somewhere else. */
    async function pull(from: number, to: number): Promise<void> {
      await by(page, 'edit-search').fill('ανατολικός')
      await by(page, 'edit-search').blur()
      await by(page, 'edit-item').filter({ hasText: 'Roads, east' }).click()
      await by(page, 'edit-title').getByText('Roads, east').waitFor()
      const { features } = await ask<Found>(page, '/api/staff/layers/crew_area/features?q=ανατολικός')
      const [feature] = features
      const ring = feature!.geometry.coordinates.flat(2) as unknown as [number, number][]
      const corner = ring.findIndex(([lon, lat]) => Math.abs(lat - 36.338628) < 1e-6 && Math.abs(lon - from) < 1e-6)
      await by(page, 'edit-corner').fill(String(corner + 1))
      await by(page, 'edit-corner').blur()
      expect(Number(await by(page, 'edit-lon').inputValue())).to.be.closeTo(from, 1e-6)
      await by(page, 'edit-lon').fill(String(to))
      await by(page, 'edit-lon').blur()
    }
    await pull(23.7538, 23.7518)
    await by(page, 'shape-try').click()
    await by(page, 'what-if').waitFor()
    expect(await by(page, 'what-if-move').count()).to.equal(1)
    const told = (await by(page, 'what-if-move').textContent()) ?? ''
    expect(told).to.match(/Road crew West → Road crew East\s*[1-9]/)
    await drawn(page, 'preview:circle')
    await by(page, 'what-if').scrollIntoViewIfNeeded()
    await picture(page, 'desktop-boundary-tried-en')
    await expectAccessible(page, 'a boundary, tried')
    expect(await crewOf(), 'nothing has moved').to.equal('roads-west')

    await by(page, 'edit-save').click()
    await by(page, 'open-moves').waitFor()
    expect(await crewOf(), 'nor has it by saving').to.equal('roads-west')
    expect(await by(page, 'what-if-move').textContent()).to.match(/Road crew West → Road crew East\s*[1-9]/)
    await drawn(page, 'preview:circle')
    await picture(page, 'desktop-boundary-saved-en')
    await expectAccessible(page, 'open reports after a boundary was saved')
    // Whoever leaves without moving them finds them at the rules, too.
    const phone = await atDesk('/routing', { ...PHONE, colorScheme: 'dark' })
    await by(phone, 'open-moves').waitFor()
    await by(phone, 'sheet-handle').click()
    await picture(phone, 'phone-rules-open-moves-el-dark')
    await expectAccessible(phone, 'open reports that belong elsewhere, on a phone')
    await phone.context().close()

    const many = Number(/\d+/.exec((await by(page, 'move-open').textContent()) ?? '')?.[0])
    await by(page, 'move-open').click()
    await by(page, 'open-moved').waitFor()
    expect(await by(page, 'open-moved').textContent()).to.contain(`${many}.`)
    await by(page, 'open-moves').waitFor({ state: 'detached' })
    expect(await crewOf()).to.equal('roads-east')
    const desk = await atDesk(`/desk/${id}`, DESKTOP)
    await by(desk, 'routing-moved').getByText('New boundaries').waitFor()
    await by(desk, 'routing-moved').scrollIntoViewIfNeeded()
    await picture(desk, 'desktop-report-moved-en')

    // The other tests find the town as it was.
    await pull(23.7518, 23.7538)
    await by(page, 'edit-save').click()
    await by(page, 'move-open').click()
    await by(page, 'open-moved').waitFor()
    expect(await crewOf()).to.equal('roads-west')
  })
})
