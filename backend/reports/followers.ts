// What those who follow a report are told by mail: it is the way that they left to be answered.
import type { Language, Localised } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import { text } from '../core/i18n/text.ts'
import type { Jobs } from '../core/jobs.ts'
import { mailJob } from '../core/mail.ts'

export interface Follower {
  report_id: string
  follow_token: string
  /** Null: not known. */
  language: Language | null
  protocol: string
  category: Localised
  email: string
}

/** Everybody who follows one of the reports and can be reached by mail. */
export const followersOf = (db: Db, reportIds: readonly string[]): Promise<Follower[]> =>
  sql<Follower>(db, 'reports/followers', { ids: reportIds })

type Template = 'mail.animal' | 'mail.expiry'

/** Mails one of them, in both languages where theirs is not known, with the private link. baseUrl: of the portal. */
export async function tellFollower(
  { jobs, baseUrl }: { jobs: Jobs; baseUrl: string },
  trx: Db,
  { email, protocol, category, follow_token, language }: Follower,
  template: Template,
  valuesIn: (language: Language) => Record<string, string>,
): Promise<void> {
  const url = `${baseUrl}/follow/${follow_token}`
  const languages: Language[] = language ? [language] : ['el', 'en']
  const written = (part: 'subject' | 'text') =>
    languages.map((each) =>
      text(each, `${template}.${part}`, { protocol, category: category[each], url, ...valuesIn(each) }),
    )
  await jobs.send(trx, mailJob, {
    to: email,
    subject: written('subject').join(' · '),
    text: written('text').join('\n\n'),
  })
}
