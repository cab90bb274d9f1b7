-- Features of the layers that the caller may see at a point or around it, and the open public reports around it; one row.
-- lon, lat: degrees, EPSG:4326.  reach: [{role, within_m, most}]: metres around the point, features a layer.
-- staff: also layers and fields that only staff may see.  today: date; works that ended before are not told.  school_year: e.g. 2026-2027.
-- report_m, house_m: metres; how far reports are told, and how far the house may be that the register of schools is asked for.
WITH here AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom
),
seen AS (
  SELECT s.*, r.within_m, r.most
    FROM seen_layer(:staff::boolean) AS s
    LEFT JOIN jsonb_to_recordset(:reach::jsonb) AS r (role text, within_m float8, most int) USING (role)
   WHERE s.theme <> 'basemap'
),
-- The layer's own rows only: the other branches of the view end at "layer =" without being read.
near AS MATERIALIZED (
  SELECT s.slug, f.*
    FROM seen AS s
   CROSS JOIN here AS h
   CROSS JOIN LATERAL (
         SELECT x.id, x.title, x.properties, round(d.distance_m::numeric, 1)::float8 AS distance_m
           FROM feature AS x
          CROSS JOIN LATERAL (SELECT ST_Distance(x.geom::geography, h.geom::geography) AS distance_m) AS d
          WHERE x.layer = s.slug
            AND x.geom && ST_Expand(h.geom, s.within_m / 80000)
            AND ST_DWithin(x.geom::geography, h.geom::geography, s.within_m)
            AND (s.role <> 'works' OR COALESCE(x.properties->>'ends_on' >= :today::text, true))
          -- Of areas at the point the smallest first, as places/where says.
          ORDER BY round(d.distance_m::numeric, 1), ST_Area(x.geom), x.key
          LIMIT s.most
         ) AS f
   WHERE s.within_m IS NOT NULL
),
told AS (
  SELECT slug, id, title, properties, distance_m, NULL::jsonb AS zone
    FROM near
   UNION ALL
  SELECT s.slug, f.id, f.title, f.properties, round(ST_Distance(f.geom::geography, h.geom::geography)::numeric, 1)::float8,
         jsonb_build_object('title', c.zone, 'school_year', c.school_year)
    FROM (SELECT school, max(school_year) AS school_year, (jsonb_agg(zone) FILTER (WHERE zone IS NOT NULL))->0 AS zone
            FROM school_claim(:lon::float8, :lat::float8, :school_year::text, :house_m::float8, :staff::boolean)
           GROUP BY school) AS c
   CROSS JOIN here AS h
   CROSS JOIN seen AS s
   CROSS JOIN LATERAL (SELECT x.* FROM feature AS x WHERE x.layer = s.slug AND x.key = c.school OFFSET 0) AS f
   WHERE s.role = 'school'
)
SELECT (SELECT jsonb_agg(jsonb_build_object(
                 'role', CASE WHEN t.zone IS NULL THEN s.role ELSE 'school_zone' END,
                 'layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                 'source', jsonb_build_object('layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                             'attribution', s.attribution, 'licence', s.licence, 'updated_at', s.updated_at),
                 'id', t.id::text,
                 'title', CASE WHEN s.has_open_title THEN t.title END,
                 'zone', t.zone,
                 'properties', seen_properties(t.properties, s.fields),
                 'distance_m', t.distance_m) ORDER BY t.distance_m, s.position, t.id)
          FROM told AS t
          JOIN seen AS s USING (slug)) AS features,
       (SELECT jsonb_agg(jsonb_build_object('id', r.id::text, 'protocol', r.protocol, 'status', r.status, 'created_at', r.created_at,
                           'category', jsonb_build_object('el', r.category_el, 'en', r.category_en),
                           'distance_m', r.distance_m) ORDER BY r.distance_m, r.id)
          FROM (SELECT p.*, round(ST_Distance(p.geom::geography, h.geom::geography)::numeric, 1)::float8 AS distance_m
                  FROM public_report AS p
                 CROSS JOIN here AS h
                 WHERE p.geom && ST_Expand(h.geom, :report_m::float8 / 80000)
                   AND ST_DWithin(p.geom::geography, h.geom::geography, :report_m::float8)
                   AND p.closed_at IS NULL
                 ORDER BY distance_m, p.id
                 LIMIT 5) AS r) AS reports,
       ST_X(g.point) AS east,
       ST_Y(g.point) AS north
  FROM here
 CROSS JOIN LATERAL (SELECT ST_Transform(here.geom, 2100) AS point) AS g
