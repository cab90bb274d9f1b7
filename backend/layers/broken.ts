// What PostGIS says of a geometry that is none, in a sentence for who has drawn it.
import type { Language } from '../core/contract.ts'
import { text, type TextKey } from '../core/i18n/text.ts'

/** Words of GEOS, in which every version of PostGIS agrees but for capitals. */
const REASONS: Record<string, TextKey> = {
  'self-intersection': 'broken.crosses',
  'ring self-intersection': 'broken.touches',
  'hole lies outside shell': 'broken.hole_outside',
  'holes are nested': 'broken.holes_nested',
  'interior is disconnected': 'broken.disconnected',
  'nested shells': 'broken.parts_overlap',
  'duplicate rings': 'broken.parts_overlap',
  'too few points in geometry component': 'broken.too_few',
  empty: 'broken.empty',
}

/** {reason} for problem('broken-geometry'); what has no words of ours keeps the database's. */
export const brokenBy =
  (reason: string) =>
  (language: Language): { reason: string } => {
    const key = REASONS[reason.toLowerCase()]
    return { reason: key ? text(language, key) : reason }
  }
