-- A work order is public to staff of all departments only while none of its reports is private.
-- id: of the work order.
UPDATE work_order AS o
   SET is_public = NOT EXISTS (
         SELECT
           FROM work_order_report AS l
           JOIN report AS r ON r.id = l.report_id
          WHERE l.work_order_id = o.id
            AND NOT r.is_public)
 WHERE o.id = :id::uuid
