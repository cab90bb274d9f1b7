import type { Localised, Named } from '../core/contract.ts'
import type { Context } from '../core/http/context.ts'
import type { City } from './contract.ts'

const UNNAMED: Localised = { el: 'Δήμος', en: 'Municipality' }

/** Name, outline and start view: from the setting of the loaded city, else from the boundary layer. */
export async function getCity(ctx: Context): Promise<City> {
  const setting = await ctx.db('setting').where({ key: 'places.city' }).first('value')
  const { rows } = await ctx.db.raw(`
    SELECT title,
           ST_AsGeoJSON(ST_SimplifyPreserveTopology(geom, 0.0001), 5)::jsonb AS outline,
           ST_X(ST_PointOnSurface(geom)) AS lon,
           ST_Y(ST_PointOnSurface(geom)) AS lat
      FROM area
     WHERE role = 'boundary'
     ORDER BY area_m2
     LIMIT 1`)
  const boundary = rows[0]
  const districts = await ctx.db.raw(`
    SELECT slug, COALESCE(title, jsonb_build_object('el', slug, 'en', slug)) AS title,
           ARRAY[ST_X(point), ST_Y(point)] AS point
      FROM area
     CROSS JOIN LATERAL (SELECT ST_PointOnSurface(geom) AS point) AS inside
     WHERE role = 'district'
     ORDER BY area_m2 DESC
     LIMIT 200`)
  const city: Partial<City> = setting?.value ?? {}
  return {
    title: city.title ?? boundary?.title ?? UNNAMED,
    note: city.note ?? null,
    centre: city.centre ?? (boundary ? [boundary.lon, boundary.lat] : [23.73, 37.98]),
    zoom: city.zoom ?? 13,
    boundary: boundary?.outline ?? null,
    districts: districts.rows,
    hue: city.hue ?? null,
    basemap_style_url: ctx.config.basemapStyleUrl ?? null,
  }
}

/** What the municipality is called; its slug is that of its boundary, as in the numbers of reports. */
export async function cityName(ctx: Context): Promise<Named> {
  const setting = await ctx.db('setting').where({ key: 'places.city' }).first('value')
  const boundary = await ctx.db('area').where({ role: 'boundary' }).orderBy('area_m2').first('slug', 'title')
  return { slug: boundary?.slug ?? 'town', title: setting?.value.title ?? boundary?.title ?? UNNAMED }
}

export const cityTitle = async (ctx: Context): Promise<Localised> => (await cityName(ctx)).title

/** The municipality's own crest as SVG, if it has one. */
export async function getCrest(ctx: Context): Promise<string | undefined> {
  const setting = await ctx.db('setting').where({ key: 'places.crest' }).first('value')
  return setting?.value
}
