import { z } from 'zod'
import { endpoint, Named } from '../../core/contract.ts'
import { ReportId, Status } from '../contract.ts'
import { StaffReportDetail } from '../desk/contract.ts'

const AccountId = z.string().regex(/^\d{1,18}$/).describe('Account id') // prettier-ignore

export const Colleague = z.object({ id: AccountId, name: z.string().describe('Name') }).meta({ id: 'Colleague' })
export type Colleague = z.infer<typeof Colleague>

export const listColleagues = endpoint('GET /api/staff/reports/{id}/colleagues', {
  summary: 'Who else may read a report, and so can be named in a note',
  params: ReportId,
  response: z.array(Colleague),
})

export const addNote = endpoint('POST /api/staff/reports/{id}/notes', {
  summary: 'Write an internal note; colleagues who are named in it are told',
  params: ReportId,
  body: z
    .object({
      note: z.string().trim().min(1).max(4000).describe('For colleagues only'),
      mentions: z.array(AccountId).max(20).default([]).describe('Accounts of those who are named'),
    })
    .meta({ id: 'NoteInput' }),
  response: StaffReportDetail,
})

export const Mention = z
  .object({
    report_id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number'),
    category: Named,
    actor: z.string().nullable().describe('Who wrote it'),
    note: z.string().describe('The note'),
    at: z.string().describe('RFC 3339'),
  })
  .meta({ id: 'Mention' })
export type Mention = z.infer<typeof Mention>

export const listMentions = endpoint('GET /api/staff/mentions', {
  summary: 'Notes that name me, on reports that I have not opened since; newest first',
  response: z.array(Mention),
})

export const PastReport = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number'),
    status: Status,
    category: Named,
    description: z.string().describe('Words of the citizen'),
    created_at: z.string().describe('RFC 3339'),
    closed_at: z.string().nullable().describe('RFC 3339; null: open'),
    distance_m: z.number().describe('Metres'),
  })
  .meta({ id: 'PastReport' })
export type PastReport = z.infer<typeof PastReport>

export const listSamePlace = endpoint('GET /api/staff/reports/{id}/same-place', {
  summary: 'What has been reported before at this place, of the same or a kin category, closed ones too; newest first',
  params: ReportId,
  response: z.array(PastReport),
})
