-- The audit trail, newest first; is_sealed: the hash fits this entry and the one before it.
-- subject: only this subject; null: all.  before: only numbers below it; null: from the newest.
SELECT e.id::text AS id, e.at, a.name AS actor, e.action, e.subject_id, e.detail, encode(e.hash, 'hex') AS hash,
       e.hash = audit_hash(COALESCE(p.hash, '\x'::bytea), e) AND (p.id IS NOT NULL OR e.id = 1) AS is_sealed
  FROM audit_entry AS e
  LEFT JOIN audit_entry AS p ON p.id = e.id - 1
  LEFT JOIN account AS a ON a.id = e.actor_id
 WHERE (:subject::text IS NULL OR e.subject_id = :subject::text)
   AND (:before::bigint IS NULL OR e.id < :before::bigint)
 ORDER BY e.id DESC
 LIMIT :limit::int
