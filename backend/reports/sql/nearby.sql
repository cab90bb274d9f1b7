-- Open public reports within a radius of a point, likeliest to mean the same first: "is it already known?"
-- lon, lat: degrees, EPSG:4326.  radius_m: metres on the spheroid, or null: what the category says.
-- category: slug, or null for any; its siblings count too.  asset: key of the thing of the category's layer that is being reported, or null.  words: what is being reported, or null.
WITH asked AS (
  SELECT c.id, COALESCE(c.parent_id, c.id) AS group_id, c.same_place_m, c.asset_layer, c.pet_side
    FROM category AS c
   WHERE c.slug = :category::text
),
here AS (
  SELECT ST_SetSRID(ST_MakePoint(:lon::float8, :lat::float8), 4326) AS geom,
         a.id AS category_id,
         a.group_id,
         a.asset_layer,
         a.pet_side,
         COALESCE(:radius_m::float8, a.same_place_m, 100) AS radius_m,
         -- the key of the search: without case and accents, Greek and greeklish alike
         latin_key(:words::text) AS words
    FROM (VALUES (1)) AS one
    LEFT JOIN asked AS a ON true
),
near AS (
  SELECT r.*,
         ST_Distance(COALESCE(r.shape, r.geom)::geography, here.geom::geography) AS distance_m,
         here.radius_m, here.category_id AS asked_id, here.words,
         COALESCE((r.asset_layer, r.asset_key) = (here.asset_layer, :asset::text), false) AS is_same_asset
    FROM here
    JOIN report AS r
      -- A stretch is near all along it: two indexes, joined.
      ON (   r.geom && ST_Expand(here.geom, here.radius_m / 111000 / GREATEST(cos(radians(:lat::float8)), 0.01))
          OR r.shape && ST_Expand(here.geom, here.radius_m / 111000 / GREATEST(cos(radians(:lat::float8)), 0.01)))
     AND ST_DWithin(COALESCE(r.shape, r.geom)::geography, here.geom::geography, here.radius_m)
    JOIN category AS c ON c.id = r.category_id
   WHERE r.is_public
     AND r.closed_at IS NULL
     AND r.main_id IS NULL
     AND (here.group_id IS NULL OR here.group_id IN (c.id, c.parent_id))
     -- A lost animal and a found one are two reports, even when it is the same animal.
     AND COALESCE(c.pet_side = here.pet_side, true)
),
likened AS (
  SELECT n.*,
         -- 0 to 1: the very thing is the very thing; else nearness counts most, then words, then age (half after a month) and being of the very category
         CASE WHEN n.is_same_asset THEN 1 ELSE
         (   0.4 * (1 - n.distance_m / n.radius_m)
           + 0.3 * COALESCE(similarity(latin_key(n.description), n.words), 0)
           + 0.15 * power(0.5, extract(epoch FROM now() - n.created_at) / 86400 / 30)
           + 0.15 * (n.category_id IS NOT DISTINCT FROM n.asked_id)::int
         ) END AS likeness
    FROM near AS n
)
SELECT 'Feature' AS type,
       r.id,
       ST_AsGeoJSON(r.geom, 6)::jsonb AS geometry,
       ST_AsGeoJSON(r.shape, 6)::jsonb AS shape,
       round(r.distance_m::numeric, 1)::float8 AS distance_m,
       round(r.likeness::numeric, 3)::float8 AS likeness,
       r.is_same_asset,
       jsonb_build_object(
         'protocol', k.protocol, 'status', r.status,
         'category', jsonb_build_object('slug', c.slug, 'title', c.title), 'icon', c.icon, 'colour', c.colour,
         'description', r.description, 'district', r.place->'district', 'address', r.place #> '{address,title}',
         'department', CASE WHEN d.id IS NOT NULL THEN jsonb_build_object('slug', d.slug, 'title', d.title) END,
         'created_at', to_json(r.created_at), 'updated_at', to_json(r.updated_at), 'due_at', to_json(r.due_at),
         'support_count', r.support_count,
         'photo_count', (SELECT count(*)::int FROM attachment AS p WHERE p.case_id = r.id AND p.published_at IS NOT NULL)
       ) AS properties
  FROM likened AS r
  JOIN case_record AS k ON k.id = r.id
  JOIN category AS c ON c.id = r.category_id
  LEFT JOIN department AS d ON d.id = r.department_id
 ORDER BY r.likeness DESC, r.id
 LIMIT 5
