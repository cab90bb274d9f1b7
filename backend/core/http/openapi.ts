// OpenAPI 3.1 from the same schemas that validate.
import { z } from 'zod'
import type { Endpoint } from '../contract.ts'
import { Problem } from '../contract.ts'
import type { Served } from './serve.ts'

type Json = Record<string, unknown>

const schemaOf = (schema: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any', target: 'draft-2020-12' })
  return inlineDefinitions(json)
}

// Each operation carries its schemas whole: definitions move from $defs to where OpenAPI tools look for them.
function inlineDefinitions(json: Json): Json {
  const text = JSON.stringify(json).replaceAll('#/$defs/', '#/components/schemas/')
  return JSON.parse(text)
}

/** The description of everything that is served. */
export function openApi(served: readonly Served[], serverUrl: string): Json {
  const schemas: Json = {}
  const paths: Record<string, Json> = {}
  const collect = (schema: z.ZodType, io: 'input' | 'output'): Json => {
    const { $defs, ...json } = schemaOf(schema, io) as Json & { $defs?: Json }
    Object.assign(schemas, $defs)
    return json
  }
  for (const { endpoint, may, scope } of served) {
    const path = (paths[endpoint.path] ??= {})
    path[endpoint.method.toLowerCase()] = operation(endpoint, { may, scope }, collect)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Asty', version: '0.1.0', description: 'The API of the municipality’s portal' },
    servers: [{ url: serverUrl }],
    paths,
    components: {
      schemas: { ...schemas, Problem: collect(Problem, 'output') },
      securitySchemes: {
        session: { type: 'apiKey', in: 'cookie', name: 'asty_session' },
        key: { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'A key of the account page' },
      },
    },
  }
}

type Collect = (schema: z.ZodType, io: 'input' | 'output') => Json

function operation(endpoint: Endpoint, rights: Pick<Served, 'may' | 'scope'>, collect: Collect): Json {
  const parameters = [
    ...parametersOf(endpoint.params, 'path', collect),
    ...parametersOf(endpoint.query, 'query', collect),
    ...Object.entries(endpoint.headers ?? {}).map(([name, description]) => ({
      name,
      in: 'header',
      description,
      schema: { type: 'string' },
    })),
  ]
  const status = String(endpoint.status ?? 200)
  const produces = endpoint.produces ?? 'application/json'
  const answer =
    endpoint.status === 204 ? {} : { content: { [produces]: { schema: collect(endpoint.response, 'output') } } }
  return {
    summary: endpoint.summary,
    tags: [tagOf(endpoint.path)],
    operationId: `${endpoint.method.toLowerCase()}${endpoint.path.replace(/\W+(\w)/g, (_, c: string) => c.toUpperCase()).replace(/\W/g, '')}`,
    ...(parameters.length > 0 && { parameters }),
    ...(endpoint.body && {
      requestBody: { required: true, content: { 'application/json': { schema: collect(endpoint.body, 'input') } } },
    }),
    ...securityOf(rights),
    responses: {
      [status]: { description: endpoint.summary, ...answer },
      default: {
        description: 'A problem (RFC 9457)',
        content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } } },
      },
    },
  }
}

/** Group of an operation: the first word of its path that says something. */
const tagOf = (path: string): string => /^\/(?:api\/)?(staff\/\w+|[\w-]+)/.exec(path)?.[1]?.replace('/', '-') ?? 'other'

// An empty requirement means that it also goes without (OpenAPI 3.1.0, 4.8.10).
function securityOf({ may, scope }: Pick<Served, 'may' | 'scope'>): Json {
  const ways = [...(may === 'anyone' ? [{}] : [{ session: [] }]), ...(scope ? [{ key: [scope] }] : [])]
  return {
    ...((may !== 'anyone' || scope) && { security: ways }),
    ...(may !== 'anyone' && { 'x-permission': may }),
  }
}

function parametersOf(
  schema: z.ZodType | undefined,
  where: 'path' | 'query',
  collect: (s: z.ZodType, io: 'input') => Json,
) {
  if (!schema) return []
  const json = collect(schema, 'input') as { properties?: Record<string, Json>; required?: string[] }
  return Object.entries(json.properties ?? {}).map(([name, property]) => ({
    name,
    in: where,
    required: where === 'path' || (json.required ?? []).includes(name),
    description: property['description'],
    schema: property,
  }))
}
