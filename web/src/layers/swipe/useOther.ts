// What the right side of the comparison shows: another day, or other layers.
import { computed, ref, watch } from 'vue'
import { useRoute } from 'vue-router'
import { OnDay } from '../../../../backend/core/contract.ts'
import { listLayers } from '../../../../backend/layers/contract.ts'
import { call } from '../../core/api.ts'
import { today } from '../../core/format.ts'
import { useRequest } from '../../core/useRequest.ts'
import { drawn, layers, readShown, shown, writeShown } from '../../map/catalogue.ts'

const NOTHING: ReadonlyMap<string, number> = new Map()

/** As the address says it: ?vs_day=2027-09-01 or ?vs_layers=a,b:60 */
export function useOther() {
  const { query } = useRoute()
  const mode = ref<'day' | 'layers'>(query['vs_layers'] ? 'layers' : 'day')
  const day = ref(OnDay.safeParse({ at: query['vs_day'] }).data?.at ?? '')
  const on = ref(readShown(String(query['vs_layers'] ?? 'none')))

  const { data, error, run } = useRequest((signal) =>
    call(listLayers, { query: { at: day.value === today() ? undefined : day.value || undefined }, signal }),
  )
  // The layers of the left side come anew when somebody has changed a feature: then the other day may differ, too.
  watch([day, layers], run, { immediate: true })
  return {
    mode,
    day,
    on,
    error,
    layers: computed(() => (mode.value === 'day' && data.value ? data.value : drawn.value)),
    // Until the other day is known, nothing stands under its name.
    shown: computed(() => (mode.value === 'layers' ? on.value : day.value && !data.value ? NOTHING : shown.value)),
    told: computed(() => ({
      vs_day: (mode.value === 'day' && day.value) || undefined,
      vs_layers: mode.value === 'layers' ? writeShown(on.value) : undefined,
    })),
  }
}
