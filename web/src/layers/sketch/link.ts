// A whole sketch in the fragment of an address: browsers send that part to no server, so nobody's log knows what was drawn.
//
// Bytes, as base64url: the number of items, then of each: kind and colour in one byte, length and letters of the label (UTF-8), the
// number of corners (none for a point), and each corner as the way from the corner before it in millionths of a degree, also from
// item to item. Numbers are varints, ways zigzagged as in Protocol Buffers: about six letters a corner.
import type { Position } from '../../map/shape.ts'
import { cleaned, colours, isOnMap, isWhole, type Item, kinds, MOST_CORNERS, MOST_ITEMS } from './items.ts'

/** The digit is the version: another way of writing gets another one. */
const MARK = '#sketch=1'
/** Chat and mail programs cut longer addresses, each in its own way; a code to scan holds about half. */
export const MOST_CHARACTERS = 6000
/** Eleven centimetres. */
const STEPS_PER_DEGREE = 1e6

/** As exact as a link is: what is drawn and what arrives are the same. */
export const rounded = (at: Position): Position =>
  at.map((c) => Math.round(c * STEPS_PER_DEGREE) / STEPS_PER_DEGREE) as Position

export const isSketch = (hash: string): boolean => hash.startsWith('#sketch=')

/** The fragment that says these items; of unfinished ones nothing. Empty: there are none. It may be longer than a link should be. */
export function write(items: readonly Item[]): string {
  const whole = items.filter(isWhole)
  if (whole.length === 0) return ''
  const bytes = numberBytes(whole.length)
  let before = [0, 0]
  for (const { kind, colour, label, corners } of whole) {
    const letters = new TextEncoder().encode(cleaned(label))
    bytes.push(kinds.indexOf(kind) + kinds.length * colours.indexOf(colour), ...numberBytes(letters.length), ...letters)
    if (kind !== 'point') bytes.push(...numberBytes(corners.length))
    for (const corner of corners) {
      const now = corner.map((c) => Math.round(c * STEPS_PER_DEGREE))
      bytes.push(...now.flatMap((c, axis) => numberBytes(zigzag(c - before[axis]!))))
      before = now
    }
  }
  const text = bytes.map((byte) => String.fromCharCode(byte)).join('')
  return MARK + btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

/** What the fragment says; null: it says nothing that we wrote, or not all of it. */
export function read(hash: string): Item[] | null {
  if (!hash.startsWith(MARK) || hash.length > MOST_CHARACTERS) return null
  try {
    return itemsIn(new Reader(hash.slice(MARK.length)))
  } catch {
    // Whoever wrote or cut it: it is no sketch.
    return null
  }
}

function itemsIn(reader: Reader): Item[] {
  const count = reader.number(MOST_ITEMS)
  let before: Position = [0, 0]
  const items = Array.from({ length: count }, (): Item => {
    const head = reader.number(kinds.length * colours.length - 1)
    const kind = kinds[head % kinds.length]!
    const label = cleaned(reader.letters())
    const corners = Array.from({ length: kind === 'point' ? 1 : reader.number(MOST_CORNERS) }, (): Position => {
      before = [before[0] + reader.way(), before[1] + reader.way()]
      return [before[0] / STEPS_PER_DEGREE, before[1] / STEPS_PER_DEGREE]
    })
    return { kind, colour: colours[Math.floor(head / kinds.length)]!, label, corners }
  })
  if (count === 0 || !reader.isAtEnd() || !items.every((item) => isWhole(item) && item.corners.every(isOnMap)))
    throw new RangeError('no sketch')
  return items
}

class Reader {
  readonly #bytes: Uint8Array
  #at = 0
  constructor(text: string) {
    this.#bytes = Uint8Array.from(atob(text.replaceAll('-', '+').replaceAll('_', '/')), (letter) => letter.charCodeAt(0)) // prettier-ignore
  }
  isAtEnd = () => this.#at === this.#bytes.length
  number(most: number): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.#bytes[this.#at++]
      if (byte === undefined) throw new RangeError('cut')
      value += (byte % 128) * factor
      if (value > most) throw new RangeError('too much')
      if (byte < 128) return value
    }
  }
  letters(): string {
    const length = this.number(this.#bytes.length)
    const end = this.#at + length
    if (end > this.#bytes.length) throw new RangeError('cut')
    const letters = this.#bytes.subarray(this.#at, end)
    this.#at = end
    return new TextDecoder('utf-8', { fatal: true }).decode(letters)
  }
  /** Around the earth and no further. */
  way(): number {
    const zigzagged = this.number(2 * 360 * STEPS_PER_DEGREE)
    return zigzagged % 2 ? -(zigzagged + 1) / 2 : zigzagged / 2
  }
}

const zigzag = (n: number) => (n < 0 ? -2 * n - 1 : 2 * n)

function numberBytes(n: number): number[] {
  return n < 128 ? [n] : [(n % 128) + 128, ...numberBytes(Math.floor(n / 128))]
}
