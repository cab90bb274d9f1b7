// From a new report to a letter: one job finds who wants to hear of it, one writes each letter when it goes.
import type { Language, Localised } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { text } from '../../core/i18n/text.ts'
import type { JobKind, Jobs } from '../../core/jobs.ts'
import { type Message, sendMail } from '../../core/mail.ts'
import { momentText } from '../../layers/service.ts'
import { rolesWith } from '../../people/service.ts'

/** Where each of them has a thousand listeners, these are some seconds of writing. */
const REPORTS_AT_ONCE = 100
const LETTERS_AT_ONCE = 100
/** What comes within three minutes is one letter. */
const GATHER_S = 180
const MORNING = '08:00'
/** A letter with more than this is not read to its end. */
const MOST_IN_LETTER = 50

/** Looks who wants to hear of what has come, and puts down the letters that are due. */
export const subscriptionsJob: JobKind<null> = {
  queue: 'subscriptions',
  limit_s: 600,
  every_s: 60,
  work: async ({ db, jobs }) => {
    while ((await matchSome(db)) === REPORTS_AT_ONCE);
    while ((await putDownSome(db, jobs)) === LETTERS_AT_ONCE);
  },
}

/** One statement finds all listeners of many reports. Returns at how many it has looked. */
export async function matchSome(db: Db): Promise<number> {
  const values = { most: REPORTS_AT_ONCE, gather_s: GATHER_S, morning: MORNING }
  const [found] = await sql<{ reports: number }>(db, 'reports/subscription_match', values)
  return found?.reports ?? 0
}

interface Letter {
  account_id: string
  report_ids: string[]
}

const putDownSome = (db: Db, jobs: Jobs): Promise<number> =>
  db.transaction(async (trx) => {
    const letters = await sql<Letter>(trx, 'reports/subscription_due', { most: LETTERS_AT_ONCE })
    for (const letter of letters) await jobs.send(trx, letterJob, letter)
    return letters.length
  })

/** Writes and sends one letter: with what may be told at that moment, however long the mail server was away. */
export const letterJob: JobKind<Letter> = {
  queue: 'subscription-letter',
  limit_s: 60,
  work: async ({ db, config }, letter) => {
    const [content] = await sql<Content>(db, 'reports/subscription_letter', {
      ...letter,
      roles: rolesWith('staff.read').roles,
    })
    if (content && content.reports.length > 0) await sendMail(config, letterOf(content))
  },
}

interface Told {
  id: string
  category: Localised
  address: Localised | null
  district: Localised | null
  created_at: string
}

interface Content {
  email: string
  language: Language
  source: string
  token: string
  reports: Told[]
}

/** What and where, and a link: the words of citizens stay where they can be withdrawn. */
function letterOf({ email, language, source, token, reports }: Content): Message {
  const [first] = reports
  const shown = reports.slice(0, MOST_IN_LETTER)
  const values = {
    n: reports.length,
    category: first?.category[language],
    reports: shown.map((report) => lineOf(report, source, language)).join('\n\n'),
    more: reports.length > shown.length ? `\n\n${text(language, 'mail.subscription.more', { n: reports.length - shown.length, url: `${source}/reports` })}` : '',
    choose: `${source}/subscriptions`,
    stop: `${source}/unsubscribe/${token}`,
  } // prettier-ignore
  return {
    to: email,
    subject: text(language, reports.length === 1 ? 'mail.subscription.one' : 'mail.subscription.many', values),
    text: text(language, 'mail.subscription.text', values),
    headers: {
      // RFC 8058
      'List-Unsubscribe': `<${source}/api/unsubscribe/${token}>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}

function lineOf({ id, category, address, district, created_at }: Told, source: string, language: Language): string {
  const where = [address?.[language], district?.[language]].filter(Boolean).join(', ')
  return [
    category[language],
    [where, momentText(created_at, language)].filter(Boolean).join(' · '),
    `${source}/reports/${id}`,
  ].join('\n')
}
