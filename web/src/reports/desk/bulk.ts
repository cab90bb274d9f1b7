// What was last done with many reports, for as long as it can be undone: also after a look at something else.
import { ref } from 'vue'
import { actOnMany, type BulkAction, type BulkAnswer, undoMany } from '../../../../backend/reports/bulk/contract.ts'
import type { StaffReportFeature } from '../../../../backend/reports/desk/contract.ts'
import { call } from '../../core/api.ts'

export const lastBulk = ref<(BulkAnswer & { isUndone?: boolean }) | null>(null)

/** Does it with these reports, each as it is shown. */
export async function act(reports: readonly StaffReportFeature[], action: BulkAction): Promise<void> {
  const seen = reports.map(({ id, properties }) => ({ id, seen_at: properties.updated_at }))
  lastBulk.value = await call(actOnMany, { body: { reports: seen, action } })
}

/** Puts back what was done last. */
export async function undo(): Promise<void> {
  const id = lastBulk.value?.id
  if (!id) return
  const { results } = await call(undoMany, { params: { id } })
  lastBulk.value = { id: null, undo_until: null, results, isUndone: true }
}
