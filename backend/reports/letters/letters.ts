// A report that moves is told by mail to those who follow it: one job finds whom, one writes each letter when it goes.
import { addressOf } from '../../core/config.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import type { JobKind, Jobs } from '../../core/jobs.ts'
import { sendMail } from '../../core/mail.ts'
import { UNDO_MIN } from '../bulk/bulk.ts'
import { letterOf, type News, worthTelling } from './news.ts'

const REPORTS_AT_ONCE = 100
/** What comes within five minutes of each other is one letter, and a slip that is put right is none. */
const GATHER_S = 300

/** Puts down the letters about reports that have moved and now stand still. */
export const newsJob: JobKind<null> = {
  queue: 'report-news',
  limit_s: 600,
  every_s: 60,
  work: async ({ db, jobs }) => {
    while ((await putDownSome(db, jobs)) === REPORTS_AT_ONCE);
  },
}

interface Letter {
  report_id: string
  /** Null: the reporter. */
  support_id: string | null
  from_entry_id: string
  to_entry_id: string
}

/** Returns how many reports it has looked at. */
const putDownSome = (db: Db, jobs: Jobs): Promise<number> =>
  db.transaction(async (trx) => {
    const values = { most: REPORTS_AT_ONCE, gather_s: GATHER_S, undo_min: UNDO_MIN }
    const [due] = await sql<{ reports: number; letters: Letter[] }>(trx, 'reports/news_due', values)
    await jobs.sendEach(trx, newsLetterJob, due?.letters ?? [])
    return due?.reports ?? 0
  })

/** Writes and sends one letter: with what may be told at that moment, however long the mail server was away. */
export const newsLetterJob: JobKind<Letter> = {
  queue: 'report-letter',
  limit_s: 60,
  work: async ({ db, config }, letter) => {
    const [news] = await sql<News>(db, 'reports/news_letter', { ...letter })
    const told = news ? worthTelling(news) : []
    if (news && told.length > 0) await sendMail(config, letterOf(news, told, addressOf(config)))
  },
}
