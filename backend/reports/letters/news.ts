// What of a report's story is worth a letter, and the letter.
import type { Language, Localised } from '../../core/contract.ts'
import { text } from '../../core/i18n/text.ts'
import type { Message } from '../../core/mail.ts'
import { momentText } from '../../layers/service.ts'
import type { Status } from '../contract.ts'
import { isClosed } from '../workflow.ts'

export interface Entry {
  at: string
  kind: 'status' | 'note' | 'reopened' | 'forwarded'
  status: Status | null
  /** Words for all who may see the report. */
  note: string | null
  /** Of the report that it is treated together with. */
  is_of_main: boolean
}

export interface News {
  email: string
  /** Null: not known, so both. */
  language: Language | null
  follow_token: string
  /** Ends the letters. */
  token: string
  protocol: string
  category: Localised
  /** Number of the report that it is treated together with, where everybody may see that. */
  main: string | null
  /** State that its reader knows. */
  before: Status | null
  entries: Entry[]
}

/** A report only begins as submitted. */
type Step = Exclude<Status, 'submitted'> | 'note' | 'reopened' | 'forwarded' | 'waiting_for_another'

export interface Told extends Entry {
  step: Step
}

/** What was passed through without a word is left out, and everything where staff have put it as it was. */
export function worthTelling({ before, entries }: Pick<News, 'before' | 'entries'>): Told[] {
  const last = entries.findLast(({ status }) => status)
  const told = entries.filter((entry) => entry.note || entry === last)
  const isNews =
    entries.some(({ kind }) => kind === 'reopened') || told.some(({ note, status }) => note || status !== before)
  if (!isNews) return []
  return told.map((entry) => ({ ...entry, step: stepOf(entry, stateBefore(entry, entries) ?? before) }))
}

const stateBefore = (entry: Entry, entries: readonly Entry[]) =>
  entries.slice(0, entries.indexOf(entry)).findLast(({ status }) => status)?.status

function stepOf({ kind, status, is_of_main }: Entry, from: Status | null): Step {
  if (kind !== 'status') return kind
  const to = status as Step & Status
  // Who follows the main report may answer.
  if (to === 'waiting_for_citizen' && is_of_main) return 'waiting_for_another'
  return from && isClosed(from) && !isClosed(to) ? 'reopened' : to
}

/** The letter, in both languages where the reader's is not known. baseUrl: of the portal. */
export function letterOf(news: News, told: readonly Told[], baseUrl: string): Message {
  const languages: Language[] = news.language ? [news.language] : ['el', 'en']
  return {
    to: news.email,
    subject: `${news.protocol}: ${languages.map((language) => text(language, `mail.news.step.${told.at(-1)!.step}`)).join(' · ')}`,
    text: languages.map((language) => written(news, told, baseUrl, language)).join('\n\n\n'),
    headers: {
      // RFC 8058
      'List-Unsubscribe': `<${baseUrl}/api/report-letters/${news.token}/stop>`,
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
    },
  }
}

function written(news: News, told: readonly Told[], baseUrl: string, language: Language): string {
  const { protocol, category, main } = news
  const values = { protocol, category: category[language], main }
  return text(language, 'mail.news.text', {
    opening: text(language, told.some((entry) => entry.is_of_main) ? 'mail.news.together' : 'mail.news.opening', values),
    steps: told.map((entry) => wordsOf(entry, language)).join('\n\n'),
    url: `${baseUrl}/follow/${news.follow_token}`,
    stop: `${baseUrl}/stop-letters/${news.token}`,
  }) // prettier-ignore
}

const wordsOf = ({ step, at, note }: Told, language: Language): string =>
  [`${text(language, `mail.news.step.${step}`)} · ${momentText(at, language)}`, note].filter(Boolean).join('\n')
