// Start: settings -> database -> HTTP. The only file that starts things.
import { existsSync, readdirSync, statSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { PORTAL } from './core/http/portal.ts'
import { addressOf, type Config, isPublic, StartError } from './core/config.ts'
import { alone } from './core/db/alone.ts'
import { type Database, openDatabase } from './core/db/connect.ts'
import { useFolder } from './core/db/folder.ts'
import { createLog, type Log } from './core/log.ts'
import { readMunicipalities } from './core/municipalities.ts'
import { startTraces, traceQueries, type Traces } from './core/traces.ts'
import { byHost } from './hosts.ts'
import { loadCity, readOrganisation } from './tools/city.ts'
import { renewStructure } from './tools/structure.ts'
import { closeTown, openTown, type Town } from './town.ts'

const DEMO_CITY = fileURLToPath(new URL('../gis-data/demo-city/', import.meta.url))
const WEB = fileURLToPath(new URL('../web/', import.meta.url))

const say = (line: string) => process.stdout.write(`${line}\n`)

/** Says what is being done, and how long it took when that was longer than a second. */
async function step<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = Date.now()
  const notice = setTimeout(() => say(`… ${what}`), 300)
  try {
    return await work()
  } finally {
    clearTimeout(notice)
    const seconds = (Date.now() - start) / 1000
    if (seconds > 1) say(`  ${what}: ${seconds.toFixed(1)} s`)
  }
}

/** Whether the demo city is to be loaded: when asked for, or by default on an embedded database without any layer, where nothing says that it is for the public. */
async function wantsDemo(config: Config, { db, engine }: Database): Promise<boolean> {
  if (config.demo !== undefined) return config.demo
  const unfinished = await db('setting').where({ key: 'demo.unfinished' }).first('key')
  const layer = await db('layer').first('slug')
  return engine === 'embedded' && !isPublic(config) && (!layer || unfinished !== undefined)
}

/** Loads the demo city unless it is there; a load that was cut off goes on where it stopped. */
async function loadDemo(config: Config, database: Database): Promise<boolean> {
  const { db } = database
  const done = await db('setting').where({ key: 'demo.loaded' }).first('key')
  if (done) return config.demo !== false
  if (!(await wantsDemo(config, database))) return false
  await db('setting').insert({ key: 'demo.unfinished', value: 'true' }).onConflict('key').ignore()
  await loadCity(db, DEMO_CITY, { password: config.demoPassword, onProgress: (message) => say(`  ${message}`) })
  await db.transaction(async (trx) => {
    await trx('setting').where({ key: 'demo.unfinished' }).delete()
    await trx('setting').insert({ key: 'demo.loaded', value: 'true' })
  })
  return true
}

const newest = (folder: string): number =>
  Math.max(
    0,
    ...readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && !entry.parentPath.includes(`${WEB}dist`))
      .map((entry) => statSync(`${entry.parentPath}/${entry.name}`).mtimeMs),
  )

/** Builds the portal when it was never built or its source is newer. */
async function buildPortal(): Promise<void> {
  const index = `${PORTAL}index.html`
  if (existsSync(index) && statSync(index).mtimeMs > newest(WEB)) return
  await step('building the portal', async () => {
    // Only here: to load it takes as long as all the rest of the program.
    const { build } = await import('vite')
    await build({ configFile: `${WEB}vite.config.ts`, logLevel: 'warn' })
  })
}

function listen(server: Server, { port, host }: Config): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const sentence =
        error.code === 'EADDRINUSE'
          ? `Port ${port} is in use: stop what listens there, or set PORT to another one.`
          : `Cannot listen on ${host}:${port}: ${error.message}.`
      reject(new StartError(sentence))
    })
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}

/** A port in use is told before minutes are spent on a first start. */
async function tryPort(config: Config): Promise<void> {
  const probe = createServer()
  await listen(probe, config)
  await new Promise((resolve) => probe.close(resolve))
}

function announce({ config }: Town, port: number, isDemo: boolean): void {
  say(`\nAsty is open at ${addressOf({ ...config, port })}\n`)
  if (!isDemo) return
  say(`Demo accounts, all with the password ${config.demoPassword}:`)
  for (const { email, name, grants } of readOrganisation(DEMO_CITY).accounts) {
    const role = grants[0]?.role ?? 'citizen'
    say(`  ${email.padEnd(24)} ${role.replace('_', ' ').padEnd(16)} ${name}`)
  }
  say('')
}

/** Database, structure and first data of one municipality, then the municipality itself. */
async function prepare(config: Config, log: Log): Promise<{ town: Town; isDemo: boolean }> {
  if (config.municipality) say(`${config.municipality}:`)
  useFolder(config)
  const database = await step(config.databaseUrl ? 'connecting to the database' : 'starting the embedded PostGIS', () =>
    openDatabase(config),
  )
  await step('bringing the structure up to date', () => renewStructure(database))
  const isDemo = await step('loading the demo city', () => alone(database, () => loadDemo(config, database)))
  await alone(database, buildPortal)
  if (config.otlpEndpoint) traceQueries(database.db)
  return { town: await openTown(config, database, log), isDemo }
}

async function start(): Promise<void> {
  const configs = readMunicipalities(process.env)
  const [common] = configs
  if (!common) return
  const log = createLog(common.logLevel)
  await tryPort(common)
  const traces = common.otlpEndpoint ? startTraces(common.otlpEndpoint) : undefined
  const prepared: Awaited<ReturnType<typeof prepare>>[] = []
  for (const config of configs) prepared.push(await prepare(config, log))
  const towns = prepared.map(({ town }) => town)
  const server = createServer(byHost(towns))
  const port = await listen(server, common)
  for (const { town, isDemo } of prepared) {
    town.jobs.start()
    announce(town, port, isDemo)
  }
  stopOnSignal({ server, towns, traces })
}

interface Running {
  server: Server
  towns: Town[]
  traces: Traces | undefined
}

/** Until the balancer has asked /health/ready, its requests are still answered. */
const NOTICE_MS = 2000
/** Whoever has not read an answer by then loses it; process managers kill after 30 seconds or more. */
const LONGEST_STOP_MS = 20_000

/** SIGTERM and Ctrl-C let running requests end, close the database, and go; a second signal goes at once. */
function stopOnSignal(running: Running): void {
  let isStopping = false
  const stop = async (noticeMs: number) => {
    if (isStopping) process.exit(1)
    isStopping = true
    say('\nStopping …')
    await drain(running, noticeMs)
    await Promise.all(running.towns.map(closeTown))
    await running.traces?.close()
    process.exit(0)
  }
  // At a keyboard there is no balancer to wait for.
  process.on('SIGINT', () => void stop(0))
  process.on('SIGTERM', () => void stop(NOTICE_MS))
}

/** Says that this node goes, then takes no more connections, ends live streams, and waits for the answers under way. */
async function drain({ server, towns }: Running, noticeMs: number): Promise<void> {
  setTimeout(() => server.closeAllConnections(), LONGEST_STOP_MS).unref()
  for (const { app } of towns) app.enable('stopping')
  await wait(noticeMs)
  const closed = new Promise((resolve) => server.close(resolve))
  for (const { notices } of towns) notices.emit('stop')
  // A connection whose answer is complete would otherwise be kept for the next request.
  const idle = setInterval(() => server.closeIdleConnections(), 100)
  await closed
  clearInterval(idle)
}

start().catch((error: unknown) => {
  process.stderr.write(
    error instanceof StartError ? `${error.message}\n` : `Asty could not start: ${(error as Error).stack}\n`,
  )
  process.exit(1)
})
