// A proposal for the day: asked for, shown on the map, taken over as far as somebody agrees.
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import { applyTours, type PlannedTour, planTours, type Proposal } from '../../../../backend/work/tours/contract.ts'
import { call } from '../../core/api.ts'
import { colourOf, drawTours, letterOf } from '../../map/toursOnMap.ts'
import { map, styleRevision } from '../../map/useMap.ts'

interface Wish {
  day: string
  department?: string
  keep_planned: boolean
}

export function usePlan() {
  const proposal = ref<Proposal>()
  /** Slugs of the crews whose tours are to be taken over. */
  const accepted = ref<string[]>([])
  const isPlanning = ref(false)
  const error = ref('')
  let running: AbortController | undefined

  async function propose(wish: Wish): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    error.value = ''
    isPlanning.value = true
    try {
      const answer = await call(planTours, { body: wish, signal: mine.signal })
      if (running !== mine) return
      proposal.value = answer
      accepted.value = answer.plan.tours.map(({ crew }) => crew.slug)
    } catch (failure) {
      if (running === mine && !mine.signal.aborted) error.value = (failure as Error).message
    } finally {
      if (running === mine) isPlanning.value = false
    }
  }

  function cancel(): void {
    running?.abort()
    running = undefined
    isPlanning.value = false
    proposal.value = undefined
    error.value = ''
  }

  /** Takes over the tours of the accepted crews. True: it is done. */
  async function apply(): Promise<boolean> {
    if (!proposal.value) return false
    error.value = ''
    const { day, plan, by_hand } = proposal.value
    const tours = plan.tours
      .filter(({ crew }) => accepted.value.includes(crew.slug))
      .map(({ crew, stops }) => ({
        crew: crew.slug,
        stops: stops.map(({ id, version, arrive_at }) => ({ id, version, arrive_at })),
      }))
    // Of a tour that stays as it is nothing is taken off.
    const changed = new Set(
      by_hand.tours.filter(({ crew }) => accepted.value.includes(crew.slug)).flatMap(({ stops }) => stops.map(({ id }) => id)), // prettier-ignore
    )
    const off = plan.left.filter(({ id }) => changed.has(id)).map(({ id, version }) => ({ id, version }))
    try {
      await call(applyTours, { body: { day, tours, off } })
      proposal.value = undefined
      return true
    } catch (failure) {
      error.value = (failure as Error).message
      return false
    }
  }

  const shown = computed(() =>
    (proposal.value?.plan.tours ?? [])
      .map((tour, n) => ({ tour, letter: letterOf(n), colour: colourOf(n) }))
      .filter(({ tour }) => accepted.value.includes(tour.crew.slug) && tour.stops.length > 0)
      .map(({ tour, ...marks }) => ({
        ...marks,
        path: pathOf(tour),
        stops: tour.stops.map(({ location }) => location.coordinates),
      })),
  )
  const draw = () => map.value?.getStyle() && drawTours(map.value, shown.value)
  watch([shown, styleRevision, map], draw)
  onBeforeUnmount(() => {
    running?.abort()
    if (map.value?.getStyle()) drawTours(map.value, [])
  })
  return { proposal, accepted, isPlanning, error, propose, cancel, apply }
}

const pathOf = ({ from, depot, stops }: PlannedTour) =>
  [from, ...stops.map(({ location }) => location), depot].flatMap((point) => (point ? [point.coordinates] : []))
