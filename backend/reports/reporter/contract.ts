import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'
import { FollowedReport } from '../contract.ts'

const Token = z.object({ token: z.string().max(100).describe('From follow_url') })

export const reopenReport = endpoint('POST /api/follow/{token}/reopen', {
  summary: 'It is not fixed: opens a closed report again, for some days after closing. Its time starts anew',
  params: Token,
  body: z
    .object({
      words: z.string().trim().min(1).max(4000).describe('What is still wrong; only staff and oneself read it'),
      photos: z.array(z.uuid()).max(4).default([]).describe('Ids of uploads'),
    })
    .meta({ id: 'Reopening' }),
  response: FollowedReport,
})

export const changeWords = endpoint('PATCH /api/follow/{token}', {
  summary:
    'Correct what one reported, or take the words back, until correct_until; after that, and for supporters, it is added as a note',
  params: Token,
  body: z
    .object({ description: z.string().trim().max(4000).describe('The words from now on; empty: taken back') })
    .meta({ id: 'WordsChange' }),
  response: FollowedReport,
})
