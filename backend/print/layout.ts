// Where everything stands on the sheet.
import { MARGIN, MM, type Paper } from '../core/pdf.ts'
import type { Frame } from '../layers/service.ts'
import { frames, type MapQuery } from './contract.ts'

/** Over the map: head, and the numbers of the grid. */
const HEAD = 19 * MM
/** Under it or beside it: the numbers of the grid. */
const NUMBERS = 6 * MM
/** What stands at the foot of the sheet. */
export const FOOT = 18 * MM
export const COLUMN_GAP = 4 * MM
const LONG = { a4: 297, a3: 420 }
const SHORT = { a4: 210, a3: 297 }

export const paperOf = ({ paper, orientation }: MapQuery): Paper => ({ size: paper === 'a3' ? 'A3' : 'A4', layout: orientation }) // prettier-ignore
const isUpright = ({ orientation }: MapQuery) => orientation === 'portrait'
/** Between the margins, points. */
export const widthOf = (asked: MapQuery) => (isUpright(asked) ? SHORT : LONG)[asked.paper] * MM - 2 * MARGIN
export const bottomOf = (asked: MapQuery) => (isUpright(asked) ? LONG : SHORT)[asked.paper] * MM - MARGIN

export function frameOf({ lon, lat, scale, paper, orientation }: MapQuery): Frame {
  const [width, height] = frames[paper][orientation]
  return { left: MARGIN, top: MARGIN + HEAD, width: width * MM, height: height * MM, lon, lat, scale }
}

/** Points; legend and facts flow in as many columns. */
export interface Area {
  left: number
  top: number
  width: number
  height: number
  columns: number
}

/** Legend and facts stand under an upright map, beside one that lies. facts_height: what the facts need there, by width; points. */
export function areasBeside(
  frame: Frame,
  asked: MapQuery,
  facts_height: (width: number) => number,
): [legend: Area, facts: Area] {
  const width = widthOf(asked)
  const bottom = frame.top + frame.height
  if (isUpright(asked)) {
    const top = bottom + NUMBERS
    const height = bottomOf(asked) - FOOT - top
    const columns = asked.paper === 'a3' ? 5 : 4
    const column = (width - (columns - 1) * COLUMN_GAP) / columns
    const legend = { left: MARGIN, top, width: width - column - COLUMN_GAP, height, columns: columns - 1 }
    return [legend, { left: MARGIN + width - column, top, width: column, height, columns: 1 }]
  }
  const left = frame.left + frame.width + NUMBERS + 2 * MM
  const beside = { left, width: MARGIN + width - left, columns: 1 }
  const height = facts_height(beside.width)
  return [
    { ...beside, top: frame.top, height: frame.height - height - 2 * MM },
    { ...beside, top: bottom - height, height },
  ]
}
