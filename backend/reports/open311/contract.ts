// Open311 GeoReport v2: http://wiki.open311.org/GeoReport_v2/. Extensions are marked.
import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'

const Time = z.iso.datetime({ offset: true }).max(40)
const empty = (value: unknown) => (value === '' ? undefined : value)
/** An empty parameter is one that is not there. */
const maybe = <S extends z.ZodType>(schema: S) => z.preprocess(empty, schema.optional())

const jurisdiction_id = maybe(z.string().max(80)).describe('Slug of the municipality; may be left out')
const format = z.enum(['xml', 'json']).describe('Form of the answer')
const Status = z.string().regex(/^(open|closed)(,(open|closed))*$/)

export const Jurisdiction = z.object({ jurisdiction_id })

export const RequestsQuery = z.object({
  jurisdiction_id,
  service_request_id: maybe(z.string().max(2000)).describe('Ids with commas between; nothing else counts then'),
  service_code: maybe(z.string().max(2000)).describe('Codes with commas between'),
  start_date: maybe(Time).describe('Requested from, with a zone; at most 90 days before end_date'),
  end_date: maybe(Time).describe('Requested until, with a zone'),
  status: maybe(Status).describe('open, closed, or both with a comma'),
  updated_after: maybe(Time).describe('Extension: changed after; then start_date may be left out without a limit of 90 days'),
  updated_before: maybe(Time).describe('Extension: changed before'),
  lat: maybe(z.coerce.number().min(-90).max(90)).describe('Extension: latitude of the centre, degrees, WGS 84'),
  long: maybe(z.coerce.number().min(-180).max(180)).describe('Extension: longitude of the centre, degrees, WGS 84'),
  radius: maybe(z.coerce.number().positive().max(100_000)).describe('Extension: metres around lat and long'),
  page: z.preprocess(empty, z.coerce.number().int().min(1).max(10_000).default(1)).describe('Extension: page, from 1'),
  page_size: z
    .preprocess(empty, z.coerce.number().int().min(1).max(1000).default(1000))
    .describe('Extension: requests in a page'),
  extensions: maybe(z.enum(['true', 'false'])).describe('Extension: true adds extended_attributes'),
}) // prettier-ignore
export type RequestsQuery = z.output<typeof RequestsQuery>

export const UpdatesQuery = z.object({
  jurisdiction_id,
  service_request_id: maybe(z.string().max(2000)).describe('Ids with commas between'),
  start_date: maybe(Time).describe('Told from, with a zone; at most 90 days before end_date'),
  end_date: maybe(Time).describe('Told until, with a zone'),
})
export type UpdatesQuery = z.output<typeof UpdatesQuery>

/** What POST servicerequestupdates takes, as a form. */
export const NewUpdate = z.object({
  jurisdiction_id,
  service_request_id: z.string().min(1).max(60).describe('The request that the update is about'),
  update_id: z.string().trim().min(1).max(200).describe('Id that the sender gives the update; the same again makes no second one'),
  description: z.string().trim().min(1).max(4000).describe('What there is to say'),
  status: maybe(z.string().max(60)).describe('open, closed, or one of the finer words: docs/integrations.md; missing: as it is'),
  updated_datetime: maybe(Time).describe('Taken and not kept: the timeline has the time of arrival'),
  media_url: maybe(z.url().max(2000)).describe('Address of a picture; kept as a note for staff, not fetched'),
  email: maybe(z.string().max(254)).describe('Taken and not kept'),
  first_name: maybe(z.string().max(100)).describe('Taken and not kept'),
  last_name: maybe(z.string().max(100)).describe('Taken and not kept'),
  api_key: maybe(z.string().max(200)).describe('API key; may be a header X-API-Key or a parameter of the address'),
}) // prettier-ignore
export type NewUpdate = z.output<typeof NewUpdate>

/** What POST requests takes, as a form. */
export const NewRequest = z.object({
  jurisdiction_id,
  service_code: z.string().max(80).describe('Code of the service'),
  lat: z.coerce.number().min(-90).max(90).describe('Latitude, degrees, WGS 84'),
  long: z.coerce.number().min(-180).max(180).describe('Longitude, degrees, WGS 84'),
  description: z.string().trim().min(1).max(4000).describe('What is wrong, in the words of the citizen'),
  email: maybe(z.email().max(254)).describe('E-mail address, if an answer is wished'),
  phone: maybe(z.string().max(30)).describe('Telephone, if an answer is wished'),
  first_name: maybe(z.string().max(100)).describe('First name'),
  last_name: maybe(z.string().max(100)).describe('Last name'),
  address_string: maybe(z.string().max(500)).describe('Address as words; kept beside the place as a note for staff'),
  asset_id: maybe(z.string().max(200)).describe('Extension: key of the thing that it is about, such as a street light'),
  device_id: maybe(z.string().max(200)).describe('Taken and not kept'),
  account_id: maybe(z.string().max(200)).describe('Taken and not kept'),
  media_url: maybe(z.url().max(2000)).describe('Address of a picture; kept as a note for staff, not fetched'),
  api_key: maybe(z.string().max(200)).describe('API key; may be a header X-API-Key or a parameter of the address'),
})
export type NewRequest = z.output<typeof NewRequest>

const Xml = z.unknown().describe('XML or JSON, by the ending')
const PRODUCES = 'text/xml'
const params = z.object({ format })
const withId = z.object({ id: z.string().max(60).describe('service_request_id'), format })

export const discovery = endpoint('GET /open311/v2/discovery.{format}', {
  summary: 'Open311: what this service offers, and where',
  params,
  response: Xml,
  produces: PRODUCES,
})
export const listServices = endpoint('GET /open311/v2/services.{format}', {
  summary: 'Open311: services that can be requested',
  params,
  query: Jurisdiction,
  response: Xml,
  produces: PRODUCES,
})
export const getService = endpoint('GET /open311/v2/services/{code}.{format}', {
  summary: 'Open311: definition of a service',
  params: z.object({ code: z.string().max(80).describe('service_code'), format }),
  query: Jurisdiction,
  response: Xml,
  produces: PRODUCES,
})
export const createRequest = endpoint('POST /open311/v2/requests.{format}', {
  summary: 'Open311: send a service request, as a form; photos as multipart field media (extension)',
  params,
  response: Xml,
  produces: PRODUCES,
  status: 201,
})
export const listRequests = endpoint('GET /open311/v2/requests.{format}', {
  summary: 'Open311: service requests, newest first',
  params,
  query: RequestsQuery,
  response: Xml,
  produces: PRODUCES,
})
export const getRequest = endpoint('GET /open311/v2/requests/{id}.{format}', {
  summary: 'Open311: one service request',
  params: withId,
  query: RequestsQuery.pick({ jurisdiction_id: true, extensions: true }),
  response: Xml,
  produces: PRODUCES,
})
export const getToken = endpoint('GET /open311/v2/tokens/{id}.{format}', {
  summary: 'Open311: id of the service request of a token',
  params: withId,
  query: Jurisdiction,
  response: Xml,
  produces: PRODUCES,
})
export const listUpdates = endpoint('GET /open311/v2/servicerequestupdates.{format}', {
  summary: 'Open311 extension: what was told about service requests, oldest first',
  params,
  query: UpdatesQuery,
  response: Xml,
  produces: PRODUCES,
})
export const createUpdate = endpoint('POST /open311/v2/servicerequestupdates.{format}', {
  summary: 'Open311 extension: tell what happened to a service request, as a form',
  params,
  response: Xml,
  produces: PRODUCES,
  status: 201,
})
