// Who answers for what and where, as those see it who decide that; and what other rules would have done.
import { z } from 'zod'
import { endpoint, Geometry, Localised, localisedInput, Named } from '../../core/contract.ts'

const Slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,80}$/)
  .describe('Stable name; the last tie-breaker')
const Moment = z.iso.datetime({ offset: true }).nullable()

const Rule = z
  .object({
    slug: Slug,
    title: localisedInput(120),
    category: z.string().max(80).nullable().describe('Category or group; null: any'),
    area: z
      .object({
        layer: z.string().max(80).describe('Slug of its layer'),
        slug: z.string().max(200).describe('Key of the area in its layer'),
      })
      .nullable()
      .describe('Where it counts; null: everywhere'),
    department: z.string().max(80).describe('Who answers'),
    crew: z.string().max(80).nullable().describe('Who goes; null: the department decides'),
    rank: z
      .number()
      .int()
      .min(0)
      .max(9999)
      .describe('Lower goes first among rules of a category and an area of a size'),
    valid_from: Moment.describe('Counts from then on; null: always did. RFC 3339'),
    valid_to: Moment.describe('Counts until before then; null: for good. RFC 3339'),
  })
  .meta({ id: 'RoutingRule' })
export type Rule = z.output<typeof Rule>

const Rules = z.array(Rule).max(2000).describe('All of them')

const RoutingRules = z
  .object({
    version: z.string().describe('To be said when they are replaced'),
    rules: z.array(Rule.extend({ title: Localised })),
    areas: z
      .array(z.object({ layer: Named, areas: z.array(Named).describe('By their key') }))
      .describe('What a rule may name: layers of areas'),
  })
  .meta({ id: 'RoutingRules' })
export type RoutingRules = z.infer<typeof RoutingRules>

const Target = z.object({ department: Named.nullable(), crew: Named.nullable() })

const Ground = {
  area_m2: z.number().describe('Square metres'),
  geometry: Geometry.describe('GeoJSON, WGS 84'),
}

const Moves = {
  reports: z.number().int().describe('Reports that were weighed'),
  moved: z.number().int().describe('Those of them that would go to somebody else'),
  moves: z
    .array(z.object({ from: Target, to: Target, count: z.number().int().describe('How many') }))
    .describe('From whom to whom, most first'),
  points: z
    .array(
      z.object({
        id: z.uuid().describe('Id of the report'),
        protocol: z.string().describe('Number of the report'),
        point: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees'),
        move: z.number().int().describe('Which of the moves, from 0'),
      }),
    )
    .describe('Where they are: at most 2,000, the newest first'),
}

const OpenMoves = z.object(Moves).meta({ id: 'RoutingOpenMoves' })
export type OpenMoves = z.infer<typeof OpenMoves>

const WhatIf = z
  .object({
    ...Moves,
    overlaps: z
      .array(z.object({ rules: z.array(Named).describe('The two'), ...Ground }))
      .describe('Where two rules of a category name different people, and neither area lies in the other; largest first'),
    holes: z
      .array(z.object({ categories: z.array(Named).describe('What is reported there'), ...Ground }))
      .describe('Where in the municipality only the central desk is left; largest first'),
    open_moved: z.number().int().describe('Open reports that publishing would give to somebody else, if it is asked to'),
  })
  .meta({ id: 'RoutingWhatIf' }) // prettier-ignore
export type WhatIf = z.infer<typeof WhatIf>

export const listRules = endpoint('GET /api/staff/routing', {
  summary: 'The rules that say who answers for what and where',
  response: RoutingRules,
})

export const getRuleArea = endpoint('GET /api/staff/routing/area', {
  summary: 'An area that a rule may name, to be shown on a map',
  query: z.object({
    layer: z.string().max(80).describe('Slug of its layer'),
    slug: z.string().max(200).describe('Key of the area in its layer'),
  }),
  response: z.object(Ground).meta({ id: 'RuleArea' }),
})

export const whatIf = endpoint('POST /api/staff/routing/what-if', {
  summary: 'Try other rules, or another shape of an area, on the reports of the last days; nothing is changed',
  body: z
    .object({
      rules: Rules.optional().describe('Instead of those that count; missing: those'),
      area: z
        .object({
          layer: z.string().max(80).describe('Slug of its layer'),
          id: z.string().regex(/^\d{1,18}$/).describe('Id of the feature'),
          geometry: z.object({ type: z.enum(['Polygon', 'MultiPolygon']), coordinates: z.array(z.unknown()) }).describe('GeoJSON, WGS 84'),
        })
        .optional()
        .describe('A feature that would have another shape'),
      days: z.number().int().min(1).max(366).default(30).describe('How many days back'),
    })
    .meta({ id: 'RoutingTrial' }), // prettier-ignore
  response: WhatIf,
})

export const listOpenMoves = endpoint('GET /api/staff/routing/open', {
  summary: 'Open reports, neither begun nor assigned by hand nor in work, that others have than the rules and areas of now say',
  response: OpenMoves,
}) // prettier-ignore

export const moveReports = endpoint('POST /api/staff/routing/moves', {
  summary: 'Give those open reports to whom the rules and areas of now say',
  body: z
    .object({ reason: z.string().trim().min(1).max(500).describe('Why; staff read it at each report') })
    .meta({ id: 'RoutingMove' }),
  response: z.object({ moved: z.number().int().describe('Open reports that went to somebody else') }),
})

export const publishRules = endpoint('PUT /api/staff/routing', {
  summary: 'Replace the rules; open reports follow them if it is asked, except those that were begun, assigned by hand or are in work',
  body: z
    .object({
      version: z.string().max(64).describe('Of the rules that were changed'),
      rules: Rules,
      moves_open: z.boolean().default(false).describe('True: open reports go where the new rules say'),
    })
    .meta({ id: 'RoutingPublication' }),
  response: z.object({ rules: RoutingRules, moved: z.number().int().describe('Open reports that went to somebody else') }),
}) // prettier-ignore
