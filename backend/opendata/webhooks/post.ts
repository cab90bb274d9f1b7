import { askOutside, OutsideError } from '../../core/outside.ts'
import type { Delivery } from './contract.ts'

export interface Outcome {
  status: number | null
  error: Delivery['last_error']
}

interface Parcel {
  url: string
  headers: Record<string, string>
  body: string
  /** Private networks, as CIDR, that the operator lets messages into. */
  allowed: readonly string[]
}

/** Posts and says how it went; never throws. Nobody reads what they answer. */
export async function post(parcel: Parcel): Promise<Outcome> {
  try {
    const { status } = await askOutside({ method: 'POST', ...parcel })
    return { status, error: errorOf(status) }
  } catch (error) {
    return { status: null, error: (error as OutsideError).reason as Outcome['error'] }
  }
}

const errorOf = (status: number): Outcome['error'] =>
  status >= 200 && status < 300 ? null : status >= 300 && status < 400 ? 'redirect' : 'status'
