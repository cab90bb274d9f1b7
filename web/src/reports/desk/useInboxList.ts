// The reports that the filters of the inbox let through: pages by keyset as one list, always as it is now.
import { computed, onBeforeUnmount, ref, watch } from 'vue'
import { MOST_AT_ONCE } from '../../../../backend/reports/bulk/contract.ts'
import { listStaffReports } from '../../../../backend/reports/desk/contract.ts'
import { call } from '../../core/api.ts'
import { cursorIn } from '../../core/pages.ts'
import { useLive } from '../../core/useLive.ts'
import { useRequest } from '../../core/useRequest.ts'
import { useInbox } from './inbox.ts'

const PAGE = 100
/** More do not come in one answer. */
const MOST = MOST_AT_ONCE
/** Many changes that come together are one look at the list. */
const CALM_MS = 300

/** arrived: how many reports have come since the page was opened. */
export function useInboxList(arrived: (count: number) => void) {
  const { filters } = useInbox()
  /** How many are wanted: one page more with each "show more". */
  const wanted = ref(PAGE)
  const { data, error, isLoading, run } = useRequest((signal) => pages(wanted.value, signal))
  const listed = computed(() => data.value?.features ?? [])

  /** Tiles of all of them, however many pages the list has. Each look has an address of its own, so that the map looks too. */
  const tiles = ref<string | null>(null)
  let looks = 0
  function look(): Promise<void> {
    const { sort: _, ...where } = filters.value
    const query = new URLSearchParams({ ...where, look: String(++looks) } as never)
    tiles.value = `${location.origin}/api/staff/reports/tiles/{z}/{x}/{y}.mvt?${query}`
    return run()
  }

  async function pages(count: number, signal: AbortSignal) {
    let page = await call(listStaffReports, { query: { ...filters.value, limit: Math.min(count, MOST) }, signal })
    const features = [...page.features]
    for (let next = cursorIn(page); next && features.length < count; next = cursorIn(page)) {
      page = await call(listStaffReports, { query: { ...filters.value, limit: MOST, cursor: next }, signal })
      features.push(...page.features)
    }
    return { features, hasMore: cursorIn(page) !== null }
  }

  watch(filters, (now, before) => {
    if (JSON.stringify(now) === JSON.stringify(before)) return
    wanted.value = PAGE
    void look()
  })
  async function showMore(count = wanted.value + PAGE): Promise<void> {
    wanted.value = count
    await run()
  }

  const fresh = ref(new Set<string>())
  let calm: number | undefined
  let told = 0
  useLive('report', ({ type, id }) => {
    if (type === 'report.presence') return
    if (type === 'report.created') fresh.value.add(id)
    clearTimeout(calm)
    calm = window.setTimeout(async () => {
      const isNew = fresh.value.size > told
      told = fresh.value.size
      await look()
      if (isNew) arrived(told)
    }, CALM_MS)
  })
  onBeforeUnmount(() => clearTimeout(calm))
  return { data, listed, tiles, error, isLoading, run: look, showMore, fresh }
}
