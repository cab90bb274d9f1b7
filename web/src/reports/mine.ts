// The reports that were sent from this device: kept here only, until they are joined to an account.
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
  localStorage.setItem(STORE, JSON.stringify([{ protocol, token }, ...rememberedReports()].slice(0, MOST)))
}

export const forgetReports = (): void => localStorage.removeItem(STORE)
