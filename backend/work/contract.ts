import { z } from 'zod'
import { endpoint, Geometry, Link, Localised, Named, PointGeometry } from '../core/contract.ts'
import { Place } from '../places/contract.ts'
import { ReportRef, Status } from '../reports/contract.ts'
import { Clock, Skills } from './crews/contract.ts'

export const WorkStatus = z
  .enum(['draft', 'planned', 'under_way', 'done', 'not_possible', 'cancelled'])
  .describe('State of the work order; draft: not yet on the tour of a crew; the last three are finished')
export type WorkStatus = z.infer<typeof WorkStatus>

export const Offer = z
  .enum(['offered', 'accepted', 'declined'])
  .describe('Answer of a contractor; offered: none yet; declined: nobody has planned it since')
export type Offer = z.infer<typeof Offer>

export const Priority = z.enum(['low', 'normal', 'high', 'urgent']).describe('How much it presses')
export type Priority = z.infer<typeof Priority>

/** From so many people on who wait an order begins with a high priority. */
export const MANY_PEOPLE = 5

const Day = z.iso.date().describe('Day, Europe/Athens, YYYY-MM-DD')
const Task = z.string().trim().min(1).max(4000).describe('What is to be done, for the crew')
const Materials = z.string().trim().max(2000).describe('Materials used, in words')
const Cost = z.number().int().min(0).max(1_000_000_000).describe('Cost, euro cents')
const Price = z.number().int().min(0).max(1_000_000_000).describe('Price of the contractor, euro cents')
const Spent = z.number().int().min(0).max(100_000).describe('Time spent, minutes')
const Planned = z.number().int().min(1).max(1440).describe('How long it is expected to take, minutes')
const Load = z.number().int().min(0).max(10_000).describe('What it takes of the load of the vehicle, units')
export const Window = z
  .object({ from: Clock, to: Clock })
  .meta({ id: 'TimeWindow' })
  .describe('Part of the day in which it is to be begun')
const Version = z
  .number()
  .int()
  .describe('Version that the change was made on; 409 with both versions when it is older')

export const WorkProperties = z
  .object({
    protocol: z.string().describe('Number, YYYY/NNNNNN, of the same series as reports'),
    task: Task,
    status: WorkStatus,
    priority: Priority,
    department: Named,
    crew: Named.nullable(),
    day: Day.nullable(),
    tour_position: z.number().int().nullable().describe('Place in the tour of the crew on that day, from 1'),
    planned_at: z.string().nullable().describe('When the crew is expected there by the plan of the day, RFC 3339'),
    planned_min: Planned,
    load_units: Load,
    window: Window.nullable().describe('null: at any time of the day'),
    skills: z.array(Named).describe('What a crew must be able to do'),
    offer: Offer.nullable().describe(
      'Where its crew is a contractor: what it has answered; null: an own crew, or no tour',
    ),
    price_cents: Price.nullable().describe('Where accepted with a price: euro cents'),
    due_at: z.string().nullable().describe('Promised date of the most pressing of its open reports, RFC 3339'),
    district: Named.nullable(),
    address: Localised.nullable().describe('Nearest address'),
    is_public: z.boolean().describe('False: it belongs to a private report'),
    report_count: z.number().int().describe('How many reports it answers'),
    people_count: z.number().int().describe('How many people wait for these: who sent them and who said “me too”'),
    version: z.number().int().describe('Counts changes'),
    created_at: z.string().describe('RFC 3339'),
    updated_at: z.string().describe('RFC 3339'),
  })
  .meta({ id: 'WorkProperties' })

export const WorkFeature = z
  .object({
    type: z.literal('Feature'),
    id: z.string().describe('Id of the work order'),
    geometry: Geometry,
    properties: WorkProperties,
  })
  .meta({ id: 'WorkFeature' })
export type WorkFeature = z.infer<typeof WorkFeature>

/** What there is to know of a work order for whoever answers for its report, be it another department's. */
const OrderState = z
  .object({
    id: z.string().describe('Id of the work order'),
    protocol: z.string().describe('Number'),
    department: Named,
    status: WorkStatus,
  })
  .meta({ id: 'OrderState' })
export type OrderState = z.infer<typeof OrderState>

/** A report that a work order answers, as far as the reader may see it. */
export const WorkReport = ReportRef.extend({
  category: Named,
  icon: z.string().describe('Name of a lucide icon'),
  colour: z.string().describe('CSS colour'),
  status: Status,
  description: z.string().describe('Words of the citizen'),
  support_count: z.number().int().describe('How many others said: me too'),
  is_merged: z.boolean().describe('Treated together with its main report, which comes before it'),
  photo_urls: z.array(z.string()).describe('Addresses of its photos'),
  may_close: z.boolean().describe('The reader may close it; false also when it is closed'),
  open_work: z.array(OrderState).describe('Where the reader may close it: its other orders that are still open'),
}).meta({ id: 'WorkReport' })

const Moment = z.enum(['before', 'after']).describe('Taken before or after the work')

export const WorkPhoto = z
  .object({
    id: z.string().describe('Photo id'),
    url: z.string().describe('Address of the picture; staff only'),
    width: z.number().int().describe('Pixels'),
    height: z.number().int().describe('Pixels'),
    moment: Moment,
  })
  .meta({ id: 'WorkPhoto' })

export const WorkStop = WorkFeature.extend({
  place: Place,
  materials: Materials.nullable(),
  cost_cents: Cost.nullable(),
  spent_min: Spent.nullable(),
  outcome: z.string().nullable().describe('Words of the crew, or the reason why not'),
  started_at: z.string().nullable().describe('When the crew arrived, RFC 3339'),
  finished_at: z.string().nullable().describe('When it was finished, RFC 3339'),
  reports: z.array(WorkReport).describe('Reports it answers, as far as the reader may see them'),
  photos: z.array(WorkPhoto),
}).meta({ id: 'WorkStop' })
export type WorkStop = z.infer<typeof WorkStop>

export const WorkEntry = z
  .object({
    at: z.string().describe('When it happened, RFC 3339'),
    kind: z
      .enum(['submitted', 'status', 'assigned', 'note', 'refused', 'accepted', 'declined'])
      .describe('What happened'),
    status: WorkStatus.nullable().describe('State from then on; where refused, the state that was meant'),
    department: Named.nullable(),
    crew: Named.nullable(),
    note: z.string().nullable().describe('Words; where assigned, the day; where accepted, the price in euro cents'),
    actor: z.string().nullable().describe('Who'),
  })
  .meta({ id: 'WorkEntry' })

export const WorkDetail = WorkStop.extend({
  timeline: z.array(WorkEntry).describe('Oldest first'),
  next_statuses: z.array(WorkStatus).describe('States it may go to'),
}).meta({ id: 'WorkDetail' })
export type WorkDetail = z.infer<typeof WorkDetail>

const WorkId = z.object({ id: z.string().max(60).describe('Id of the work order') })
/** Of one order. */
export const MOST_REPORTS = 200
const ReportIds = z
  .array(z.uuid())
  .max(MOST_REPORTS)
  .describe('Ids of reports; one that is merged stands for its main one')

export const createWork = endpoint('POST /api/staff/work', {
  summary: 'Make a work order from reports, or for a place; with crew and day it is planned, at the end of the tour',
  body: z
    .object({
      reports: ReportIds.default([]).describe('Ids of the reports it answers; the first gives what is left out'),
      task: Task,
      location: PointGeometry.optional().describe('Where; left out: where the first report is'),
      department: z.string().max(80).optional().describe('Slug; left out: the department of the first report'),
      crew: z.string().max(80).optional().describe('Slug of a crew of the department'),
      day: Day.optional(),
      priority: Priority.optional().describe(
        `Left out: high where ${MANY_PEOPLE} people or more wait for its reports, else normal`,
      ),
      planned_min: Planned.optional().describe('Minutes; left out: what such work has taken, else 30'),
      load_units: Load.default(1),
      window: Window.nullable().default(null),
      skills: Skills.default([]),
    })
    .meta({ id: 'WorkInput' }),
  response: WorkDetail,
  status: 201,
})

export const listWork = endpoint('GET /api/staff/work', {
  summary: 'Work orders of one’s own department or crew, newest first, as GeoJSON',
  query: z.object({
    day: Day.optional(),
    department: z.string().max(80).optional().describe('Slug of a department'),
    crew: z.string().max(80).optional().describe('Slug of a crew'),
    status: z.string().max(200).optional().describe('One or more states separated by commas'),
    unplanned: z.enum(['true', 'false']).optional().describe('true: only those on no crew’s tour yet'),
    limit: z.coerce.number().int().min(1).max(500).default(50).describe('How many'),
    cursor: z.string().max(200).optional().describe('From the next link of the page before'),
  }),
  response: z
    .object({
      type: z.literal('FeatureCollection'),
      features: z.array(WorkFeature),
      numberReturned: z.number().int().describe('Features in this page'),
      links: z.array(Link).describe('self, and next while there is more'),
    })
    .meta({ id: 'WorkCollection' }),
})

export const getWork = endpoint('GET /api/staff/work/{id}', {
  summary: 'A work order with its reports, photos and story',
  params: WorkId,
  response: WorkDetail,
})

export const changeWork = endpoint('PATCH /api/staff/work/{id}', {
  summary: 'Change what a work order says; a change made on an older version is refused with both versions',
  params: WorkId,
  body: z
    .object({
      version: Version,
      task: Task.optional(),
      priority: Priority.optional(),
      location: PointGeometry.optional().describe('Where; longitude first'),
      planned_min: Planned.optional(),
      load_units: Load.optional(),
      window: Window.nullable().optional(),
      skills: Skills.optional(),
      materials: Materials.nullable().optional(),
      cost_cents: Cost.nullable().optional(),
      spent_min: Spent.nullable().optional(),
    })
    .meta({ id: 'WorkChange' }),
  response: WorkDetail,
})

export const planWork = endpoint('POST /api/staff/work/{id}/plan', {
  summary: 'Put a work order on the tour of a crew on a day, at a place in it, or take it off',
  params: WorkId,
  body: z
    .object({
      version: Version,
      crew: z.string().max(80).nullable().describe('Slug; its department answers from then on. null: nobody yet'),
      day: Day.nullable().describe('null: not yet'),
      before: z.uuid().nullable().default(null).describe('Id of the stop that comes after it; null: at the end'),
    })
    .meta({ id: 'WorkPlan' }),
  response: WorkDetail,
})

export const answerOffer = endpoint('POST /api/staff/work/{id}/offer', {
  summary: 'Accept an order that is offered to one’s own crew of a contractor, at a price, or decline it with a reason',
  params: WorkId,
  body: z
    .object({
      version: Version,
      answer: z.enum(['accepted', 'declined']).describe('declined: it comes off the tour and waits to be planned'),
      price_cents: Price.optional().describe('Where accepted; left out: as the contract says'),
      reason: z.string().trim().min(1).max(4000).optional().describe('Why; needed where declined'),
    })
    .meta({ id: 'OfferAnswer' }),
  response: WorkDetail,
})

export const cancelWork = endpoint('POST /api/staff/work/{id}/cancel', {
  summary: 'Call a work order off, with a reason; its reports stay open',
  params: WorkId,
  body: z
    .object({ version: Version, reason: z.string().trim().min(1).max(4000).describe('Why; the crew reads it') })
    .meta({ id: 'WorkCancel' }),
  response: WorkDetail,
})

export const attachReports = endpoint('POST /api/staff/work/{id}/reports', {
  summary: 'Let a work order answer further reports',
  params: WorkId,
  body: z.object({ reports: ReportIds.min(1) }).meta({ id: 'WorkReports' }),
  response: WorkDetail,
})

export const detachReport = endpoint('DELETE /api/staff/work/{id}/reports/{report}', {
  summary: 'Let a work order no longer answer a report',
  params: WorkId.extend({ report: z.string().max(60).describe('Id of the report') }),
  response: WorkDetail,
})

export const WorkAct = z
  .object({
    act: z.enum(['arrive', 'done', 'not_possible', 'note']).describe('What the crew did'),
    at: z.iso.datetime({ offset: true }).describe('When it happened; what comes later than now counts as now'),
    note: z.string().trim().max(4000).optional().describe('Words; the reason is needed where it was not possible'),
    materials: Materials.optional(),
    cost_cents: Cost.optional(),
    spent_min: Spent.optional(),
    photos: z
      .array(z.object({ id: z.uuid().describe('Id of an upload'), moment: Moment }))
      .max(12)
      .default([])
      .describe('Photos taken'),
  })
  .meta({ id: 'WorkAct' })
export type WorkAct = z.output<typeof WorkAct>

export const ActAnswer = z
  .object({
    refusal: z
      .enum(['finished', 'cancelled', 'given_away', 'not_accepted'])
      .nullable()
      .describe('Why it changed nothing and was kept as a note; null: it counted'),
    message: Localised.nullable().describe('The same for people'),
    order: WorkStop.nullable().describe('As it is now; null: it is another’s'),
  })
  .meta({ id: 'ActAnswer' })
export type ActAnswer = z.infer<typeof ActAnswer>

export const actOnWork = endpoint('POST /api/staff/work/{id}/acts', {
  summary: 'What the crew did, perhaps without a network and hours ago; the first to finish an order wins',
  params: WorkId,
  headers: { 'Idempotency-Key': 'The same key twice is the same act' },
  body: WorkAct,
  response: ActAnswer,
})

export const Tour = z
  .object({
    day: Day,
    crew: Named.nullable().describe('null: one’s own account has no crew, and none was named'),
    stops: z.array(WorkStop).describe('In the order of the tour; cancelled ones too'),
  })
  .meta({ id: 'Tour' })
export type Tour = z.infer<typeof Tour>

export const getTour = endpoint('GET /api/staff/tour', {
  summary: 'The tour of a crew on a day with all that a phone needs on the way',
  query: z.object({
    day: Day.optional().describe('Left out: today'),
    crew: z.string().max(80).optional().describe('Slug; left out: one’s own crew'),
  }),
  response: Tour,
})

export const closeReports = endpoint('POST /api/staff/work/{id}/closing', {
  summary:
    'Close reports of a work order that is done, each with the words for its reporter; 409 while other orders of theirs are open',
  params: WorkId,
  body: z
    .object({
      reports: z
        .array(
          z.object({
            id: z.uuid().describe('Id of the report'),
            note: z.string().trim().min(1).max(4000).describe('For its reporter'),
          }),
        )
        .min(1)
        .max(200)
        .describe('Which, and what each reporter is told'),
      photos: z
        .array(z.uuid())
        .max(4)
        .default([])
        .describe('Photos of the order, taken after the work, that all who see the reports see from now on'),
      anyway: z.boolean().default(false).describe('true: also where other work orders of theirs are still open'),
    })
    .meta({ id: 'WorkClosing' }),
  response: WorkDetail,
})

export const ReportToClose = ReportRef.extend({
  category: Named,
  description: z.string().describe('Words of the citizen'),
  people_count: z.number().int().describe('How many people wait for it'),
  finished_at: z.string().describe('When the last of its work was done, RFC 3339'),
  words: z.string().nullable().describe('What the crew said then'),
  orders: z
    .array(OrderState.extend({ is_own: z.boolean().describe('The reader may open it') }).meta({ id: 'OwnOrderState' }))
    .describe('Its work orders, oldest first'),
}).meta({ id: 'ReportToClose' })
export type ReportToClose = z.infer<typeof ReportToClose>

export const listToClose = endpoint('GET /api/staff/reports-to-close', {
  summary:
    'Open reports that one answers for and whose work is finished, the last done within 60 days, be it another department’s; latest first',
  response: z.array(ReportToClose),
})

export const LinkedWork = z
  .object({
    id: z.string().describe('Id of the work order'),
    protocol: z.string().describe('Number'),
    task: Task,
    status: WorkStatus,
    department: Named,
    crew: Named.nullable(),
    day: Day.nullable(),
    distance_m: z.number().describe('From the report, metres'),
    is_own: z.boolean().describe('The reader may open it'),
  })
  .meta({ id: 'LinkedWork' })
export type LinkedWork = z.infer<typeof LinkedWork>

export const workOfReport = endpoint('GET /api/staff/reports/{id}/work', {
  summary: 'Work orders that answer a report, and open ones nearby that it could join',
  params: z.object({ id: z.string().max(60).describe('Id of the report') }),
  response: z
    .object({
      linked: z.array(LinkedWork).describe('Oldest first'),
      nearby: z.array(LinkedWork).describe('Nearest first'),
      to_close: ReportToClose.nullable().describe('Where the reader may close it and its work is finished; else null'),
    })
    .meta({ id: 'WorkOfReport' }),
})
