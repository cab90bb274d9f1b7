import { z } from 'zod'
import { BlurArea } from '../cases/contract.ts'
import { Assurance, endpoint, Geometry, Link, Localised, Named, PointGeometry } from '../core/contract.ts'
import { Place } from '../places/contract.ts'

export const Status = z
  .enum(['submitted', 'acknowledged', 'in_progress', 'resolved', 'rejected'])
  .describe('State of the report; the last two are closed')
export type Status = z.infer<typeof Status>

export const Category = z
  .object({
    slug: z.string().describe('Stable name'),
    title: Localised,
    description: Localised,
    parent: z.string().nullable().describe('Slug of the category above; null: a group, not to be chosen itself'),
    icon: z.string().describe('Name of a lucide icon'),
    colour: z.string().describe('CSS colour'),
    keywords: z.array(z.string()).describe('Words people type when they mean it'),
    is_public: z.boolean().describe('False: reports are seen only by staff and the reporter'),
    assurance: Assurance,
    working_days: z.number().int().describe('Promise: working days to resolution'),
    same_place_m: z.number().int().describe('Metres within which two of its reports may mean the same'),
    reopen_days: z.number().int().describe('Days after closing in which who follows one may say it is not fixed'),
  })
  .meta({ id: 'Category' })
export type Category = z.infer<typeof Category>

export const Contact = z
  .object({
    name: z.string().trim().max(200).optional().describe('Name'),
    email: z.email().max(254).optional().describe('E-mail address'),
    phone: z
      .string()
      .trim()
      .regex(/^\+?[0-9 ()-]{5,25}$/)
      .optional()
      .describe('Telephone'),
  })
  .meta({ id: 'Contact' })

export const ReportInput = z
  .object({
    category: z.string().min(1).max(80).describe('Slug of the category'),
    location: PointGeometry.describe('Where; longitude first'),
    description: z.string().trim().min(1).max(4000).describe('What is wrong, in the words of the citizen'),
    contact: Contact.optional().describe('Only if an answer is wished'),
    photos: z.array(z.uuid()).max(4).default([]).describe('Ids of uploads'),
    website: z
      .string()
      .max(0)
      .optional()
      .describe('Leave empty: people do not see this field, programs that spam fill it in'),
  })
  .meta({
    id: 'ReportInput',
    examples: [
      {
        category: 'pothole',
        location: { type: 'Point', coordinates: [23.757, 36.3352] },
        description: 'A deep hole in the road',
        contact: { email: 'maria@mail.example' },
      },
    ],
  })
export type ReportInput = z.infer<typeof ReportInput>

/** What the reporter gets back. */
export const Receipt = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number, YYYY/NNNNNN'),
    status: Status,
    category: Named,
    district: Named.nullable(),
    department: Named.nullable(),
    crew: Named.nullable(),
    created_at: z.string().describe('RFC 3339'),
    due_at: z.string().describe('Expected at the latest, RFC 3339'),
    follow_url: z.string().describe('Private link: keep it'),
  })
  .meta({ id: 'Receipt' })
export type Receipt = z.infer<typeof Receipt>

export const TimelineEntry = z
  .object({
    at: z.string().describe('RFC 3339'),
    kind: z
      .enum([
        'submitted',
        'status',
        'assigned',
        'note',
        'support',
        'merged',
        'unmerged',
        'reopened',
        'corrected',
        'forwarded',
      ])
      .describe('What happened'),
    status: Status.nullable().describe('State from then on'),
    department: Named.nullable(),
    crew: Named.nullable(),
    note: z.string().nullable().describe('Words of the municipality, or of who said it'),
    said_by: z
      .enum(['reporter', 'supporter'])
      .nullable()
      .describe('Citizen whose words these are; only staff and that citizen read them'),
    actor: z.string().nullable().describe('Who; staff only'),
    is_public: z.boolean().describe('False: internal note'),
  })
  .meta({ id: 'TimelineEntry' })

export const PhotoLink = z
  .object({
    id: z.string().describe('Photo id'),
    url: z.string().describe('Address of the picture'),
    width: z.number().int().describe('Pixels'),
    height: z.number().int().describe('Pixels'),
  })
  .meta({ id: 'PhotoLink' })

/** A photo of a report. */
export const ReportPhoto = PhotoLink.extend({
  is_published: z.boolean().describe('False: only staff and the reporter see it'),
  is_blurred: z.boolean().describe('True: staff have made parts of it unrecognisable'),
}).meta({ id: 'ReportPhoto' })
export type ReportPhoto = z.infer<typeof ReportPhoto>

/** The properties of a report in public lists and maps. */
export const ReportProperties = z
  .object({
    protocol: z.string().describe('Protocol number, YYYY/NNNNNN'),
    status: Status,
    category: Named,
    icon: z.string(),
    colour: z.string(),
    description: z.string().describe('Words of the citizen'),
    district: Named.nullable(),
    address: Localised.nullable().describe('Nearest address'),
    department: Named.nullable(),
    created_at: z.string().describe('RFC 3339'),
    updated_at: z.string().describe('RFC 3339'),
    due_at: z.string().describe('RFC 3339'),
    photo_count: z.number().int().describe('How many photos the reader may see'),
    support_count: z.number().int().describe('How many others said: me too'),
  })
  .meta({ id: 'ReportProperties' })

export const StaffReportProperties = ReportProperties.extend({
  crew: Named.nullable(),
  is_public: z.boolean().describe('False: not shown to the public'),
  is_overdue: z.boolean().describe('Open and past its date'),
  channel: z.enum(['web', 'phone', 'app', 'desk']).describe('How it came'),
  is_merged: z.boolean().describe('Treated together with another'),
  reopened_count: z.number().int().describe('How often somebody said that it is not fixed'),
}).meta({ id: 'StaffReportProperties' })

const feature = <P extends z.ZodType>(properties: P) =>
  z.object({
    type: z.literal('Feature'),
    id: z.string().describe('Id of the report'),
    geometry: Geometry,
    properties,
  })

export const ReportFeature = feature(ReportProperties).meta({ id: 'ReportFeature' })
export type ReportFeature = z.infer<typeof ReportFeature>
export const StaffReportFeature = feature(StaffReportProperties).meta({ id: 'StaffReportFeature' })
export type StaffReportFeature = z.infer<typeof StaffReportFeature>

const collection = <F extends z.ZodType>(features: F) =>
  z.object({
    type: z.literal('FeatureCollection'),
    features: z.array(features),
    numberReturned: z.number().int().describe('Features in this page'),
    links: z.array(Link).describe('self, and next while there is more'),
  })

const Bbox = z
  .string()
  .regex(/^-?[\d.]+(,-?[\d.]+){3}$/)
  .describe('West,south,east,north; degrees, WGS 84')

const listFilters = {
  bbox: Bbox.optional(),
  category: z.string().max(80).optional().describe('Slug of a category or of a group of categories'),
  status: z
    .string()
    .max(200)
    .optional()
    .describe('One or more states separated by commas; open and closed are accepted too'),
  district: z.string().max(80).optional().describe('Slug of a district'),
  q: z.string().max(200).optional().describe('Words in the description, or a protocol number'),
  limit: z.coerce.number().int().min(1).max(500).default(50).describe('How many'),
  cursor: z.string().max(200).optional().describe('From the next link of the page before'),
}

export const ListQuery = z.object(listFilters)
export const StaffListQuery = z.object({
  ...listFilters,
  department: z.string().max(80).optional().describe('Slug of a department'),
  crew: z.string().max(80).optional().describe('Slug of a crew'),
  overdue: z.enum(['true', 'false']).optional().describe('Only those past their date'),
  channel: z.enum(['web', 'phone', 'app', 'desk']).optional().describe('How they came'),
  sort: z.enum(['newest', 'due']).default('newest').describe('The newest first, or those whose date comes first'),
})

export const ReportRef = z
  .object({ id: z.string().describe('Id of the report'), protocol: z.string().describe('Protocol number') })
  .meta({ id: 'ReportRef' })
export type ReportRef = z.infer<typeof ReportRef>

export const ReportDetail = ReportFeature.extend({
  timeline: z.array(TimelineEntry).describe('Oldest first'),
  photos: z.array(ReportPhoto),
  place: Place,
  main: ReportRef.nullable().describe('Public report that it is treated together with'),
}).meta({ id: 'ReportDetail' })
export type ReportDetail = z.infer<typeof ReportDetail>

/** One rule that could have decided, in the order in which they were weighed. */
export const RouteCandidate = z
  .object({
    rule: Named,
    category: Named.nullable().describe('Category of the rule; null: any'),
    area: Named.nullable().describe('Area of the rule; null: anywhere'),
    category_depth: z.number().int().describe('0 any, 1 group, 2 the category itself'),
    area_m2: z.number().nullable().describe('Size of the area, m2; null: anywhere'),
    rank: z.number().int().describe('Lower goes first among equals'),
    department: Named,
    crew: Named.nullable(),
    is_winner: z.boolean(),
  })
  .meta({ id: 'RouteCandidate' })

export const RouteDecision = z
  .object({
    candidates: z.array(RouteCandidate).describe('Best first'),
    explanation: Localised.describe('Why, in a sentence'),
  })
  .meta({ id: 'RouteDecision' })
export type RouteDecision = z.infer<typeof RouteDecision>

export const RoutePreview = z
  .object({
    municipality: Named.nullable(),
    district: Named.nullable(),
    department: Named.nullable(),
    crew: Named.nullable(),
    rule: Named.nullable(),
    candidates: z.array(RouteCandidate),
    explanation: Localised,
    place: Place,
    due_at: z.string().describe('Expected at the latest if sent now, RFC 3339'),
  })
  .meta({ id: 'RoutePreview' })

export const MaskedContact = z
  .object({
    name: z.string().nullable().describe('First letter'),
    email: z.string().nullable().describe('First letter and domain'),
    phone: z.string().nullable().describe('Last two digits'),
  })
  .meta({ id: 'MaskedContact' })

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
  reopen_until: z.string().nullable().describe('Until when one may say that it is not fixed, RFC 3339; null: not now'),
}).meta({ id: 'FollowedReport' })
export type FollowedReport = z.infer<typeof FollowedReport>

export const StaffReportDetail = StaffReportFeature.extend({
  timeline: z.array(TimelineEntry),
  photos: z.array(ReportPhoto),
  place: Place,
  contact: MaskedContact.nullable().describe('Masked; what the reporter gave is asked for with a reason'),
  routing: RouteDecision.nullable().describe('Why it came here'),
  next_statuses: z.array(Status).describe('States it may go to; none while it goes with its main report'),
  main: ReportRef.nullable().describe('Report it is treated together with'),
  merged: z.array(ReportRef).describe('Reports that are treated together with it'),
}).meta({ id: 'StaffReportDetail' })
export type StaffReportDetail = z.infer<typeof StaffReportDetail>

const ReportId = z.object({ id: z.string().max(60).describe('Id of the report') })

export const listCategories = endpoint('GET /api/categories', {
  summary: 'What can be reported',
  response: z.array(Category),
})

export const upload = endpoint('POST /api/uploads', {
  summary:
    'Upload one photo (multipart, field "file"; JPEG, PNG, WebP, HEIF where readable; 12 MB). All metadata is removed.',
  response: PhotoLink,
  status: 201,
})

export const submitReport = endpoint('POST /api/reports', {
  summary: 'Submit a report: it is placed, routed and numbered in one transaction',
  headers: { 'Idempotency-Key': 'The same key twice returns the same report' },
  query: z.object({
    check_duplicates: z
      .enum(['true', 'false'])
      .optional()
      .describe(
        'true: where an open report seems to mean the same, answers 409 likely-duplicate with `candidates` and stores nothing; send again without it to store all the same',
      ),
  }),
  body: ReportInput,
  response: Receipt,
  status: 201,
})

export const previewRoute = endpoint('POST /api/route/preview', {
  summary: 'Where would a report go, and why; nothing is stored',
  body: ReportInput.pick({ category: true, location: true }).meta({
    id: 'RoutePreviewInput',
    examples: [{ category: 'pothole', location: { type: 'Point', coordinates: [23.757, 36.3352] } }],
  }),
  response: RoutePreview,
})

export const NearbyReport = ReportFeature.extend({
  distance_m: z.number().describe('Metres'),
  likeness: z.number().describe('0 to 1: how likely it means the same, by distance, words, age and category'),
}).meta({ id: 'NearbyReport' })
export type NearbyReport = z.infer<typeof NearbyReport>

export const nearbyReports = endpoint('GET /api/reports/nearby', {
  summary: 'Open public reports around a point, likeliest first: is it already known?',
  query: z.object({
    lon: z.coerce.number().min(-180).max(180).describe('Degrees'),
    lat: z.coerce.number().min(-90).max(90).describe('Degrees'),
    category: z.string().max(80).optional().describe('Slug: only this category and its group'),
    radius_m: z.coerce
      .number()
      .min(1)
      .max(1000)
      .optional()
      .describe('Metres; left out: what the category says, or 100'),
    words: z.string().max(1000).optional().describe('What is being reported; likens descriptions'),
  }),
  response: z.array(NearbyReport),
})

export const listReports = endpoint('GET /api/reports', {
  summary: 'Public reports, newest first, as GeoJSON',
  query: ListQuery,
  response: collection(ReportFeature).meta({ id: 'ReportCollection' }),
})

export const getReport = endpoint('GET /api/reports/{id}', {
  summary: 'A public report with its timeline',
  params: ReportId,
  response: ReportDetail,
})

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

export const listStaffReports = endpoint('GET /api/staff/reports', {
  summary: 'Reports of one’s own department or crew, newest first',
  query: StaffListQuery,
  response: collection(StaffReportFeature).meta({ id: 'StaffReportCollection' }),
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

export const changeStatus = endpoint('POST /api/staff/reports/{id}/status', {
  summary: 'Change the state, with a note',
  params: ReportId,
  body: z
    .object({
      status: Status,
      note: z.string().trim().max(4000).optional().describe('For the reporter; required when rejecting'),
      is_public: z.boolean().default(true).describe('False: only colleagues read the note'),
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
    })
    .meta({ id: 'Assignment' }),
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
