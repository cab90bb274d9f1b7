// Which layers are told on which card, from how far, and how many features of each.
import type { LayerRole } from '../layers/contract.ts'
import type { Subject } from './contract.ts'

/** What contains the point, with the precision of our coordinates, metres. */
const AT_M = 0.1
/** A finger on a phone covers about this much of a street at zoom 17, metres. */
const TOUCH_M = 15
/** From a door to the pipes and lamps of its street, metres. */
const STREET_M = 40
/** Works in the street or around the next corner, metres. */
const CORNER_M = 150
/** Five minutes on foot, metres. */
const WALK_M = 400

interface Reach {
  role: LayerRole
  subject: Subject
  within_m: number
  most: number
}

export const REACH: readonly Reach[] = [
  { role: 'planning', subject: 'building', within_m: AT_M, most: 3 },
  { role: 'works', subject: 'works', within_m: CORNER_M, most: 4 },
  { role: 'network', subject: 'networks', within_m: STREET_M, most: 1 },
  { role: 'poi', subject: 'places', within_m: WALK_M, most: 5 },
  { role: 'school', subject: 'places', within_m: WALK_M, most: 2 },
  { role: 'other', subject: 'other', within_m: TOUCH_M, most: 5 },
]

const subjects = new Map<string, Subject>([
  ...REACH.map(({ role, subject }): [string, Subject] => [role, subject]),
  // Schools that register or zones name; those that are only near are places.
  ['school_zone', 'schools'],
])

/** The card that tells of layers with this role. */
export const subjectOf = (role: string): Subject => subjects.get(role) ?? 'other'
