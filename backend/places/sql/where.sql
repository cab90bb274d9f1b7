-- Where points lie in the areas of the municipality, many at a time.
-- lons, lats: degrees, EPSG:4326, same length.  edge_deg: tolerance for points on an edge, degrees.
-- Of several areas of a role the smallest wins, then the first by slug: a point on a shared edge always gets the same one.
WITH input AS (
  SELECT i.n, ST_SetSRID(ST_MakePoint(i.lon, i.lat), 4326) AS geom
    FROM unnest(:lons::float8[], :lats::float8[]) WITH ORDINALITY AS i (lon, lat, n)
)
SELECT i.n::int AS n,
       a.areas,
       d.address,
       b.distance_m
  FROM input AS i
 CROSS JOIN LATERAL (
       SELECT jsonb_agg(jsonb_build_object('role', role, 'layer', layer, 'slug', slug, 'title', title, 'area_m2', area_m2)
                        ORDER BY is_inside DESC, area_m2, slug) AS areas
         FROM (SELECT role, layer, slug, title, area_m2, ST_Covers(geom, i.geom) AS is_inside
                 FROM area
                WHERE geom && ST_Expand(i.geom, :edge_deg::float8)
                  AND ST_DWithin(geom, i.geom, :edge_deg::float8)) AS touched
       ) AS a
  LEFT JOIN LATERAL (
       SELECT jsonb_build_object('title', title,
                                 'distance_m', round(ST_Distance(geom::geography, i.geom::geography)::numeric, 1)) AS address
         FROM address
        WHERE geom && ST_Expand(i.geom, 0.002)
          AND ST_DWithin(geom::geography, i.geom::geography, :address_m::float8)
        ORDER BY geom <-> i.geom
        LIMIT 1
       ) AS d ON true
  LEFT JOIN LATERAL (
       SELECT ST_Distance(geom::geography, i.geom::geography) AS distance_m
         FROM area
        WHERE role = 'boundary'
        ORDER BY geom <-> i.geom
        LIMIT 1
       ) AS b ON a.areas IS NULL OR NOT a.areas @> '[{"role": "boundary"}]'
 ORDER BY i.n
