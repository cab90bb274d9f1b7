import type { LonLat } from '../../map/useMap.ts'

const CORNERS = 72
/** A degree of latitude. */
const DEGREE_M = 111_195

/** A circle as GeoJSON, WGS 84, to be looked at: on the sphere, a few metres off at five kilometres. */
export function circle([lon, lat]: LonLat, radius_m: number) {
  const [up, across] = [radius_m / DEGREE_M, radius_m / DEGREE_M / Math.cos((lat * Math.PI) / 180)]
  const ring = Array.from({ length: CORNERS + 1 }, (_, n) => {
    const turn = (2 * Math.PI * (n % CORNERS)) / CORNERS
    return [lon + across * Math.cos(turn), lat + up * Math.sin(turn)]
  })
  return {
    features: {
      type: 'Feature' as const,
      properties: {},
      geometry: { type: 'Polygon' as const, coordinates: [ring] },
    },
    bbox: [lon - across, lat - up, lon + across, lat + up],
  }
}
