import { z } from 'zod'
import { endpoint, Geometry, Localised, Nothing } from '../../core/contract.ts'
import { FieldDefinition, LayerDefinition } from '../contract.ts'

const Id = z.object({ id: z.uuid().describe('Id of the import') })

const Column = z.string().max(200).optional()

const FeatureProblem = z
  .object({
    index: z.number().int().describe('Position in the file, from 0'),
    key: z.string().optional().describe('Value of the key field'),
    message: Localised.describe('What is wrong'),
  })
  .meta({ id: 'FeatureProblem' })

export const FoundField = FieldDefinition.pick({ name: true, type: true })
  .extend({
    property: z.string().describe('Name in the file'),
    examples: z.array(z.string()).describe('The first values, as text'),
  })
  .meta({ id: 'FoundField' })

/** A file on its way into a layer. */
export const LayerImport = z
  .object({
    id: z.string().describe('Id of the import'),
    file_name: z.string().describe('Name of the file'),
    format: z
      .string()
      .describe('What the file is: geojson, geojsonl, shapefile, geopackage, flatgeobuf, kml, gpx, csv'),
    source: z.string().describe('Table of features that was read'),
    sources: z.array(z.string()).describe('All tables of features in the file'),
    crs: z.number().int().describe('EPSG code by which the coordinates were read'),
    is_crs_said: z.boolean().describe('False: guessed from the numbers'),
    encoding: z.string().nullable().describe('Of the texts, where that is not always UTF-8'),
    columns: z
      .object({
        names: z.array(z.string()).describe('In their order'),
        place: z.array(z.string()).describe('Those that say where a row lies'),
        is_address: z.boolean().describe('By its address, found among those of the municipality'),
      })
      .nullable()
      .describe('Of a table (csv)'),
    geometry_type: LayerDefinition.shape.geometry_type,
    state: z
      .enum(['reading', 'ready', 'loading', 'done', 'failed'])
      .describe('Ready: read, to be looked at and loaded'),
    features_read: z.number().int().describe('Features read so far'),
    found: z
      .object({
        fields: z.array(FoundField).describe('Fields of the features'),
        bbox: z.array(z.number()).length(4).nullable().describe('West, south, east, north; degrees, WGS 84'),
        repaired: z.number().int().describe('Geometries that were invalid and were repaired'),
        addresses: z
          .object({
            exact: z.number().int().describe('Found as they are'),
            approximate: z.number().int().describe('Put between their neighbours'),
            missing: z.number().int().describe('Not found, or in several places'),
          })
          .nullish()
          .describe('How the places were found, of a table with addresses'),
        problem_count: z.number().int().describe('Features that cannot be loaded'),
        problems: z.array(FeatureProblem).describe('The first hundred of them'),
      })
      .nullable()
      .describe('What was read; null while reading'),
    layer: z.string().nullable().describe('Slug of the layer that it goes into'),
    result: z
      .object({
        imported: z.number().int().describe('New features'),
        updated: z.number().int().describe('Features with new values'),
        repaired: z.number().int().describe('Geometries that were repaired'),
        skipped: z.number().int().describe('Features left out'),
      })
      .nullable()
      .describe('What loading did'),
    failure: Localised.nullable().describe('Why it failed'),
    created_at: z.string().describe('RFC 3339'),
  })
  .meta({ id: 'LayerImport' })
export type LayerImport = z.infer<typeof LayerImport>

export const uploadFile = endpoint('POST /api/staff/layer-imports', {
  summary:
    'Upload a file for a layer (multipart, field "file"; zipped Shapefile, GeoPackage, GeoJSON, GeoJSONSeq, FlatGeobuf, KML, KMZ, GPX, CSV; 500 MB). Reading goes on after the answer.',
  query: z.object({
    crs: z.coerce.number().int().min(1024).max(999_999).optional().describe('EPSG code, where staff know it better than the file'),
    encoding: z.string().max(40).optional().describe('Encoding of the texts, e.g. windows-1253'),
    source: z.string().max(200).optional().describe('Table of features inside the file; the first unless told'),
    geometry_type: LayerDefinition.shape.geometry_type.optional(),
    lon_column: Column.describe('Of a table: column with longitude or easting; with lat_column'),
    lat_column: Column.describe('Of a table: column with latitude or northing'),
    address_column: Column.describe('Of a table: column with the address, or with the street'),
    number_column: Column.describe('Of a table: column with the number of the house'),
  })
    .refine((said) => Boolean(said.lon_column) === Boolean(said.lat_column), { path: ['lat_column'] })
    .refine((said) => !said.number_column || said.address_column, { path: ['address_column'] }), // prettier-ignore
  response: LayerImport,
  status: 201,
})

export const importProblems = endpoint('GET /api/staff/layer-imports/{id}/problems.csv', {
  summary:
    'What cannot be loaded, as a table to be corrected and loaded later: the columns of the file, and what is wrong',
  params: Id,
  response: z.string().describe('CSV'),
  produces: 'text/csv',
})

export const listImports = endpoint('GET /api/staff/layer-imports', {
  summary: 'The imports of the last days, newest first',
  response: z.array(LayerImport),
})

export const getImport = endpoint('GET /api/staff/layer-imports/{id}', {
  summary: 'How far an import is, and what was found',
  params: Id,
  response: LayerImport,
})

export const previewImport = endpoint('GET /api/staff/layer-imports/{id}/features', {
  summary: 'Features that were read, simplified, for a look at the map; at most a thousand',
  params: Id,
  response: z.object({
    type: z.literal('FeatureCollection').describe('GeoJSON type'),
    features: z
      .array(
        z.object({
          type: z.literal('Feature').describe('GeoJSON type'),
          geometry: Geometry,
          properties: z.record(z.string(), z.unknown()).describe('As in the file'),
        }),
      )
      .describe('Spread over the whole file'),
  }),
})

export const loadImport = endpoint('POST /api/staff/layer-imports/{id}/load', {
  summary: 'Load what was read into a layer: all of it or nothing. Loading goes on after the answer.',
  params: Id,
  body: z
    .object({
      mode: z
        .enum(['create', 'replace', 'append', 'update'])
        .describe('create: a new layer; replace: in the place of its features; append: beside them; update: by key'),
      slug: LayerDefinition.shape.slug,
      title: Localised.optional().describe('Of a new layer'),
      role: LayerDefinition.shape.role.optional(),
      theme: LayerDefinition.shape.theme.optional(),
      visibility: LayerDefinition.shape.visibility.optional(),
      key_field: z.string().max(63).nullable().optional().describe('Field that names a feature for good'),
      title_field: z.string().max(63).nullable().optional().describe('Field with the title of a feature'),
      skip_invalid: z.boolean().default(false).describe('Leave out what cannot be loaded instead of refusing the file'),
    })
    .meta({
      id: 'LayerLoad',
      examples: [{ mode: 'create', slug: 'trees', title: { el: 'Δέντρα', en: 'Trees' }, theme: 'places' }],
    }),
  response: LayerImport,
  status: 202,
})

export const removeImport = endpoint('DELETE /api/staff/layer-imports/{id}', {
  summary: 'Throw away what was read; a layer that was made of it stays',
  params: Id,
  response: Nothing,
  status: 204,
})
