-- What rules name that is not there: position (from 0) and field. rules: as the contract has them.
SELECT (r.n - 1)::int AS index, f.field
  FROM jsonb_array_elements(:rules::jsonb) WITH ORDINALITY AS r (rule, n)
 CROSS JOIN LATERAL (
       SELECT 'category' AS field
        WHERE r.rule->>'category' IS NOT NULL
          AND NOT EXISTS (SELECT FROM category AS c WHERE c.slug = r.rule->>'category')
        UNION ALL
       SELECT 'area'
        WHERE r.rule->'area' <> 'null'
          AND NOT EXISTS (SELECT FROM area AS a WHERE a.layer = r.rule->'area'->>'layer' AND a.slug = r.rule->'area'->>'slug')
        UNION ALL
       SELECT 'department'
        WHERE NOT EXISTS (SELECT FROM department AS d WHERE d.slug = r.rule->>'department')
        UNION ALL
       SELECT 'crew'
        WHERE r.rule->>'crew' IS NOT NULL
          AND NOT EXISTS (SELECT FROM crew AS w JOIN department AS d ON d.id = w.department_id
                           WHERE w.slug = r.rule->>'crew' AND d.slug = r.rule->>'department')
        UNION ALL
       SELECT 'slug'
        WHERE EXISTS (SELECT FROM jsonb_array_elements(:rules::jsonb) WITH ORDINALITY AS o (rule, n)
                       WHERE o.n < r.n AND o.rule->>'slug' = r.rule->>'slug')
       ) AS f
 ORDER BY r.n, f.field
 LIMIT 20
