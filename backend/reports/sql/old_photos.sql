-- Takes photos of reports whose time has come, and uploads that were never sent within a day, out of the database.
-- now: moment to count from.
DELETE FROM attachment AS p
 WHERE (p.case_id IS NULL AND p.created_at < :now::timestamptz - interval '1 day')
    OR EXISTS (
       SELECT
         FROM report AS r
         JOIN category AS c ON c.id = r.category_id
        WHERE r.id = p.case_id
          AND r.closed_at < :now::timestamptz - make_interval(months => c.photo_months))
RETURNING p.id,
          -- null: never sent
          (SELECT c.slug FROM report AS r JOIN category AS c ON c.id = r.category_id WHERE r.id = p.case_id) AS category
