// Icons that a layer's style names as `lucide:<name>`: drawn when the map first misses them, white, in our one icon set.
import type { Map as MapLibre } from 'maplibre-gl'
import { h, render } from 'vue'
import { iconOf } from '../ui/icons.ts'

const PREFIX = 'lucide:'
const SIZE_PX = 18
/** Sharp on screens with up to this many device pixels a pixel. */
const RATIO = 3

async function draw(name: string): Promise<HTMLImageElement> {
  const host = document.createElement('div')
  render(h(iconOf(name), { size: SIZE_PX * RATIO, color: '#fff', 'stroke-width': 2.25 }), host)
  const picture = new Image(SIZE_PX * RATIO, SIZE_PX * RATIO)
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(host.innerHTML)}`
  await picture.decode()
  return picture
}

/** From now on the map knows every icon that a style may name. */
export function providePictograms(map: MapLibre): void {
  map.setMissingStyleImageResolver(async (id) => {
    if (!id.startsWith(PREFIX)) return
    const picture = await draw(id.slice(PREFIX.length))
    if (!map.hasImage(id)) map.addImage(id, picture, { pixelRatio: RATIO })
  })
}
