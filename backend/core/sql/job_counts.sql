SELECT name::text AS queue, state::text, count(*)::int AS count FROM pgboss.job GROUP BY name, state
