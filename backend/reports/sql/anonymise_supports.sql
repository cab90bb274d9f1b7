-- Takes address, name, telephone, device and account from those who said "me too" about reports whose time has come.
-- now: moment to count from.
UPDATE report_support AS s
   SET email = NULL,
       name = NULL,
       phone = NULL,
       account_id = NULL,
       device_hash = NULL
  FROM report AS r
  JOIN category AS c ON c.id = r.category_id
 WHERE r.id = s.report_id
   AND r.closed_at < :now::timestamptz - make_interval(months => c.contact_months)
   AND (COALESCE(s.email, s.name, s.phone) IS NOT NULL OR s.account_id IS NOT NULL OR s.device_hash IS NOT NULL)
RETURNING s.id
