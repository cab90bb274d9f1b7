// Plans in a thread of its own, so that requests are answered meanwhile.
import { Worker } from 'node:worker_threads'
import type { Effort } from './plan.ts'
import type { Problem, Solution } from './problem.ts'

// A thread of Node 20 does not take over the loader for TypeScript that the process was started with (tried: --import in
// execArgv is passed over too): it registers one itself.
const START = `import('tsx/esm/api').then(({ register }) => { register(); return import(${JSON.stringify(new URL('worker.ts', import.meta.url).href)}) })`

/** The plan before: two at once would only take the processor from each other, and from the requests. */
let before: Promise<unknown> = Promise.resolve()

/** Plans after whatever is planned in this process. Rejects when the signal says that nobody waits any more. */
export function planApart(problem: Problem, effort: Effort, signal: AbortSignal): Promise<Solution> {
  const mine = before.then(() => inThread(problem, effort, signal))
  before = mine.catch(() => undefined)
  return mine
}

function inThread(problem: Problem, effort: Effort, signal: AbortSignal): Promise<Solution> {
  signal.throwIfAborted()
  const worker = new Worker(START, { eval: true, execArgv: [], workerData: { problem, effort } })
  return new Promise<Solution>((resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', () => reject(new Error('The planner ended without a plan')))
  }).finally(() => worker.terminate())
}
