// Runs in a thread of its own: takes a problem, gives a plan.
import { parentPort, workerData } from 'node:worker_threads'
import { type Effort, plan } from './plan.ts'
import type { Problem } from './problem.ts'

const { problem, effort } = workerData as { problem: Problem; effort: Effort }
parentPort?.postMessage(plan(problem, effort))
