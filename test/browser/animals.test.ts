// A dog is lost, somebody has found it: the owner sees it at once, staff say that it is the same, and the report is kept open.
import { expect } from 'chai'
import type { Page } from 'playwright-core'
import sharp from 'sharp'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, PORTAL, signInAt } from '../support/browser.ts'

const DARK = { ...DESKTOP, colorScheme: 'dark' as const }
const HERE = [23.757, 36.3352]
/** Three hundred metres further. */
const THERE = [23.7603, 36.3352]
const today = new Date().toISOString().slice(0, 10)

const dog = () =>
  sharp(
    Buffer.from(`<svg xmlns="http://www.w3.org/2000/svg" width="800" height="600"><rect width="800" height="600" fill="#8fae7c"/>
      <ellipse cx="420" cy="380" rx="190" ry="110" fill="#3a2f2a"/><circle cx="250" cy="270" r="95" fill="#3a2f2a"/>
      <ellipse cx="190" cy="300" rx="55" ry="38" fill="#e9e2d8"/><circle cx="235" cy="240" r="12" fill="#fff"/></svg>`),
  )
    .jpeg()
    .toBuffer()

async function sendFound(chip: string): Promise<{ id: string; protocol: string }> {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(await dog())]), 'dog.jpg')
  const upload = await fetch(`${PORTAL}/api/uploads`, { method: 'POST', body: form })
  const { id: photo } = (await upload.json()) as { id: string }
  const sent = await fetch(`${PORTAL}/api/reports`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({
      category: 'found-animal',
      location: { type: 'Point', coordinates: THERE },
      description: 'Ήρεμο σκυλί, περιμένει έξω από τον φούρνο',
      answers: { species: 'dog', colours: ['brown', 'white'], found_on: today, chip },
      photos: [photo],
    }),
  })
  return (await sent.json()) as { id: string; protocol: string }
}

async function atDesk(email: string, options: Parameters<typeof open>[1]): Promise<Page> {
  const page = await open('/sign-in', options)
  await signInAt(page, email)
  await by(page, 'desk-item').first().waitFor()
  return page
}

interface Old {
  id: string
  category: string
  days: number
}

/** Two open reports of the demo city on which nobody works, and how many days ago each was seen. */
async function seenLongAgo(): Promise<Old[]> {
  const list = await fetch(`${PORTAL}/api/reports?status=acknowledged&limit=20`)
  const { features } = (await list.json()) as { features: { id: string; properties: { category: { slug: string } } }[] }
  const old = features.map(async ({ id, properties }) => {
    const { timeline } = (await (await fetch(`${PORTAL}/api/reports/${id}`)).json()) as { timeline: { at: string }[] }
    const days = Math.floor((Date.now() - Date.parse(timeline.at(-1)!.at)) / 86_400_000)
    return { id, category: properties.category.slug, days }
  })
  const all = (await Promise.all(old)).filter(({ days }) => days > 4)
  return [all[0]!, all.find(({ category }) => category !== all[0]!.category)!]
}

/** Lets the reports of its category close by themselves, this one in two days. */
const expireSoon = (admin: Page, { category, days }: Old) =>
  admin.evaluate(
    async ([slug, expires_days]) => {
      const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
      const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
      const body = JSON.stringify({ expires_days })
      await fetch(`/api/staff/categories/${slug}`, { method: 'PATCH', headers, body })
    },
    [category, days + 2] as const,
  )

const publish = (desk: Page, id: string) =>
  desk.evaluate(async (report) => {
    const { csrf } = (await (await fetch('/api/session')).json()) as { csrf: string }
    const { photos } = (await (await fetch(`/api/staff/reports/${report}`)).json()) as { photos: { id: string }[] }
    const headers = { 'Content-Type': 'application/json', 'X-CSRF-Token': csrf }
    const body = JSON.stringify({ is_published: true })
    await fetch(`/api/staff/reports/${report}/photos/${photos[0]!.id}`, { method: 'PATCH', headers, body })
  }, id)

describe('a lost dog', () => {
  let lost = { path: '', protocol: '' }
  let found = { id: '', protocol: '' }

  it('is reported on a phone; a wrong chip number is told, and the found one is seen at once', async () => {
    found = await sendFound('300000000012345')
    await publish(await atDesk('agent@demo.example', DESKTOP), found.id)
    const phone = await open(`/report?here=${HERE.join(',')}&at=${HERE.join(',')},16`, PHONE)
    await by(phone, 'category-search').fill('χάθηκε')
    await by(phone, 'category-option').first().click()
    await by(phone, 'preview').waitFor()
    await phone.getByLabel('Σκύλος').check()
    await phone.getByLabel('Καφέ').check()
    await phone.getByLabel('Μαύρο').check()
    await by(phone, 'question-lost_on').locator('input').fill(today)
    await by(phone, 'question-chip').locator('input').fill('30000000001234')
    await by(phone, 'description').fill('Χάθηκε ο Μαξ, φοβάται τα αυτοκίνητα')
    await expectAccessible(phone, 'a lost animal, asked')
    await by(phone, 'question-species').scrollIntoViewIfNeeded()
    await picture(phone, 'phone-lost-animal-el')
    await by(phone, 'send-report').click()
    await phone.getByText('έχει 15 ψηφία').first().waitFor()
    await by(phone, 'question-chip').scrollIntoViewIfNeeded()
    await picture(phone, 'phone-lost-animal-chip-el')
    await by(phone, 'question-chip').locator('input').fill('300 000 000 012 345')
    await by(phone, 'send-report').click()
    const match = by(phone, 'animal-match').first()
    await match.getByText('Ίδιος αριθμός μικροτσίπ').waitFor()
    await match.getByText('καφέ').waitFor()
    await expectAccessible(phone, 'the receipt with matches')
    await match.scrollIntoViewIfNeeded()
    await picture(phone, 'phone-lost-animal-receipt-el')
    lost = {
      path: new URL((await by(phone, 'follow-link').getAttribute('href')) ?? '').pathname,
      protocol: (await by(phone, 'receipt-protocol').textContent()) ?? '',
    }
    await phone.goto(PORTAL + lost.path)
    await match.scrollIntoViewIfNeeded()
    await by(phone, 'expires-at').waitFor()
    await expectAccessible(phone, 'followed, with matches')
    await picture(phone, 'phone-lost-animal-follow-el')
  })

  it('and the found one are shown to everybody without the chip', async () => {
    const page = await open(`/reports/${found.id}`, DARK)
    const match = by(page, 'animal-match').first()
    await match.getByText('brown').waitFor()
    await match.getByText(lost.protocol).waitFor()
    expect(await page.locator('body').textContent()).to.not.match(/same microchip number|12345/)
    await match.scrollIntoViewIfNeeded()
    await expectAccessible(page, 'public, with matches')
    await picture(page, 'desktop-found-animal-en-dark')
  })

  it('is found to be the same by staff, and both pages say so', async () => {
    const desk = await atDesk('agent@demo.example', DESKTOP)
    await desk.goto(`${PORTAL}/desk/${found.id}`)
    const match = by(desk, 'animal-match').first()
    await match.getByText('The same microchip number').waitFor()
    await match.scrollIntoViewIfNeeded()
    await expectAccessible(desk, 'the desk with matches')
    await picture(desk, 'desktop-desk-animals-en')
    await by(desk, 'join-animal').first().click()
    await by(desk, 'animal-match').getByText('has found that it is the same').waitFor()
    await by(desk, 'animal-match').first().scrollIntoViewIfNeeded()
    await picture(desk, 'desktop-desk-animals-joined-en')
    const phone = await open(lost.path, { ...PHONE, colorScheme: 'dark' })
    await by(phone, 'animal-match').getByText('είναι το ίδιο ζώο').waitFor()
    await by(phone, 'animal-match').scrollIntoViewIfNeeded()
    await expectAccessible(phone, 'the same animal, in the dark')
    await picture(phone, 'phone-lost-animal-same-el-dark')
  })

  it('is kept open with one tap before it closes by itself, by who follows it and by staff', async () => {
    const admin = await atDesk('admin@demo.example', DESKTOP)
    await admin.goto(`${PORTAL}/categories/found-animal`)
    await by(admin, 'category-pet-side').scrollIntoViewIfNeeded()
    await picture(admin, 'desktop-category-pet-en')
    await by(admin, 'question-editor').first().locator('summary').click()
    await by(admin, 'question-means').first().scrollIntoViewIfNeeded()
    await expectAccessible(admin, 'a category of pets')
    await picture(admin, 'desktop-category-means-en')

    const [one, other] = await seenLongAgo()
    await expireSoon(admin, one!)
    const device = crypto.randomUUID()
    const supported = await fetch(`${PORTAL}/api/reports/${one!.id}/support`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify({ device }),
    })
    const { follow_url } = (await supported.json()) as { follow_url: string }
    const phone = await open(new URL(follow_url).pathname, PHONE)
    await by(phone, 'keep-open').scrollIntoViewIfNeeded()
    await expectAccessible(phone, 'about to close')
    await picture(phone, 'phone-keep-open-el')
    await by(phone, 'extend').click()
    await phone.getByText('Η αναφορά μένει ανοιχτή').waitFor()
    await phone.getByText('Έμεινε ανοιχτή με παράταση').waitFor()
    expect(await by(phone, 'keep-open').count()).to.equal(0)

    await expireSoon(admin, other!)
    const desk = await atDesk('agent@demo.example', DARK)
    await desk.goto(`${PORTAL}/desk/${other!.id}`)
    await by(desk, 'keep-open').scrollIntoViewIfNeeded()
    await picture(desk, 'desktop-keep-open-en-dark')
    await expectAccessible(desk, 'about to close, at the desk')
    await by(desk, 'extend').click()
    await desk.getByText('Kept open').waitFor()
  })
})
