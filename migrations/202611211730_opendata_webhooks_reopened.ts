import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- A report that is opened again, or treated by itself again, changes its state too. Words, notes and photos change nothing that a message holds.
CREATE OR REPLACE FUNCTION webhook_tell() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  closes boolean := COALESCE(NEW.payload->>'to' IN ('resolved', 'rejected'), false);
  told   text := CASE NEW.type WHEN 'report.created' THEN NEW.type ELSE 'report.changed' END;
BEGIN
  INSERT INTO webhook_delivery (webhook_id, event_id, type, subject, at, data)
    SELECT w.id, NEW.id, CASE WHEN closes AND 'report.closed' = ANY (w.types) THEN 'report.closed' ELSE told END, r.id::text, NEW.at,
           jsonb_strip_nulls(jsonb_build_object('previous_status', NEW.payload->'from')) || jsonb_build_object(
             'id', r.id, 'protocol', r.protocol, 'status', r.status,
             'category', jsonb_build_object('slug', r.category, 'title', jsonb_build_object('el', r.category_el, 'en', r.category_en)),
             'district', r.district, 'department', r.department,
             'created_at', r.created_at, 'updated_at', r.updated_at, 'due_at', r.due_at, 'closed_at', r.closed_at,
             'geometry', ST_AsGeoJSON(r.geom, 6)::jsonb)
      FROM webhook AS w
      JOIN public_report AS r ON r.id = NEW.subject_id::uuid
     WHERE w.paused_at IS NULL
       AND (told = ANY (w.types) OR closes AND 'report.closed' = ANY (w.types));
  RETURN NULL;
END $$;
DROP TRIGGER webhook_tell ON event;
CREATE TRIGGER webhook_tell AFTER INSERT ON event FOR EACH ROW
  WHEN (NEW.type IN ('report.created', 'report.changed', 'report.reopened', 'report.unmerged') AND NEW.payload->'action' IS NULL)
  EXECUTE FUNCTION webhook_tell();
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
