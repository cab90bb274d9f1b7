// What a pointer takes hold of on the map and moves, by mouse or by finger.
import type { MapMouseEvent, MapTouchEvent } from 'maplibre-gl'
import { onUnmounted, watch } from 'vue'
import { map, type LonLat } from './useMap.ts'

export type Press = MapMouseEvent | MapTouchEvent
export const isTouch = (event: Press): event is MapTouchEvent => 'points' in event

interface Deeds<Grip> {
  /** What lies under the pointer and can be moved; undefined: the map moves. */
  hold: (event: Press) => Grip | undefined
  /** Goes to `at`, and was at `from`. */
  drag: (grip: Grip, at: LonLat, from: LonLat, isFirst: boolean) => void
  /** After it has moved. */
  drop: () => void
}

/** As long as the component lives. */
export function useGrip<Grip>({ hold, drag, drop }: Deeds<Grip>): void {
  let grip: Grip | undefined
  let from: LonLat = [0, 0]
  let hasMoved = false
  const place = ({ lngLat }: Press): LonLat => [lngLat.lng, lngLat.lat]

  function press(event: Press): void {
    release()
    grip = isTouch(event) && event.points.length > 1 ? undefined : hold(event)
    if (grip === undefined) return
    event.preventDefault()
    from = place(event)
    hasMoved = false
  }
  function move(event: Press): void {
    if (grip === undefined) return
    // Let go beside the map, of which the map hears nothing.
    if (!isTouch(event) && event.originalEvent.buttons === 0) return release()
    const at = place(event)
    drag(grip, at, from, !hasMoved)
    hasMoved = true
    from = at
  }
  function release(): void {
    if (grip !== undefined && hasMoved) drop()
    grip = undefined
  }

  const events = { mousedown: press, touchstart: press, mousemove: move, touchmove: move, mouseup: release, touchend: release } // prettier-ignore
  const names = Object.keys(events) as (keyof typeof events)[]
  const stop = watch(map, (there) => there && names.forEach((name) => there.on(name as 'mousedown', events[name])), { immediate: true }) // prettier-ignore
  onUnmounted(() => {
    stop()
    for (const name of names) map.value?.off(name as 'mousedown', events[name])
  })
}
