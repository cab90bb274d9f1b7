import { z } from 'zod'
import { endpoint, Nothing } from '../../core/contract.ts'
import { ReportId } from '../contract.ts'

export const ReportFile = z
  .object({
    id: z.string().describe('Id of the file'),
    title: z.string().describe('What staff call it'),
    media_type: z.string().describe('What it is, by its content'),
    size_bytes: z.number().int().describe('Bytes'),
    added_by: z.string().nullable().describe('Who put it there; null: the account is gone'),
    created_at: z.string().describe('RFC 3339'),
    may_remove: z.boolean().describe('Whether the caller may take it away'),
  })
  .meta({ id: 'ReportFile' })
export type ReportFile = z.infer<typeof ReportFile>

const params = ReportId.extend({ file: z.uuid().describe('Id of the file') })

export const listFiles = endpoint('GET /api/staff/reports/{id}/files', {
  summary: 'Documents that staff have put beside a report, newest first; seen by staff who may see it',
  params: ReportId,
  response: z.array(ReportFile),
})

export const addFile = endpoint('POST /api/staff/reports/{id}/files', {
  summary:
    'Put a document beside a report (multipart, field "file"; PDF, Word, Excel, PowerPoint, OpenDocument, JPEG, PNG, WebP, TIFF; 12 MB; at most 50)',
  params: ReportId,
  query: z.object({ title: z.string().trim().min(1).max(200).describe('What to call it') }),
  response: z.array(ReportFile),
  status: 201,
})

export const getFile = endpoint('GET /api/staff/reports/{id}/files/{file}', {
  summary: 'The document, to be saved',
  params,
  response: z.string().describe('Bytes'),
})

export const removeFile = endpoint('DELETE /api/staff/reports/{id}/files/{file}', {
  summary: 'Take a document away for good: who put it there, or who may change the report',
  params,
  response: Nothing,
  status: 204,
})
