// Whoever looks for an animal hears of one that was found and is likely theirs.
import type { Db } from '../../core/db/connect.ts'
import type { Context } from '../../core/http/context.ts'
import { distanceText } from '../../core/i18n/text.ts'
import { followersOf, tellFollower } from '../followers.ts'
import type { AnimalMatch } from './contract.ts'
import { animalsLike } from './matches.ts'

/** Further away, or without a colour in common, a mail would wake a hope for nothing. */
const LIKELY_M = 3000

const isLikely = ({ is_same_chip, colours, distance_m }: AnimalMatch) =>
  is_same_chip || (colours.length > 0 && distance_m <= LIKELY_M)

/** Mails those who follow a lost animal, when the report of a found one that they may see has just been stored. */
export async function tellSeekers(ctx: Context, trx: Db, foundId: string): Promise<void> {
  const found = await animalsLike(trx, foundId, { knowsChip: true, seen: trx.raw('true') })
  const likely = new Map(found.filter(isLikely).map((each) => [each.id, each]))
  if (likely.size === 0) return
  for (const follower of await followersOf(trx, [...likely.keys()])) {
    const { distance_m } = likely.get(follower.report_id)!
    await tellFollower(ctx, trx, follower, 'mail.animal', (language) => ({ distance: distanceText(language, distance_m) })) // prettier-ignore
  }
}
