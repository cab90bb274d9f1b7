// The catalogue in three forms, each at an address of its own, and at one address by the header Accept.
import { createHash } from 'node:crypto'
import type { Request, Response, Router } from 'express'
import type { Quad } from 'n3'
import type { Endpoint } from '../../core/contract.ts'
import type { Context } from '../../core/http/context.ts'
import { hasVersion } from '../../core/http/etag.ts'
import { problem } from '../../core/http/problem.ts'
import { served } from '../../core/http/serve.ts'
import { catalogueGraph } from './catalogue.ts'
import * as api from './contract.ts'
import { asJsonLd, asRdfXml, asTurtle } from './write.ts'

interface Form {
  type: string
  write: (quads: readonly Quad[]) => string
}

const JSON_LD: Form = { type: 'application/ld+json', write: asJsonLd }
const TURTLE: Form = { type: 'text/turtle', write: asTurtle }
const RDF_XML: Form = { type: 'application/rdf+xml', write: asRdfXml }
const FORMS = [JSON_LD, TURTLE, RDF_XML]

export function catalogueRoutes(router: Router): void {
  const get = (endpoint: Endpoint, formOf: (request: Request) => Form) => {
    served.push({ endpoint, may: 'anyone' })
    router.get(endpoint.path, (request, response) => send(request, response, formOf(request)))
  }
  get(api.catalogueJsonLd, () => JSON_LD)
  get(api.catalogueTurtle, () => TURTLE)
  get(api.catalogueRdfXml, () => RDF_XML)
  get(api.catalogue, accepted)
}

function accepted(request: Request): Form {
  request.res?.vary('Accept')
  const types = FORMS.map(({ type }) => type)
  const best = request.accepts(types)
  const form = FORMS.find(({ type }) => type === best)
  if (!form) throw problem('not-acceptable', { values: { types: types.join(', ') } })
  return form
}

async function send(request: Request, response: Response, { type, write }: Form): Promise<void> {
  const ctx: Context = response.locals['context']
  response.set({
    'Access-Control-Allow-Origin': '*',
    'Cache-Control': 'public, max-age=300, stale-while-revalidate=600',
    Link: FORMS.map((form) => `<${ctx.baseUrl}${ADDRESS[form.type]}>; rel="alternate"; type="${form.type}"`).join(', '),
  })
  const body = write(await catalogueGraph(ctx))
  const etag = `"${createHash('sha256').update(body).digest('base64url').slice(0, 22)}"`
  response.set('ETag', etag)
  if (hasVersion(request, etag)) return void response.status(304).end()
  response.type(type).send(body)
}

const ADDRESS: Record<string, string> = {
  [JSON_LD.type]: api.catalogueJsonLd.path,
  [TURTLE.type]: api.catalogueTurtle.path,
  [RDF_XML.type]: api.catalogueRdfXml.path,
}
