import { computed, shallowRef, watch } from 'vue'
import { listCategories, type Category } from '../../../backend/reports/categories/contract.ts'
import { call } from '../core/api.ts'
import { latinKey } from '../core/fold.ts'
import { account } from '../core/session.ts'

export const categories = shallowRef<Category[]>([])
export const groups = computed(() => categories.value.filter(({ parent }) => parent === null))
export const childrenOf = (slug: string): Category[] => categories.value.filter(({ parent }) => parent === slug)

let asked: Promise<void> | undefined
/** Asks anew, when the server says that something is no longer so. */
export function reloadCategories(): Promise<void> {
  asked = undefined
  return loadCategories()
}

/** Asks for the categories once; a failure may be tried again. */
export const loadCategories = (): Promise<void> =>
  (asked ??= call(listCategories).then(
    (found) => void (categories.value = found),
    (error: unknown) => {
      asked = undefined
      throw error
    },
  ))

// Staff file more than others do.
watch(
  () => account.value?.id,
  () => asked && reloadCategories().catch(() => undefined),
)

/** Categories whose title or keywords hold every typed word; Greek or greeklish. */
export function findCategories(text: string): Category[] {
  const words = latinKey(text).split(/\s+/).filter(Boolean)
  return categories.value.filter((category) => {
    if (category.parent === null) return false
    const key = latinKey([category.title.el, category.title.en, ...category.keywords].join(' '))
    return words.every((word) => key.includes(word))
  })
}
