import type { Knex } from 'knex'

// A department may say that a report is not its business; the code of administrative procedure gives it three days to hand it on.
export const up = (db: Knex) =>
  db.raw(`
ALTER TABLE report ADD COLUMN routed_at timestamptz;
COMMENT ON COLUMN report.routed_at IS 'When it came to the department that has it now; null: it has had it from the start';

CREATE FUNCTION report_routed() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
  NEW.routed_at := now();
  RETURN NEW;
END $$;
COMMENT ON FUNCTION report_routed() IS 'Keeps when a report came to its department';
CREATE TRIGGER report_routed BEFORE UPDATE OF department_id ON report
  FOR EACH ROW WHEN (OLD.department_id IS DISTINCT FROM NEW.department_id) EXECUTE FUNCTION report_routed();

CREATE TABLE report_refusal (
  report_id     uuid NOT NULL REFERENCES report ON DELETE CASCADE,
  department_id bigint NOT NULL REFERENCES department ON DELETE CASCADE,
  reason        text NOT NULL,
  actor_id      bigint REFERENCES account ON DELETE SET NULL,
  refused_at    timestamptz NOT NULL DEFAULT now(),
  PRIMARY KEY (report_id, department_id)
);
-- departments and accounts that go
CREATE INDEX report_refusal_department ON report_refusal (department_id);
CREATE INDEX report_refusal_actor ON report_refusal (actor_id);
COMMENT ON TABLE  report_refusal IS 'Departments that said that a report is not their business: it does not come to them again by itself';
COMMENT ON COLUMN report_refusal.report_id IS 'The report';
COMMENT ON COLUMN report_refusal.department_id IS 'Who refused';
COMMENT ON COLUMN report_refusal.reason IS 'Why; internal';
COMMENT ON COLUMN report_refusal.actor_id IS 'Member of staff';
COMMENT ON COLUMN report_refusal.refused_at IS 'When';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
