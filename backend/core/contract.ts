// The shapes everyone shares, and endpoint(): one declaration that validates, types, documents and is called by the portal.
import { z } from 'zod'

/** A text in both languages of the house. */
export const Localised = z
  .object({
    el: z.string().describe('Greek'),
    en: z.string().describe('English'),
  })
  .meta({ id: 'Localised' })
export type Localised = z.infer<typeof Localised>
export type Language = keyof Localised
/** For what is opened as a link and asks in no header. */
export const Language = z.enum(['el', 'en']).describe('Language of the answer').optional()

/** A text in both languages on its way in: neither may be missing. max: characters. */
export const localisedInput = (max: number) =>
  z.object({
    el: z.string().trim().min(1).max(max).describe('Greek'),
    en: z.string().trim().min(1).max(max).describe('English'),
  })

/** A thing named by its slug and shown by its title. */
export const Named = z
  .object({
    slug: z.string().describe('Stable name in URLs and rules'),
    title: Localised.describe('What people see'),
  })
  .meta({ id: 'Named' })
export type Named = z.infer<typeof Named>

export const Longitude = z.number().min(-180).max(180).describe('Longitude, degrees east, WGS 84 (EPSG:4326)')
export const Latitude = z.number().min(-90).max(90).describe('Latitude, degrees north, WGS 84 (EPSG:4326)')

/** RFC 7946 section 3.1.2: longitude first, latitude second, degrees, WGS 84. */
export const PointGeometry = z
  .object({
    type: z.literal('Point').describe('GeoJSON geometry type'),
    coordinates: z.tuple([Longitude, Latitude]).describe('Longitude, then latitude'),
  })
  .meta({ id: 'PointGeometry' })
export type PointGeometry = z.infer<typeof PointGeometry>

/** Any GeoJSON geometry on its way out. */
export const Geometry = z.looseObject({ type: z.string().describe('GeoJSON geometry type') }).meta({ id: 'Geometry' })
export type Geometry = z.infer<typeof Geometry>

export const Link = z
  .object({
    rel: z.string().describe('Relation, IANA or OGC'),
    href: z.string().describe('Address'),
    type: z.string().optional().describe('Media type'),
  })
  .meta({ id: 'Link' })

/** RFC 9457 problem details; `errors` lists every bad field with its path. */
export const Problem = z
  .object({
    type: z.string().describe('Stable identifier of the kind of problem'),
    title: z.string().describe('Short summary in the language of the request'),
    status: z.number().int().describe('HTTP status'),
    detail: z.string().optional().describe('What happened and what to do'),
    errors: z
      .array(
        z.object({
          path: z.string().describe('JSON path of the field'),
          message: z.string().describe('What is wrong with it'),
        }),
      )
      .optional()
      .describe('Every bad field'),
    request_id: z.string().optional().describe('Quote this when asking for help'),
  })
  .catchall(z.unknown())
  .meta({ id: 'Problem' })
export type Problem = z.infer<typeof Problem>

export const Permission = z
  .enum([
    'staff.read',
    'report.read',
    'report.change',
    'report.assign',
    'report.register',
    'answer.manage',
    'contact.reveal',
    'work.read',
    'work.do',
    'work.plan',
    'layer.manage',
    'people.manage',
    'audit.read',
    'privacy.manage',
    'webhook.manage',
    'forwarding.manage',
    'category.manage',
  ])
  .describe('What code asks for; roles are bundles of these')
export type Permission = z.infer<typeof Permission>

export const Scope = z
  .enum(['reports.write', 'reports.own', 'reports.update'])
  .describe(
    'What a key opens: sending reports, reading the reports of its account, telling what became of them by Open311',
  )
export type Scope = z.infer<typeof Scope>

/** How well we know who it is, weakest first. */
export const assurances = ['anonymous', 'verified_contact', 'identity_proven'] as const
export const Assurance = z
  .enum(assurances)
  .describe('How well we know who it is: not at all, by a checked address, by a checked identity')
export type Assurance = z.infer<typeof Assurance>

type Method = 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE'

export interface EndpointParts<P extends z.ZodType, Q extends z.ZodType, B extends z.ZodType, R extends z.ZodType> {
  summary: string
  params?: P
  query?: Q
  body?: B
  headers?: Record<string, string>
  response: R
  status?: number
  /** Media type of the response where it is not application/json. */
  produces?: string
}

export interface Endpoint<
  P extends z.ZodType = z.ZodType,
  Q extends z.ZodType = z.ZodType,
  B extends z.ZodType = z.ZodType,
  R extends z.ZodType = z.ZodType,
> extends EndpointParts<P, Q, B, R> {
  method: Method
  /** Path with {name} parameters, as OpenAPI writes them. */
  path: string
}

/** Declares one operation: 'METHOD /path/{id}' and the schemas of what goes in and out. */
export function endpoint<
  P extends z.ZodType = z.ZodUndefined,
  Q extends z.ZodType = z.ZodUndefined,
  B extends z.ZodType = z.ZodUndefined,
  R extends z.ZodType = z.ZodUndefined,
>(address: `${Method} /${string}`, parts: EndpointParts<P, Q, B, R>): Endpoint<P, Q, B, R> {
  const [method, path] = address.split(' ') as [Method, string]
  return { method, path, ...parts }
}

/** Of what is valid on certain days only, what is valid on the day that is asked about. */
export const OnDay = z.object({
  at: z.iso.date().optional().describe('Day that is asked about, in Athens; today when missing'),
})

/** Answer of an operation that returns nothing (204). */
export const Nothing = z.void()
