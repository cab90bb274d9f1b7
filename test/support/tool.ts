// The tools of an operator, run as an operator runs them: a process of their own.
import { type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { readConfig } from '../../backend/core/config.ts'
import { type Db, openDatabase } from '../../backend/core/db/connect.ts'
import { world } from './world.ts'

export const root = fileURLToPath(new URL('../../', import.meta.url))

export type Settings = Record<string, string>

/** The database of a tool: on the server the one of this run, else an embedded one on disk. */
export const settingsFor = (dataDir: string): Settings => ({
  DATA_DIR: dataDir,
  DATABASE_URL: world.config.databaseUrl ?? '',
})

/** Runs backend/tools/<name>.ts to its end. */
export function tool(name: string, args: string[], settings: Settings, more: SpawnSyncOptions = {}) {
  const command = ['--import', 'tsx', `backend/tools/${name}.ts`, ...args]
  const { status, stdout, stderr } = spawnSync(process.execPath, command, {
    cwd: root,
    env: { ...process.env, ...settings },
    ...more,
    encoding: 'utf8',
  })
  return { status, stdout, stderr }
}

/** Looks into the database that a tool has worked on. */
export async function look<T>(settings: Settings, work: (db: Db) => Promise<T>): Promise<T> {
  const database = await openDatabase(readConfig(settings))
  try {
    return await work(database.db)
  } finally {
    await database.close()
  }
}
