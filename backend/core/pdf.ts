// A sheet of paper: tagged for screen readers, in the typeface of the portal, which knows Greek.
import { fileURLToPath } from 'node:url'
import type { Response } from 'express'
import PDFDocument from 'pdfkit'
import type { Language } from './contract.ts'

/** Points of 1/72 inch in a millimetre. */
export const MM = 72 / 25.4
export const MARGIN = 15 * MM
/** Of A4 upright: width between the margins, points. */
export const WIDTH = 210 * MM - 2 * MARGIN
export const BOTTOM = 297 * MM - MARGIN

export const INK = '#17222b'
export const MUTED = '#52616c'
export const RULE = '#d5dbdf'

const FONTS = {
  plain: fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans/400Regular/NotoSans_400Regular.ttf')),
  bold: fileURLToPath(import.meta.resolve('@expo-google-fonts/noto-sans/600SemiBold/NotoSans_600SemiBold.ttf')),
}

export type Pdf = PDFKit.PDFDocument

/** What stands in one place of the structure: a heading, a paragraph, a picture. */
type Tag = 'H1' | 'H2' | 'H3' | 'P' | 'Figure'

export interface Sheet {
  pdf: Pdf
  /** Draws something that is read aloud where it stands. alt: the words for a picture. */
  part: (tag: Tag, draw: () => void, alt?: string) => void
  /** Draws something that says nothing: lines, frames. */
  decoration: (draw: () => void) => void
}

export interface Paper {
  size: 'A4' | 'A3'
  layout: 'portrait' | 'landscape'
}

/** An empty sheet with its title. */
export function openSheet(
  language: Language,
  title: string,
  author: string,
  paper: Paper = { size: 'A4', layout: 'portrait' },
): Sheet {
  const pdf = new PDFDocument({
    ...paper,
    margin: MARGIN,
    lang: language,
    tagged: true,
    displayTitle: true,
    pdfVersion: '1.7',
    info: { Title: title, Author: author, Creator: 'Asty' },
    font: FONTS.plain,
  })
  pdf.registerFont('plain', FONTS.plain)
  pdf.registerFont('bold', FONTS.bold)
  const root = pdf.struct('Document')
  pdf.addStructure(root)
  const part: Sheet['part'] = (tag, draw, alt) => {
    const one = pdf.struct(tag, alt ? { alt } : {}, [draw])
    root.add(one)
    one.end()
  }
  const decoration: Sheet['decoration'] = (draw) => {
    pdf.markContent('Artifact', { type: 'Layout' })
    draw()
    pdf.endMarkedContent()
  }
  return { pdf, part, decoration }
}

/** Sends the sheet, to be shown by the browser and saved under the name. */
export async function sendSheet({ pdf }: Sheet, name: string, response: Response): Promise<void> {
  const chunks: Buffer[] = []
  pdf.on('data', (chunk: Buffer) => chunks.push(chunk))
  const ended = new Promise<void>((resolve) => pdf.on('end', resolve))
  pdf.end()
  await ended
  response
    .type('application/pdf')
    .set('Content-Disposition', `inline; filename="${name}.pdf"`)
    .send(Buffer.concat(chunks))
}
