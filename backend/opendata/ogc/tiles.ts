// OGC API - Tiles (20-057) over the vector tiles of the public layers, in one tile matrix set (17-083r4): WebMercatorQuad.
import type { Request, Response } from 'express'
import type { Context } from '../../core/http/context.ts'
import { problem } from '../../core/http/problem.ts'
import { readTile } from '../../core/geo/tile.ts'
import { sendTile } from '../../layers/service.ts'
import type { Layer } from '../../layers/contract.ts'
import { type Collection, getCollection } from '../collections.ts'
import { CRS84 } from '../crs.ts'
import { fieldSchema } from './documents.ts'
import { at, JSON_TYPE, type Link, link, MVT, OGC_REL } from './links.ts'

const ID = 'WebMercatorQuad'
const TMS_URI = `http://www.opengis.net/def/tilematrixset/OGC/1.0/${ID}`
const CRS = 'http://www.opengis.net/def/crs/EPSG/0/3857'
const DEEPEST = 22
/** Half the way round the earth, metres. */
const EDGE = 20037508.3427892
const TILE_CELLS = 256
/** Size of a pixel that scale denominators are told for (17-083r4, 6.1.1), metres. */
const PIXEL_M = 0.00028

const tmsLink = (ctx: Context, rel: string): Link => link(ctx, rel, at(ctx, `/tileMatrixSets/${ID}`), JSON_TYPE, 'ogc.tile_matrix_set') // prettier-ignore

export const tileMatrixSets = (ctx: Context, links: readonly Link[]) => ({
  links,
  tileMatrixSets: [{ id: ID, title: ID, uri: TMS_URI, crs: CRS, links: [tmsLink(ctx, 'self')] }],
})

/** The tile matrix set of that name. Throws not-found. */
export function tileMatrixSet(id: string) {
  demandKnown(id)
  return {
    id: ID,
    title: ID,
    uri: TMS_URI,
    crs: CRS,
    orderedAxes: ['X', 'Y'],
    wellKnownScaleSet: 'http://www.opengis.net/def/wkss/OGC/1.0/GoogleMapsCompatible',
    tileMatrices: Array.from({ length: DEEPEST + 1 }, (_, z) => {
      const cellSize = (2 * EDGE) / TILE_CELLS / 2 ** z
      return {
        id: String(z),
        scaleDenominator: cellSize / PIXEL_M,
        cellSize,
        cornerOfOrigin: 'topLeft',
        pointOfOrigin: [-EDGE, EDGE],
        tileWidth: TILE_CELLS,
        tileHeight: TILE_CELLS,
        matrixWidth: 2 ** z,
        matrixHeight: 2 ** z,
      }
    }),
  }
}

function demandKnown(id: string): void {
  if (id !== ID) throw problem('not-found')
}

/** A collection that has tiles, and its layer. Throws not-found. */
async function tiled(ctx: Context, slug: string): Promise<{ collection: Collection; layer: Layer }> {
  const collection = await getCollection(ctx, slug)
  if (!collection.layer) throw problem('not-found')
  return { collection, layer: collection.layer }
}

const tilesetPath = (slug: string) => `/collections/${slug}/tiles/${ID}`

const common = (ctx: Context, { title }: Collection) => ({
  title: title[ctx.language],
  dataType: 'vector',
  crs: CRS,
  tileMatrixSetURI: TMS_URI,
})

/** Which tilesets a collection has. */
export async function tilesets(ctx: Context, slug: string, links: readonly Link[]) {
  const { collection } = await tiled(ctx, slug)
  const own = [link(ctx, 'self', at(ctx, tilesetPath(slug)), JSON_TYPE, 'ogc.tileset'), tmsLink(ctx, `${OGC_REL}/tiling-scheme`)] // prettier-ignore
  return { links, tilesets: [{ ...common(ctx, collection), links: own }] }
}

/** What is in a tileset, and where its tiles are. */
export async function tileset(ctx: Context, slug: string, id: string, links: readonly Link[]) {
  demandKnown(id)
  const { collection, layer } = await tiled(ctx, slug)
  const [west, south, east, north] = layer.bbox ?? [-180, -85.0511, 180, 85.0511]
  const { description, attribution } = collection
  return {
    ...common(ctx, collection),
    description: description[ctx.language],
    ...(attribution[ctx.language] && { attribution: attribution[ctx.language] }),
    license: collection.licence,
    tileMatrixSetLimits: limits(layer, [west, south, east, north]),
    boundingBox: { lowerLeft: [west, south], upperRight: [east, north], crs: CRS84.uri },
    layers: [
      {
        id: slug,
        title: collection.title[ctx.language],
        dataType: 'vector',
        geometryDimension: DIMENSION[layer.geometry_type],
        minTileMatrix: String(layer.min_zoom),
        maxTileMatrix: String(layer.max_zoom),
        propertiesSchema: {
          type: 'object',
          properties: Object.fromEntries(collection.fields.filter(({ type }) => type !== 'json').map((field) => [field.name, fieldSchema(ctx, field)])),
        },
      },
    ],
    links: [
      ...links,
      tmsLink(ctx, `${OGC_REL}/tiling-scheme`),
      {
        ...link(ctx, 'item', at(ctx, `${tilesetPath(slug)}/{tileMatrix}/{tileRow}/{tileCol}`), MVT, 'ogc.tile'),
        templated: true,
      },
      link(ctx, 'describedby', `${ctx.baseUrl}/tiles/${slug}.json`, JSON_TYPE, 'ogc.tilejson'),
    ],
  } // prettier-ignore
}

const DIMENSION = { Point: 0, LineString: 1, Polygon: 2 } as const

/** Rows and columns that hold something, zoom by zoom. Box: west, south, east, north, degrees. */
function limits({ min_zoom, max_zoom }: Layer, [west, south, east, north]: readonly [number, number, number, number]) {
  return Array.from({ length: max_zoom - min_zoom + 1 }, (_, n) => {
    const [left, top] = tileAt(min_zoom + n, west, north)
    const [right, bottom] = tileAt(min_zoom + n, east, south)
    return { tileMatrix: String(min_zoom + n), minTileRow: top, maxTileRow: bottom, minTileCol: left, maxTileCol: right }
  }) // prettier-ignore
}

/** Column and row of a place, degrees. */
function tileAt(zoom: number, lon: number, lat: number): [number, number] {
  const size = 2 ** zoom
  const inside = (part: number) => Math.max(0, Math.min(size - 1, Math.floor(part * size)))
  const sine = Math.sin((lat * Math.PI) / 180)
  return [inside((lon + 180) / 360), inside(0.5 - Math.log((1 + sine) / (1 - sine)) / (4 * Math.PI))]
}

/** One tile; the row comes before the column. Throws not-found outside the matrix. */
export async function sendOgcTile(ctx: Context, request: Request, response: Response): Promise<void> {
  const { collection = '', tileMatrixSet: id = '', tileMatrix, tileRow, tileCol } = request.params as Record<string, string>
  demandKnown(id)
  const { layer } = await tiled(ctx, collection)
  await sendTile({ ...ctx, actor: null }, layer, readTile(tileMatrix, tileCol, tileRow), request, response)
} // prettier-ignore
