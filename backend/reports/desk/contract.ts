import { z } from 'zod'
import { BlurArea } from '../../cases/contract.ts'
import { endpoint, Named } from '../../core/contract.ts'
import { Corners, Place } from '../../places/contract.ts'
import {
  collection,
  Contact,
  ExpiresAt,
  ExtendTo,
  feature,
  listFilters,
  ReportAsset,
  ReportId,
  ReportPhoto,
  ReportProperties,
  ReportRef,
  RouteDecision,
  Status,
  TimelineEntry,
  UsualTime,
} from '../contract.ts'
import { PetSide } from '../categories/contract.ts'
import { Answered } from '../forms/contract.ts'
import { Location } from '../shapes/contract.ts'

export const StaffReportProperties = ReportProperties.extend({
  crew: Named.nullable(),
  is_public: z.boolean().describe('False: not shown to the public'),
  is_overdue: z.boolean().describe('Open and past its date, and not waiting for the citizen'),
  answer_due_at: z
    .string()
    .nullable()
    .describe('First answer promised by then, RFC 3339; null: answered, or no promise'),
  is_answer_late: z.boolean().describe('Not answered by then'),
  channel: z.enum(['web', 'phone', 'app', 'desk']).describe('How it came'),
  is_merged: z.boolean().describe('Treated together with another'),
  reopened_count: z.number().int().describe('How often somebody said that it is not fixed'),
  people_count: z
    .number()
    .int()
    .describe('How many wait for it: who sent it, who said “me too”, and those of reports treated together with it'),
}).meta({ id: 'StaffReportProperties' })

export const StaffReportFeature = feature(StaffReportProperties).meta({ id: 'StaffReportFeature' })
export type StaffReportFeature = z.infer<typeof StaffReportFeature>

export const StaffListQuery = z.object({
  ...listFilters,
  department: z.string().max(80).optional().describe('Slug of a department'),
  crew: z.string().max(80).optional().describe('Slug of a crew'),
  overdue: z.enum(['true', 'false']).optional().describe('Only those past their date'),
  unanswered: z
    .enum(['true', 'late'])
    .optional()
    .describe('Only those without a first answer, or with one past its time'),
  channel: z.enum(['web', 'phone', 'app', 'desk']).optional().describe('How they came'),
  within: z
    .string()
    .max(3000)
    .refine((text) => (Corners.safeParse(text).data?.length ?? 0) > 2)
    .optional()
    .describe(
      'Inside this polygon: lon,lat;lon,lat;… in degrees, WGS 84, three corners at least; it is closed for you',
    ),
  street: z.string().trim().min(1).max(200).optional().describe('Near a street of this name'),
  near_m: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .optional()
    .describe('Metres from the street; 30 when missing'),
  due_in_h: z
    .string()
    .regex(/^[1-9]\d{0,3}$/)
    .optional()
    .describe('Open, not overdue, and due within so many hours'),
  sort: z
    .enum(['newest', 'due', 'people'])
    .default('newest')
    .describe('The newest first, those whose date comes first, or those for which most people wait'),
})

export const MaskedContact = z
  .object({
    name: z.string().nullable().describe('First letter'),
    email: z.string().nullable().describe('First letter and domain'),
    phone: z.string().nullable().describe('Last two digits'),
  })
  .meta({ id: 'MaskedContact' })

/** Who would have it on the other side of a border that is near. */
const NearBorder = z
  .object({
    area: Named.describe('Area on the other side'),
    department: Named,
    crew: Named.nullable(),
    distance_m: z.number().describe('To the border, metres'),
  })
  .meta({ id: 'NearBorder' })
export type NearBorder = z.infer<typeof NearBorder>

export const StaffReportDetail = StaffReportFeature.extend({
  timeline: z.array(TimelineEntry),
  photos: z.array(ReportPhoto),
  answers: z.array(Answered).describe('What was asked then and answered'),
  place: Place,
  usual: UsualTime.nullable().describe('What such reports usually take; null: closed, or too few'),
  language: z.enum(['el', 'en']).nullable().describe('Language that the reporter speaks; null: not known'),
  contact: MaskedContact.nullable().describe('Masked; what the reporter gave is asked for with a reason'),
  routing: RouteDecision.nullable().describe('Why it came here'),
  near_border: z.array(NearBorder).describe('Whose it would be a few metres further, nearest first'),
  forward_by: z
    .string()
    .nullable()
    .describe('Until when a department that is not competent hands it on, RFC 3339; null: it has been taken up'),
  next_statuses: z.array(Status).describe('States it may go to; none while it goes with its main report'),
  main: ReportRef.nullable().describe('Report it is treated together with'),
  merged: z.array(ReportRef).describe('Reports that are treated together with it'),
  asset: ReportAsset.nullable().describe('The thing that it is about, with its history; null: none'),
  pet_side: PetSide,
  expires_at: ExpiresAt,
  extend_to: ExtendTo,
}).meta({ id: 'StaffReportDetail' })
export type StaffReportDetail = z.infer<typeof StaffReportDetail>

export const listStaffReports = endpoint('GET /api/staff/reports', {
  summary: 'Reports of one’s own department or crew, newest first',
  query: StaffListQuery,
  response: collection(StaffReportFeature).meta({ id: 'StaffReportCollection' }),
})

/** From this zoom on each report is a point of its own, be there others beside it. */
export const SINGLY_FROM_ZOOM = 16

export const getReportTile = endpoint('GET /api/staff/reports/tiles/{z}/{x}/{y}.mvt', {
  summary:
    'The same reports as a vector tile (Mapbox Vector Tile 2.1), many that lie together as one point with their number; 204 where there is nothing',
  params: z.object({
    z: z.string().describe('Zoom'),
    x: z.string().describe('Column, from the west'),
    y: z.string().describe('Row, from the north'),
  }),
  query: StaffListQuery.omit({ limit: true, cursor: true, sort: true }),
  response: z.string().describe('Layers: point (report_id, status, colour; or point_count), shape (lines and areas)'),
  produces: 'application/vnd.mapbox-vector-tile',
})

export const getStaffReport = endpoint('GET /api/staff/reports/{id}', {
  summary: 'A report with everything staff may see',
  params: ReportId,
  response: StaffReportDetail,
})

export const revealContact = endpoint('POST /api/staff/reports/{id}/contact', {
  summary: 'Contact details of the reporter; the look and its reason are written down, and the reporter can read them',
  params: ReportId,
  body: z
    .object({ reason: z.string().trim().min(3).max(500).describe('Why they are needed') })
    .meta({ id: 'RevealReason' }),
  response: Contact,
})

const SeenAt = z.iso
  .datetime({ offset: true })
  .optional()
  .describe('updated_at of the report as it was seen; 409 with both versions when it has changed since')

export const changeStatus = endpoint('POST /api/staff/reports/{id}/status', {
  summary: 'Change the state, with a note',
  params: ReportId,
  body: z
    .object({
      status: Status,
      note: z
        .string()
        .trim()
        .max(4000)
        .optional()
        .describe(
          'For the reporter; needed when closing (what was done, or why not), waiting for the citizen (what is asked), forwarding (to whom)',
        ),
      is_public: z.boolean().default(true).describe('False: only colleagues read the note'),
      photos: z
        .array(z.uuid())
        .max(4)
        .default([])
        .describe('Ids of uploads that all who see the report see, for instance of what was done'),
      seen_at: SeenAt,
    })
    .meta({ id: 'StatusChange' }),
  response: StaffReportDetail,
})

export const assignReport = endpoint('POST /api/staff/reports/{id}/assign', {
  summary: 'Give the report to another department or crew by hand',
  params: ReportId,
  body: z
    .object({
      department: z.string().max(80).describe('Slug of the department'),
      crew: z.string().max(80).nullable().default(null).describe('Slug of the crew'),
      note: z.string().trim().max(4000).optional().describe('Why; internal'),
      seen_at: SeenAt,
    })
    .meta({ id: 'Assignment' }),
  response: StaffReportDetail,
})

export const rectifyReport = endpoint('POST /api/staff/reports/{id}/rectify', {
  summary: 'Put category, place or privacy of an open report right; who answers for it follows the rules',
  params: ReportId,
  body: z
    .object({
      category: z.string().max(80).optional().describe('Slug of the category that it should have had'),
      location: Location.optional().describe('Where it is; GeoJSON, WGS 84'),
      is_public: z
        .boolean()
        .optional()
        .describe('Whether everybody may see it; where reports of the category are private, it stays private'),
      note: z.string().trim().max(4000).optional().describe('Why; for all who may see the report'),
      seen_at: SeenAt,
    })
    .refine(({ category, location, is_public }) => category ?? location ?? is_public !== undefined, {
      path: ['category'],
    })
    .meta({ id: 'Rectification' }),
  response: StaffReportDetail,
})

export const refuseReport = endpoint('POST /api/staff/reports/{id}/refuse', {
  summary: 'Not ours: hand the report on to the next by the rules that has not refused it, or to the central desk',
  params: ReportId,
  body: z.object({ reason: z.string().trim().min(3).max(4000).describe('Why; internal') }).meta({ id: 'Refusal' }),
  response: StaffReportDetail,
})

export const extendReport = endpoint('POST /api/staff/reports/{id}/extend', {
  summary: 'Let a report stay open that would close by itself within a week: its days count anew from now',
  params: ReportId,
  response: StaffReportDetail,
})

const PhotoOfReport = ReportId.extend({ photo: z.string().max(60).describe('Id of the photo') })

export const changePhoto = endpoint('PATCH /api/staff/reports/{id}/photos/{photo}', {
  summary: 'Let the public see a photo, or no longer',
  params: PhotoOfReport,
  body: z
    .object({ is_published: z.boolean().describe('False: only staff and the reporter see it') })
    .meta({ id: 'PhotoChange' }),
  response: StaffReportDetail,
})

export const blurPhoto = endpoint('POST /api/staff/reports/{id}/photos/{photo}/blur', {
  summary: 'Make parts of a photo unrecognisable for good; the photo gets a new address and the original is destroyed',
  params: PhotoOfReport,
  body: z
    .object({ areas: z.array(BlurArea).min(1).max(200).describe('What to make unrecognisable') })
    .meta({ id: 'PhotoBlur' }),
  response: StaffReportDetail,
})
