// What the citizen is writing: kept in the browser until it has been sent, whatever happens.
import { reactive, watch } from 'vue'
import type { LonLat } from '../map/useMap.ts'

export interface Photo {
  id: string
  url: string
}

interface Draft {
  key: string
  at: LonLat | null
  category: string | null
  description: string
  contact: { name: string; email: string; phone: string }
  photos: Photo[]
}

const STORE = 'asty.draft'

/** A version 4 UUID, also where the page is not served over https and randomUUID is missing. */
export function newKey(): string {
  if (crypto.randomUUID) return crypto.randomUUID()
  const hex = [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`
}

const empty = (): Draft => ({
  key: newKey(),
  at: null,
  category: null,
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
