// What somebody has chosen for the sheet, as the address of the page says it too, and the map that shows all of it.
import { computed, nextTick, ref, watch, type ComputedRef, type Ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import {
  frames,
  orientations,
  papers,
  scales,
  type Orientation,
  type PaperSize,
} from '../../../backend/print/contract.ts'
import { map, type LonLat } from '../map/useMap.ts'
import { footprint } from './footprint.ts'

type Scale = (typeof scales)[number]

interface Paper {
  scale: Ref<Scale>
  paper: Ref<PaperSize>
  orientation: Ref<Orientation>
  /** Of the frame on the ground, metres. */
  size: ComputedRef<{ width: number; height: number }>
  /** Moves the map in or out until the whole frame is on it. */
  showAll: () => void
}

/** Left free around the frame, pixels. */
const PADDING = 20

const calm = () => matchMedia('(prefers-reduced-motion: reduce)').matches

export function usePaper(): Paper {
  const route = useRoute()
  const router = useRouter()
  const read = <T extends string>(key: string, known: readonly T[]) => known.find((one) => one === route.query[key])
  const scale = ref<Scale>(read('scale', scales) ?? '1000')
  const paper = ref<PaperSize>(read('paper', papers) ?? 'a4')
  const orientation = ref<Orientation>(read('orientation', orientations) ?? 'portrait')
  const sizeAt = (at: Scale) => {
    const [width, height] = frames[paper.value][orientation.value]
    return { width: (width * Number(at)) / 1000, height: (height * Number(at)) / 1000 }
  }
  const size = computed(() => sizeAt(scale.value))
  const showAll = () => moveTo(zoomFor(size.value))

  watch(
    map,
    async (there) => {
      if (!there) return
      // The map learns from the same change how much of it the panel covers.
      await nextTick()
      // The scale that comes nearest to what the map shows, unless the address knows better.
      if (!read('scale', scales)) scale.value = scales.findLast((one) => (zoomFor(sizeAt(one)) ?? 0) >= there.getZoom()) ?? scales[0] // prettier-ignore
      showAll()
    },
    { immediate: true },
  )
  watch([scale, paper, orientation], showAll)
  watch([scale, paper, orientation], ([s, p, o]) => {
    void router.replace({ query: { ...route.query, scale: s, paper: p, orientation: o } })
  })
  return { scale, paper, orientation, size, showAll }
}

/** At this zoom a frame of this size fills the map. */
function zoomFor({ width, height }: { width: number; height: number }): number | undefined {
  const there = map.value
  if (!there) return undefined
  const { lng, lat } = there.getCenter()
  const [nw, ne, se, sw] = footprint([lng, lat] as LonLat, width, height) as [LonLat, LonLat, LonLat, LonLat]
  const bounds: [LonLat, LonLat] = [
    [Math.min(nw[0], sw[0]), Math.min(sw[1], se[1])],
    [Math.max(ne[0], se[0]), Math.max(nw[1], ne[1])],
  ]
  return there.cameraForBounds(bounds, { padding: PADDING })?.zoom
}

function moveTo(zoom: number | undefined): void {
  const there = map.value
  if (!there || zoom === undefined) return
  if (calm()) there.jumpTo({ zoom })
  else there.easeTo({ zoom, duration: 200 })
}
