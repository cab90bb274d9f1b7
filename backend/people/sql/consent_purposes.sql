-- What people are asked to agree to, with all wordings and how many consents count now.
-- slug: only this one; null: all.
SELECT p.slug, p.contact, p.is_active,
       (SELECT count(*)::int FROM consent_now AS n WHERE n.purpose = p.slug) AS consents,
       (SELECT jsonb_agg(jsonb_build_object('version', w.version, 'title', w.title, 'text', w.text, 'asks_anew', w.asks_anew,
                                            'at', w.at) ORDER BY w.version DESC)
          FROM consent_wording AS w
         WHERE w.purpose_id = p.id) AS wordings
  FROM consent_purpose AS p
 WHERE :slug::text IS NULL OR p.slug = :slug::text
 ORDER BY p.id
 LIMIT 200
