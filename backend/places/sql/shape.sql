-- Where a line or an area lies in the areas of the municipality, and a point on it; one row. What breaks a rule is measured and not placed.
-- shape: GeoJSON LineString or Polygon, WGS 84.  longest_m: metres along the line or around the area.  largest_m2: square metres.
-- address_m: farther than this an address says nothing, metres.
WITH given AS (
  SELECT ST_SetSRID(ST_GeomFromGeoJSON(:shape::text), 4326) AS geom
),
measured AS (
  SELECT g.geom,
         (ST_IsValidDetail(g.geom)).reason AS fault,
         ST_Dimension(g.geom) AS dimension,
         ST_Length(g.geom::geography) + ST_Perimeter(g.geom::geography) AS length_m,
         CASE ST_Dimension(g.geom) WHEN 2 THEN ST_Area(g.geom::geography) END AS area_m2
    FROM given AS g
),
placed AS (
  SELECT m.dimension, a.*
    FROM measured AS m
   CROSS JOIN LATERAL areas_of(m.geom) AS a
   WHERE m.fault IS NULL
     AND m.length_m BETWEEN 1 AND :longest_m::float8
     AND COALESCE(m.area_m2, 1) BETWEEN 1 AND :largest_m2::float8
),
-- In the district that leads, so that who works there sees it; without districts in the municipality.
best AS (
  SELECT p.dimension, p.part
    FROM placed AS p
   WHERE p.role IN ('district', 'boundary')
   ORDER BY p.role = 'district' DESC, p.share DESC, p.area_m2, p.slug
   LIMIT 1
),
pin AS (
  SELECT CASE l.dimension
           WHEN 2 THEN ST_PointOnSurface(piece)
           ELSE ST_Transform(ST_LineInterpolatePoint(ST_Transform(piece, 2100), 0.5), 4326)
         END AS geom
    FROM best AS l
   CROSS JOIN LATERAL (
         SELECT (ST_Dump(CASE l.dimension WHEN 1 THEN ST_LineMerge(l.part) ELSE l.part END)).geom AS piece
         ) AS pieces
   ORDER BY ST_Length(piece) + ST_Area(piece) DESC, ST_AsBinary(piece)
   LIMIT 1
)
SELECT m.fault, m.length_m, m.area_m2,
       ST_X(pin.geom) AS lon,
       ST_Y(pin.geom) AS lat,
       (SELECT jsonb_agg(jsonb_build_object('role', role, 'layer', layer, 'slug', slug, 'title', title, 'area_m2', area_m2,
                                            'share', share, 'is_leading', is_leading)
                         ORDER BY share DESC, area_m2, slug)
          FROM placed) AS areas,
       (SELECT jsonb_build_object('title', d.title,
                                  'distance_m', round(ST_Distance(d.geom::geography, pin.geom::geography)::numeric, 1))
          FROM address AS d
         WHERE d.geom && ST_Expand(pin.geom, 0.002)
           AND ST_DWithin(d.geom::geography, pin.geom::geography, :address_m::float8)
         ORDER BY d.geom <-> pin.geom
         LIMIT 1) AS address,
       (SELECT ST_Distance(b.geom::geography, m.geom::geography)
          FROM area AS b
         WHERE b.role = 'boundary'
           AND m.fault IS NULL
         ORDER BY b.geom <-> m.geom
         LIMIT 1) AS distance_m
  FROM measured AS m
  LEFT JOIN pin ON true
