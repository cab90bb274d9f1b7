import { z } from 'zod'
import { endpoint, Localised } from '../core/contract.ts'
import { frequencies, LayerContact } from '../layers/contract.ts'

export const Dataset = z
  .object({
    slug: z.string().describe('Name in URLs'),
    title: Localised,
    description: Localised,
    licence: z.string().describe('SPDX identifier'),
    updated_at: z.string().describe('Last change, RFC 3339'),
    update_frequency: z.enum(frequencies).describe('How often it is brought up to date'),
    contact: LayerContact.nullable().describe('Whom to ask about it; null: the municipality'),
    feature_count: z.number().int().describe('Number of features'),
    distributions: z
      .array(z.object({ format: z.string().describe('Media type'), href: z.string().describe('Address') }))
      .describe('How to get it'),
  })
  .meta({ id: 'Dataset' })

export const listDatasets = endpoint('GET /opendata', {
  summary: 'Everything that is published; a page for browsers',
  response: z.array(Dataset),
})

export const getDataset = endpoint('GET /opendata/{dataset}', {
  summary: 'A dataset: what it is and how to get it; a page for browsers',
  params: z.object({ dataset: z.string().describe('Slug of the dataset') }),
  response: Dataset,
})

const dataset = z.string().describe('Slug of the dataset')

export const Version = z
  .object({
    made_on: z.string().describe('Day, in Greece'),
    format: z.string().describe('Media type'),
    href: z.string().describe('Address; takes Range and If-Range'),
    bytes: z.number().describe('Size'),
    sha256: z.string().describe('SHA-256 of the file, hexadecimal'),
    feature_count: z.number().int().describe('Number of features'),
    created_at: z.string().describe('When it was made, RFC 3339'),
  })
  .meta({ id: 'DatasetVersion' })

export const listVersions = endpoint('GET /opendata/{dataset}/versions', {
  summary: 'A dataset as it was on certain days, the newest first',
  params: z.object({ dataset }),
  response: z.array(Version),
})

export const getVersion = endpoint('GET /opendata/{dataset}/versions/{file}', {
  summary: 'A dataset as it was on a day, whole or in parts',
  params: z.object({ dataset, file: z.string().describe('Day and form: 2026-11-21.gpkg or 2026-11-21.geojson') }),
  headers: {
    Range: 'Bytes that are wanted: bytes=1000000-',
    'If-Range': 'ETag of the part that the caller has: of another file all of it comes',
    'If-None-Match': 'ETag of the copy that the caller has',
  },
  produces: 'application/octet-stream',
  response: z.unknown().describe('The file'),
})

const prepared = z.object({ id: z.string().describe('From the header Location') })

export const getPrepared = endpoint('GET /opendata/prepared/{id}', {
  summary: 'How far a download is that was asked for with Prefer: respond-async',
  params: prepared,
  response: z
    .object({
      status: z.enum(['running', 'successful', 'failed']).describe('As OGC API - Processes has it'),
      progress: z.number().int().min(0).max(100).describe('Per cent'),
      href: z.string().nullable().describe('Address of the file; null: not ready'),
      bytes: z.number().nullable().describe('Size'),
      sha256: z.string().nullable().describe('SHA-256, hexadecimal'),
      expires_at: z.string().describe('Gone after that, RFC 3339'),
    })
    .meta({ id: 'PreparedDownload' }),
})
export const getPreparedFile = endpoint('GET /opendata/prepared/{id}/file', {
  summary: 'A download that is ready, whole or in parts',
  params: prepared,
  headers: { Range: 'Bytes that are wanted: bytes=1000000-', 'If-Range': 'ETag of the part that the caller has' },
  produces: 'application/octet-stream',
  response: z.unknown().describe('The file'),
})

export const getSitemap = endpoint('GET /sitemap.xml', {
  summary: 'Addresses of the pages of open data, for search engines',
  produces: 'application/xml',
  response: z.string().describe('sitemaps.org, 0.9'),
})
export const getRobots = endpoint('GET /robots.txt', {
  summary: 'What search engines may read (RFC 9309)',
  produces: 'text/plain',
  response: z.string().describe('Rules'),
})

/** A whole dataset as a file. */
export const download = (extension: string, name: string, produces: string) =>
  endpoint(`GET /opendata/{dataset}.${extension}`, {
    summary:
      extension === 'pmtiles'
        ? 'All vector tiles of a layer in one file, for maps without a network (PMTiles 3)'
        : `A dataset as ${name}, with filter, bbox, datetime, sortby, properties and crs of OGC API - Features`,
    params: z.object({ dataset: z.string().describe('Slug of the dataset') }),
    query:
      extension === 'pmtiles'
        ? z.looseObject({})
        : z.looseObject({
            filter: z.string().optional().describe('CQL2'),
            bbox: z
              .string()
              .optional()
              .describe('West, south, east, north; degrees, WGS 84, unless bbox-crs says otherwise'),
            crs: z.string().optional().describe('URI of the coordinate reference system of the file'),
            ...(extension === 'csv' && {
              bom: z.enum(['false', 'true']).optional().describe('true: with a byte order mark, as Excel wants it'),
              geometry: z
                .enum(['lonlat', 'wkt', 'none'])
                .optional()
                .describe('Two columns (points only), one of WKT, or none'),
            }),
          }),
    headers: {
      'If-None-Match': 'ETag of the copy that the caller has',
      Prefer: 'respond-async: 202 with Location, where it says how far the file is; it can then be had in parts',
    },
    produces,
    response: z.unknown().describe('The file'),
  })

export const Changes = z
  .object({
    type: z.literal('FeatureCollection').describe('GeoJSON type'),
    timeStamp: z.string().describe('When, RFC 3339'),
    numberReturned: z.number().int().describe('Number of features here'),
    features: z
      .array(z.looseObject({ type: z.literal('Feature').describe('GeoJSON type') }))
      .describe('Features that were added or changed, as they are by now; WGS 84'),
    gone: z
      .array(z.union([z.number(), z.string()]))
      .describe('Ids of features that are not in the dataset (any more): delete them first, then write the features'),
    has_more: z.boolean().describe('Ask on at once: there is more'),
    next: z.string().describe('What to give as since next time; some changes may come twice, none is missed'),
    links: z.array(z.looseObject({ href: z.string().describe('Address') })).describe('This page and the next question'),
  })
  .meta({ id: 'Changes' })

export const getChanges = endpoint('GET /opendata/{dataset}/changes', {
  summary: 'What has changed in a dataset, and what is gone, for those who keep a copy',
  params: z.object({ dataset: z.string().describe('Slug of the dataset') }),
  query: z.looseObject({
    since: z
      .string()
      .optional()
      .describe('next of the answer before. Without it: nothing but next; ask so before you copy the whole dataset'),
  }),
  produces: 'application/geo+json',
  response: Changes,
})
