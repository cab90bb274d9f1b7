// Colours of cells, with what they mean.
import { classesOf } from '../../map/choroplethOnMap.ts'

export interface Shade {
  from: number
  to: number
  colour: string
}

/** Fewer, the same, more (ColorBrewer PuOr): told apart by every eye. */
const [MUCH_LESS, LESS, SAME, MORE, MUCH_MORE] = ['#542788', '#998ec3', '#d9d9d9', '#f1a340', '#b35806'] as const

/** Classes of counts, from few to many. */
export const shadesOfCounts = (counts: readonly number[]): Shade[] =>
  classesOf(counts).map(({ from, to, shade }, n, all) => ({
    from,
    // Where the next one begins is no longer this one.
    to: n === all.length - 1 ? to : Math.max(from, to - 1),
    colour: shade,
  }))

/** Classes of differences, the same on both sides of zero; only those in which there is one. */
export function shadesOfDifferences(differences: readonly number[]): Shade[] {
  const most = Math.max(1, ...differences.map(Math.abs))
  const much = Math.max(2, Math.ceil(most / 2))
  const all: Shade[] = [
    { from: -most, to: -much, colour: MUCH_LESS },
    { from: -much + 1, to: -1, colour: LESS },
    { from: 0, to: 0, colour: SAME },
    { from: 1, to: much - 1, colour: MORE },
    { from: much, to: most, colour: MUCH_MORE },
  ]
  return all.filter(({ from, to }) => differences.some((value) => value >= from && value <= to))
}

/** The colour of a value. */
export const colourOf = (shades: readonly Shade[], value: number): string =>
  shades.findLast(({ from }) => value >= from)?.colour ?? SAME
