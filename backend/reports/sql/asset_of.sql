-- The thing that a report is about, and what else was reported about it, the open first; no row: about none.
-- id: of the report.  seen: condition on r, which of the others the reader may see beside the public ones.
SELECT jsonb_build_object('slug', m.asset_layer,
                          'title', COALESCE(l.title, jsonb_build_object('el', m.asset_layer, 'en', m.asset_layer))) AS layer,
       m.asset_key AS key,
       COALESCE(f.title, jsonb_build_object('el', m.asset_key, 'en', m.asset_key)) AS title,
       f.key IS NOT NULL AS is_there,
       (SELECT COALESCE(jsonb_agg(jsonb_build_object(
                          'id', t.id, 'protocol', t.protocol, 'status', t.status, 'category', t.category,
                          'created_at', to_json(t.created_at), 'closed_at', to_json(t.closed_at), 'support_count', t.support_count)
                        ORDER BY t.closed_at IS NOT NULL, t.created_at DESC), '[]')
          FROM (SELECT r.*, k.protocol, jsonb_build_object('slug', c.slug, 'title', c.title) AS category
                  FROM report AS r
                  JOIN case_record AS k ON k.id = r.id
                  JOIN category AS c ON c.id = r.category_id
                 WHERE r.asset_layer = m.asset_layer
                   AND r.asset_key = m.asset_key
                   AND r.id <> m.id
                   AND (r.is_public OR :seen)
                 ORDER BY r.closed_at IS NOT NULL, r.created_at DESC
                 LIMIT 20) AS t) AS reports
  FROM report AS m
  LEFT JOIN layer AS l ON l.slug = m.asset_layer AND l.visibility = 'public'
  LEFT JOIN LATERAL (
       -- Where it was reported, or near: that is found by place.
       SELECT key, title
         FROM feature
        WHERE layer = m.asset_layer
          AND geom && ST_Expand(m.geom, 0.005)
          AND key = m.asset_key
        LIMIT 1
       ) AS f ON l.slug IS NOT NULL
 WHERE m.id = :id::uuid
   AND m.asset_key IS NOT NULL
