// The tools of an operator, run as an operator runs them: a process of their own.
import { type ChildProcess, spawn, type SpawnSyncOptions, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pg from 'pg'
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

export interface Place {
  settings: Settings
  remove: () => Promise<void>
}

let places = 0

/** An empty data folder, and on the server an empty database. */
export async function emptyPlace(): Promise<Place> {
  const dataDir = mkdtempSync(join(tmpdir(), 'asty-place-'))
  const url = world.config.databaseUrl
  const name = `asty_test_${process.pid}_${++places}`
  const admin = async (command: string) => {
    const client = new pg.Client({ connectionString: url })
    await client.connect()
    await client.query(command)
    await client.end()
  }
  if (url) await admin(`CREATE DATABASE ${name}`)
  const own = url && new URL(url)
  if (own) own.pathname = `/${name}`
  return {
    settings: { DATA_DIR: dataDir, DATABASE_URL: own ? own.href : '' },
    remove: async () => {
      if (url) await admin(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
      rmSync(dataDir, { recursive: true, force: true })
    },
  }
}

export interface Node {
  url: string
  process: ChildProcess
  /** Sends a signal and waits for the end. */
  stop: (signal?: NodeJS.Signals) => Promise<number | null>
}

/** Starts backend/main.ts on a free port and waits until it is open. */
export async function startNode(settings: Settings): Promise<Node> {
  const child = spawn(process.execPath, ['--import', 'tsx', 'backend/main.ts'], {
    cwd: root,
    env: { ...process.env, DEMO: 'false', PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const ended = new Promise<number | null>((resolve) => child.once('close', resolve))
  let said = ''
  const url = await new Promise<string>((resolve, reject) => {
    const read = (chunk: Buffer) => {
      said += chunk.toString()
      const open = /Asty is open at (\S+)/.exec(said)
      if (open?.[1]) resolve(open[1].replace('localhost', '127.0.0.1'))
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('close', () => reject(new Error(`the node did not start: ${said}`)))
  })
  const stop = (signal: NodeJS.Signals = 'SIGTERM') => {
    child.kill(signal)
    return ended
  }
  return { url, process: child, stop }
}
