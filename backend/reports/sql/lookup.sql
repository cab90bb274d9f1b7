-- What everybody may know of the report with a lookup code; one row always.
-- code: nine digits, the last of them the check digit.
SELECT damm_digit(:code::text) = '0' AS fits, k.protocol, r.status,
       CASE WHEN r.is_public THEN jsonb_build_object('slug', c.slug, 'title', c.title) END AS category,
       r.created_at, r.updated_at, r.due_at, r.closed_at
  FROM (VALUES (1)) AS one
  LEFT JOIN report AS r ON r.lookup_code = :code::text
  LEFT JOIN case_record AS k ON k.id = r.id
  LEFT JOIN category AS c ON c.id = r.category_id
