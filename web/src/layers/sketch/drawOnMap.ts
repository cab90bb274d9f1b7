// The sketch on the map: taps draw or choose, corners of the chosen item can be dragged.
import { onUnmounted, type Ref, watch } from 'vue'
import { isTouch, useGrip } from '../../map/grip.ts'
import { drawSketch, shapeAt } from '../../map/sketch.ts'
import { map, onMapClick, styleRevision } from '../../map/useMap.ts'
import { shade } from './shades.ts'
import type { Drawing } from './useDrawing.ts'

/** A fingertip is not exact. */
const REACH_PX = { mouse: 5, finger: 16 }

/** As long as the component lives; while it is only read, a tap beside it asks what is there, as everywhere. */
export function useDrawOnMap(drawing: Drawing, isReading: Ref<boolean>): void {
  const { items, chosen, item, tool, corner, isOpen } = drawing
  const draw = () =>
    drawSketch(
      items.value.map((each) => ({ ...each, colour: shade(each.colour) })),
      isReading.value ? null : chosen.value,
    )
  watch([items, chosen, isReading, styleRevision, map], draw, { immediate: true })
  watch([tool, map, isReading], () => {
    if (map.value) map.value.getCanvas().style.cursor = tool.value === 'choose' || isReading.value ? '' : 'crosshair'
  })

  const stop = onMapClick((at, { point, originalEvent }) => {
    const isFinger = (originalEvent as PointerEvent).pointerType === 'touch'
    const hit = shapeAt(map.value!, point, isFinger ? REACH_PX.finger : REACH_PX.mouse)
    if (isReading.value) {
      if (hit) drawing.choose(hit.item)
      return hit !== undefined
    }
    // A tap on a corner of what is being drawn: it is done.
    if (hit?.corner !== undefined && isOpen.value) drawing.finish()
    else if (hit?.corner !== undefined) corner.value = hit.corner
    else if (tool.value !== 'choose') drawing.add(at)
    else drawing.choose(hit?.item ?? null)
    return true
  })
  let drags = 0
  useGrip<number>({
    hold: (event) => {
      if (isReading.value || !item.value) return undefined
      return shapeAt(map.value!, event.point, isTouch(event) ? REACH_PX.finger : REACH_PX.mouse)?.corner
    },
    drag: (index, at) => drawing.move(index, at, `drag ${drags}`),
    drop: () => drags++,
  })
  onUnmounted(() => {
    stop()
    drawSketch([])
    if (map.value) map.value.getCanvas().style.cursor = ''
  })
}
