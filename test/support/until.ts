// Waiting for what happens by itself: a job, a letter, a line in a table.
import { setTimeout as wait } from 'node:timers/promises'

/** Long enough for a machine that does other things beside: a test that fails here waits for nothing that comes. */
const PATIENCE_MS = 50_000
const PAUSE_MS = 100

/** Asks again and again until there is an answer, and returns it. Throws when none has come in 50 s, or so many milliseconds. */
export async function until<T>(
  what: () => T | undefined | false | Promise<T | undefined | false>,
  patience_ms = PATIENCE_MS,
): Promise<T> {
  const end = performance.now() + patience_ms
  for (;;) {
    const found = await what()
    if (found) return found
    if (performance.now() > end) throw new Error('it never came')
    await wait(PAUSE_MS)
  }
}
