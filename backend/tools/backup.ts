// npm run backup -- <folder>: database and photos in one encrypted file.
import { mkdir, readdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import settings from '../../package.json' with { type: 'json' }
import { attachmentNames } from '../cases/service.ts'
import { type Add, type Keys, readKeys, writeArchive } from '../core/backup/archive.ts'
import { addFolder } from '../core/backup/files.ts'
import { dumpServer } from '../core/backup/server.ts'
import { summarise, type Tables } from '../core/backup/tables.ts'
import { type Config, StartError } from '../core/config.ts'
import { readMunicipality } from '../core/municipalities.ts'
import type { Database, Db } from '../core/db/connect.ts'
import { openStorage } from '../core/files/open.ts'
import type { Storage } from '../core/files/storage.ts'
import { openForTool, runTool } from './structure.ts'

const USAGE = `npm run backup -- <folder>
  --keep <n>   afterwards keep the n newest backups in the folder
  --plain      do not encrypt
BACKUP_PASSPHRASE or BACKUP_RECIPIENTS (age1…) say for whom it is encrypted; docs/operations.md tells more.`

const OWN_FILE = /^asty-\d{8}T\d{6}Z\.tar(\.age)?$/

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { keep: { type: 'string' }, plain: { type: 'boolean', default: false } },
    })
    const keep = values.keep === undefined ? undefined : Number(values.keep)
    if (keep !== undefined && !(Number.isInteger(keep) && keep > 0)) throw new Error('--keep wants a number above 0.')
    const [folder, ...rest] = positionals
    if (!folder || rest.length > 0) throw new Error('Say one folder.')
    return { folder, keep, plain: values.plain }
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${USAGE}`)
  }
}

/** Keys to encrypt with, or null when the operator wants the file in the open. */
function keysFor(plain: boolean): Keys | null {
  const keys = readKeys(process.env)
  const hasKeys = keys.passphrase !== undefined || keys.recipients.length > 0
  if (plain && hasKeys) throw new StartError('Either --plain or BACKUP_PASSPHRASE or BACKUP_RECIPIENTS, not both.')
  if (!plain && !hasKeys)
    throw new StartError(`A backup holds personal data: set BACKUP_PASSPHRASE or BACKUP_RECIPIENTS.\n\n${USAGE}`)
  return plain ? null : keys
}

async function versionsOf(db: Db): Promise<{ postgresql: string; postgis: string }> {
  const { rows } = await db.raw(
    `SELECT current_setting('server_version') AS postgresql, COALESCE(max(extversion), '') AS postgis
       FROM pg_extension WHERE extname = 'postgis'`,
  )
  return rows[0]
}

/** The database first: a photo is in the storage before its row is in a table, so none can be missing. */
async function addDatabase(config: Config, database: Database, add: Add): Promise<Tables> {
  if (config.databaseUrl) return dumpServer(database.db, config.databaseUrl, add)
  const tables = await database.db.transaction(summarise)
  await database.db.raw('CHECKPOINT')
  await database.close()
  // Its files as they lie there, while nothing runs on them: pg_dump of Debian is older than the embedded engine, and
  // PGlite's own dump would be whole in memory.
  await addFolder(join(config.dataDir, 'postgres'), 'postgres', add)
  return tables
}

async function addPhotos(storage: Storage, add: Add): Promise<number> {
  let count = 0
  for (const name of await attachmentNames(storage)) {
    const photo = await storage.get(name)
    // Destroyed since it was listed.
    if (!photo) continue
    await add(`photos/${name}`, photo.length, [photo])
    count++
  }
  return count
}

async function removeOld(folder: string, keep: number): Promise<void> {
  const own = (await readdir(folder)).filter((name) => OWN_FILE.test(name)).sort()
  for (const name of own.slice(0, -keep)) await rm(join(folder, name))
}

async function main(): Promise<void> {
  const { folder, keep, plain } = readArguments()
  const keys = keysFor(plain)
  const config = readMunicipality(process.env)
  const created_at = `${new Date().toISOString().slice(0, 19)}Z`
  const file = join(folder, `asty-${created_at.replace(/[-:]/g, '')}.tar${keys ? '.age' : ''}`)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const database = await openForTool(config)
  let photos = 0
  const manifest = await writeArchive(file, keys, async (add) => {
    const versions = await versionsOf(database.db)
    const tables = await addDatabase(config, database, add)
    photos = await addPhotos(openStorage(config), add)
    return { created_at, asty: settings.version, engine: database.engine, ...versions, tables }
  })
  if (config.databaseUrl) await database.close()
  if (keep) await removeOld(folder, keep)
  const rows = Object.values(manifest.tables).reduce((sum, table) => sum + table.rows, 0)
  process.stdout.write(
    `${file}: ${rows} rows in ${Object.keys(manifest.tables).length} tables, ${photos} photos.\n` +
      'Not in it: the keys (secret.keys or SECRET_KEYS). Keep them apart, and rehearse: npm run restore -- <file> --check\n',
  )
}

runTool('No backup was made', main)
