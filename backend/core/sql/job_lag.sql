SELECT COALESCE(extract(epoch FROM now() - min(start_after)), 0)::float8 AS lag_s
  FROM pgboss.job
 WHERE state IN ('created', 'retry') AND start_after <= now()
