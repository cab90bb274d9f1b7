// Documents of staff beside a report: added, found in the story, taken away.
import { expect } from 'chai'
import { by, DESKTOP, expectAccessible, open, PHONE, picture, signInAt } from '../support/browser.ts'

const PDF = { name: 'prosfora-ermou.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n%%EOF\n') }

describe('documents beside a report', () => {
  it('are added with a title, saved, and removed', async () => {
    const desk = await open('/sign-in', DESKTOP)
    await signInAt(desk, 'head@demo.example')
    await by(desk, 'desk-item').first().click()
    await by(desk, 'file-open').click()
    await by(desk, 'file-choose').setInputFiles(PDF)
    expect(await by(desk, 'file-title').inputValue(), 'its name, until there is a better one').to.equal(
      'prosfora-ermou',
    )
    await by(desk, 'file-title').fill('Offer for Ermou Street')
    await expectAccessible(desk, 'a document is added')
    await by(desk, 'file-add').click()
    await by(desk, 'file-told').waitFor()
    await by(desk, 'file').getByText('Offer for Ermou Street').waitFor()
    await by(desk, 'file-open').scrollIntoViewIfNeeded()
    await expectAccessible(desk, 'documents')
    await picture(desk, 'desktop-documents-en')
    const [saved] = await Promise.all([desk.waitForEvent('download'), by(desk, 'file-download').click()])
    expect(saved.suggestedFilename()).to.equal('Offer for Ermou Street.pdf')
    await desk.getByText('Document added').first().waitFor()
    await desk.setViewportSize(PHONE.viewport)
    await desk.emulateMedia({ colorScheme: 'dark' })
    await by(desk, 'language-switch').click()
    await by(desk, 'file').scrollIntoViewIfNeeded()
    await expectAccessible(desk, 'documents on a phone, in the dark')
    await picture(desk, 'phone-documents-el-dark')
    await by(desk, 'file-choose').setInputFiles({ ...PDF, buffer: Buffer.from('<script>') })
    await by(desk, 'file-add').click()
    await by(desk, 'file-error').waitFor()
    await picture(desk, 'phone-documents-refused-el-dark')
    await by(desk, 'file-remove').click()
    await by(desk, 'file-told').getByText('Αφαιρέθηκε').waitFor()
    expect(await by(desk, 'file').count()).to.equal(0)
  })
})
