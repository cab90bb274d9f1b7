import { z } from 'zod'
import { endpoint, Geometry, Link, Localised, Named, PointGeometry } from '../core/contract.ts'
import { PetSide } from './categories/contract.ts'
import { Answered, Answers, AreaRef, Stop } from './forms/contract.ts'
import { Location } from './shapes/contract.ts'
import { Place } from '../places/contract.ts'

export const Status = z
  .enum([
    'submitted',
    'acknowledged',
    'planned',
    'in_progress',
    'waiting_for_citizen',
    'forwarded',
    'resolved',
    'rejected',
  ])
  .describe('State of the report; the last two are closed, and its promise stands still while it waits for the citizen')
export type Status = z.infer<typeof Status>

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
    location: Location.describe('Where, longitude first: a point, or a line or an area where the category has such'),
    asset: z
      .string()
      .max(200)
      .nullish()
      .describe('Key of the thing that it is about, of those of GET /api/reports/assets; null: none of them'),
    description: z.string().trim().min(1).max(4000).describe('What is wrong, in the words of the citizen'),
    answers: Answers.default({}).describe('Answers to the questions of the category, by code'),
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
    lookup_code: z
      .string()
      .nullable()
      .describe('Nine digits to be said on the telephone; they open only what is public'),
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
        'refused',
        'undone',
        'extended',
        'attached',
        'detached',
        'rectified',
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

export const feature = <P extends z.ZodType>(properties: P) =>
  z.object({
    type: z.literal('Feature'),
    id: z.string().describe('Id of the report'),
    geometry: Geometry.describe('A point; of a line or an area one on it'),
    shape: Geometry.nullable().optional().describe('The whole line or area; null: it is a point'),
    properties,
  })

export const ReportFeature = feature(ReportProperties).meta({ id: 'ReportFeature' })
export type ReportFeature = z.infer<typeof ReportFeature>
export const collection = <F extends z.ZodType>(features: F) =>
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

export const listFilters = {
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
export const ReportRef = z
  .object({ id: z.string().describe('Id of the report'), protocol: z.string().describe('Protocol number') })
  .meta({ id: 'ReportRef' })
export type ReportRef = z.infer<typeof ReportRef>

/** How long reports of a category took in the last year. */
export const UsualTime = z
  .object({
    median_days: z.number().describe('Half took no longer, days'),
    p90_days: z.number().describe('Nine of ten took no longer, days'),
    resolved: z.number().int().describe('How many it is counted from'),
    is_of_district: z.boolean().describe('False: the district had too few, so it is that of the whole town'),
  })
  .meta({ id: 'UsualTime' })
export type UsualTime = z.infer<typeof UsualTime>

const Usual = UsualTime.nullable().describe('What such reports usually take; null: closed, or too few')

export const AssetReport = z
  .object({
    id: z.string().describe('Id of the report'),
    protocol: z.string().describe('Protocol number, YYYY/NNNNNN'),
    status: Status,
    category: Named,
    created_at: z.string().describe('RFC 3339'),
    closed_at: z.string().nullable().describe('RFC 3339; null: open'),
    support_count: z.number().int().describe('How many others said: me too'),
  })
  .meta({ id: 'AssetReport' })
export type AssetReport = z.infer<typeof AssetReport>

/** What a report is about. */
export const ReportAsset = z
  .object({
    layer: Named,
    key: z.string().describe('Names it for good in its layer'),
    title: Localised,
    is_there: z.boolean().describe('False: the layer has it no more'),
    reports: z.array(AssetReport).describe('What else was reported about it: the open first, then the newest; at most 20'),
  })
  .meta({ id: 'ReportAsset' }) // prettier-ignore
export type ReportAsset = z.infer<typeof ReportAsset>

export const ExpiresAt = z
  .string()
  .nullable()
  .describe('When it closes by itself if nobody works on it, RFC 3339; null: it does not')
/** Of those who may let it stay open. */
export const ExtendTo = z
  .string()
  .nullable()
  .describe('When it would close by itself if its days were counted anew now, RFC 3339; null: not yet, or it does not')

export const ReportDetail = ReportFeature.extend({
  timeline: z.array(TimelineEntry).describe('Oldest first'),
  photos: z.array(ReportPhoto),
  place: Place,
  answers: z.array(Answered).describe('What was asked then and answered, as far as the reader may see it'),
  main: ReportRef.nullable().describe('Public report that it is treated together with'),
  usual: Usual,
  asset: ReportAsset.nullable().describe('The thing that it is about; null: none'),
  pet_side: PetSide,
  expires_at: ExpiresAt,
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
    share: z.number().nullish().describe('Of a line or an area: how much of it lies in the area of the rule, 0 to 1'),
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
    moved: z
      .object({
        at: z.string().describe('RFC 3339'),
        reason: z.string().nullable().describe('Words of who moved it; null: other rules were published'),
      })
      .optional()
      .describe('That it came here later, with others, because rules or areas had changed'),
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
    point: PointGeometry.describe('Where its pin stands; of a line or an area a point on it'),
    length_m: z.number().nullable().describe('Metres along the line, or around the area; null: a point'),
    area_m2: z.number().nullable().describe('Square metres; null: no area'),
    due_at: z.string().describe('Expected at the latest if sent now, RFC 3339'),
    usual: Usual,
    areas: z.array(AreaRef).describe('Areas at the place that stops of the category ask for'),
    stops: z.array(Stop).describe('When to call somebody instead, here, now and whatever is answered'),
  })
  .meta({ id: 'RoutePreview' })

export const ReportId = z.object({ id: z.string().max(60).describe('Id of the report') })

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
        'true: where an open report seems to mean the same, answers 409 likely-duplicate with `candidates` and stores nothing; false: stores all the same; left out: true for a program with a key',
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
  is_same_asset: z.boolean().describe('True: it is about the very thing that was asked about'),
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
    asset: z.string().max(200).optional().describe('Key of the thing that is being reported: the same comes first'),
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
