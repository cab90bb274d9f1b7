-- Whether the audit trail is whole: numbers from 1 without gaps, and every hash fits its entry and the one before it.
SELECT count(*)::int AS entries,
       (min(id) FILTER (WHERE id <> n OR hash <> audit_hash(before, entry)))::text AS broken_at
  FROM (SELECT e.id, e.hash, e AS entry,
               row_number() OVER by_id AS n,
               COALESCE(lag(e.hash) OVER by_id, '\x'::bytea) AS before
          FROM audit_entry AS e
        WINDOW by_id AS (ORDER BY e.id)) AS chained
