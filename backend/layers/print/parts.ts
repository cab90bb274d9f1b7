// What every sheet has: who says it and when, its title, and where it comes from.
import type { Language, Localised } from '../../core/contract.ts'
import { INK, MARGIN, MUTED, type Pdf, type Sheet } from '../../core/pdf.ts'
import { dayText } from '../words.ts'

/** Where facts come from. */
export interface Origin {
  layer: { title: Localised }
  attribution: Localised
  licence: string
  updated_at: string
}

interface Writing {
  size: number
  colour: string
  x: number
  y: number
  width: number
  isBold?: boolean
  /** Words that go beyond are cut, points. */
  height?: number
  align?: 'right'
}

/** Writes words into their place on the sheet. */
export const write = (pdf: Pdf, words: string, { size, colour, x, y, isBold, ...more }: Writing) =>
  pdf
    .font(isBold ? 'bold' : 'plain', size)
    .fillColor(colour)
    .text(words, x, y, { ...more, ellipsis: more.height !== undefined })

const TITLE = { size: 17, least: 9 }

/** The head of a sheet, 39 points high; width: between the margins, points. A long title is set smaller before it is cut. */
export function drawHead(
  { pdf, part }: Sheet,
  { from, title, width }: { from: string; title: string; width: number },
  language: Language,
): void {
  const line = { size: 9, colour: MUTED, x: MARGIN, y: MARGIN, width }
  part('P', () => {
    write(pdf, from, line)
    write(pdf, dayText(new Date(), language), { ...line, align: 'right' })
  })
  const share = width / pdf.font('bold', TITLE.size).widthOfString(title)
  const size = Math.max(TITLE.least, Math.min(TITLE.size, TITLE.size * share * 0.99))
  // Whatever its size, it stands on one line.
  const y = MARGIN + 15 + (TITLE.size - size)
  part('H1', () => write(pdf, title, { size, colour: INK, x: MARGIN, y, width, height: 24, isBold: true }))
}

/** "Schools, bins: Municipality, 20 November 2026, CC-BY-4.0": layers of one origin and day together. */
export function creditsOf(origins: readonly Origin[], language: Language): string[] {
  const titles = new Map<string, Set<string>>()
  for (const { layer, attribution, licence, updated_at } of origins) {
    const origin = [attribution[language], dayText(updated_at, language), licence].filter(Boolean).join(', ')
    titles.set(origin, (titles.get(origin) ?? new Set()).add(layer.title[language]))
  }
  return [...titles].map(([origin, layers]) => `${[...layers].join(', ')}: ${origin}`)
}
