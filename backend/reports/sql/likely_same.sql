-- Open reports that probably mean the same as some of those asked for, each under the one that would stay the main report: clusters, likeliest first.
-- seeds: query for the ids that are asked for.  seen, may_change: conditions on r: what the asking member of staff may see, and change.
-- least: likeness from which on two probably mean the same, 0 to 1.  is_all: every pair; else a report is in one cluster only.  most: clusters.
-- Materialised: the key of its words is dear, and asked for with each neighbour.
WITH seed AS MATERIALIZED (
  SELECT r.id, r.category_id, r.created_at, r.is_public, r.asset_layer, r.asset_key, c.pet_side, c.same_place_m,
         COALESCE(r.shape, r.geom) AS geom, COALESCE(c.parent_id, c.id) AS group_id, latin_key(r.description) AS words,
         EXISTS (SELECT FROM report AS m WHERE m.main_id = r.id) AS has_own, :may_change AS may_change
    FROM report AS r
    JOIN category AS c ON c.id = r.category_id
   WHERE r.id IN (:seeds)
     AND r.closed_at IS NULL
     AND r.main_id IS NULL
     AND :seen
),
near AS (
  SELECT s.id AS seed_id, s.may_change AND n.may_change AS may_join, n.distance_m, n.id AS near_id,
         -- The one that others go with already stays the main report, then the one that all may see, then the oldest.
         (NOT s.has_own, NOT s.is_public, s.created_at, s.id) < (NOT n.has_own, NOT n.is_public, n.created_at, n.id) AS seed_leads,
         -- As in nearby.sql, where age is the time between the two: half after a month.
         CASE WHEN (s.asset_layer, s.asset_key) = (n.asset_layer, n.asset_key) THEN 1 ELSE
         (   0.4 * (1 - n.distance_m / n.radius_m)
           + 0.3 * similarity(n.words, s.words)
           + 0.15 * power(0.5, abs(extract(epoch FROM s.created_at - n.created_at)) / 86400 / 30)
           + 0.15 * (s.category_id = n.category_id)::int
         ) END AS likeness
    FROM seed AS s
    JOIN category AS c
      ON s.group_id IN (c.id, c.parent_id)
     -- A lost animal and a found one are two reports, even when it is the same animal.
     AND c.pet_side IS NOT DISTINCT FROM s.pet_side
   CROSS JOIN LATERAL (SELECT LEAST(s.same_place_m, c.same_place_m) AS m) AS radius
   CROSS JOIN LATERAL (SELECT ST_Expand(s.geom, radius.m / 111000.0 / GREATEST(cos(radians(ST_YMax(s.geom))), 0.01)) AS geom) AS box
   -- Category by category, so that the index is asked for both: what is open of all others is much.
   CROSS JOIN LATERAL (SELECT r.id, r.category_id, latin_key(r.description) AS words, r.created_at, r.is_public, r.asset_layer, r.asset_key,
                              radius.m AS radius_m, ST_Distance(COALESCE(r.shape, r.geom)::geography, s.geom::geography) AS distance_m,
                              EXISTS (SELECT FROM report AS m WHERE m.main_id = r.id) AS has_own, :may_change AS may_change
                         FROM report AS r
                        WHERE r.category_id = c.id
                          AND r.closed_at IS NULL
                          AND (r.geom && box.geom OR r.shape && box.geom)
                          AND ST_DWithin(COALESCE(r.shape, r.geom)::geography, s.geom::geography, radius.m)
                          AND r.main_id IS NULL
                          AND r.id <> s.id
                          AND :seen
                       OFFSET 0) AS n
   WHERE NOT EXISTS (SELECT
                       FROM report_not_same AS x
                      WHERE x.one_id = LEAST(s.id, n.id)
                        AND x.other_id = GREATEST(s.id, n.id))
     -- Main reports of others stay apart, and nothing public goes into what is not.
     AND NOT (s.has_own AND n.has_own)
     AND NOT (s.has_own AND n.is_public AND NOT s.is_public)
     AND NOT (n.has_own AND s.is_public AND NOT n.is_public)
),
pair AS (
  -- Two that are both asked for have found each other.
  SELECT DISTINCT ON (main_id, other_id)
         CASE WHEN seed_leads THEN seed_id ELSE near_id END AS main_id,
         CASE WHEN seed_leads THEN near_id ELSE seed_id END AS other_id,
         may_join, distance_m, likeness
    FROM near
   WHERE likeness >= :least::float8
   ORDER BY main_id, other_id
),
placed AS (
  SELECT p.*, row_number() OVER (PARTITION BY p.other_id ORDER BY m.created_at, m.id) AS place
    FROM pair AS p
    JOIN report AS m ON m.id = p.main_id
),
cluster AS (
  SELECT main_id, max(likeness) AS likeness, array_agg(other_id ORDER BY likeness DESC, other_id) AS others
    FROM placed
   WHERE place = 1 OR :is_all::boolean
   GROUP BY main_id
   ORDER BY likeness DESC, main_id
   LIMIT :most::int
),
told AS (
  SELECT r.id,
         jsonb_build_object(
           'id', r.id, 'protocol', k.protocol, 'status', r.status, 'category', jsonb_build_object('slug', c.slug, 'title', c.title),
           'icon', c.icon, 'colour', c.colour, 'description', left(r.description, 300), 'address', r.place #> '{address,title}',
           'created_at', to_json(r.created_at), 'support_count', r.support_count) AS report
    FROM report AS r
    JOIN case_record AS k ON k.id = r.id
    JOIN category AS c ON c.id = r.category_id
   WHERE r.id IN (SELECT main_id FROM cluster UNION ALL SELECT unnest(others) FROM cluster)
)
SELECT m.report AS main,
       (SELECT jsonb_agg(o.report || jsonb_build_object('distance_m', round(p.distance_m::numeric, 1), 'likeness', round(p.likeness::numeric, 3),
                                                        'may_join', p.may_join)
                         ORDER BY p.likeness DESC, p.other_id)
          FROM placed AS p
          JOIN told AS o ON o.id = p.other_id
         WHERE p.main_id = u.main_id
           AND p.other_id = ANY (u.others)) AS others
  FROM cluster AS u
  JOIN told AS m ON m.id = u.main_id
 ORDER BY u.likeness DESC, u.main_id
