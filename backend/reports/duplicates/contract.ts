import { z } from 'zod'
import { endpoint, Localised, Named } from '../../core/contract.ts'
import { ReportRef, Status } from '../contract.ts'
import { StaffListQuery, StaffReportDetail } from '../desk/contract.ts'

const ReportId = z.object({ id: z.string().max(60).describe('Id of the report') })

export const SupportInput = z
  .object({
    device: z
      .string()
      .min(16)
      .max(100)
      .optional()
      .describe('Random token that the device keeps, so that it counts once; needed without an account'),
    note: z.string().trim().max(4000).optional().describe('What else there is to say; only staff read it'),
    email: z.email().max(254).optional().describe('To hear of it, and to find it again by a mailed link'),
    language: z
      .enum(['el', 'en'])
      .optional()
      .describe('Of letters; left out: of the request, where it is not of staff'),
    photos: z.array(z.uuid()).max(4).default([]).describe('Ids of uploads'),
    website: z
      .string()
      .max(0)
      .optional()
      .describe('Leave empty: people do not see this field, programs that spam fill it in'),
  })
  .meta({ id: 'SupportInput' })
export type SupportInput = z.output<typeof SupportInput>

export const SupportReceipt = z
  .object({
    id: z.string().describe('Id of the report; of its main one, where it is treated together with another'),
    protocol: z.string().describe('Protocol number, YYYY/NNNNNN'),
    support_count: z.number().int().describe('How many others said: me too'),
    follow_url: z.string().describe('Private link: keep it'),
  })
  .meta({ id: 'SupportReceipt' })
export type SupportReceipt = z.infer<typeof SupportReceipt>

export const supportReport = endpoint('POST /api/reports/{id}/support', {
  summary: 'That’s it, me too: follow an open public report instead of sending another. Counts once; again returns the same',
  params: ReportId,
  body: SupportInput,
  response: SupportReceipt,
  status: 201,
}) // prettier-ignore

export const mergeReport = endpoint('POST /api/staff/reports/{id}/merge', {
  summary: 'Treat an open report together with a main one; it keeps its number, and closes and opens with that',
  params: ReportId,
  body: z
    .object({
      into: z
        .string()
        .trim()
        .min(1)
        .max(60)
        .describe('Id or protocol number of the main report; one that is merged itself stands for its main one'),
    })
    .meta({ id: 'Merge' }),
  response: StaffReportDetail,
})

export const unmergeReport = endpoint('POST /api/staff/reports/{id}/unmerge', {
  summary: 'Treat a report by itself again, in the state in which it was merged',
  params: ReportId,
  response: StaffReportDetail,
})

export const LikelyReport = ReportRef.extend({
  status: Status,
  category: Named,
  icon: z.string().describe('Name of a lucide icon'),
  colour: z.string().describe('CSS colour'),
  description: z.string().describe('First words of the citizen'),
  address: Localised.nullable().describe('Nearest address'),
  created_at: z.string().describe('RFC 3339'),
  support_count: z.number().int().describe('How many others said: me too'),
}).meta({ id: 'LikelyReport' })
export type LikelyReport = z.infer<typeof LikelyReport>

export const LikelyCluster = z
  .object({
    main: LikelyReport.describe('The one that would stay the main report: the oldest that all may see'),
    others: z
      .array(
        LikelyReport.extend({
          distance_m: z.number().describe('From the main one, metres'),
          likeness: z
            .number()
            .describe('0 to 1: nearness, words, time between them, category; 1: about the same thing'),
          may_join: z.boolean().describe('The reader may treat the two together'),
        }).meta({ id: 'LikelyOther' }),
      )
      .describe('Likeliest first'),
  })
  .meta({ id: 'LikelyCluster' })
export type LikelyCluster = z.infer<typeof LikelyCluster>

export const likelyOfReport = endpoint('GET /api/staff/reports/{id}/likely', {
  summary: 'Open reports that probably mean the same as this one, each pair under the older; likeliest first',
  params: ReportId,
  response: z.array(LikelyCluster),
})

export const likelyReports = endpoint('GET /api/staff/likely-reports', {
  summary: 'What probably means the same as the newest thousand open reports of a list, as clusters; likeliest first',
  query: StaffListQuery.omit({ limit: true, cursor: true, sort: true }),
  response: z.array(LikelyCluster),
})

export const sayNotSame = endpoint('POST /api/staff/reports/{id}/not-same', {
  summary: 'Two reports do not mean the same: nobody is told so again',
  params: ReportId,
  body: z.object({ other: z.uuid().describe('Id of the other report') }).meta({ id: 'NotSame' }),
  status: 204,
  response: z.void(),
})
