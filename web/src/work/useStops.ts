import { onBeforeUnmount, type Ref, watch } from 'vue'
import type { WorkFeature } from '../../../backend/work/contract.ts'
import { map, styleRevision, type LonLat } from '../map/useMap.ts'
import { drawWork, onWorkClick } from '../map/workOnMap.ts'

const FINISHED = ['done', 'not_possible', 'cancelled']

export const positionOf = ({ geometry }: WorkFeature): LonLat => geometry['coordinates'] as LonLat

/** Shows orders on the map as long as the component is there. */
export function useStops(orders: Ref<readonly WorkFeature[]>, open: (id: string) => void): void {
  const draw = () =>
    map.value?.getStyle() &&
    drawWork(
      map.value,
      orders.value.map((order) => ({
        id: order.id,
        at: positionOf(order),
        number: order.properties.tour_position,
        tour: order.properties.tour_position === null ? null : (order.properties.crew?.slug ?? null),
        isFinished: FINISHED.includes(order.properties.status),
      })),
    )
  watch([orders, styleRevision, map], draw, { immediate: true })
  let stop: (() => void) | undefined
  watch(map, (ready) => ready && (stop = onWorkClick(ready, open)), { immediate: true })
  onBeforeUnmount(() => {
    stop?.()
    if (map.value?.getStyle()) drawWork(map.value, [])
  })
}
