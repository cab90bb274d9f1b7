// The areas that stops may be about: those that rules may name. Asked once.
import { shallowRef } from 'vue'
import { listRules, type RoutingRules } from '../../../../../backend/reports/rules/contract.ts'
import { call } from '../../../core/api.ts'

export const areas = shallowRef<RoutingRules['areas']>([])

export async function loadAreas(): Promise<void> {
  if (areas.value.length === 0) areas.value = (await call(listRules)).areas
}
