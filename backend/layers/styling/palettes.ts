// Rows of colours that people with the usual forms of colour blindness tell apart.
import type { z } from 'zod'
import type { getRecipe } from './contract.ts'

type Palette = z.infer<typeof getRecipe.response>['palettes'][number]
export type PaletteName = Palette['name']

export const palettes: Palette[] = [
  // Okabe and Ito, Color Universal Design (2008), without black, which is lost on a dark map.
  { name: 'okabe_ito', is_ordered: false, colours: ['#0072b2', '#e69f00', '#009e73', '#d55e00', '#cc79a7', '#56b4e9', '#f0e442'] },
  // Paul Tol, Colour Schemes (SRON/EPS/TN/09-002), "muted".
  { name: 'tol_muted', is_ordered: false, colours: ['#cc6677', '#332288', '#ddcc77', '#117733', '#88ccee', '#882255', '#44aa99', '#999933', '#aa4499'] },
  // Matplotlib's viridis, and cividis (Nuñez, Anderton, Renslow 2018), from light to dark.
  { name: 'viridis', is_ordered: true, colours: ['#fde725', '#90d743', '#35b779', '#21918c', '#31688e', '#443983', '#440154'] },
  { name: 'cividis', is_ordered: true, colours: ['#fee838', '#d0be58', '#a59c74', '#7d7c78', '#575d6d', '#2a3f6d', '#00224e'] },
  // ColorBrewer 2.0 (Harrower and Brewer 2003): YlGnBu, YlOrBr, PRGn, RdBu, those marked colour-blind safe.
  { name: 'blues', is_ordered: true, colours: ['#ffffcc', '#c7e9b4', '#7fcdbb', '#41b6c4', '#1d91c0', '#225ea8', '#0c2c84'] },
  { name: 'oranges', is_ordered: true, colours: ['#ffffd4', '#fee391', '#fec44f', '#fe9929', '#ec7014', '#cc4c02', '#8c2d04'] },
  { name: 'purple_green', is_ordered: true, colours: ['#762a83', '#af8dc3', '#e7d4e8', '#f7f7f7', '#d9f0d3', '#7fbf7b', '#1b7837'] },
  { name: 'red_blue', is_ordered: true, colours: ['#b2182b', '#ef8a62', '#fddbc7', '#f7f7f7', '#d1e5f0', '#67a9cf', '#2166ac'] },
] // prettier-ignore

const paletteOf = (name: PaletteName): Palette => palettes.find((palette) => palette.name === name) as Palette

/** How many values can be told apart. */
export const sizeOf = (name: PaletteName): number => paletteOf(name).colours.length

/** Colours for so many classes: the first of a row without order, else from one end of the row to the other. */
export function coloursFor(name: PaletteName, count: number): string[] {
  const { colours, is_ordered } = paletteOf(name)
  return Array.from({ length: count }, (_, n) =>
    is_ordered ? between(colours, count === 1 ? 0.5 : n / (count - 1)) : (colours[n % colours.length] as string),
  )
}

/** The colour at a part of the way through the row, 0 to 1. */
function between(colours: string[], part: number): string {
  const place = part * (colours.length - 1)
  const [low, high] = [channels(colours[Math.floor(place)]), channels(colours[Math.ceil(place)])]
  return `#${low.map((value, n) => hex(value + ((high[n] ?? value) - value) * (place % 1))).join('')}`
}

const channels = (colour = '#000000') => [1, 3, 5].map((at) => Number.parseInt(colour.slice(at, at + 2), 16))
const hex = (value: number) => Math.round(value).toString(16).padStart(2, '0')
