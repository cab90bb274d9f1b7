// The filters of the inbox live in the address: a list can be bookmarked, sent to a colleague, and is there again after going back.
import { computed } from 'vue'
import { type LocationQueryRaw, useRoute, useRouter } from 'vue-router'
import type { Filters } from '../../../../backend/reports/views/contract.ts'

export const names = [
  'status',
  'category',
  'q',
  'district',
  'department',
  'crew',
  'channel',
  'overdue',
  'unanswered',
  'due_in_h',
  'within',
  'street',
  'near_m',
  'sort',
] as const
export type Name = (typeof names)[number]

/** What counts when nothing is said. */
const DEFAULTS: Partial<Record<Name, string>> = { status: 'open', sort: 'newest' }

/** What the address is about to say: two fields may change in the same moment, as when one is left by choosing in the other. */
let underWay: LocationQueryRaw | undefined

/** "all" stands for no condition where the default is one. */
export function useInbox() {
  const route = useRoute()
  const router = useRouter()
  const valueOf = (name: Name): string => {
    const value = route.query[name]
    return typeof value === 'string' ? value : (DEFAULTS[name] ?? '')
  }
  const filters = computed(
    () => Object.fromEntries(names.flatMap((name) => (isSet(valueOf(name)) ? [[name, valueOf(name)]] : []))) as Filters,
  )
  const isSet = (value: string) => value !== '' && value !== 'all'
  const set = (values: Partial<Record<Name, string>>, isWhole = false) => {
    const kept = Object.fromEntries(
      Object.entries(underWay ?? route.query).filter(([name]) => !isWhole || !names.includes(name as Name)),
    )
    const wanted = Object.entries(values).map(([name, value]) => [name, value === DEFAULTS[name as Name] ? undefined : value || undefined]) // prettier-ignore
    const query = { ...kept, ...Object.fromEntries(wanted) }
    underWay = query
    return router.replace({ query }).finally(() => {
      if (underWay === query) underWay = undefined
    })
  }
  /** For a field: reads and writes one filter. */
  const field = (name: Name) => computed({ get: () => valueOf(name), set: (value: string) => void set({ [name]: value }) }) // prettier-ignore
  return { filters, set, field }
}
