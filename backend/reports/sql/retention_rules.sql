-- What personal data of each category are for, and how many months they stay after closing. Groups hold no reports.
-- slug: only this category; null: all.
SELECT jsonb_build_object('slug', c.slug, 'title', c.title) AS category,
       jsonb_build_object('slug', g.slug, 'title', g.title) AS group,
       c.purpose, c.contact_months, c.photo_months
  FROM category AS c
  JOIN category AS g ON g.id = c.parent_id
 WHERE :slug::text IS NULL OR c.slug = :slug::text
 ORDER BY g.id, c.id
 LIMIT 1000
