// Whether an installation is as it should be: one line a question, ok, warn or FAIL.
import { randomBytes, randomUUID } from 'node:crypto'
import { accessSync, constants, mkdirSync } from 'node:fs'
import { statfs } from 'node:fs/promises'
import { connect } from 'node:net'
import { checkAudit } from '../core/audit.ts'
import { type Config, isLocal } from '../core/config.ts'
import { openStorage } from '../core/files/open.ts'
import { scannerVersion } from '../core/files/scanner.ts'
import type { Storage } from '../core/files/storage.ts'
import { readMunicipality } from '../core/municipalities.ts'
import { type Database, type Db } from '../core/db/connect.ts'
import { holderOf } from '../core/db/folder.ts'
import { sql } from '../core/db/sql.ts'
import { pendingMigrations } from '../core/db/migrate.ts'
import { openForTool } from './structure.ts'

type Finding = readonly ['ok' | 'warn' | 'FAIL', string]
type Check = () => Promise<Finding>

const LEAST_NODE = [20, 19] as const
const LOW_DISK_BYTES = 5e9 // some weeks of photos
const LEAST_DISK_BYTES = 5e8 // below this the next backup or a busy day fills it
const MOST_CLOCK_DIFFERENCE_MS = 5000
const MAIL_PATIENCE_MS = 5000
const EXTENSIONS = ['postgis', 'pg_trgm', 'unaccent', 'btree_gist']

/** Says what it finds, line by line. Returns whether nothing has failed. */
export async function examine(env: NodeJS.ProcessEnv, say: (line: string) => void): Promise<boolean> {
  let isWell = true
  const run = async (what: string, check: Check) => {
    const [level, line] = await check().catch((error: Error): Finding => ['FAIL', `${what}: ${error.message}`])
    if (level === 'FAIL') isWell = false
    say(`${level.padEnd(5)} ${line}`)
  }
  const config = readMunicipality(env)
  await run('Node.js', checkNode)
  await run('data folder', () => checkFolder(config.dataDir))
  await run('free disk', () => checkDisk(config.dataDir))
  await run('encryption', () => checkEncryption(config))
  await run('photos', () => checkStorage(openStorage(config)))
  const { smtpUrl, clamdUrl } = config
  if (clamdUrl) await run('virus scanner', () => checkScanner(clamdUrl))
  if (smtpUrl) await run('mail server', () => checkMail(new URL(smtpUrl)))
  const holder = config.databaseUrl ? undefined : holderOf(config.dataDir)
  if (holder) {
    say(`warn  the embedded database is in use by Asty (process ${holder}): stop it to look into the database`)
    return isWell
  }
  let database: Database | undefined
  await run('database', async () => {
    database = await openForTool(config)
    return ['ok', `database: ${await versionOf(database.db)}`]
  })
  if (!database) return isWell
  try {
    for (const [what, check] of databaseChecks(database.db)) await run(what, check)
    if (config.databaseReplicaUrl) await run('read replica', checkReplica(database))
  } finally {
    await database.close()
  }
  return isWell
}

const checkNode: Check = async () => {
  const [major = 0, minor = 0] = process.versions.node.split('.').map(Number)
  const isNew = major > LEAST_NODE[0] || (major === LEAST_NODE[0] && minor >= LEAST_NODE[1])
  return [
    isNew ? 'ok' : 'FAIL',
    `Node.js ${process.versions.node}${isNew ? '' : `: ${LEAST_NODE.join('.')} is needed`}`,
  ]
}

async function checkFolder(dataDir: string): Promise<Finding> {
  mkdirSync(dataDir, { recursive: true })
  accessSync(dataDir, constants.W_OK)
  return ['ok', `data folder ${dataDir} can be written to`]
}

async function checkDisk(dataDir: string): Promise<Finding> {
  const { bavail, bsize } = await statfs(dataDir)
  const free = bavail * bsize
  const line = `${(free / 1e9).toFixed(1)} GB free for ${dataDir}`
  if (free < LEAST_DISK_BYTES) return ['FAIL', line]
  return [free < LOW_DISK_BYTES ? 'warn' : 'ok', line]
}

/** What goes to other machines in the open: passwords, codes, people's words. */
async function checkEncryption(config: Config): Promise<Finding> {
  const { databaseUrl, databaseReplicaUrl, smtpUrl, smsUrl, otlpEndpoint, publicUrl } = config
  const addresses = { DATABASE_URL: databaseUrl, DATABASE_REPLICA_URL: databaseReplicaUrl, SMTP_URL: smtpUrl, SMS_URL: smsUrl, OTEL_EXPORTER_OTLP_ENDPOINT: otlpEndpoint, PUBLIC_URL: publicUrl } // prettier-ignore
  const open = Object.entries(addresses).filter(([, url]) => url && !isLocal(url) && !isEncrypted(new URL(url)))
  if (open.length === 0) return ['ok', 'nothing goes to another machine in the open']
  return ['warn', `not encrypted on its way to another machine: ${open.map(([name]) => name).join(', ')}`]
}

function isEncrypted({ protocol, hostname, searchParams }: URL): boolean {
  if (protocol.startsWith('postgres'))
    // Without a host it is a socket of this machine.
    return hostname === '' || ['require', 'verify-ca', 'verify-full'].includes(searchParams.get('sslmode') ?? '')
  // smtp: with STARTTLS, or not at all (core/mail.ts).
  if (protocol === 'smtp:') return searchParams.get('ignoreTLS') !== 'true'
  return protocol === 'https:' || protocol === 'smtps:'
}

/** Writes, reads, lists and destroys a file as if it were a photo. */
async function checkStorage(storage: Storage): Promise<Finding> {
  const [name, bytes] = [`doctor-${randomUUID()}.txt`, randomBytes(100)]
  await storage.put(name, bytes)
  const read = await storage.get(name)
  const isListed = await hasNames(storage)
  await storage.remove(name)
  if (!read?.equals(bytes)) return ['FAIL', `photos: ${storage.place} gives back something else than was put there`]
  if (!isListed) return ['FAIL', `photos: ${storage.place} does not list what was put there`]
  if (await storage.get(name)) return ['FAIL', `photos: ${storage.place} does not destroy what it should`]
  return ['ok', `photos: ${storage.place} can be written, read and destroyed`]
}

async function hasNames(storage: Storage): Promise<boolean> {
  for await (const _name of storage.list()) return true
  return false
}

async function checkScanner(clamdUrl: string): Promise<Finding> {
  return ['ok', `virus scanner: ${await scannerVersion(clamdUrl)}`]
}

const checkMail = (url: URL): Promise<Finding> =>
  new Promise((resolve) => {
    const port = Number(url.port) || (url.protocol === 'smtps:' ? 465 : 587)
    const socket = connect({ host: url.hostname, port, timeout: MAIL_PATIENCE_MS })
    const tell = (finding: Finding) => {
      socket.destroy()
      resolve(finding)
    }
    const name = `mail server ${url.hostname}:${port}`
    socket.once('connect', () => tell(['ok', `${name} answers`]))
    socket.once('timeout', () => tell(['FAIL', `${name} does not answer`]))
    socket.once('error', (error) => tell(['FAIL', `${name}: ${error.message}`]))
  })

async function versionOf(db: Db): Promise<string> {
  const { rows } = await db.raw(`SELECT current_setting('server_version') AS version`)
  return `PostgreSQL ${rows[0].version}`
}

function databaseChecks(db: Db): [string, Check][] {
  return [
    ['extensions', () => checkExtensions(db)],
    ['clock', () => checkClock(db)],
    ['structure', () => checkStructure(db)],
    ['central desk', () => checkDesk(db)],
    ['administrator', () => checkAdministrator(db)],
    ['second step', () => checkSecondFactor(db)],
    ['jobs', () => checkJobs(db)],
    ['audit trail', () => checkTrail(db)],
    ['photos to be destroyed', () => checkRemovals(db)],
  ]
}

const checkReplica =
  ({ db, reads }: Database): Check =>
  async () =>
    reads === db
      ? ['FAIL', 'read replica: it does not answer, is no replica, or is far behind']
      : ['ok', 'read replica answers']

async function checkExtensions(db: Db): Promise<Finding> {
  const rows: { extname: string; extversion: string }[] = await db('pg_extension')
    .whereIn('extname', EXTENSIONS)
    .orderBy('extname')
    .select('extname', 'extversion')
  const missing = EXTENSIONS.filter((name) => !rows.some(({ extname }) => extname === name))
  if (missing.length > 0) return ['FAIL', `extensions that are not there yet: ${missing.join(', ')}`]
  return ['ok', `extensions: ${rows.map(({ extname, extversion }) => `${extname} ${extversion}`).join(', ')}`]
}

async function checkClock(db: Db): Promise<Finding> {
  const before = Date.now()
  const { rows } = await db.raw('SELECT extract(epoch FROM clock_timestamp())::float8 * 1000 AS now')
  const difference = Math.abs(rows[0].now - (before + Date.now()) / 2)
  const line = `clocks of this machine and the database differ by ${(difference / 1000).toFixed(1)} s`
  return [difference < MOST_CLOCK_DIFFERENCE_MS ? 'ok' : 'FAIL', line]
}

async function checkStructure(db: Db): Promise<Finding> {
  const pending = await pendingMigrations(db)
  if (pending.length === 0) return ['ok', 'structure up to date']
  return ['FAIL', `${pending.length} migrations to be run: start Asty, which runs them`]
}

async function checkDesk(db: Db): Promise<Finding> {
  const desk = await db('department').where({ is_central_desk: true }).first('slug')
  return desk ? ['ok', `central desk: ${desk.slug}`] : ['FAIL', 'no department is the central desk: reports without a rule would have nowhere to go'] // prettier-ignore
}

async function checkAdministrator(db: Db): Promise<Finding> {
  const { rows } = await db.raw(
    `SELECT count(DISTINCT a.id)::int AS count
       FROM role_grant AS g JOIN account AS a ON a.id = g.account_id
      WHERE g.role = 'administrator' AND g.revoked_at IS NULL AND a.disabled_at IS NULL
        AND COALESCE(g.valid_to, 'infinity') >= (now() AT TIME ZONE 'Europe/Athens')::date`,
  )
  return rows[0].count > 0
    ? ['ok', `${rows[0].count} administrators`]
    : ['warn', 'no administrator: npm run admin -- create-administrator']
}

async function checkSecondFactor(db: Db): Promise<Finding> {
  const row = await db('setting').where({ key: 'people.second_factor_required' }).first('value')
  return row?.value === false
    ? ['warn', 'staff need no second step of signing in (people.second_factor_required)']
    : ['ok', 'staff need a second step of signing in']
}

const LONGEST_LAG_S = 600

async function checkJobs(db: Db): Promise<Finding> {
  const { rows } = await db.raw(`SELECT to_regclass('pgboss.job') IS NOT NULL AS found`)
  if (!rows[0].found) return ['ok', 'no jobs yet']
  const counts = await sql<{ queue: string; state: string; count: number }>(db, 'core/job_counts', {})
  const [lag] = await sql<{ lag_s: number }>(db, 'core/job_lag', {})
  if ((lag?.lag_s ?? 0) > LONGEST_LAG_S) return ['FAIL', `jobs wait for ${Math.round(lag!.lag_s / 60)} minutes`]
  const failed = counts.filter(({ state }) => state === 'failed')
  return failed.length > 0
    ? ['warn', `jobs that failed for good: ${failed.map(({ queue, count }) => `${count} ${queue}`).join(', ')}`]
    : ['ok', 'jobs are done in time']
}

/** After twice the time of photoRemovalJob. */
const LATE = '2 hours'

async function checkRemovals(db: Db): Promise<Finding> {
  const { rows } = await db.raw(`SELECT count(*)::int AS count FROM photo_removal WHERE at < now() - ?::interval`, [
    LATE,
  ])
  return rows[0].count > 0
    ? ['FAIL', `${rows[0].count} photos that should be gone are still in the storage`]
    : ['ok', 'photos that should be gone are']
}

function checkTrail(db: Db): Promise<Finding> {
  return db.transaction(async (trx) => {
    await trx.raw('SET LOCAL statement_timeout = 0')
    const { entries, broken_at } = await checkAudit(trx)
    return broken_at
      ? ['FAIL', `the audit trail was changed: entry ${broken_at} or the one before it`]
      : ['ok', `audit trail of ${entries} entries unbroken`]
  })
}
