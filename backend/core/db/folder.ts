// One process at a time works on a data folder: the embedded engine has no lock of its own.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { StartError } from '../config.ts'

const LOCK = 'asty.pid'

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

/** Step by step: mkdir with `recursive` never comes back where the system says a parent is missing that is there (/proc). */
function createFolder(path: string): void {
  if (existsSync(path)) return
  createFolder(dirname(path))
  mkdirSync(path)
}

/** The other process that works on the folder, if any. */
export function holderOf(dataDir: string): number | undefined {
  const lock = join(dataDir, LOCK)
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  return pid && pid !== process.pid && isRunning(pid) ? pid : undefined
}

/** Creates the folder if needed and takes it. Returns how to give it back. Throws StartError in a sentence. */
export function takeFolder(dataDir: string): () => void {
  const lock = join(dataDir, LOCK)
  try {
    createFolder(resolve(dataDir))
    accessSync(dataDir, constants.W_OK)
  } catch {
    throw new StartError(
      `The data folder ${dataDir} cannot be written to: change its owner, or set DATA_DIR to another one.`,
    )
  }
  const holder = holderOf(dataDir)
  if (holder) {
    throw new StartError(
      `Asty already runs on the data folder ${dataDir} (process ${holder}): stop it first, or set DATA_DIR.`,
    )
  }
  try {
    writeFileSync(lock, String(process.pid))
  } catch {
    throw new StartError(
      `The data folder ${dataDir} cannot be written to: change its owner, or set DATA_DIR to another one.`,
    )
  }
  return () => rmSync(lock, { force: true })
}
