// npm run restore -- <file>: a backup back into an empty place, or with --check into a scratch place, to see that it works.
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { buffer } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import pg from 'pg'
import { attachmentNames, documentName, photoName } from '../cases/service.ts'
import { type Keys, type Manifest, readArchive, readKeys, verifyArchive } from '../core/backup/archive.ts'
import { isEmptyFolder, writePart } from '../core/backup/files.ts'
import { restoreServer } from '../core/backup/server.ts'
import { isEmpty, summarise } from '../core/backup/tables.ts'
import { type Config, StartError } from '../core/config.ts'
import { readMunicipality } from '../core/municipalities.ts'
import { type Db, openDatabase } from '../core/db/connect.ts'
import { useFolder } from '../core/db/folder.ts'
import { openStorage } from '../core/files/open.ts'
import type { Storage } from '../core/files/storage.ts'
import { runTool } from './structure.ts'

const USAGE = `npm run restore -- <file>
  --check   rehearsal: restores into a database or folder of its own, compares every table, and removes it again
BACKUP_PASSPHRASE or BACKUP_IDENTITY (AGE-SECRET-KEY-1…) opens the file. DATABASE_URL, DATA_DIR and STORAGE_URL say where to;
without --check they must be empty.`

const say = (line: string) => process.stdout.write(`${line}\n`)

function readArguments() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: { check: { type: 'boolean', default: false } },
    })
    const [file, ...rest] = positionals
    if (!file || rest.length > 0) throw new Error('Say one file.')
    if (!existsSync(file)) throw new Error(`There is no file ${file}.`)
    return { file, check: values.check }
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${USAGE}`)
  }
}

interface Backup {
  file: string
  keys: Keys
  manifest: Manifest
}

async function* databaseParts({ file, keys }: Backup): AsyncGenerator<Uint8Array> {
  for await (const { name, content } of readArchive(file, keys)) {
    if (name.startsWith('database/')) yield* content
  }
}

const PHOTOS = 'photos/'

/** Restores database and, unless it is a rehearsal, photos: whole or not at all. */
async function restore(backup: Backup, config: Config, storage?: Storage): Promise<void> {
  // From an attempt that was cut off.
  const there = new Set(storage ? await attachmentNames(storage) : [])
  const photos: string[] = []
  const partial = join(config.dataDir, 'restore.partial')
  await rm(partial, { recursive: true, force: true })
  await mkdir(partial, { recursive: true, mode: 0o700 })
  try {
    for await (const { name, content } of readArchive(backup.file, backup.keys)) {
      if (name.startsWith('postgres/')) await writePart(partial, name, content)
      if (!storage || !name.startsWith(PHOTOS)) continue
      const photo = name.slice(PHOTOS.length)
      photos.push(photo)
      await storage.put(photo, await buffer(content))
    }
    if (config.databaseUrl) await restoreServer(config.databaseUrl, () => databaseParts(backup))
    if (existsSync(join(partial, 'postgres'))) await rename(join(partial, 'postgres'), join(config.dataDir, 'postgres'))
  } catch (error) {
    const ours = photos.filter((photo) => !there.has(photo))
    await Promise.allSettled(ours.map((photo) => storage?.remove(photo)))
    throw error
  } finally {
    await rm(partial, { recursive: true, force: true })
  }
}

async function withDatabase<T>(config: Config, work: (db: Db) => Promise<T>): Promise<T> {
  const database = await openDatabase(config)
  try {
    return await work(database.db)
  } finally {
    await database.close()
  }
}

/** Says table by table whether what is there now is what was backed up, and whether every photo and document is among those. */
async function compare({ manifest }: Backup, config: Config, there: readonly string[]): Promise<boolean> {
  const { found, files } = await withDatabase(config, async (db) => ({
    found: await db.transaction(summarise),
    files: [
      ...(await db('attachment').whereNotNull('case_id').pluck('id')).map(photoName),
      ...(await db('report_file').pluck('id')).map(documentName),
    ],
  }))
  const tables = [...new Set([...Object.keys(manifest.tables), ...Object.keys(found)])].sort()
  const differing = tables.filter((name) => {
    const [before, now] = [manifest.tables[name], found[name]]
    const isSame = before?.rows === now?.rows && before?.checksum === now?.checksum
    say(
      `${isSame ? 'ok   ' : 'FAIL '} ${name}: ${before?.rows ?? 'no'} rows${isSame ? '' : `, now ${now?.rows ?? 'no table'}`}`,
    )
    return !isSame
  })
  const names = new Set(there)
  const missing = files.filter((name) => !names.has(name))
  say(
    `${missing.length === 0 ? 'ok   ' : 'FAIL '} ${files.length} photos and documents of cases, ${missing.length} of them missing`,
  )
  return differing.length === 0 && missing.length === 0
}

/** Restores beside what is there, compares, and leaves nothing. */
async function rehearse(backup: Backup, config: Config): Promise<boolean> {
  const dataDir = await mkdtemp(join(tmpdir(), 'asty-rehearsal-'))
  try {
    return await inScratch(config.databaseUrl, async (databaseUrl) => {
      const place = { ...config, dataDir, databaseUrl }
      await restore(backup, place)
      return compare(backup, place, photosIn(backup))
    })
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** A database of its own on the server of the address; the embedded engine needs none. */
async function inScratch<T>(url: string | undefined, work: (url?: string) => Promise<T>): Promise<T> {
  if (!url) return work()
  const name = `asty_rehearsal_${process.pid}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  try {
    await admin.query(`CREATE DATABASE ${name} TEMPLATE template0`)
    const own = new URL(url)
    own.pathname = `/${name}`
    return await work(own.href)
  } finally {
    await admin.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`)
    await admin.end()
  }
}

const photosIn = ({ manifest }: Backup): string[] =>
  Object.keys(manifest.parts).flatMap((name) => (name.startsWith(PHOTOS) ? name.slice(PHOTOS.length) : []))

/** What an attempt that was cut off has left of the same photos does not matter: under one name there is only ever one. */
async function refuseUnlessEmpty(backup: Backup, config: Config, storage: Storage): Promise<void> {
  const folder = join(config.dataDir, 'postgres')
  if (!config.databaseUrl && !(await isEmptyFolder(folder)))
    throw new StartError(`${folder} is not empty. Nothing was restored.`)
  const known = new Set(photosIn(backup))
  for (const name of await attachmentNames(storage))
    if (!known.has(name)) throw new StartError(`${storage.place} is not empty. Nothing was restored.`)
  if (config.databaseUrl && !(await withDatabase(config, isEmpty)))
    throw new StartError('The database at DATABASE_URL is not empty. Nothing was restored.')
}

async function restoreHere(backup: Backup, config: Config): Promise<boolean> {
  useFolder(config)
  const storage = openStorage(config)
  await refuseUnlessEmpty(backup, config, storage)
  await restore(backup, config, storage)
  return compare(backup, config, await attachmentNames(storage))
}

async function main(): Promise<void> {
  const { file, check } = readArguments()
  const config = readMunicipality(process.env)
  const keys = readKeys(process.env)
  const manifest = await verifyArchive(file, keys)
  const backup = { file, keys, manifest }
  const { engine, created_at, asty, postgresql, postgis } = manifest
  say(`${file} is whole: Asty ${asty} on PostgreSQL ${postgresql} with PostGIS ${postgis} (${engine}), ${created_at}`)
  if ((engine === 'server') !== Boolean(config.databaseUrl))
    throw new StartError(`It is a backup of the ${engine} database: restore it ${engine === 'server' ? 'with' : 'without'} DATABASE_URL.`) // prettier-ignore
  const isSame = check ? await rehearse(backup, config) : await restoreHere(backup, config)
  if (!isSame) throw new StartError('What was restored is not what was backed up.')
  say(check ? 'The rehearsal went well; nothing of it is left.' : 'Restored. Put the keys back (secret.keys or SECRET_KEYS), then start Asty.') // prettier-ignore
}

runTool('Nothing was restored', main)
