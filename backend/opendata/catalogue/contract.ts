import { z } from 'zod'
import { endpoint } from '../../core/contract.ts'

const Graph = z.string().describe('The graph; DCAT-AP 3.0.1')

const form = (end: string, produces: string) =>
  endpoint(`GET /opendata/catalog${end}`, {
    summary: `The catalogue of open data as DCAT-AP: ${produces}`,
    headers: { 'If-None-Match': 'ETag of the copy that the caller has' },
    produces,
    response: Graph,
  })

export const catalogueJsonLd = form('.jsonld', 'application/ld+json')
export const catalogueTurtle = form('.ttl', 'text/turtle')
export const catalogueRdfXml = form('.rdf', 'application/rdf+xml')
/** By the header Accept. */
export const catalogue = form('', 'application/ld+json')
