import { z } from 'zod'
import { endpoint, Language, Localised, Named, PointGeometry } from '../../core/contract.ts'
import { Priority } from '../contract.ts'

const Day = z.iso.date().describe('Day, Europe/Athens, YYYY-MM-DD')
const Moment = z.string().describe('RFC 3339')
const Metres = z.number().int().describe('Metres driven')
const Minutes = z.number().int().describe('Minutes')

const Figures = {
  distance_m: Metres,
  drive_min: Minutes.describe('Minutes on the road'),
  late_min: Minutes.describe('Minutes after windows and promises of this day, of all stops together'),
  late_stops: z.number().int().describe('Stops that are late'),
  over_min: Minutes.describe('Minutes after the end of the shift; 0 in a plan of ours'),
}

export const PlannedOrder = z
  .object({
    id: z.string().describe('Id of the work order'),
    protocol: z.string().describe('Number'),
    version: z.number().int().describe('Version that the plan was made on'),
    task: z.string().describe('What is to be done'),
    priority: Priority,
    location: PointGeometry,
    address: Localised.nullable().describe('Nearest address'),
  })
  .meta({ id: 'PlannedOrder' })
export type PlannedOrder = z.infer<typeof PlannedOrder>

export const PlannedTour = z
  .object({
    crew: Named,
    depot: PointGeometry.nullable(),
    begun: z.number().int().describe('Stops that are done or under way; they keep their place'),
    from: PointGeometry.nullable().describe('Where the crew is when this begins; null: at its first stop'),
    leave_at: Moment.describe('When it sets out'),
    back_at: Moment.describe('When it is back'),
    work_min: Minutes.describe('Minutes of work at the stops'),
    stops: z
      .array(
        PlannedOrder.extend({
          arrive_at: Moment,
          start_at: Moment.describe('When the work begins: later than the arrival where the window opens later'),
          late_min: Minutes,
        }),
      )
      .describe('In the order of the tour; without those that have begun'),
    ...Figures,
  })
  .meta({ id: 'PlannedTour' })
export type PlannedTour = z.infer<typeof PlannedTour>

export const DayPlan = z
  .object({
    tours: z.array(PlannedTour).describe('By crew'),
    left: z
      .array(
        PlannedOrder.extend({
          reason: z
            .enum(['no_crew', 'too_heavy', 'too_long', 'no_room', 'unplanned'])
            .describe(
              'Why nobody goes: no crew has the skills; more than any vehicle carries; longer than any shift; no time or load left; nobody has planned it',
            ),
          was_planned: z.boolean().describe('It is on a tour of the day now'),
        }),
      )
      .describe('Orders that nobody goes to, the most pressing first'),
    ...Figures,
  })
  .meta({ id: 'DayPlan' })
export type DayPlan = z.infer<typeof DayPlan>

export const Proposal = z
  .object({
    day: Day,
    distances: z
      .enum(['streets', 'straight'])
      .describe('How distances were found: along the streets, or as the straight line × 1.35'),
    speed_kmh: z.number().describe('Speed that times on the road were reckoned with, kilometres an hour'),
    elapsed_ms: z.number().int().describe('How long the planner took, milliseconds'),
    passed_over: z.number().int().describe('Unplanned orders beyond the most pressing 300, which were not looked at'),
    plan: DayPlan.describe('What the planner proposes'),
    by_hand: DayPlan.describe('The tours as they are now, reckoned alike'),
  })
  .meta({ id: 'TourProposal' })
export type Proposal = z.infer<typeof Proposal>

const Slugs = z.array(z.string().max(80)).max(50)

export const planTours = endpoint('POST /api/staff/tours/plan', {
  summary:
    'Propose the tours of a day: who goes where in which order. Nothing is stored; done and under-way stops stay',
  body: z
    .object({
      day: Day,
      department: z.string().max(80).optional().describe('Slug; left out: all of one’s own'),
      crews: Slugs.optional().describe('Slugs; left out: all that work on that day of the week'),
      orders: z.array(z.uuid()).max(300).optional().describe('Which unplanned orders; left out: all open ones'),
      keep_planned: z
        .boolean()
        .default(false)
        .describe('True: what is planned stays with its crew; only the order may change'),
    })
    .meta({ id: 'TourPlanInput', examples: [{ day: '2026-12-01', department: 'technical-service' }] }),
  response: Proposal,
})

const Seen = z.object({
  id: z.uuid().describe('Id of the work order'),
  version: z.number().int().describe('Version that the plan was made on'),
})

export const applyTours = endpoint('POST /api/staff/tours', {
  summary: 'Take over proposed tours of a day: all of it or nothing; 409 with both versions where an order has changed',
  body: z
    .object({
      day: Day,
      tours: z
        .array(
          z.object({
            crew: z.string().max(80).describe('Slug'),
            stops: z
              .array(Seen.extend({ arrive_at: z.iso.datetime({ offset: true }).describe('When the crew is expected') }))
              .max(300)
              .describe('In their order, after what has begun; stops of the tour that are not named come last'),
          }),
        )
        .max(50)
        .describe('One for each crew at most'),
      off: z.array(Seen).max(300).default([]).describe('Orders that come off their tours'),
    })
    .meta({ id: 'TourPlan' }),
  response: z
    .object({
      planned: z.number().int().describe('Orders on these tours'),
      taken_off: z.number().int().describe('Orders that came off'),
    })
    .meta({ id: 'ToursApplied' }),
})

export const tourSheet = endpoint('GET /api/staff/tour.pdf', {
  summary: 'The tour of a crew on a day as sheets of paper: the map with its stops, and the list',
  query: z.object({
    day: Day.optional().describe('Left out: today'),
    crew: z.string().max(80).optional().describe('Slug; left out: one’s own crew'),
    language: Language,
  }),
  response: z.string().describe('PDF'),
  produces: 'application/pdf',
})
