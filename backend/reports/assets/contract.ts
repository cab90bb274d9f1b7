// The things that reports are about: a street light, a bin. They are features of a layer of the town.
import { z } from 'zod'
import { endpoint, Localised, Named, PointGeometry } from '../../core/contract.ts'
import { LonLatQuery } from '../../places/contract.ts'
import { AssetReport } from '../contract.ts'

const AssetNear = z
  .object({
    key: z.string().describe('Names it for good in its layer'),
    title: Localised,
    point: PointGeometry.describe('Where the pin goes'),
    distance_m: z.number().describe('Metres from the point that was asked about'),
    reports: z.array(AssetReport).describe('Public reports about it: the open first, then the newest; at most 10'),
  })
  .meta({ id: 'AssetNear' })
export type AssetNear = z.infer<typeof AssetNear>

export const nearAssets = endpoint('GET /api/reports/assets', {
  summary: 'Things that a category is about around a point, the nearest first, with their public reports',
  query: LonLatQuery.extend({
    category: z.string().max(80).describe('Slug of the category'),
    question: z
      .string()
      .max(40)
      .optional()
      .describe('Code of a question that asks for a feature: of its layer, instead'),
  }),
  response: z
    .object({
      layer: Named.nullable().describe('Layer of the things; null: the category is about none'),
      snap_m: z.number().int().describe('Metres within which the pin goes to the nearest'),
      assets: z.array(AssetNear).describe('At most 8, within 60 m'),
    })
    .meta({ id: 'AssetsNear' }),
})
