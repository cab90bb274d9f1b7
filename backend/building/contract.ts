import { z } from 'zod'
import { endpoint, Geometry, Language, Localised, Named, OnDay } from '../core/contract.ts'
import { Corners } from '../places/contract.ts'

const coordinate = (limit: number, what: string) =>
  z.coerce.number().min(-limit).max(limit).optional().describe(`${what} in a block; degrees, WGS 84`)

/** A plot that is drawn, or the block at a point. */
const PlotQuery = z.object({
  ring: Corners.refine((corners) => corners.length > 2)
    .describe('Corners of a plot: lon,lat;lon,lat;… in degrees, WGS 84, three at least; it is closed for you')
    .optional(),
  lon: coordinate(180, 'Longitude of a point'),
  lat: coordinate(90, 'Latitude of a point'),
})
export type PlotQuery = z.output<typeof PlotQuery>

export const CutZone = z
  .object({
    layer: Named,
    id: z.string().describe('Id of the zone in its layer'),
    title: Localised.nullable(),
    area_m2: z.number().describe('Part of the plot in this zone, square metres in EPSG:2100'),
    share: z.number().describe('The same as a share of the plot, 0..1'),
    properties: z.record(z.string(), z.unknown()).describe('Conditions and decree, as the layer has them'),
    footprint_m2: z.number().nullable().describe('Ground that may be covered; null: the zone does not say'),
    floor_area_m2: z.number().nullable().describe('Floor area that may be built; null: the zone does not say'),
    min_plot_m2: z.number().nullable().describe('Smallest plot that may be built on; null: the zone does not say'),
    is_large_enough: z.boolean().nullable().describe('Whether the whole plot has that area'),
  })
  .meta({ id: 'CutZone' })
export type CutZone = z.infer<typeof CutZone>

export const Plot = z
  .object({
    title: Localised.nullable().describe('Of a block; null: drawn'),
    geometry: Geometry.describe('The plot, WGS 84'),
    area_m2: z.number().describe('Square metres in EPSG:2100'),
    perimeter_m: z.number().describe('Metres in EPSG:2100'),
    centre: z.tuple([z.number(), z.number()]).describe('Longitude, latitude; degrees'),
    zones: z.array(CutZone).describe('Zones that cut the plot, the largest part first'),
    unzoned_m2: z.number().describe('Part that no zone covers, square metres'),
    footprint_m2: z
      .number()
      .nullable()
      .describe('Ground that may be covered on the whole plot; the strictest plan counts'),
    floor_area_m2: z
      .number()
      .nullable()
      .describe('Floor area that may be built on the whole plot; the strictest plan counts'),
    sources: z
      .array(
        z.object({
          layer: Named,
          attribution: Localised.describe('Who made it'),
          licence: z.string().describe('SPDX identifier'),
          updated_at: z.string().describe('Last change of the layer, RFC 3339'),
        }),
      )
      .describe('Plans that the zones come from'),
  })
  .meta({ id: 'Plot' })
export type Plot = z.infer<typeof Plot>

export const getPlot = endpoint('GET /api/building', {
  summary: 'What may be built on a plot or a block: its area, the zones that cut it, and what they allow',
  query: PlotQuery.extend(OnDay.shape),
  response: Plot,
})

export const plotSheet = endpoint('GET /api/building.pdf', {
  summary: 'The same as a sheet of A4 paper with a map',
  query: PlotQuery.extend({ ...OnDay.shape, language: Language }),
  response: z.string().describe('PDF'),
  produces: 'application/pdf',
})
