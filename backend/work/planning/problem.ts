// A day to be planned, without a database: crews, stops, and how far it is between them.

/** Seconds of the day, from midnight in Athens. */
export type Clock_s = number

export interface PlanCrew {
  /** Place in the matrix where the tour begins; null: at its first stop. */
  start: number | null
  /** Place in the matrix where it ends; null: at its last stop. */
  end: number | null
  from_s: Clock_s
  to_s: Clock_s
  /** Units of load that the vehicle still takes. */
  load: number
}

export interface PlanStop {
  /** Place in the matrix. */
  at: number
  service_s: number
  load: number
  /** It is begun in this part of the day; who comes earlier waits, who comes later is late. */
  window: readonly [from: Clock_s, to: Clock_s] | null
  /** It is done by then; null: not on this day. */
  due_s: Clock_s | null
  /** Its promise ends on this day or has ended: left out, it would be late by a day or more. */
  is_due: boolean
  /** How much it presses: 1 low, 2 normal, 4 high, 8 urgent. */
  weight: number
  /** Which crews may go, by their place in the list. */
  crews: readonly boolean[]
}

export interface Matrix {
  /** Number of places. */
  size: number
  /** From place a to place b: [a * size + b]. */
  drive_s: Float64Array
  drive_m: Float64Array
}

export interface Problem extends Matrix {
  crews: readonly PlanCrew[]
  stops: readonly PlanStop[]
}

export interface Solution {
  /** Stops of each crew in their order, by their place in the list of stops. */
  tours: number[][]
  /** Stops that nobody goes to. */
  left: number[]
}
