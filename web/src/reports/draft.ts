// What the citizen is writing: kept in the browser until it has been sent, whatever happens.
import { reactive, watch } from 'vue'
import type { Answers } from '../../../backend/reports/forms/contract.ts'
import { newKey } from '../core/key.ts'
import type { LonLat } from '../map/useMap.ts'

export interface Photo {
  id: string
  url: string
}

interface Draft {
  key: string
  at: LonLat | null
  category: string | null
  /** By category, so that who looks at another one comes back to what was answered. */
  answers: Record<string, Answers>
  description: string
  contact: { name: string; email: string; phone: string }
  photos: Photo[]
}

const STORE = 'asty.draft'

const empty = (): Draft => ({
  key: newKey(),
  at: null,
  category: null,
  answers: {},
  description: '',
  contact: { name: '', email: '', phone: '' },
  photos: [],
})

function stored(): Draft {
  try {
    return { ...empty(), ...JSON.parse(localStorage.getItem(STORE) ?? '{}') }
  } catch {
    return empty()
  }
}

export const draft = reactive<Draft>(stored())
watch(draft, () => localStorage.setItem(STORE, JSON.stringify(draft)), { deep: true })

export const clearDraft = (): void => void Object.assign(draft, empty())
