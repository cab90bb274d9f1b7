// The rules as somebody is just changing them: they stay while one looks elsewhere in the portal, until they are published.
import { computed, ref, shallowRef } from 'vue'
import { listDepartments } from '../../../../../backend/people/staff/contract.ts'
import { listCategories } from '../../../../../backend/reports/categories/contract.ts'
import { listRules, type Rule, type RoutingRules } from '../../../../../backend/reports/rules/contract.ts'
import type { z } from 'zod'
import { call } from '../../../core/api.ts'

export type Choices = {
  categories: z.output<typeof listCategories.response>
  areas: RoutingRules['areas']
} & z.output<typeof listDepartments.response>

const published = shallowRef<RoutingRules>()
const draft = ref<Rule[]>([])
const choices = shallowRef<Choices>()

const isSame = (one: readonly unknown[], other: readonly unknown[]) => JSON.stringify(one) === JSON.stringify(other)

export function useRules() {
  const isChanged = computed(() => published.value !== undefined && !isSame(draft.value, published.value.rules))

  /** Takes these as they count now; what was changed here is forgotten. */
  function take(rules: RoutingRules): void {
    published.value = rules
    draft.value = structuredClone(rules.rules)
  }

  async function load(): Promise<void> {
    const [rules, organisation, categories] = await Promise.all([call(listRules), call(listDepartments), call(listCategories)]) // prettier-ignore
    choices.value = { ...organisation, categories, areas: rules.areas }
    if (!isChanged.value) take(rules)
  }

  return { published, draft, choices, isChanged, take, load }
}
