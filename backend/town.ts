// One municipality at run time: its own database, live events, jobs and pages.
import type { Express } from 'express'
import { createApp } from './app.ts'
import type { Config } from './core/config.ts'
import { alone } from './core/db/alone.ts'
import type { Database } from './core/db/connect.ts'
import { listenToEvents, type Notices } from './core/events.ts'
import { openStorage } from './core/files/open.ts'
import type { Storage } from './core/files/storage.ts'
import { type Jobs, openJobs } from './core/jobs.ts'
import type { Log } from './core/log.ts'
import { openSealer } from './core/secrets.ts'
import { jobKinds } from './jobs.ts'
import { countUsage, type UsageCounter } from './opendata/usage/counter.ts'

export interface Town {
  config: Config
  database: Database
  notices: Notices
  storage: Storage
  jobs: Jobs
  usage: UsageCounter
  app: Express
}

/** Opens a municipality on a database whose structure is up to date. Its jobs wait until `jobs.start()`. */
export async function openTown(config: Config, database: Database, log: Log): Promise<Town> {
  const sealer = openSealer(config)
  const storage = openStorage(config)
  const notices = await listenToEvents(database)
  const jobs = await alone(database, () =>
    openJobs({ db: database.db, config, sealer, storage, log, notices }, jobKinds),
  )
  const usage = countUsage(database.db, log)
  const app = createApp({ config, database, notices, log, sealer, storage, jobs, usage })
  return { config, database, notices, storage, jobs, usage, app }
}

/** Ends what a municipality has open, when nobody asks it anything any more. */
export async function closeTown({ jobs, usage, database }: Town): Promise<void> {
  await jobs.stop()
  await usage.stop()
  await database.close()
}
