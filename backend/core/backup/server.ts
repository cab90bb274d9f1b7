// Dump and restore of a server's database, by PostgreSQL's own programs: they know every kind of thing that can be in it.
import { type ChildProcess, spawn } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { text } from 'node:stream/consumers'
import pg from 'pg'
import { StartError } from '../config.ts'
import type { Db } from '../db/connect.ts'
import type { Add } from './archive.ts'
import { summarise, type Tables } from './tables.ts'

/** A tar entry says its size first, and the size of a dump is known last: it goes in pieces, one in memory at a time. */
const PIECE_BYTES = 8 * 1024 * 1024

const DUMP = [
  '--format=custom',
  '--no-owner',
  '--no-privileges',
  '--no-unlogged-table-data',
  '--lock-wait-timeout=60000',
]
const RESTORE = ['--no-owner', '--no-privileges', '--exit-on-error', '--single-transaction']

const DEBIAN = '/usr/lib/postgresql'

// Extensions belong to the administrator of the server, and so do their comments and systems of coordinates.
const OF_EXTENSIONS = /^.* (COMMENT - EXTENSION|TABLE DATA \S+ spatial_ref_sys) .*\n/gm

async function majorOf(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const { rows } = await client.query(`SELECT current_setting('server_version_num')::int / 10000 AS major`)
    return rows[0].major
  } finally {
    await client.end()
  }
}

/**
 * Where a program lies that fits a server: an older pg_dump refuses it, and a newer pg_restore sets what it does not know
 * (transaction_timeout of 17). So the same version, else the next newer one that Debian has, else what is in PATH.
 */
function programPath(name: string, major: number): string {
  const versions = (existsSync(DEBIAN) ? readdirSync(DEBIAN).map(Number) : []).filter((version) => version >= major)
  const debian = versions.sort((a, b) => a - b).map((version) => join(DEBIAN, String(version), 'bin'))
  const folders = [...debian, ...(process.env['PATH'] ?? '').split(delimiter)]
  const found = folders.map((folder) => join(folder, name)).find((path) => existsSync(path))
  if (found) return found
  throw new StartError(
    `${name} of PostgreSQL ${major} is needed and not on this machine (Debian: apt-get install postgresql-client-${major}).`,
  )
}

// The password goes by the environment: everybody on the machine may read the arguments of a process.
async function start(
  program: string,
  databaseUrl: string,
  args: string[],
  stdio: ('pipe' | 'ignore')[],
): Promise<ChildProcess> {
  const url = new URL(databaseUrl)
  const password = decodeURIComponent(url.password)
  url.password = ''
  return spawn(programPath(program, await majorOf(databaseUrl)), [...args, '--dbname', url.href], {
    env: { ...process.env, ...(password && { PGPASSWORD: password }) },
    stdio: [stdio[0], stdio[1], 'pipe'] as never,
  })
}

async function ended(program: string, child: ChildProcess): Promise<void> {
  const complaint = text(child.stderr!)
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', resolve)
  })
  if (code !== 0) throw new StartError(`${program} ended with ${code}: ${(await complaint).trim()}`)
}

/** Adds a dump as database/000001 … and returns what was in every table at the very same moment. */
export function dumpServer(db: Db, databaseUrl: string, add: Add): Promise<Tables> {
  return db.transaction(
    async (trx) => {
      const { rows } = await trx.raw('SELECT pg_export_snapshot() AS snapshot')
      const child = await start('pg_dump', databaseUrl, [...DUMP, `--snapshot=${rows[0].snapshot}`], ['ignore', 'pipe'])
      const done = ended('pg_dump', child)
      await Promise.all([done, addPieces(child.stdout!, add)])
      return summarise(trx)
    },
    { isolationLevel: 'repeatable read', readOnly: true },
  )
}

async function addPieces(dump: Readable, add: Add): Promise<void> {
  let number = 0
  for await (const piece of pieces(dump)) {
    const name = `database/${String(++number).padStart(6, '0')}`
    await add(name, piece.length, [piece])
  }
}

async function* pieces(dump: Readable): AsyncGenerator<Buffer> {
  let chunks: Buffer[] = []
  let size = 0
  for await (const chunk of dump as AsyncIterable<Buffer>) {
    chunks.push(chunk)
    size += chunk.length
    if (size < PIECE_BYTES) continue
    yield Buffer.concat(chunks)
    chunks = []
    size = 0
  }
  if (size > 0) yield Buffer.concat(chunks)
}

/** Restores a dump, all or nothing. `dump` is read twice: first only its table of contents. */
export async function restoreServer(databaseUrl: string, dump: () => AsyncIterable<Uint8Array>): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'asty-restore-'))
  try {
    const list = join(folder, 'list')
    writeFileSync(list, (await contentsOf(databaseUrl, dump())).replace(OF_EXTENSIONS, ''))
    const child = await start('pg_restore', databaseUrl, [...RESTORE, `--use-list=${list}`], ['pipe', 'ignore'])
    const done = ended('pg_restore', child)
    // When pg_restore gives up, why it did says more than that its input broke off.
    await Promise.all([done, pipeline(Readable.from(dump()), child.stdin!).catch(() => done)])
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function contentsOf(databaseUrl: string, dump: AsyncIterable<Uint8Array>): Promise<string> {
  const child = spawn(programPath('pg_restore', await majorOf(databaseUrl)), ['--list'], {
    stdio: ['pipe', 'pipe', 'pipe'],
  })
  const list = text(child.stdout)
  const done = ended('pg_restore', child)
  // It has read enough long before the end, and closes its input.
  await Promise.all([done, pipeline(Readable.from(dump), child.stdin).catch(() => done)])
  return list
}
