-- Features of the layers that the caller may see at a point or around it, and the open public reports around it; one row.
-- lon, lat: degrees, EPSG:4326.  reach: [{role, within_m, most}]: metres around the point, features a layer.
-- staff: also layers and fields that only staff may see.  today: date; works that ended before are not told.  school_year: e.g. 2026-2027.
-- report_m: metres.
WITH here AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom
),
seen AS (
  SELECT l.slug, l.title, l.role, l.position, r.within_m, r.most, l.attribution, l.licence, l.updated_at, o.fields,
         -- A key is no title, and a title made of a closed field is none either.
         COALESCE(l.title_fields->>'el' = ANY (o.fields) AND l.title_fields->>'en' = ANY (o.fields), false)
           AND COALESCE(l.key_field = ANY (o.fields), true) AS has_open_title
    FROM layer AS l
    JOIN jsonb_to_recordset(:reach::jsonb) AS r (role text, within_m float8, most int) USING (role)
   CROSS JOIN LATERAL (
         SELECT ARRAY(SELECT f.name
                        FROM jsonb_to_recordset(l.fields) AS f (name text, is_public boolean)
                       WHERE :staff::boolean OR f.is_public IS NOT false) AS fields
         ) AS o
   WHERE (:staff::boolean OR l.visibility = 'public')
     AND l.theme <> 'basemap'
),
-- The layer's own rows only: the other branches of the view end at "layer =" without being read.
near AS MATERIALIZED (
  SELECT s.slug, f.*
    FROM seen AS s
   CROSS JOIN here AS h
   CROSS JOIN LATERAL (
         SELECT x.id, x.title, x.properties, round(d.distance_m::numeric, 1)::float8 AS distance_m,
                x.properties->>'school_year' AS school_year
           FROM feature AS x
          CROSS JOIN LATERAL (SELECT ST_Distance(x.geom::geography, h.geom::geography) AS distance_m) AS d
          WHERE x.layer = s.slug
            AND x.geom && ST_Expand(h.geom, s.within_m / 80000)
            AND ST_DWithin(x.geom::geography, h.geom::geography, s.within_m)
            AND (s.role <> 'works' OR COALESCE(x.properties->>'ends_on' >= :today::text, true))
          -- Of zones the one of this school year, else the newest; of areas at the point the smallest, as places/where says.
          ORDER BY CASE WHEN s.role = 'school_zone' THEN x.properties->>'school_year' = :school_year::text END DESC NULLS LAST,
                   CASE WHEN s.role = 'school_zone' THEN x.properties->>'school_year' END DESC NULLS LAST,
                   round(d.distance_m::numeric, 1), ST_Area(x.geom), x.key
          LIMIT s.most
         ) AS f
),
-- A zone tells its school, if that can be found.
told AS (
  SELECT n.slug, n.id, n.title, n.properties, n.distance_m, NULL::jsonb AS zone
    FROM near AS n
   WHERE NOT EXISTS (SELECT FROM seen AS z WHERE z.slug = n.slug AND z.role = 'school_zone')
   UNION ALL
  SELECT COALESCE(f.layer, n.slug), COALESCE(f.id, n.id), CASE WHEN f.id IS NULL THEN n.title ELSE f.title END,
         COALESCE(f.properties, n.properties),
         COALESCE(round(ST_Distance(f.geom::geography, h.geom::geography)::numeric, 1)::float8, n.distance_m),
         jsonb_build_object('slug', n.slug, 'title', n.title, 'school_year', n.school_year)
    FROM near AS n
    JOIN seen AS z ON z.slug = n.slug AND z.role = 'school_zone'
   CROSS JOIN here AS h
    LEFT JOIN LATERAL (
         SELECT x.*
           FROM seen AS s
          CROSS JOIN LATERAL (
                SELECT c.* FROM feature AS c WHERE c.layer = s.slug AND c.key = n.properties->>'school'
                ) AS x
          WHERE s.role = 'school'
          LIMIT 1
         ) AS f ON true
)
SELECT (SELECT jsonb_agg(jsonb_build_object(
                 'role', CASE WHEN t.zone IS NULL THEN s.role ELSE 'school_zone' END,
                 'layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                 'source', jsonb_build_object('layer', jsonb_build_object('slug', s.slug, 'title', s.title),
                             'attribution', s.attribution, 'licence', s.licence, 'updated_at', s.updated_at),
                 'id', t.id::text,
                 'title', CASE WHEN s.has_open_title THEN t.title END,
                 'zone', t.zone,
                 'properties', (SELECT COALESCE(jsonb_object_agg(p.key, p.value), '{}')
                                  FROM jsonb_each(t.properties) AS p
                                 WHERE p.value <> 'null'
                                   AND p.key = ANY (s.fields)),
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
