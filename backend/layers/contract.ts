import { z } from 'zod'
import { endpoint, Localised, localisedInput, Named, Nothing, OnDay } from '../core/contract.ts'

export const roles = [
  'boundary',
  'municipal_unit',
  'district',
  'school_zone',
  'block',
  'address',
  'street',
  'crew_area',
  'poi',
  'event',
  'school',
  'planning',
  'works',
  'network',
  'basemap',
  'other',
] as const
export const LayerRole = z.enum(roles).describe('What the layer means to routing and "what is here"')
export type LayerRole = z.infer<typeof LayerRole>

export const themes = [
  'administration',
  'planning',
  'education',
  'places',
  'networks',
  'works',
  'basemap',
  'other',
] as const
export const LayerTheme = z.enum(themes).describe('Group in the layer panel')

export const FieldDefinition = z
  .object({
    name: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,62}$/)
      .describe('Column name'),
    type: z.enum(['text', 'integer', 'number', 'boolean', 'date', 'timestamp', 'json']).describe('Column type'),
    title: Localised.describe('Title in the popup and in open data'),
    unit: z.string().optional().describe('Unit of the values, e.g. m, m2, W'),
    codes: z.record(z.string(), Localised).optional().describe('Meaning of coded values'),
    is_public: z.boolean().default(true).describe('False: never leaves to people who are not staff'),
    is_searchable: z
      .boolean()
      .optional()
      .describe('Found by the search box (text and integer); coded values by their titles'),
  })
  .meta({ id: 'FieldDefinition' })
export type FieldDefinition = z.infer<typeof FieldDefinition>

export const frequencies = [
  'continuous',
  'daily',
  'weekly',
  'monthly',
  'quarterly',
  'half_yearly',
  'yearly',
  'irregular',
  'never',
] as const
export type Frequency = (typeof frequencies)[number]

export const LayerContact = z
  .object({
    name: Localised.describe('Office, not a person'),
    email: z.email().optional().describe('Address for questions about the data'),
    url: z
      .url({ protocol: /^https?$/ })
      .optional()
      .describe('Page of the office'),
  })
  .meta({ id: 'LayerContact' })

export const LegendEntry = z
  .object({
    label: Localised.describe('What the symbol means'),
    shape: z
      .enum(['circle', 'line', 'fill', 'heading'])
      .describe('Form of the symbol; heading: none, it names what the following are about'),
    colour: z.string().describe('CSS colour; empty for a heading'),
    icon: z.string().optional().describe('Pictogram in the symbol (Lucide)'),
    size_px: z.number().optional().describe('Radius of the circle, width of the line, where size means something'),
  })
  .meta({ id: 'LegendEntry' })
export type LegendEntry = z.infer<typeof LegendEntry>

/** What a layer is, apart from its features. The importer and the catalogue speak this. */
export const LayerDefinition = z
  .object({
    slug: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,39}$/)
      .describe('Name in URLs and of the table gis.<slug>'),
    title: Localised,
    description: Localised.default({ el: '', en: '' }),
    role: LayerRole.default('other'),
    theme: LayerTheme.default('other'),
    geometry_type: z.enum(['Point', 'LineString', 'Polygon']).describe('Lines and polygons are stored as Multi*'),
    key_field: z.string().nullable().default(null).describe('Field that names a feature for good'),
    title_fields: z
      .object({ el: z.string().describe('Field'), en: z.string().describe('Field') })
      .nullable()
      .default(null)
      .describe('Fields that hold the title of a feature'),
    fields: z.array(FieldDefinition).default([]),
    min_zoom: z.number().int().min(0).max(22).default(0).describe('Tiles start at this zoom'),
    max_zoom: z.number().int().min(0).max(22).default(16).describe('Tiles end at this zoom; maps overzoom'),
    visibility: z.enum(['public', 'staff']).default('public'),
    is_on_at_start: z.boolean().default(false).describe('Shown when the portal opens'),
    licence: z.string().default('CC-BY-4.0').describe('SPDX identifier'),
    attribution: Localised.default({ el: '', en: '' }),
    update_frequency: z.enum(frequencies).default('irregular').describe('How often it is brought up to date'),
    contact: LayerContact.nullable().default(null).describe('Whom to ask about it; null: the municipality'),
    style: z
      .array(z.looseObject({ type: z.string().describe('MapLibre layer type') }))
      .default([])
      .describe('MapLibre style layers without id and source'),
    legend: z.array(LegendEntry).default([]),
  })
  .meta({ id: 'LayerDefinition' })
export type LayerDefinition = z.infer<typeof LayerDefinition>

/** A layer as the portal lists it; `fields` holds only what the caller may see. */
export const Layer = LayerDefinition.extend({
  bbox: z
    .tuple([z.number(), z.number(), z.number(), z.number()])
    .nullable()
    .describe('West, south, east, north; degrees, WGS 84; null when empty'),
  feature_count: z.number().int().describe('Number of features'),
  revision: z.number().int().describe('Goes up with every change of the features or of what is shown of them'),
  updated_at: z.string().describe('Last change of the features'),
  is_dated: z.boolean().describe('Features say from which day to which they are valid: fields valid_from and valid_to'),
  tiles: z
    .string()
    .describe('URL template of the vector tiles, with the revision in it, and the day where features are dated'),
}).meta({ id: 'Layer' })
export type Layer = z.infer<typeof Layer>

export const listLayers = endpoint('GET /api/layers', {
  summary: 'The layer catalogue, as far as the caller may see it',
  query: OnDay,
  response: z.array(Layer),
})

export const DayAhead = z
  .object({
    day: z.string().describe('First day of what is valid then, or first day without what is not any more; YYYY-MM-DD'),
    layer: Named,
    begin: z.number().int().describe('Features that are valid from this day on'),
    end: z.number().int().describe('Features that were valid until the day before'),
  })
  .meta({ id: 'DayAhead' })
export type DayAhead = z.infer<typeof DayAhead>

export const listDaysAhead = endpoint('GET /api/layers/days', {
  summary: 'Days ahead on which features of layers begin or cease to be valid, the next first',
  response: z.array(DayAhead).describe('At most 50'),
})

/** What of a layer may change while it is in use; fields and features have ways of their own. */
const { description, theme, visibility, is_on_at_start, licence, attribution, update_frequency, contact } =
  LayerDefinition.shape
const params = z.object({ layer: z.string().describe('Slug of the layer') })

export const changeLayer = endpoint('PATCH /api/staff/layers/{layer}', {
  summary: 'Change what a layer is called, who may see it and where it comes from',
  params,
  body: z
    .object({
      title: localisedInput(200),
      description: description.unwrap(),
      theme: theme.unwrap(),
      visibility: visibility.unwrap(),
      is_on_at_start: is_on_at_start.unwrap(),
      licence: licence.unwrap().max(100),
      attribution: attribution.unwrap(),
      update_frequency: update_frequency.unwrap(),
      contact: contact.unwrap(),
    })
    .partial()
    .meta({ id: 'LayerChange', examples: [{ visibility: 'public', update_frequency: 'yearly' }] }),
  response: Layer,
})

export const deleteLayer = endpoint('DELETE /api/staff/layers/{layer}', {
  summary: 'Delete a layer with its features; not while rules, grants or views of the database stand on it',
  params,
  response: Nothing,
  status: 204,
})

export const TileJson = z.looseObject({ tilejson: z.literal('3.0.0').describe('Version') }).meta({ id: 'TileJSON' })

export const getTileJson = endpoint('GET /tiles/{layer}.json', {
  summary: 'TileJSON 3.0.0 of a layer',
  params: z.object({ layer: z.string().describe('Slug of the layer') }),
  response: TileJson,
})

export const getStyle = endpoint('GET /styles/{layer}.json', {
  summary: 'A layer as a MapLibre style, to be opened as it is',
  params: z.object({ layer: z.string().describe('Slug of the layer') }),
  response: z.looseObject({ version: z.literal(8).describe('Version of the style specification') }),
})

export const getTile = endpoint('GET /tiles/{layer}/{z}/{x}/{y}.mvt', {
  summary: 'Vector tile of a layer (Mapbox Vector Tile 2.1); 204 where there is nothing',
  params: z.object({
    layer: z.string().describe('Slug of the layer'),
    z: z.string().describe('Zoom'),
    x: z.string().describe('Column, from the west'),
    y: z.string().describe('Row, from the north'),
  }),
  query: z.looseObject({
    properties: z.string().optional().describe('Only these properties, with commas between them'),
    v: z.string().optional().describe('Revision of the layer: such an address may be kept for long'),
    at: OnDay.shape.at,
  }),
  headers: { 'If-None-Match': 'ETag of the tile that the caller has' },
  produces: 'application/vnd.mapbox-vector-tile',
  response: z.string().describe('The encoded tile'),
})
