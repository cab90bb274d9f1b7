// What the citizen is writing: kept in the browser until it has been sent, whatever happens.
import { reactive, watch } from 'vue'
import type { Localised } from '../../../backend/core/contract.ts'
import type { Answers } from '../../../backend/reports/forms/contract.ts'
import { newKey } from '../core/key.ts'
import { asDrawn } from '../map/shape.ts'
import type { LonLat } from '../map/useMap.ts'

export interface Photo {
  id: string
  url: string
}

interface Draft {
  key: string
  at: LonLat | null
  /** More than a point: the corners that were drawn, longitude first. */
  shape: { kind: 'line' | 'area'; corners: LonLat[] } | null
  /** The thing that it is about; null: none of those near; undefined: not asked yet. */
  asset: { key: string; title: Localised } | null | undefined
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
  shape: null,
  asset: undefined,
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

/** Fewer corners are none of the kind. */
export const LEAST = { line: 2, area: 3 }

/** Where it is, as it is sent; undefined: nowhere yet, or not drawn to its end. */
export function locationOf({ at, shape }: Pick<Draft, 'at' | 'shape'>) {
  if (!shape) return at ? asDrawn('point', [at]) : undefined
  return shape.corners.length < LEAST[shape.kind] ? undefined : asDrawn(shape.kind, shape.corners)
}

export const clearDraft = (): void => void Object.assign(draft, empty())
