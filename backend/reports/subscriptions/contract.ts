import { z } from 'zod'
import { endpoint, Localised, Named, Nothing, PointGeometry } from '../../core/contract.ts'

/** More than anybody reads about. */
export const MOST_SUBSCRIPTIONS = 20
export const LEAST_RADIUS_M = 50
export const MOST_RADIUS_M = 5000

const AreaName = z.object({
  layer: z.string().max(40).describe('Slug of the layer'),
  slug: z.string().max(200).describe('Slug of the area in it'),
})
const Around = z.object({
  point: PointGeometry.describe('Centre, longitude first'),
  radius_m: z.number().int().min(LEAST_RADIUS_M).max(MOST_RADIUS_M).describe('Metres around it'),
})
const IsDaily = z.boolean().describe('True: one letter each morning; false: within minutes')

export const Subscription = z
  .object({
    id: z.string().describe('Id'),
    category: Named.nullable().describe('Category or group; null: all'),
    area: AreaName.extend({ title: Localised }).nullable().describe('Area in which; null: none'),
    around: Around.nullable().describe('Circle in which; null: none, and without an area the whole town'),
    is_daily: IsDaily,
    created_at: z.string().describe('RFC 3339'),
  })
  .meta({ id: 'Subscription' })
export type Subscription = z.infer<typeof Subscription>

export const Choices = z
  .object({
    categories: z
      .array(Named.extend({ parent: z.string().nullable().describe('Slug of its group; null: a group') }))
      .describe('Whose new reports the caller may hear of'),
    areas: z.array(AreaName.extend({ title: Localised })).describe('Where'),
  })
  .meta({ id: 'SubscriptionChoices' })
export type Choices = z.infer<typeof Choices>

export const listSubscriptions = endpoint('GET /api/me/subscriptions', {
  summary: 'New reports that I want to hear of, and what there is to choose from',
  response: Choices.extend({ subscriptions: z.array(Subscription) }),
})

export const SubscriptionInput = z
  .object({
    category: z.string().max(80).nullable().default(null).describe('Slug of a category or of a group; null: all'),
    area: AreaName.nullable().default(null).describe('Area in which'),
    around: Around.nullable().default(null).describe('Circle in which, instead of an area'),
    is_daily: IsDaily,
  })
  .refine(({ area, around }) => !area || !around, { path: ['around'], params: { text: 'subscription.one_place' } })
  .meta({
    id: 'SubscriptionInput',
    examples: [{ category: 'roads', around: { point: { type: 'Point', coordinates: [23.757, 36.3352] }, radius_m: 300 }, is_daily: true }],
  }) // prettier-ignore
export type SubscriptionInput = z.output<typeof SubscriptionInput>

export const addSubscription = endpoint('POST /api/me/subscriptions', {
  summary: `Hear of new public reports by mail; at most ${MOST_SUBSCRIPTIONS} for an account. The same again changes how often`,
  body: SubscriptionInput,
  response: Subscription,
  status: 201,
})

export const removeSubscription = endpoint('DELETE /api/me/subscriptions/{id}', {
  summary: 'Hear of them no more',
  params: z.object({ id: z.string().regex(/^\d{1,18}$/).describe('Id') }),
  response: Nothing,
  status: 204,
}) // prettier-ignore

const token = z.object({ token: z.string().max(100).describe('From the letter') })

export const unsubscribe = endpoint('POST /api/unsubscribe/{token}', {
  summary: 'Ends all subscriptions of an account without signing in: List-Unsubscribe of the letters (RFC 8058)',
  params: token,
  response: Nothing,
  status: 204,
})

export const openUnsubscribe = endpoint('GET /api/unsubscribe/{token}', {
  summary: 'Leads a person who follows List-Unsubscribe to a page with a button; changes nothing',
  params: token,
  response: Nothing,
  status: 303,
})
