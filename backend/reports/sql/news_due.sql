-- Takes out reports that have moved and now stand still, and says whom to tell of which entries: each address once a report.
-- most: reports at a time.  gather_s: seconds of standing still.  undo_min: minutes in which staff may undo what they did with many.
WITH due AS (
  DELETE FROM report_news AS n
   USING (SELECT w.report_id
            FROM report_news AS w
            JOIN report AS r ON r.id = w.report_id
           WHERE w.changed_at <= now() - make_interval(secs => :gather_s::float8)
             AND NOT EXISTS (
                 SELECT
                   FROM report_bulk_item AS i
                   JOIN report_bulk AS b ON b.id = i.bulk_id
                  WHERE i.report_id IN (r.id, r.main_id)
                    AND b.undone_at IS NULL
                    AND b.at > now() - make_interval(mins => :undo_min::int))
           ORDER BY w.changed_at, w.report_id
           LIMIT :most::int
             FOR UPDATE OF w SKIP LOCKED) AS still
   WHERE n.report_id = still.report_id
  RETURNING n.report_id, n.from_entry_id
),
told AS (
  SELECT DISTINCT ON (d.report_id, lower(f.email))
         d.report_id, f.support_id, d.from_entry_id,
         (SELECT max(t.id) FROM timeline_entry AS t WHERE t.case_id IN (r.id, r.main_id)) AS to_entry_id
    FROM due AS d
    JOIN report AS r ON r.id = d.report_id
    -- Report by report, by the indexes: as a join it would read the followers of all reports there are. OFFSET keeps it apart.
   CROSS JOIN LATERAL (SELECT w.support_id, w.email
                         FROM report_follower AS w
                        WHERE w.report_id = d.report_id
                          AND w.stopped_at IS NULL
                       OFFSET 0) AS f
   ORDER BY d.report_id, lower(f.email), f.support_id NULLS FIRST
),
addressed AS (
  INSERT INTO report_letter (report_id, support_id)
  SELECT report_id, support_id
    FROM told
      ON CONFLICT ON CONSTRAINT report_letter_follower DO NOTHING
)
SELECT (SELECT count(*)::int FROM due) AS reports,
       COALESCE((SELECT jsonb_agg(jsonb_build_object(
                          'report_id', report_id, 'support_id', support_id::text,
                          'from_entry_id', from_entry_id::text, 'to_entry_id', to_entry_id::text)) FROM told), '[]') AS letters
