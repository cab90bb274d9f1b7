-- Whether anything was ever made in the database, apart from extensions.
SELECT EXISTS (
  SELECT FROM pg_class AS c
    JOIN pg_namespace AS n ON n.oid = c.relnamespace
   WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S')
     AND n.nspname !~ '^pg_'
     AND n.nspname <> 'information_schema'
     AND NOT EXISTS (SELECT FROM pg_depend AS d
                      WHERE d.classid = 'pg_class'::regclass AND d.objid = c.oid AND d.deptype = 'e')) AS found
