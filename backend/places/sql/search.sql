-- Titles that match a text, best first: what starts with it, then what is alike; near before far.
-- key: latin_key() of what was typed, computed here.  q: as typed.  lon, lat: degrees or null, to rank near first.
-- staff: also layers that only staff may see.
WITH wanted AS (
  SELECT latin_key(trim(:q::text)) AS key,
         ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS near
),
hit AS (
  SELECT s.role, s.layer, s.id, s.title, s.geom, s.key,
         CASE WHEN s.key = w.key THEN 0
              WHEN s.key LIKE w.key || '%' THEN 1
              WHEN s.key LIKE '% ' || w.key || '%' THEN 2
              ELSE 3 END AS tier,
         word_similarity(w.key, s.key) AS likeness,
         w.near
    FROM wanted AS w
    JOIN searchable AS s
      ON s.key LIKE '%' || w.key || '%'
      OR w.key <% s.key
   WHERE (s.visibility = 'public' OR :staff::boolean)
)
SELECT h.role, h.layer, h.id::text AS id, h.title, l.title AS layer_title,
       ST_X(ST_PointOnSurface(h.geom)) AS lon, ST_Y(ST_PointOnSurface(h.geom)) AS lat,
       CASE WHEN ST_Dimension(h.geom) > 0
            THEN ARRAY[ST_XMin(h.geom), ST_YMin(h.geom), ST_XMax(h.geom), ST_YMax(h.geom)] END AS bbox
  FROM (SELECT *
          FROM hit
         ORDER BY tier, likeness DESC, length(key), geom <-> near, id
         LIMIT :limit::int) AS h
  JOIN layer AS l ON l.slug = h.layer
 ORDER BY h.tier, h.likeness DESC, CASE h.role WHEN 'street' THEN 0 WHEN 'address' THEN 2 ELSE 1 END, length(h.key), h.geom <-> h.near
