-- Purposes with a person's answers: those that are asked now, and those that the person ever answered.
-- account_id: whose.
SELECT p.slug AS purpose, p.contact, p.is_active, w.title, w.text, w.version,
       COALESCE(k.is_granted, false) AS is_granted,
       EXISTS (SELECT FROM reachable AS r WHERE r.account_id = :account_id::bigint AND r.contact = p.contact) AS is_reachable,
       COALESCE(e.entries, '[]') AS entries
  FROM consent_purpose AS p
  JOIN LATERAL (SELECT version, title, text
                  FROM consent_wording
                 WHERE purpose_id = p.id
                 ORDER BY version DESC
                 LIMIT 1) AS w ON true
  LEFT JOIN consent_last AS k ON k.purpose_id = p.id AND k.account_id = :account_id::bigint
  LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_object('at', a.at, 'is_granted', a.is_granted, 'version', a.version,
                                                         'title', o.title, 'text', o.text, 'channel', a.channel) ORDER BY a.id DESC) AS entries
                       FROM consent AS a
                       JOIN consent_wording AS o ON o.purpose_id = a.purpose_id AND o.version = a.version
                      WHERE a.account_id = :account_id::bigint
                        AND a.purpose_id = p.id) AS e ON true
 WHERE p.is_active OR e.entries IS NOT NULL
 ORDER BY p.id
 LIMIT 200
