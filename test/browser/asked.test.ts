// The municipality asks, the citizen answers; and a report that is somebody else's is handed on.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

async function send(lon: number): Promise<{ id: string; path: string }> {
  const response = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      category: 'pothole',
      location: { type: 'Point', coordinates: [lon, 36.3353] },
      description: 'Μια λακκούβα κάπου στον δρόμο',
    }),
  })
  const { id, follow_url } = (await response.json()) as { id: string; follow_url: string }
  return { id, path: new URL(follow_url).pathname }
}

describe('a report that waits for the citizen', () => {
  for (const [name, options] of [
    ['phone-asked-el', PHONE],
    ['desktop-asked-en-dark', { ...DESKTOP, colorScheme: 'dark' as const }],
  ] as const)
    it(`goes on with the answer (${name})`, async () => {
      const { id, path } = await send(23.7571)
      const desk = await open('/sign-in', options)
      await signInAt(desk, 'crew@demo.example')
      await by(desk, 'desk-item').first().waitFor()
      await desk.goto(`${PORTAL}/desk/${id}`)
      await by(desk, 'status-select').selectOption('waiting_for_citizen')
      await by(desk, 'status-save').click()
      const isMissing = by(desk, 'status-note').evaluate(
        (field) => (field as unknown as { validity: { valueMissing: boolean } }).validity.valueMissing,
      )
      expect(await isMissing, 'what is asked').to.equal(true)
      await by(desk, 'status-note').fill('Μπροστά σε ποιον αριθμό;')
      await by(desk, 'status-note').scrollIntoViewIfNeeded()
      await picture(desk, `${name}-desk`)
      await expectAccessible(desk, `${name}, asking`)
      await by(desk, 'status-save').click()
      await desk.getByText('Μπροστά σε ποιον αριθμό;').first().waitFor()
      const page = await open(path, options)
      await by(page, 'answer-asked').getByText('Μπροστά σε ποιον αριθμό;').waitFor()
      await picture(page, name)
      await expectAccessible(page, name)
      await by(page, 'answer-words').fill('Στο 12, μπροστά στο περίπτερο')
      await by(page, 'answer-send').click()
      await by(page, 'answer-asked').waitFor({ state: 'detached' })
      await page.getByText('Στο 12, μπροστά στο περίπτερο').waitFor()
      await picture(page, `${name}-answered`)
      await desk.getByText('Στο 12, μπροστά στο περίπτερο').waitFor()
    })
})

describe('a report that is not ours', () => {
  it('is handed on, and shows whose it would be on the other side of a border', async () => {
    const { id } = await send(23.7571)
    const desk = await open('/sign-in', DESKTOP)
    await signInAt(desk, 'head@demo.example')
    await by(desk, 'desk-item').first().waitFor()
    await desk.goto(`${PORTAL}/desk/${id}`)
    await by(desk, 'refuse').click()
    await by(desk, 'refuse-reason').fill('Είναι φρεάτιο της ύδρευσης')
    await by(desk, 'refuse').scrollIntoViewIfNeeded()
    await picture(desk, 'desktop-refuse-en')
    await expectAccessible(desk, 'handing on')
    await by(desk, 'refuse-send').click()
    await desk.getByText('The department is not competent').waitFor()
  })
})

describe('a report of the wrong kind', () => {
  it('is put right, and goes to whom the rules say', async () => {
    const { id, path } = await send(23.7571)
    const desk = await open('/sign-in', DESKTOP)
    await signInAt(desk, 'head@demo.example')
    await by(desk, 'desk-item').first().waitFor()
    await desk.goto(`${PORTAL}/desk/${id}`)
    await by(desk, 'rectify').click()
    await by(desk, 'rectify-category').fill('')
    await by(desk, 'rectify-category').pressSequentially('svisto')
    await by(desk, 'rectify-category').press('Enter')
    await by(desk, 'rectify-goes').waitFor()
    await by(desk, 'rectify-elsewhere').check()
    await by(desk, 'rectify-note').fill('Είναι κολόνα φωτισμού')
    await by(desk, 'rectify').scrollIntoViewIfNeeded()
    await picture(desk, 'desktop-rectify-en')
    await expectAccessible(desk, 'putting right')
    const goesTo = await by(desk, 'rectify-goes').innerText()
    await by(desk, 'rectify-save').click()
    await desk.getByText('Category or place put right').waitFor()
    const page = await open(path, { ...PHONE, colorScheme: 'dark' })
    await page.getByText('Είναι κολόνα φωτισμού').waitFor()
    await picture(page, 'phone-rectified-el-dark')
    expect(goesTo).to.match(/It would go to: .+ · by /)
    expect(await page.locator('h1').innerText()).to.equal('Σβηστό φως')
  })
})
