// Once a day: whatever has changed since its last version gets a new one, if its time has come.
import { randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { dayInAthens } from '../../core/days.ts'
import type { Db } from '../../core/db/connect.ts'
import { openStorage } from '../../core/files/open.ts'
import type { Storage } from '../../core/files/storage.ts'
import type { Context } from '../../core/http/context.ts'
import type { JobKind, JobWorld } from '../../core/jobs.ts'
import { anyoneReading } from '../anyone.ts'
import { type Collection, getCollection, listCollections } from '../collections.ts'
import { readDownload } from '../downloads/download.ts'
import { writerOf } from '../downloads/writers.ts'
import { formats } from '../formats.ts'
import { daysToThin } from './thin.ts'
import { writeFileOf } from './write.ts'

const FORMS = ['geojson', 'gpkg'] as const

/** Days between two versions of a dataset that changes all the time, by the setting opendata.versions. */
const DAYS = { never: null, daily: 1, weekly: 7 } as const

export const versionsJob: JobKind<null> = {
  queue: 'dataset-versions',
  limit_s: 6 * 3600,
  every_s: 86_400,
  work: async (world) => makeVersions(world, new Date()),
}

/** Makes and thins versions as on that day. */
export async function makeVersions({ db, config }: Pick<JobWorld, 'db' | 'config'>, now: Date): Promise<void> {
  const storage = openStorage(config, 'versions')
  const today = dayInAthens(now)
  const days = DAYS[await rhythm(db)]
  const ctx = anyoneReading(db, 'el', config.databaseUrl ? 'server' : 'embedded')
  const layers = (await listCollections(ctx)).filter(({ layer }) => layer !== null)
  if (days !== null) for (const { slug } of layers) await renew({ ctx, storage, slug, now, today, days })
  await thin(db, storage, today)
  await sweep(db, storage)
}

async function rhythm(db: Db): Promise<keyof typeof DAYS> {
  const row = await db('setting').where({ key: 'opendata.versions' }).first('value')
  return row?.value in DAYS ? row.value : 'weekly'
}

/** Who is still being edited, or was imported just now, is for the next day. */
const SETTLED_MS = 3_600_000

interface Parts {
  ctx: Context
  storage: Storage
  slug: string
  now: Date
  today: string
  days: number
}

async function renew({ ctx, storage, slug, now, today, days }: Parts): Promise<void> {
  const last = await ctx
    .db('dataset_version')
    .where({ collection: slug })
    .orderBy('made_on', 'desc')
    .first('content', ctx.db.raw('?::date - made_on AS age', [today]))
  const { version, updated_at } = await getCollection(ctx, slug)
  if (now.getTime() - Date.parse(updated_at) < SETTLED_MS) return
  if (last && (last.content === version || last.age < days)) return
  const folder = await mkdtemp(join(tmpdir(), 'asty-version-'))
  try {
    const made = await unchanged(ctx, slug, (collection) => writeForms(ctx, collection, folder))
    await ctx.db.transaction(async (trx) => {
      for (const { extension, path, bytes, sha256, collection } of made) {
        const file = `${randomUUID()}.${extension}`
        await storage.putFile(file, path, sha256)
        const { feature_count, fields, version: content } = collection
        await trx('dataset_version').insert({
          collection: slug, made_on: today, extension, content, feature_count, fields: fields.map(({ name }) => name), file, bytes, sha256,
        }) // prettier-ignore
      }
    })
  } finally {
    await rm(folder, { recursive: true, force: true })
  }
}

const TRIES = 3

/** Pages are read one by one: who is edited meanwhile would be half old, half new. After some tries it is so, and the next day comes. */
async function unchanged<T>(ctx: Context, slug: string, work: (collection: Collection) => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries++) {
    const collection = await getCollection(ctx, slug)
    const result = await work(collection)
    if (tries === TRIES || (await getCollection(ctx, slug)).version === collection.version) return result
  }
}

async function writeForms(ctx: Context, collection: Collection, folder: string) {
  const made = []
  for (const extension of FORMS) {
    const path = join(folder, extension)
    const format = formats.find((one) => one.extension === extension)!
    const download = readDownload(ctx, collection, format, {}, new AbortController().signal)
    made.push({ extension, path, collection, ...(await writeFileOf(writerOf(format)(download), path)) })
  }
  return made
}

async function thin(db: Db, storage: Storage, today: string): Promise<void> {
  const { rows } = await db.raw(
    `SELECT collection, array_agg(DISTINCT to_char(made_on, 'YYYY-MM-DD')) AS days FROM dataset_version GROUP BY collection`,
  )
  for (const { collection, days } of rows) {
    const gone = await db('dataset_version').where({ collection }).whereIn('made_on', daysToThin(days, today)).delete().returning('file') // prettier-ignore
    for (const { file } of gone) await storage.remove(file)
  }
}

/** What a node left behind that stopped between file and row. Nobody else writes there: the job is one on all nodes. */
async function sweep(db: Db, storage: Storage): Promise<void> {
  const known = new Set((await db('dataset_version').select('file')).map(({ file }) => file))
  for await (const name of storage.list()) if (!known.has(name)) await storage.remove(name)
}
