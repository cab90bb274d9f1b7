// One process at a time works with the embedded engine on a data folder: it has no lock of its own.
import { accessSync, constants, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, resolve } from 'node:path'
import { type Config, StartError } from '../config.ts'

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
  try {
    mkdirSync(path)
  } catch (error) {
    // Another node may have been faster.
    if (!existsSync(path)) throw error
  }
}

/** The other process that works on the folder, if any. */
export function holderOf(dataDir: string): number | undefined {
  const lock = join(dataDir, LOCK)
  const pid = existsSync(lock) ? Number(readFileSync(lock, 'utf8')) : 0
  return pid && pid !== process.pid && isRunning(pid) ? pid : undefined
}

/** Creates the folder if needed. Throws StartError when it cannot be written to. */
function prepareFolder(dataDir: string): void {
  try {
    createFolder(resolve(dataDir))
    accessSync(dataDir, constants.W_OK)
  } catch {
    throw new StartError(
      `The data folder ${dataDir} cannot be written to: change its owner, or set DATA_DIR to another one.`,
    )
  }
}

/** Prepares the data folder; the embedded engine takes it for this process alone, nodes on a server may share it. */
export function useFolder({ dataDir, databaseUrl }: Pick<Config, 'dataDir' | 'databaseUrl'>): void {
  prepareFolder(dataDir)
  if (databaseUrl) return
  const holder = holderOf(dataDir)
  if (holder) {
    throw new StartError(
      `Asty already runs on the data folder ${dataDir} (process ${holder}): stop it first, or set DATA_DIR.`,
    )
  }
  const lock = join(dataDir, LOCK)
  writeFileSync(lock, String(process.pid))
  process.once('exit', () => rmSync(lock, { force: true }))
}
