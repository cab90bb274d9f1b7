// What an agent is writing down while somebody is on the telephone: it outlives a reload, not the tab.
import { reactive, watch } from 'vue'
import type { Language, Localised } from '../../../../backend/core/contract.ts'
import type { Answers } from '../../../../backend/reports/forms/contract.ts'
import { newKey } from '../../core/key.ts'
import type { LonLat } from '../../map/useMap.ts'

interface Call {
  key: string
  language: Language
  at: LonLat | null
  /** As it was chosen, for the read-back. */
  address: Localised | null
  category: string | null
  answers: Record<string, Answers>
  description: string
  name: string
  phone: string
  email: string
  noticeRead: boolean
}

const STORE = 'asty.call'

const empty = (): Call => ({
  key: newKey(),
  language: 'el',
  at: null,
  address: null,
  category: null,
  answers: {},
  description: '',
  name: '',
  phone: '',
  email: '',
  noticeRead: false,
})

function stored(): Call {
  try {
    return { ...empty(), ...JSON.parse(sessionStorage.getItem(STORE) ?? '{}') }
  } catch {
    return empty()
  }
}

export const draft = reactive<Call>(stored())
watch(draft, () => sessionStorage.setItem(STORE, JSON.stringify(draft)), { deep: true })

export const hangUp = (): void => void Object.assign(draft, empty())
