import type { Knex } from 'knex'

// Who follows a report hears before it closes by itself, and may let it stay open. When that is, is said once, here.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE timeline_entry
  DROP CONSTRAINT timeline_entry_kind_check,
  ADD CONSTRAINT timeline_entry_kind_check CHECK (kind IN
    ('submitted', 'status', 'assigned', 'note', 'support', 'merged', 'unmerged', 'reopened', 'corrected', 'forwarded', 'refused', 'undone',
     'accepted', 'declined', 'extended'))
    NOT VALID;
ALTER TABLE timeline_entry VALIDATE CONSTRAINT timeline_entry_kind_check;

ALTER TABLE report ADD COLUMN expiry_told_at timestamptz;
COMMENT ON COLUMN report.expiry_told_at IS 'When those who follow it were last told that it is about to close by itself';

CREATE VIEW report_expiry AS
  SELECT r.id AS report_id, n.counted_from, c.expires_days,
         n.counted_from + make_interval(days => c.expires_days) AS expires_at,
         n.counted_from + make_interval(days => c.expires_days)
           - LEAST(interval '7 days', make_interval(hours => c.expires_days * 12)) AS notice_at
    FROM report AS r
    JOIN category AS c ON c.id = r.category_id
   CROSS JOIN LATERAL (SELECT GREATEST(r.created_at, max(t.at)) AS counted_from
                         FROM timeline_entry AS t
                        WHERE t.case_id = r.id
                          AND (t.status IS NOT NULL OR t.kind = 'extended')) AS n
   WHERE c.expires_days IS NOT NULL
     AND r.closed_at IS NULL
     AND r.main_id IS NULL
     AND r.status IN ('submitted', 'acknowledged', 'waiting_for_citizen')
     AND NOT EXISTS (SELECT
                       FROM work_order_report AS l
                       JOIN work_order AS o ON o.id = l.work_order_id
                      WHERE l.report_id = r.id
                        AND o.status IN ('draft', 'planned', 'under_way'));
COMMENT ON VIEW report_expiry IS 'When each report closes by itself: days count from when it was sent, from its last state, or from when somebody let it stay open. None that somebody works on, by its state or by work that is not done, nor one that goes with a main report. notice_at: from then on, a week before or at half of a shorter time, who follows it hears, and may let it stay open';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
