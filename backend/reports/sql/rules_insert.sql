-- Rules as the contract has them, checked by rules_faults, in their order.  rules: JSON.
INSERT INTO routing_rule (slug, title, category_id, area_layer, area_slug, department_id, crew_id, rank, valid_from, valid_to)
SELECT r.rule->>'slug', r.rule->'title', c.id, r.rule->'area'->>'layer', r.rule->'area'->>'slug', d.id, w.id, (r.rule->>'rank')::int,
       (r.rule->>'valid_from')::timestamptz, (r.rule->>'valid_to')::timestamptz
  FROM jsonb_array_elements(:rules::jsonb) WITH ORDINALITY AS r (rule, n)
  JOIN department AS d ON d.slug = r.rule->>'department'
  LEFT JOIN crew AS w ON w.slug = r.rule->>'crew' AND w.department_id = d.id
  LEFT JOIN category AS c ON c.slug = r.rule->>'category'
 ORDER BY r.n
