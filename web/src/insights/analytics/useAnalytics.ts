// What is looked at, what the server says of it, and the picture that it makes.
import { computed, onBeforeUnmount, reactive, watch } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import { analyticsCells, analyticsPoints, REPORTS } from '../../../../backend/insights/analytics/contract.ts'
import { call } from '../../core/api.ts'
import { sessionKnown } from '../../core/session.ts'
import { useRequest } from '../../core/useRequest.ts'
import { drawAnalytics, type Picture } from '../../map/analyticsOnMap.ts'
import { layers } from '../../map/catalogue.ts'
import { map, styleRevision } from '../../map/useMap.ts'
import { choiceIn, queryOf, spanOf } from './choice.ts'
import { colourOf, shadesOfCounts, shadesOfDifferences } from './shades.ts'
import { dayNumber, daysBefore, pieceOf } from './stretches.ts'

/** The slider and the keys of a list go faster than anybody looks. */
const CALM_MS = 200

export function useAnalytics() {
  const route = useRoute()
  const router = useRouter()
  const choice = reactive(choiceIn(route.query))
  watch(choice, () => void router.replace({ query: { ...route.query, ...queryOf(choice) } }))

  const isReports = computed(() => choice.source === REPORTS)
  const isHeat = computed(() => choice.picture === 'heat')
  const source = computed(() => layers.value.find(({ slug }) => slug === choice.source))
  const hasTime = computed(
    () => isReports.value || source.value?.fields.some(({ type }) => type === 'date' || type === 'timestamp'),
  )
  watch(isReports, (now) => Object.assign(choice, { period: now ? 'year' : 'all', category: '' }))
  watch(
    () => [choice.source, choice.period],
    () => (choice.piece = 0),
  )

  const span = computed(() => (hasTime.value ? spanOf(choice) : null))
  const days = computed(() => span.value && pieceOf(span.value, choice.piece))
  const before = computed(() =>
    days.value && !isHeat.value && choice.compare !== 'none' ? daysBefore(days.value, choice.compare) : null,
  )
  const of = computed(() => ({ source: choice.source, category: choice.category }))
  const cellsQuery = computed(() => ({
    ...of.value,
    ...days.value,
    shape: choice.picture === 'square' ? ('square' as const) : ('hexagon' as const),
    size_m: choice.size_m,
    ...(before.value && { before_from: before.value.from, before_to: before.value.to }),
  }))
  const cells = useRequest(async (signal) => {
    const query = cellsQuery.value
    // What was asked for stays with the answer: the next question must not paint it.
    return {
      ...(await call(analyticsCells, { query, signal })),
      shape: query.shape,
      isDifference: 'before_from' in query,
    }
  })
  // All the days at once: the slider moves through them without asking again.
  const pointsQuery = computed(() => (isHeat.value ? { ...of.value, ...span.value } : null))
  const points = useRequest((signal) => call(analyticsPoints, { query: pointsQuery.value ?? {}, signal }))

  const loadPoints = () => void (pointsQuery.value && points.run())
  const load = () => (void cells.run(), loadPoints())
  let calm: number | undefined
  void sessionKnown.then(() => {
    load()
    watch(pointsQuery, loadPoints)
    watch(cellsQuery, () => {
      clearTimeout(calm)
      calm = window.setTimeout(cells.run, CALM_MS)
    })
  })

  const isDifference = computed(() => Boolean(cells.data.value?.isDifference))
  const values = computed(() => {
    const { count = [], before: then = [] } = cells.data.value ?? {}
    return isDifference.value ? count.map((now, n) => now - (then[n] ?? 0)) : count
  })
  // Light and dark have shades of their own.
  const shades = computed(
    () => (styleRevision.value, isDifference.value ? shadesOfDifferences(values.value) : shadesOfCounts(values.value)),
  )
  const positions = computed(() => {
    const { lon = [], lat = [] } = points.data.value ?? {}
    const all = new Float64Array(lon.length * 3)
    lon.forEach((each, n) => all.set([each, lat[n] ?? 0], n * 3))
    return all
  })
  /** The points of the days that are looked at; they come in the order of their days. */
  const inDays = computed(() => {
    const known = points.data.value?.day ?? []
    if (!days.value || choice.piece === 0) return positions.value
    const [first, last] = [dayNumber(days.value.from), dayNumber(days.value.to)]
    const start = known.findIndex((day) => day !== null && day >= first)
    const end = known.findLastIndex((day) => day !== null && day <= last) + 1
    return start < 0 ? new Float64Array() : positions.value.subarray(start * 3, Math.max(start, end) * 3)
  })
  const error = computed(() => cells.error.value ?? (isHeat.value ? points.error.value : undefined))
  const picture = computed((): Picture | null => {
    if (error.value) return null
    if (isHeat.value) return inDays.value.length > 0 ? { kind: 'heat', points: inDays.value } : null
    if (!cells.data.value) return null
    const { shape, width_m, lon, lat } = cells.data.value
    return {
      kind: 'cells',
      shape,
      width_m,
      lon,
      lat,
      colours: values.value.map((value) => colourOf(shades.value, value)),
    }
  })
  watch([picture, map], () => map.value && drawAnalytics(map.value, picture.value), { immediate: true })
  onBeforeUnmount(() => {
    clearTimeout(calm)
    if (map.value) drawAnalytics(map.value, null)
  })

  return { choice, isReports, isHeat, isDifference, hasTime, span, days, cells, points, shades, error, load }
}
