-- Features whose searched texts match, best first: the title itself, titles that start so, other fields, words within, what is alike.
-- q: as typed; its search_key() is computed here.  lon, lat: degrees, EPSG:4326, or null, to rank near before far.  max_results: how many.
-- staff: also layers and fields that only staff may see.
WITH wanted AS (
  SELECT key,
         pattern || '%' AS start,
         '% ' || pattern || '%' AS word,
         -- Two letters have no trigram inside a word, so they must begin the text.
         CASE WHEN length(key) > 2 THEN '%' ELSE '' END || pattern || '%' AS part
    FROM (SELECT key, regexp_replace(key, '([\\%_])', '\\\1', 'g') AS pattern
            FROM (SELECT search_key(:q::text) AS key) AS k) AS p
),
-- The catalogue as it is now, not as it was when the view was made: what has been closed stays closed, and with a title its hits.
seen AS (
  SELECT l.slug AS layer, f.name AS field, l.role, l.title AS layer_title
    FROM layer AS l
   CROSS JOIN LATERAL jsonb_to_recordset(l.fields) AS f (name text, is_public boolean)
   WHERE :staff::boolean
      OR (l.visibility = 'public'
          AND f.is_public IS NOT false
          AND NOT EXISTS (
              SELECT
                FROM jsonb_to_recordset(l.fields) AS c (name text, is_public boolean)
               WHERE c.is_public = false
                 AND c.name IN (l.title_fields->>'el', l.title_fields->>'en', l.key_field)))
),
-- MATERIALIZED: the key of a hit is computed once.
holding AS MATERIALIZED (
  SELECT s.*
    FROM wanted AS w
    JOIN searchable AS s ON s.key LIKE w.part
),
-- Asked only when the text itself is not found often enough: "Πάροδος 30" is like every other Πάροδος.
alike AS MATERIALIZED (
  SELECT s.*
    FROM wanted AS w
    JOIN searchable AS s ON w.key <% s.key
   WHERE (SELECT count(*) FROM holding JOIN seen USING (layer, field)) < :max_results::int
),
hit AS (
  SELECT * FROM holding
  UNION ALL
  SELECT * FROM alike
),
-- One row a feature, by the best of its texts.
found AS (
  SELECT DISTINCT ON (h.layer, h.id) h.*, v.role, v.layer_title, r.tier, r.likeness
    FROM hit AS h
    JOIN seen AS v USING (layer, field)
   CROSS JOIN wanted AS w
   CROSS JOIN LATERAL (
         SELECT word_similarity(w.key, h.key) AS likeness,
                CASE WHEN h.is_title AND h.key = w.key THEN 0
                     WHEN h.is_title AND h.key LIKE w.start THEN 1
                     WHEN h.key = w.key THEN 2
                     WHEN h.key LIKE w.start OR h.key LIKE w.word THEN 3
                     ELSE 4 END AS tier
         ) AS r
   ORDER BY h.layer, h.id, r.tier, r.likeness DESC
),
ranked AS (
  SELECT f.*,
         row_number() OVER (
           ORDER BY f.tier,
                    CASE f.role WHEN 'street' THEN 0
                                WHEN 'boundary' THEN 1 WHEN 'municipal_unit' THEN 1 WHEN 'district' THEN 1
                                WHEN 'address' THEN 2
                                WHEN 'poi' THEN 3 WHEN 'school' THEN 3
                                ELSE 4 END,
                    f.likeness DESC,
                    length(f.key),
                    f.geom <-> ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326),
                    f.layer,
                    f.id) AS place
    FROM found AS f
   ORDER BY place
   LIMIT :max_results::int
)
SELECT r.role, r.layer, r.tier = 0 AS is_itself, r.id::text AS id, r.title, r.layer_title, d.title AS district,
       ST_X(p.point) AS lon, ST_Y(p.point) AS lat,
       CASE WHEN ST_Dimension(r.geom) > 0
            THEN ARRAY[ST_XMin(r.geom), ST_YMin(r.geom), ST_XMax(r.geom), ST_YMax(r.geom)] END AS bbox
  FROM ranked AS r
 CROSS JOIN LATERAL (SELECT ST_PointOnSurface(r.geom) AS point) AS p
  LEFT JOIN LATERAL (
       SELECT a.title
         FROM area AS a
        WHERE a.role = 'district'
          AND a.layer IN (SELECT layer FROM seen)
          AND ST_Covers(a.geom, p.point)
        ORDER BY a.area_m2, a.slug
        LIMIT 1
       ) AS d ON ST_Dimension(r.geom) < 2
 ORDER BY r.place
