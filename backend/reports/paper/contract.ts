import { z } from 'zod'
import { endpoint, Language } from '../../core/contract.ts'
import { ReportId } from '../contract.ts'
import { StaffListQuery } from '../desk/contract.ts'

/** More than this is no list for a pocket. */
export const MOST_ON_PAPER = 200

export const listSheet = endpoint('GET /api/staff/reports.pdf', {
  summary: 'The list with its map on A4 paper: the first 200 reports that the filters let through, in the order of the list',
  query: StaffListQuery.omit({ limit: true, cursor: true }).extend({ language: Language }),
  response: z.string().describe('PDF'),
  produces: 'application/pdf',
}) // prettier-ignore

export const reportSheet = endpoint('GET /api/staff/reports/{id}.pdf', {
  summary: 'A report with its map and story on A4 paper; contact details stay masked',
  params: ReportId,
  query: z.object({ language: Language }),
  response: z.string().describe('PDF'),
  produces: 'application/pdf',
})
