-- What a layer held before all its features were replaced, newest first.
-- layer: slug.
SELECT f.id::text,
       f.replaced_at,
       a.name AS who,
       f.db_role AS role,
       f.file_name,
       f.feature_count,
       (SELECT COALESCE(jsonb_agg(jsonb_build_object('name', d.field->>'name', 'title', d.field->'title') ORDER BY d.n), '[]')
          FROM jsonb_array_elements(f.definition->'fields') WITH ORDINALITY AS d (field, n)) AS fields
  FROM layer_former AS f
  LEFT JOIN account AS a ON a.id = f.account_id
 WHERE f.layer = :layer
 ORDER BY f.id DESC
 LIMIT 100
