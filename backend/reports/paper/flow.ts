// Words that flow from page to page, with the number of the page at its foot.
import type { Language } from '../../core/contract.ts'
import { text } from '../../core/i18n/text.ts'
import { BOTTOM, INK, MARGIN, MUTED, type Pdf, RULE, type Sheet, WIDTH } from '../../core/pdf.ts'
import { write } from '../../layers/service.ts'

export interface Words {
  text: string
  isTitle?: boolean
  isMuted?: boolean
}

/** Lines that stay on one page. number: that on the map. */
export interface Row {
  words: Words[]
  number?: number
}

const FOOT = 20
const GAP = 8
/** Room for the number beside the words, points. */
const INDENT = 26

const lettersOf = ({ isTitle, isMuted }: Words) => ({ size: isTitle ? 10.5 : 9, isBold: isTitle ?? false, colour: isMuted ? MUTED : INK }) // prettier-ignore
const placeOf = ({ number }: Row) => ({ x: MARGIN + (number ? INDENT : 0), width: WIDTH - (number ? INDENT : 0) })

function heightOf(pdf: Pdf, words: Words, width: number): number {
  const { size, isBold } = lettersOf(words)
  return pdf.font(isBold ? 'bold' : 'plain', size).heightOfString(words.text, { width }) + 1
}
const highOf = (pdf: Pdf, row: Row) => row.words.reduce((sum, words) => sum + heightOf(pdf, words, placeOf(row).width), GAP) // prettier-ignore

/** Rows by page. top: where the first page has room, points. */
function paginate(pdf: Pdf, rows: readonly Row[], top: number): Row[][] {
  const pages: Row[][] = [[]]
  let y = top
  for (const row of rows) {
    const high = highOf(pdf, row)
    if (y + high > BOTTOM - FOOT && y > MARGIN) {
      pages.push([])
      y = MARGIN
    }
    pages.at(-1)?.push(row)
    y += high
  }
  return pages
}

/** Sets the rows from `top` of the page that is open, and on as many more as they need. */
export function flow(sheet: Sheet, top: number, rows: readonly Row[], foot: string, language: Language): void {
  const { pdf } = sheet
  const pages = paginate(pdf, rows, top)
  pages.forEach((page, index) => {
    if (index > 0) pdf.addPage()
    let y = index > 0 ? MARGIN : top
    for (const row of page) y = set(sheet, row, y)
    const number = text(language, 'paper.page', { n: index + 1, all: pages.length })
    drawFoot(sheet, foot, number)
  })
}

function set({ pdf, part }: Sheet, row: Row, top: number): number {
  let y = top
  const { x, width } = placeOf(row)
  if (row.number)
    part('P', () =>
      write(pdf, `${row.number}.`, { size: 9, colour: INK, x: MARGIN, y, width: INDENT - 4, isBold: true }),
    )
  for (const words of row.words) {
    part(words.isTitle ? 'H2' : 'P', () => write(pdf, words.text, { ...lettersOf(words), x, y, width }))
    y += heightOf(pdf, words, width)
  }
  return y + GAP
}

function drawFoot({ pdf, part, decoration }: Sheet, foot: string, number: string): void {
  const y = BOTTOM - FOOT + 6
  decoration(
    () =>
    pdf.moveTo(MARGIN, y - 3).lineTo(MARGIN + WIDTH, y - 3).lineWidth(0.5).stroke(RULE), // prettier-ignore
  )
  const line = { size: 7, colour: MUTED, x: MARGIN, y, width: WIDTH, height: 11 }
  part('P', () => write(pdf, foot, { ...line, width: WIDTH - 60 }))
  part('P', () => write(pdf, number, { ...line, align: 'right' }))
}
