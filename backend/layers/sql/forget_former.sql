-- Takes former features off the list that are too many or too old, and tells their tables.
-- versions: how many are kept of a layer.  days: how long.
DELETE FROM layer_former
 WHERE id IN (SELECT id
                FROM (SELECT id, replaced_at, row_number() OVER (PARTITION BY layer ORDER BY id DESC) AS nth
                        FROM layer_former) AS f
               WHERE f.nth > :versions::int
                  OR f.replaced_at < now() - make_interval(days => :days::int))
RETURNING table_name
