import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Database, Db } from '../../core/db/connect.ts'
import { openStorage } from '../../core/files/open.ts'
import type { JobKind } from '../../core/jobs.ts'
import { anyoneReading } from '../anyone.ts'
import { getCollection } from '../collections.ts'
import { readDownload } from '../downloads/download.ts'
import { writerOf } from '../downloads/writers.ts'
import { PIECE_FEATURES } from '../features.ts'
import { formats } from '../formats.ts'
import { writeFileOf } from '../versions/write.ts'
import { fileOf, type Prepared, readPrepared } from './row.ts'

export const KEEP_HOURS = 24
/** How often people are told how far it is. */
const TOLD_MS = 1000

/** Writes a download that somebody has asked for. */
export const prepareJob: JobKind<{ id: string }> = {
  queue: 'prepare-download',
  limit_s: 3600,
  work: async ({ db, config }, { id }) => {
    const row = await readPrepared(db, id)
    if (row?.state !== 'waiting') return
    const folder = await mkdtemp(join(tmpdir(), 'asty-prepared-'))
    try {
      const path = join(folder, 'file')
      const { bytes, sha256 } = await writeFileOf(
        await pieces(db, row, config.databaseUrl ? 'server' : 'embedded'),
        path,
      )
      await openStorage(config, 'prepared').putFile(fileOf(row), path, sha256)
      await db('prepared_download').where({ id }).update({ state: 'ready', bytes, sha256, features_done: row.feature_count }) // prettier-ignore
    } catch (error) {
      await db('prepared_download').where({ id }).update({ state: 'failed' })
      throw error
    } finally {
      await rm(folder, { recursive: true, force: true })
    }
  },
}

async function pieces(db: Db, { id, collection, extension, query, language }: Prepared, engine: Database['engine']) {
  const ctx = anyoneReading(db, language, engine)
  const format = formats.find((one) => one.extension === extension)!
  const dataset = await getCollection(ctx, collection)
  const download = readDownload(ctx, dataset, format, query, new AbortController().signal)
  let [done, toldAt] = [0, 0]
  const told = async function* <T>(parts: AsyncGenerator<T>, features: (part: T) => number) {
    for await (const part of parts) {
      yield part
      done += features(part)
      if (Date.now() - toldAt < TOLD_MS) continue
      toldAt = Date.now()
      await db('prepared_download').where({ id }).update({ features_done: db.raw('LEAST(feature_count, ?::int)', [done]) }) // prettier-ignore
    }
  }
  return writerOf(format)({
    ...download,
    texts: () => told(download.texts(), () => PIECE_FEATURES),
    pages: () => told(download.pages(), ({ length }) => length),
  })
}

/** Takes away what was prepared a day ago. */
export const sweepPreparedJob: JobKind<null> = {
  queue: 'sweep-prepared',
  limit_s: 600,
  every_s: 3600,
  work: async ({ db, config }) => {
    const old = await db('prepared_download')
      .whereRaw('created_at < now() - make_interval(hours => ?)', [KEEP_HOURS])
      .delete()
      .returning(['id', 'extension'])
    for (const one of old) await openStorage(config, 'prepared').remove(fileOf(one))
  },
}
