-- What was done to the features of a layer, the newest first, with values and geometry (GeoJSON, EPSG:4326) before and after.
-- layer: slug.  table: identifier.  feature: id, or null for all.  older: entries before this one.  most: how many.
WITH entry AS (
  SELECT c.*
    FROM feature_change AS c
   WHERE c.layer = :layer
     AND (:feature::bigint IS NULL OR c.feature_id = :feature::bigint OR c.feature_id IS NULL)
     AND c.id < :older::bigint
     -- Ids have meant other features before.
     AND c.id >= COALESCE((SELECT max(r.id) FROM feature_change AS r WHERE r.layer = :layer AND r.action = 'renew'), 0)
   ORDER BY c.id DESC
   LIMIT :most::int
)
SELECT e.id::text,
       e.feature_id::text AS feature,
       e.action,
       e.made_at,
       a.name AS who,
       e.db_role AS role,
       CASE WHEN e.before IS NOT NULL
            THEN json_build_object('properties', e.before, 'geometry', ST_AsGeoJSON(ST_GeomFromEWKB(e.shape), 7)::json) END AS before,
       CASE WHEN e.action IN ('delete', 'replace', 'renew') OR later.action IN ('replace', 'renew') THEN NULL
            WHEN later.id IS NOT NULL
            THEN json_build_object('properties', later.before, 'geometry', ST_AsGeoJSON(ST_GeomFromEWKB(later.shape), 7)::json)
            WHEN f.id IS NOT NULL
            THEN json_build_object('properties', to_jsonb(f) - '{id,geom,geom_3857}'::text[], 'geometry', ST_AsGeoJSON(f.geom, 7)::json) END AS after
  FROM entry AS e
  LEFT JOIN account AS a ON a.id = e.account_id
  LEFT JOIN LATERAL (SELECT n.id, n.action, n.before, n.shape
                       FROM feature_change AS n
                      WHERE n.layer = e.layer AND n.id > e.id AND (n.feature_id = e.feature_id OR n.feature_id IS NULL)
                      ORDER BY n.id
                      LIMIT 1) AS later ON true
  LEFT JOIN :table: AS f ON f.id = e.feature_id AND later.id IS NULL
 ORDER BY e.id DESC
