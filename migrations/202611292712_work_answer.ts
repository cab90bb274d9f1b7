import type { Knex } from 'knex'

// Reports that are treated together are answered together: nothing is moved, so that separating them puts all back.
export const up = (db: Knex) =>
  db.raw(`
CREATE VIEW work_order_answer AS
SELECT l.work_order_id, l.report_id
  FROM work_order_report AS l
 UNION
SELECT l.work_order_id, r.main_id
  FROM work_order_report AS l
  JOIN report AS r ON r.id = l.report_id
 WHERE r.main_id IS NOT NULL
 UNION
SELECT l.work_order_id, m.id
  FROM work_order_report AS l
  JOIN report AS m ON m.main_id = l.report_id
 UNION
SELECT l.work_order_id, m.id
  FROM work_order_report AS l
  JOIN report AS r ON r.id = l.report_id
  JOIN report AS m ON m.main_id = r.main_id;
COMMENT ON VIEW   work_order_answer IS 'Which reports a work order answers: those it was made for, their main reports, and what is treated together with these';
COMMENT ON COLUMN work_order_answer.work_order_id IS 'The work order';
COMMENT ON COLUMN work_order_answer.report_id IS 'The report';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
