// The area of the rule that somebody is just reading or changing, on the map.
import { bbox } from '@turf/turf'
import { onUnmounted, shallowRef, watch } from 'vue'
import type { z } from 'zod'
import { getRuleArea, type Rule } from '../../../../../backend/reports/rules/contract.ts'
import { call } from '../../../core/api.ts'
import { showPreview } from '../../../map/preview.ts'

const OWNER = 'rule'

type Ground = z.output<typeof getRuleArea.response>

export function useRuleArea(area: () => Rule['area']) {
  const ground = shallowRef<Ground | null>(null)
  // As text: the rule of another one is the same object when it is only read again.
  watch(
    () => JSON.stringify(area()),
    async (asked) => {
      const query = JSON.parse(asked) as Rule['area']
      const found = query && (await call(getRuleArea, { query }).catch(() => null))
      if (asked === JSON.stringify(area())) ground.value = found
    },
    { immediate: true },
  )
  watch(ground, (now) => showPreview(now && (now.geometry as never), now && bbox(now.geometry as never), OWNER))
  onUnmounted(() => ground.value && showPreview(null, null, OWNER))
  return { ground }
}
