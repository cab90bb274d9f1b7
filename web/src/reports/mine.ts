// The reports that were sent from this device: kept here only, until they are joined to an account.
import { newKey } from '../core/key.ts'

const STORE = 'asty.mine'
const MOST = 100

interface Remembered {
  protocol: string
  token: string
}

export function rememberedReports(): Remembered[] {
  try {
    return JSON.parse(localStorage.getItem(STORE) ?? '[]') as Remembered[]
  } catch {
    return []
  }
}

export function rememberReport({ protocol, follow_url }: { protocol: string; follow_url: string }): void {
  const token = follow_url.split('/follow/')[1] ?? ''
  const others = rememberedReports().filter((each) => each.token !== token)
  localStorage.setItem(STORE, JSON.stringify([{ protocol, token }, ...others].slice(0, MOST)))
}

const DEVICE = 'asty.device'

/** A secret of this browser, so that its "me too" counts once. */
export function deviceToken(): string {
  const known = localStorage.getItem(DEVICE)
  if (known) return known
  const made = newKey()
  localStorage.setItem(DEVICE, made)
  return made
}

export const forgetReports = (): void => localStorage.removeItem(STORE)
