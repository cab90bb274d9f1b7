// What makes one plan better than another, in one place and in one unit: seconds of driving.
import type { PlanStop, Problem } from './problem.ts'

/** A minute late at a normal stop is as bad as ten minutes on the road: promises go before fuel. */
const LATE = 5
/** Never better than being late for a whole shift of eight hours: who waits is served late rather than not at all. */
const LEFT = LATE * 30_000
/** What is due is not put off for what is not. */
const DUE = 2
/** The last second of a full shift of eight hours is worth a tenth of a second on the road: half an hour more in a free crew, three minutes. */
const BALANCE = 0.05 / 28_800

export const latePenalty = ({ weight }: PlanStop, late_s: number): number => LATE * weight * late_s
export const leftPenalty = ({ weight, is_due }: PlanStop): number => LEFT * weight * (is_due ? DUE : 1)
/** Rises with the square, so that two half days are better than one whole. */
export const workPenalty = (work_s: number): number => BALANCE * work_s * work_s

/** Seconds that a stop is late which is begun at start_s. */
export function lateness({ window, due_s, service_s }: PlanStop, start_s: number): number {
  const window_s = window ? start_s - window[1] : 0
  const over_s = due_s === null ? 0 : start_s + service_s - due_s
  return Math.max(0, window_s, over_s)
}

/** Cost of being late where that is begun; 0 while it is not. */
export const lateCost = (stop: PlanStop, start_s: number): number => latePenalty(stop, lateness(stop, start_s))

/** What a plan costs as a whole. */
export const leftCost = ({ stops }: Problem, left: readonly number[]): number =>
  left.reduce((sum, n) => sum + leftPenalty(stops[n]!), 0)
