// Tells the owner of an account by mail that what opens it has changed: the first to know when it was somebody else.
import type { Context } from '../core/http/context.ts'
import { text } from '../core/i18n/text.ts'
import { mailJob } from '../core/mail.ts'

export type Change =
  | 'password'
  | 'second_factor'
  | 'passkey_added'
  | 'passkey_removed'
  | 'provider_linked'
  | 'provider_unlinked'
  | 'phone'
  | 'key_added'
  | 'key_removed'

/** Mails the owner, the caller unless another account is named. */
export async function tellOwner(ctx: Context, change: Change, accountId = ctx.actor?.accountId): Promise<void> {
  if (!accountId) return
  const account = await ctx.db('account').where({ id: accountId }).first('email')
  if (!account?.email) return
  const values = { change: text(ctx.language, `change.${change}`), url: ctx.baseUrl }
  const subject = text(ctx.language, 'mail.changed.subject', values)
  await ctx.jobs.send(ctx.db, mailJob, {
    to: account.email,
    subject,
    text: text(ctx.language, 'mail.changed.text', values),
  })
}
