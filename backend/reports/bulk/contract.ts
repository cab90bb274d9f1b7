import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'
import { Status } from '../contract.ts'

/** So many reports may be changed at once: a page of the list. */
export const MOST_AT_ONCE = 500

const Note = z.string().trim().max(4000).optional()

export const BulkAction = z
  .discriminatedUnion('kind', [
    z.object({
      kind: z.literal('status').describe('Moves them to another state'),
      status: Status,
      note: Note.describe('Needed where the state says nothing without words'),
      is_public: z.boolean().default(true).describe('False: only colleagues read the note'),
    }),
    z.object({
      kind: z.literal('assign').describe('Gives them to a department or crew by hand'),
      department: z.string().max(80).describe('Slug of the department'),
      crew: z.string().max(80).nullable().default(null).describe('Slug of the crew'),
      note: Note.describe('Why; internal'),
    }),
  ])
  .meta({ id: 'BulkAction' })
export type BulkAction = z.output<typeof BulkAction>

export const Outcome = z
  .enum(['done', 'stale', 'move_not_allowed', 'merged', 'not_allowed', 'not_found'])
  .describe(
    'What became of it; stale: somebody has changed it meanwhile; merged: it goes with its main report; all but done: nothing was changed',
  )
export type Outcome = z.infer<typeof Outcome>

const BulkResult = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().nullable().describe('Protocol number; null where there is no such report'),
    outcome: Outcome,
  })
  .meta({ id: 'BulkResult' })

export const BulkAnswer = z
  .object({
    id: z.string().nullable().describe('Id of the action, to undo it; null: nothing was changed'),
    undo_until: z.string().nullable().describe('Until when it can be undone, RFC 3339'),
    results: z.array(BulkResult).describe('What became of each, in the order asked'),
  })
  .meta({ id: 'BulkAnswer' })
export type BulkAnswer = z.infer<typeof BulkAnswer>

export const actOnMany = endpoint('POST /api/staff/reports/bulk', {
  summary: 'Change the state of many reports at once, or give them to somebody else; each as it was seen, or not at all',
  body: z
    .object({
      reports: z
        .array(
          z.object({
            id: z.uuid().describe('Id of the report'),
            seen_at: z.iso.datetime({ offset: true }).describe('updated_at of the report as it was seen'),
          }),
        )
        .min(1)
        .max(MOST_AT_ONCE)
        .describe('Each once'),
      action: BulkAction,
    })
    .meta({ id: 'BulkInput' }),
  response: BulkAnswer,
}) // prettier-ignore

export const undoMany = endpoint('POST /api/staff/reports/bulk/{id}/undo', {
  summary: 'Put back what one has done with many reports in the last minutes, where nobody has changed it since',
  params: z.object({ id: z.uuid().describe('Id of the action') }),
  response: z.object({ results: z.array(BulkResult).describe('What became of each, by protocol number') }),
})
