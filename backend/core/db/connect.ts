// The database: a PostgreSQL/PostGIS server, or the embedded one behind the same protocol. Everything else sees only knex.
import { EventEmitter } from 'node:events'
import knex, { type Knex } from 'knex'
import pg from 'pg'
import { type Config, StartError } from '../config.ts'
import { startEmbedded } from './embedded.ts'
import { watchReplica } from './replica.ts'
import { versionFault } from './versions.ts'

export type Db = Knex
export type Notice = (payload: string) => void

export interface Database {
  db: Db
  /** The replica while it is good, else `db`: for what everybody may see and nobody has just changed. */
  readonly reads: Db
  /** A query has failed on the replica. */
  distrustReplica: () => void
  engine: 'embedded' | 'server'
  /** Calls back with every payload sent to a channel by pg_notify. */
  listen: (channel: string, notice: Notice) => Promise<void>
  close: () => Promise<void>
}

// Timestamps leave as RFC 3339 text; dates stay as they are written. Both would lose precision or shift as JS dates.
pg.types.setTypeParser(pg.types.builtins.TIMESTAMPTZ, (value) => new Date(value).toISOString())
pg.types.setTypeParser(pg.types.builtins.DATE, (value) => value)

// Measured: PostGIS function costs lead the planner into parallel plans that are many times slower for small tiles.
export const SERVING = '-c max_parallel_workers_per_gather=0 -c jit=off -c statement_timeout=60000'

/**
 * Memory beyond 128 kB goes back to the system after each statement, and costs more to take again than most statements; once glibc
 * has given back a larger block it keeps what is smaller (mallopt(3), M_MMAP_THRESHOLD). Measured on a page of 1,000 points: 1.7
 * times the rate, from 1 MB on.
 */
const KEEP_MEMORY = `SELECT length(repeat('x', 4000000))`

type OnConnect = (client: pg.Client) => Promise<unknown> | void

function createKnex(connection: Knex.PgConnectionConfig, max: number, onConnect: OnConnect, keepsPlans = false): Db {
  const db = knex({
    client: 'pg',
    connection,
    pool: {
      min: 0,
      max,
      idleTimeoutMillis: 30_000,
      afterCreate: (client: pg.Client, done: (error?: unknown) => void) => {
        Promise.resolve(onConnect(client)).then(() => done(), done)
      },
    },
    acquireConnectionTimeout: 30_000,
    // Whoever asked gets the error; knex would print it a second time.
    log: { warn: () => undefined, error: () => undefined },
  })
  db.userParams = { keepsPlans }
  return db
}

/**
 * Options of a query that is asked all the time, by a name that no other text has: a connection to the server plans it once, which
 * costs more than the answer. In the embedded engine all connections share a session, where a name outlives the connection.
 */
export const planned = (db: Db, name: string): { name?: string } => (db.userParams['keepsPlans'] ? { name } : {})

/** Opens the database. Throws StartError with one clear sentence when it cannot be used. */
export async function openDatabase(config: Config): Promise<Database> {
  return config.databaseUrl ? openServer(config, config.databaseUrl) : openEmbedded(config.dataDir)
}

const keepMemory = (client: pg.Client) => client.query(KEEP_MEMORY)

async function openServer(config: Config, url: string): Promise<Database> {
  const db = createKnex(
    { connectionString: url, options: SERVING, application_name: 'asty' },
    config.databasePool,
    keepMemory,
    true,
  )
  try {
    await checkServer(db)
  } catch (error) {
    await db.destroy()
    throw error
  }
  const replica = config.databaseReplicaUrl
    ? await watchReplica(db, createKnex(toReplica(config.databaseReplicaUrl), config.databasePool, keepMemory, true))
    : undefined
  const listeners: Listener[] = []
  return {
    db,
    get reads() {
      return replica?.isGood() ? replica.db : db
    },
    distrustReplica: () => replica?.distrust(),
    engine: 'server',
    listen: async (channel, notice) => {
      listeners.push(await listenOn(url, channel, notice))
    },
    close: async () => {
      await Promise.all(listeners.map((listener) => listener.end()))
      await replica?.close()
      await db.destroy()
    },
  }
}

// A machine that is gone does not even refuse.
const toReplica = (url: string): Knex.PgConnectionConfig => ({
  connectionString: url,
  options: SERVING,
  application_name: 'asty-read',
  connectionTimeoutMillis: 2000,
  keepAlive: true,
})

const RELISTEN_MS = 2000

interface Listener {
  end: () => Promise<void>
}

/** Listens on a connection of its own, and once more after the server was away. Live updates of that time come with the next question. */
async function listenOn(url: string, channel: string, notice: Notice): Promise<Listener> {
  let isWanted = true
  let client: pg.Client
  const connect = async () => {
    client = new pg.Client({ connectionString: url, application_name: 'asty-listen' })
    client.on('notification', (message) => notice(message.payload ?? ''))
    // It must not take the process down; 'end' follows.
    client.on('error', () => undefined)
    await client.connect()
    client.once('end', again)
    await client.query(`LISTEN ${client.escapeIdentifier(channel)}`)
  }
  const again = () => {
    if (isWanted) setTimeout(() => void connect().catch(again), RELISTEN_MS).unref()
  }
  await connect()
  return {
    end: async () => {
      isWanted = false
      await client.end().catch(() => undefined)
    },
  }
}

async function checkServer(db: Db): Promise<void> {
  let found: { postgresql: number; postgis: string | null }
  try {
    // What is installed in this database counts; what could be installed, only where nothing is.
    const { rows } = await db.raw(
      `SELECT current_setting('server_version_num')::int AS postgresql,
              COALESCE((SELECT extversion FROM pg_extension WHERE extname = 'postgis'),
                       (SELECT default_version FROM pg_available_extensions WHERE name = 'postgis')) AS postgis`,
    )
    found = rows[0]
  } catch (error) {
    throw new StartError(`The database at DATABASE_URL cannot be reached: ${reason(error)}.`)
  }
  const fault = versionFault(found.postgresql, found.postgis ?? undefined)
  if (fault) throw new StartError(fault)
}

function reason(error: unknown): string {
  if (error instanceof AggregateError && error.errors[0]) return reason(error.errors[0])
  return error instanceof Error ? error.message : String(error)
}

async function openEmbedded(dataDir: string): Promise<Database> {
  const embedded = await startEmbedded(dataDir)
  const notices = new EventEmitter()
  // One connection: clients of the embedded engine share a session, and the parse/bind/execute steps of two clients can
  // fall between each other there ("unnamed prepared statement does not exist"). Waiting in the pool is as fast.
  const db = createKnex(embedded.connection, 1, (client) => {
    client.on('notification', ({ channel, payload }) => notices.emit(channel, payload ?? ''))
  })
  return {
    db,
    reads: db,
    distrustReplica: () => undefined,
    engine: 'embedded',
    listen: async (channel, notice) => {
      notices.on(channel, notice)
      await db.raw('LISTEN ??', [channel])
    },
    close: async () => {
      await db.destroy()
      await embedded.stop()
    },
  }
}
