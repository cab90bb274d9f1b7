// How much an order presses when nobody says so.
import { MANY_PEOPLE, type Priority } from './contract.ts'

/** Many who wait make it high, never urgent: that is for danger, of which numbers say nothing. */
export const usualPriority = (people: number): Priority => (people >= MANY_PEOPLE ? 'high' : 'normal')
