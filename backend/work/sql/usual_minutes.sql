-- What work for such a report takes: the median minutes of orders for its category, of the last two thousand that were done.
-- null: fewer than five.  report_id: of a report of the category.
WITH lately AS (
  SELECT o.id, o.spent_min
    FROM work_order AS o
   WHERE o.status = 'done'
     AND o.spent_min > 0
   ORDER BY o.finished_at DESC
   LIMIT 2000
),
alike AS (
  SELECT DISTINCT o.id, o.spent_min
    FROM lately AS o
    JOIN work_order_report AS l ON l.work_order_id = o.id
    JOIN report AS r ON r.id = l.report_id
    JOIN report AS asked ON asked.category_id = r.category_id
   WHERE asked.id = :report_id::uuid
)
SELECT CASE WHEN count(*) >= 5
            THEN LEAST(GREATEST(round(percentile_cont(0.5) WITHIN GROUP (ORDER BY spent_min)), 1), 1440)::int END AS minutes
  FROM alike
