import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'
import { StaffListQuery } from '../desk/contract.ts'

export const Filters = StaffListQuery.omit({ limit: true, cursor: true }).partial().meta({ id: 'InboxFilters' })
export type Filters = z.infer<typeof Filters>

const Title = z.string().trim().min(1).max(80).describe('Name')

export const SavedView = z
  .object({ id: z.string().describe('Id'), title: Title, filters: Filters.describe('Parameters of GET /api/staff/reports') })
  .meta({ id: 'SavedView' }) // prettier-ignore
export type SavedView = z.infer<typeof SavedView>

export const listViews = endpoint('GET /api/staff/views', {
  summary: 'Filters of the inbox that the caller has given a name, by name',
  response: z.array(SavedView),
})

export const saveView = endpoint('POST /api/staff/views', {
  summary: 'Gives filters of the inbox a name; one of that name is replaced',
  body: z.object({ title: Title, filters: Filters.describe('Parameters of GET /api/staff/reports') }),
  response: SavedView,
})

export const deleteView = endpoint('DELETE /api/staff/views/{id}', {
  summary: 'Takes a name of filters away',
  params: z.object({ id: z.string().regex(/^\d{1,18}$/).describe('Id') }),
  status: 204,
  response: z.void(),
}) // prettier-ignore
