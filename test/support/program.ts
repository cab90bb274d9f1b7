// The program as an operator starts it: a process of its own.
import { type ChildProcess, spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const ROOT = fileURLToPath(new URL('../../', import.meta.url))

export interface Program {
  child: ChildProcess
  /** Everything it has said so far. */
  said: () => string
  /** Resolves when it has said this; rejects when it ends before. */
  until: (words: string | RegExp) => Promise<void>
  /** Resolves with its exit code. */
  ended: Promise<number | null>
}

/** Starts a file of the program with these settings and none of ours. */
export function startProgram(settings: Record<string, string>, file = 'backend/main.ts', args: string[] = []): Program {
  const env = { PATH: process.env['PATH'], LOG_LEVEL: 'error', ...settings }
  const child = spawn(process.execPath, ['--import', 'tsx', file, ...args], { cwd: ROOT, env })
  let said = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    said += chunk.toString()
    for (const listener of listeners) listener()
  }
  child.stdout.on('data', hear)
  child.stderr.on('data', hear)
  // 'close', not 'exit': its last words have been heard by then.
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  const until = (words: string | RegExp) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (!(typeof words === 'string' ? said.includes(words) : words.test(said))) return
        listeners.delete(look)
        resolve()
      }
      listeners.add(look)
      look()
      void ended.then((code) => reject(new Error(`it ended with ${code}:\n${said}`)))
    })
  return { child, said: () => said, until, ended }
}
