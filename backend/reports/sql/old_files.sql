-- Takes documents of staff of reports whose time has come out of the database: they go with the photos.
-- now: moment to count from.
DELETE FROM report_file AS f
 USING report AS r
  JOIN category AS c ON c.id = r.category_id
 WHERE r.id = f.report_id
   AND r.closed_at < :now::timestamptz - make_interval(months => c.photo_months)
RETURNING f.id
