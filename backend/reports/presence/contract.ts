import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'
import { ReportId } from '../contract.ts'

/** Seconds for which a page counts as open after its last sign of life. */
export const FRESH_S = 45

export const sayHere = endpoint('PUT /api/staff/reports/{id}/presence', {
  summary: 'I have this report open: to be said again every 20 seconds; answers who else has. The event stream tells of who comes and goes',
  params: ReportId,
  response: z.object({ others: z.array(z.string()).describe('Names of colleagues who have it open') }),
}) // prettier-ignore

export const sayGone = endpoint('DELETE /api/staff/reports/{id}/presence', {
  summary: 'I have closed this report',
  params: ReportId,
  status: 204,
  response: z.void(),
})
