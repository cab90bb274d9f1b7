// What a sketch is made of.
import type { Position } from '../../map/shape.ts'

/** In this order they are numbered in links. */
export const kinds = ['point', 'line', 'area'] as const
export type Kind = (typeof kinds)[number]

/** In this order they are numbered in links: a new one goes to the end. */
export const colours = ['blue', 'orange', 'magenta', 'ink'] as const
export type Colour = (typeof colours)[number]

export interface Item {
  kind: Kind
  colour: Colour
  label: string
  /** Longitude, latitude; degrees. An area does not repeat its first. */
  corners: readonly Position[]
}

/** Told apart with every kind of colour blindness (CIE76 difference of 27 and more), and 3:1 on every ground of our map by day. */
export const INK: Record<Colour, string> = { blue: '#2271c3', orange: '#c75100', magenta: '#7a1a6e', ink: '#000000' }

/** Fewer corners are none of the kind. */
export const LEAST: Record<Kind, number> = { point: 1, line: 2, area: 3 }
export const isWhole = ({ kind, corners }: Item): boolean => corners.length >= LEAST[kind]

/** More is a layer, not a sketch. */
export const MOST_ITEMS = 200
export const MOST_CORNERS = 5000
export const LABEL_LENGTH = 60

/** One short line: without what moves the cursor or turns the direction of writing, so that nothing looks like something else. */
export const cleaned = (text: string): string =>
  [...text.replace(/[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]+/gu, ' ')].slice(0, LABEL_LENGTH).join('') // prettier-ignore

/** Web Mercator ends at 85 degrees of latitude. */
export const isOnMap = ([lon, lat]: readonly number[]): boolean => Math.abs(lon!) <= 180 && Math.abs(lat!) <= 85
