import { z } from 'zod'
import { endpoint, Localised } from '../../core/contract.ts'
import { ExtendTo, ReportDetail, ReportFeature } from '../contract.ts'

export const ContactView = z
  .object({
    at: z.string().describe('RFC 3339'),
    department: Localised.nullable().describe('Service that looked'),
    reason: z.string().nullable().describe('Reason it gave'),
  })
  .meta({ id: 'ContactView' })

export const FollowedReport = ReportDetail.extend({
  contact_views: z.array(ContactView).describe('Who looked at the contact details of the reporter, and why'),
  is_reporter: z.boolean().describe('False: the link of somebody who said: me too'),
  correct_until: z.string().nullable().describe('Own words may be changed until then, RFC 3339; null: no longer'),
  is_asked: z.boolean().describe('True: the municipality waits for an answer of who follows it'),
  extend_to: ExtendTo,
  reopen_until: z.string().nullable().describe('Until when one may say that it is not fixed, RFC 3339; null: not now'),
}).meta({ id: 'FollowedReport' })
export type FollowedReport = z.infer<typeof FollowedReport>

export const followReport = endpoint('GET /api/follow/{token}', {
  summary: 'A report by its private link',
  params: z.object({ token: z.string().max(100).describe('From follow_url') }),
  response: FollowedReport,
})

export const OwnReport = ReportFeature.extend({
  follow_url: z.string().describe('Private link'),
  is_support: z.boolean().describe('True: another’s report, about which one said: me too'),
}).meta({ id: 'OwnReport' })
export type OwnReport = z.infer<typeof OwnReport>

export const listOwnReports = endpoint('GET /api/me/reports', {
  summary: 'My reports, newest first',
  response: z.array(OwnReport),
})

export const listLinkedReports = endpoint('GET /api/my-reports/{token}', {
  summary: 'The reports of the address that a mailed link went to',
  params: z.object({ token: z.string().max(100).describe('Secret of the link') }),
  response: z.array(OwnReport),
})

export const exportOwnData = endpoint('GET /api/me/export', {
  summary: 'Everything that is held about me: data.json and photos, as a zip',
  produces: 'application/zip',
  response: z.string().describe('The archive'),
})

export const eraseOwnData = endpoint('DELETE /api/me', {
  summary: 'Forget me: the account and my contact details go at once; reports stay without a name',
  response: z.object({ reports_kept: z.number().int().describe('Reports that stay, nameless') }),
})

export const claimReports = endpoint('POST /api/me/reports', {
  summary: 'Join reports of this device to my account, by the secrets of their private links',
  body: z
    .object({ tokens: z.array(z.string().max(100)).min(1).max(200).describe('Last part of each follow_url') })
    .meta({ id: 'FollowTokens' }),
  response: z.object({ claimed: z.number().int().describe('How many were joined') }),
})

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

export const extendFollowed = endpoint('POST /api/follow/{token}/extend', {
  summary: 'Let a report stay open that would close by itself within a week: its days count anew from now',
  params: Token,
  response: FollowedReport,
})

export const answerReport = endpoint('POST /api/follow/{token}/answer', {
  summary: 'What the municipality waits for: the report goes on, and so does its time',
  params: Token,
  body: z
    .object({
      words: z.string().trim().min(1).max(4000).describe('The answer; only staff and oneself read it'),
      photos: z.array(z.uuid()).max(4).default([]).describe('Ids of uploads'),
    })
    .meta({ id: 'AnswerToStaff' }),
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
