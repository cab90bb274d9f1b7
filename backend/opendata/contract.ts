import { z } from 'zod'
import { endpoint, Localised } from '../core/contract.ts'

export const Dataset = z
  .object({
    slug: z.string().describe('Name in URLs'),
    title: Localised,
    description: Localised,
    licence: z.string().describe('SPDX identifier'),
    updated_at: z.string().describe('Last change, RFC 3339'),
    feature_count: z.number().int().describe('Number of features'),
    distributions: z
      .array(z.object({ format: z.string().describe('Media type'), href: z.string().describe('Address') }))
      .describe('How to get it'),
  })
  .meta({ id: 'Dataset' })

export const listDatasets = endpoint('GET /opendata', {
  summary: 'Everything that is published',
  response: z.array(Dataset),
})

export const download = endpoint('GET /opendata/{dataset}.geojson', {
  summary: 'A dataset as a GeoJSON FeatureCollection (RFC 7946), WGS 84',
  params: z.object({ dataset: z.string().describe('Slug of the dataset') }),
  headers: { 'If-None-Match': 'ETag of the copy that the caller has' },
  produces: 'application/geo+json',
  response: z.object({ type: z.literal('FeatureCollection').describe('GeoJSON type') }),
})
