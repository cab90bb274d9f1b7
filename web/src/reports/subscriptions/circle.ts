import { bbox, circle } from '@turf/turf'
import { showPreview } from '../../map/preview.ts'
import type { LonLat } from '../../map/useMap.ts'

/** Shows a circle on the map: on the sphere, a few metres off at five kilometres. */
export function showCircle(middle: LonLat, radius_m: number): void {
  const shape = circle(middle, radius_m, { units: 'meters', steps: 72 })
  showPreview(shape, bbox(shape))
}
