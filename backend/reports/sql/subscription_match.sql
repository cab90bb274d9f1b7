-- Finds who wants to hear of reports that have come, and notes it; each report is looked at once.
-- most: reports at a time.  gather_s: seconds in which what comes goes into one letter.  morning: clock in Athens when daily letters go.
-- An area or a circle hears of a line or an area that touches it.
WITH come AS (
  DELETE FROM subscription_inbox
   WHERE report_id IN (SELECT report_id FROM subscription_inbox ORDER BY report_id LIMIT :most::int FOR UPDATE SKIP LOCKED)
  RETURNING report_id
),
fresh AS MATERIALIZED (
  SELECT r.id, r.reporter_id, c.id AS category_id, c.parent_id AS group_id, COALESCE(r.shape, r.geom) AS geom
    FROM come
    JOIN report AS r ON r.id = come.report_id
    JOIN category AS c ON c.id = r.category_id
   WHERE r.is_public
     AND c.may_subscribe <> 'nobody'
),
around AS (
  SELECT f.id AS report_id, f.reporter_id, f.category_id, f.group_id, s.id, s.account_id, s.category_id AS wanted_id, s.is_daily
    FROM fresh AS f
    JOIN subscription AS s
      ON s.reach && f.geom
     AND ST_DWithin(s.geom::geography, f.geom::geography, s.radius_m)
),
inside AS (
  SELECT f.id AS report_id, f.reporter_id, f.category_id, f.group_id, s.id, s.account_id, s.category_id AS wanted_id, s.is_daily
    FROM fresh AS f
    JOIN area AS a
      ON a.role IN ('municipal_unit', 'district')
     AND a.geom && f.geom
     AND ST_Intersects(a.geom, f.geom)
    JOIN subscription AS s ON s.area_layer = a.layer AND s.area_slug = a.slug
),
anywhere AS (
  SELECT f.id AS report_id, f.reporter_id, f.category_id, f.group_id, s.id, s.account_id, s.category_id AS wanted_id, s.is_daily
    FROM fresh AS f
    JOIN subscription AS s ON s.area_layer IS NULL AND s.geom IS NULL
),
heard AS (
  SELECT * FROM around
   UNION ALL
  SELECT * FROM inside
   UNION ALL
  SELECT * FROM anywhere
),
noted AS (
  INSERT INTO subscription_notice (subscription_id, report_id, due_at)
  SELECT h.id, h.report_id,
         CASE WHEN h.is_daily
              -- the next morning there is: today's, before it
              THEN ((now() AT TIME ZONE 'Europe/Athens' - :morning::interval)::date + 1 + :morning::interval) AT TIME ZONE 'Europe/Athens'
              ELSE now() + make_interval(secs => :gather_s::float8)
         END
    FROM heard AS h
   WHERE (h.wanted_id IS NULL OR h.wanted_id IN (h.category_id, h.group_id))
     -- Who sent it knows it.
     AND h.reporter_id IS DISTINCT FROM h.account_id
      ON CONFLICT DO NOTHING
  RETURNING 1
)
SELECT (SELECT count(*)::int FROM come) AS reports,
       (SELECT count(*)::int FROM noted) AS notices
