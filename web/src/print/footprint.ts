// The ground under a sheet of paper. The frame is a rectangle in the Greek Grid (EPSG:2100), which is turned and scaled a little
// on the map: a transverse Mercator projection of GRS 80 with 24° as its middle and 0.9996 there.
type LonLat = [lon: number, lat: number]

const MIDDLE_DEG = 24
const SCALE_THERE = 0.9996
const RADIUS_M = 6_378_137
/** Squared eccentricity of the ellipsoid. */
const E2 = 0.006_694_38

const rad = (degrees: number) => (degrees * Math.PI) / 180
const deg = (radians: number) => (radians * 180) / Math.PI

/**
 * Corners of a frame around its middle, from the north-west clockwise; degrees, WGS 84. Size in metres of the grid.
 * Turned and scaled as in its middle: at the corners of 16 by 11 km off by 8 m, which is 0.16 mm on such a sheet.
 */
export function footprint([lon, lat]: LonLat, width_m: number, height_m: number): LonLat[] {
  const [sin, cos] = [Math.sin(rad(lat)), Math.cos(rad(lat))]
  const bend = Math.sqrt(1 - E2 * sin ** 2)
  const across_m = RADIUS_M / bend
  const along_m = (RADIUS_M * (1 - E2)) / bend ** 3
  const away = rad(lon - MIDDLE_DEG)
  const scale = SCALE_THERE * (1 + (away * cos) ** 2 / 2)
  const turn = away * sin
  return [[-1, 1], [1, 1], [1, -1], [-1, -1]].map(([right, up]): LonLat => {
    const [x, y] = [(right! * width_m) / 2 / scale, (up! * height_m) / 2 / scale]
    const east_m = x * Math.cos(turn) + y * Math.sin(turn)
    const north_m = y * Math.cos(turn) - x * Math.sin(turn)
    return [lon + deg(east_m / (across_m * cos)), lat + deg(north_m / along_m)]
  }) // prettier-ignore
}
