-- Animals that may be the one of a report: lost ones for one that was found and the reverse, of its species, likeliest first.
-- id: of the report.  knows_chip: the reader may learn that two have the same chip, which counts whatever the distance and the days.
-- seen: condition on r: which reports that are not public the reader may see.  radius_m: metres on the spheroid.
-- days: at most from when it was lost to when it was found.  slip_days: by so many the days that people name are off.
WITH told AS (
  -- Which question of which form says what; of answers that are not public only chips are ever compared.
  SELECT f.id AS form_id, f.category_id, c.pet_side AS side,
         max(q->>'code') FILTER (WHERE q->>'means' = 'species') AS species,
         max(q->>'code') FILTER (WHERE q->>'means' = 'colours') AS colours,
         max(q->>'code') FILTER (WHERE q->>'means' = 'day') AS day,
         max(q->>'code') FILTER (WHERE q->>'means' = 'chip' AND :knows_chip::boolean) AS chip,
         jsonb_object_agg(q->>'means', q->'options') AS options
    FROM category AS c
    JOIN category_form AS f ON f.category_id = c.id
   CROSS JOIN LATERAL jsonb_array_elements(f.questions) AS q
   WHERE c.pet_side IS NOT NULL
     AND (q->>'is_public')::boolean = (q->>'means' <> 'chip')
   GROUP BY f.id, c.id
),
asked AS (
  SELECT r.id, r.main_id, r.geom, r.closed_at IS NULL AS is_open, t.side,
         r.answers->>t.species AS species, r.answers->t.colours AS colours, r.answers->>t.chip AS chip,
         COALESCE((r.answers->>t.day)::date, (r.created_at AT TIME ZONE 'Europe/Athens')::date) AS day
    FROM report AS r
    JOIN told AS t ON t.form_id = r.form_id
   WHERE r.id = :id::uuid
),
likely AS (
  SELECT n.id
    FROM asked AS a
    JOIN category AS c ON c.pet_side <> a.side
   CROSS JOIN LATERAL (SELECT r.id, r.form_id, r.answers, r.created_at
                         FROM report AS r
                        WHERE r.category_id = c.id
                          AND r.geom && ST_Expand(a.geom, :radius_m::float8 / 111000 / GREATEST(cos(radians(ST_Y(a.geom))), 0.01))
                          AND ST_DWithin(r.geom::geography, a.geom::geography, :radius_m::float8)
                          AND r.closed_at IS NULL
                          AND r.main_id IS NULL
                          -- Category by category, so that the index is asked for both: what is open of all others is much.
                       OFFSET 0) AS n
    JOIN told AS t ON t.form_id = n.form_id
   WHERE a.is_open
     AND a.main_id IS NULL
     AND n.answers->>t.species = a.species
     AND CASE a.side WHEN 'lost' THEN 1 ELSE -1 END
       * (COALESCE((n.answers->>t.day)::date, (n.created_at AT TIME ZONE 'Europe/Athens')::date) - a.day) BETWEEN -:slip_days::int AND :days::int
     -- Two chips are two animals.
     AND COALESCE(n.answers->>t.chip = a.chip, true)
   UNION
  SELECT n.id
    FROM asked AS a
   CROSS JOIN LATERAL (SELECT r.id
                         FROM told AS t
                        CROSS JOIN LATERAL (SELECT r.id
                                              FROM report AS r
                                             WHERE r.answers @> jsonb_build_object(t.chip, a.chip)
                                               AND r.form_id = t.form_id
                                               AND r.closed_at IS NULL
                                               AND r.main_id IS NULL
                                            OFFSET 0) AS r
                        WHERE t.side <> a.side
                          AND t.chip IS NOT NULL
                        -- No more are told of; without this word the planner expects thousands.
                        LIMIT 20) AS n
   WHERE a.is_open
     AND a.main_id IS NULL
     AND a.chip IS NOT NULL
   UNION
  -- Staff have said so already.
  SELECT r.id
    FROM asked AS a
    JOIN report AS r ON r.main_id = a.id OR r.id = a.main_id
    JOIN told AS t ON t.form_id = r.form_id AND t.side <> a.side
),
weighed AS (
  SELECT r.id, r.category_id, r.status, r.description, r.place, r.created_at,
         round(ST_Distance(r.geom::geography, a.geom::geography))::float8 AS distance_m,
         CASE a.side WHEN 'lost' THEN n.day - a.day ELSE a.day - n.day END AS days,
         (SELECT o->'title' FROM jsonb_array_elements(t.options->'species') AS o WHERE o->>'code' = r.answers->>t.species) AS species,
         COALESCE((SELECT jsonb_agg(o->'title')
                     FROM jsonb_array_elements(t.options->'colours') AS o
                    WHERE a.colours @> (o->'code')
                      AND r.answers->t.colours @> (o->'code')), '[]') AS colours,
         COALESCE(r.answers->>t.chip = a.chip, false) AS is_same_chip,
         COALESCE(r.main_id = a.id OR r.id = a.main_id, false) AS is_joined,
         (SELECT jsonb_build_object('id', p.id, 'url', '/api/photos/' || p.id, 'width', p.width_px, 'height', p.height_px)
            FROM attachment AS p
           WHERE p.case_id = r.id
             AND (p.published_at IS NOT NULL OR :seen)
           ORDER BY p.created_at
           LIMIT 1) AS photo
    FROM likely AS l
    JOIN report AS r ON r.id = l.id
    JOIN told AS t ON t.form_id = r.form_id
   CROSS JOIN asked AS a
   CROSS JOIN LATERAL (SELECT COALESCE((r.answers->>t.day)::date, (r.created_at AT TIME ZONE 'Europe/Athens')::date) AS day) AS n
   WHERE r.is_public OR :seen
)
SELECT w.id, k.protocol, w.status, jsonb_build_object('slug', c.slug, 'title', c.title) AS category, w.description,
       w.place #> '{address,title}' AS address, w.created_at, w.photo, w.distance_m, w.days, w.species, w.colours, w.is_same_chip, w.is_joined
  FROM weighed AS w
  JOIN case_record AS k ON k.id = w.id
  JOIN category AS c ON c.id = w.category_id
 ORDER BY w.is_joined DESC, w.is_same_chip DESC, jsonb_array_length(w.colours) DESC, w.distance_m, abs(w.days), w.id
 LIMIT 20
