// What somebody must know who measures on the map, and what is not on it.
import type { Language } from '../core/contract.ts'
import { text } from '../core/i18n/text.ts'
import { INK, MUTED, type Pdf, type Sheet } from '../core/pdf.ts'
import { dayText, MOST_DRAWN, type Overlay, write } from '../layers/service.ts'
import type { MapQuery } from './contract.ts'
import type { GridPoint } from './grid.ts'
import type { Area } from './layout.ts'

interface Known {
  asked: MapQuery
  /** Day that is asked about. */
  day: string | undefined
  middle: GridPoint
  /** Distance of the lines of the grid, metres. */
  step_m: number
  /** Features of the base map. */
  drawn: number
  overlays: readonly Overlay[]
  /** The whole legend has found room. */
  isWhole: boolean
}

interface Fact {
  text: string
  /** Something is missing on the sheet. */
  isWarning?: boolean
}

export function factsOf({ asked, day, middle, step_m, drawn, overlays, isWhole }: Known, language: Language): Fact[] {
  const say = (value: number) => value.toLocaleString(language, { maximumFractionDigits: 0 })
  const named = (which: (overlay: Overlay) => boolean) => overlays.filter(which).map(({ layer }) => layer.title[language]).join(', ') // prettier-ignore
  const cut = [drawn >= MOST_DRAWN && text(language, 'print.ground'), named(({ isCut }) => isCut)].filter(Boolean).join(', ') // prettier-ignore
  const small = named(({ isTooSmall }) => isTooSmall)
  const nothing = named(({ features, isTooSmall }) => features.length === 0 && !isTooSmall)
  const missing = [
    cut && text(language, 'print.cut', { layers: cut }),
    small && text(language, 'print.too_small', { layers: small }),
    nothing && text(language, 'print.nothing', { layers: nothing }),
    !isWhole && text(language, 'print.legend_cut'),
  ]
  return [
    ...missing.flatMap((words) => (words ? [{ text: words, isWarning: true }] : [])),
    { text: text(language, 'print.scale', { scale: say(asked.scale), paper: asked.paper.toUpperCase() }) },
    { text: text(language, 'print.grid', { step: say(step_m) }) },
    { text: text(language, 'print.middle', { east: say(middle.east), north: say(middle.north) }) },
    ...(day ? [{ text: text(language, 'print.day', { day: dayText(day, language) }) }] : []),
  ]
}

const SIZE = 7
const GAP = 1.5
const lettersOf = ({ isWarning = false }: Fact) => (isWarning ? 'bold' : 'plain')

/** Points that the facts need in a column of this width. */
export const heightOf = (pdf: Pdf, facts: readonly Fact[], width: number): number =>
  facts.reduce((sum, fact) => sum + pdf.font(lettersOf(fact), SIZE).heightOfString(fact.text, { width }) + GAP, 0)

/** Sets the facts below each other; what is missing first, so that it has room. */
export function drawFacts({ pdf, part }: Sheet, { left, top, width, height }: Area, facts: readonly Fact[]): void {
  let y = top
  for (const fact of facts) {
    const high = heightOf(pdf, [fact], width)
    if (y + high > top + height + GAP) return
    const letters = { size: SIZE, colour: fact.isWarning ? INK : MUTED, isBold: fact.isWarning ?? false }
    part('P', () => write(pdf, fact.text, { ...letters, x: left, y, width }))
    y += high
  }
}
