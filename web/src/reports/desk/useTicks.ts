// Reports of the list that are ticked, one by one or a whole stretch with Shift.
import { computed, ref, type Ref } from 'vue'
import type { StaffReportFeature } from '../../../../backend/reports/desk/contract.ts'

/** What is no longer in the list is no longer ticked. */
export function useTicks(listed: Ref<readonly StaffReportFeature[]>) {
  const ids = ref(new Set<string>())
  let last: string | undefined
  const ticked = computed(() => listed.value.filter(({ id }) => ids.value.has(id)))

  function tick(id: string, isRange = false): void {
    const is = !ids.value.has(id)
    const places = [last, id].map((each) => listed.value.findIndex((report) => report.id === each))
    const [from = -1, to = -1] = places.sort((a, b) => a - b)
    const range = isRange && from >= 0 ? listed.value.slice(from, to + 1).map((report) => report.id) : [id]
    for (const each of range) {
      if (is) ids.value.add(each)
      else ids.value.delete(each)
    }
    last = id
  }
  const tickAll = () => listed.value.forEach(({ id }) => ids.value.add(id))
  const clear = () => ids.value.clear()
  return { ticked, isTicked: (id: string) => ids.value.has(id), tick, tickAll, clear }
}
