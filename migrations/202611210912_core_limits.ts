import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- Unlogged: losing the counts in a crash is better than writing each of them twice.
CREATE UNLOGGED TABLE rate_limit (
  key    text PRIMARY KEY,
  points int NOT NULL DEFAULT 0,
  expire bigint
);
COMMENT ON TABLE  rate_limit IS 'How often something was tried; shared by all nodes. Columns as rate-limiter-flexible wants them';
COMMENT ON COLUMN rate_limit.key IS 'Action and address, account or device';
COMMENT ON COLUMN rate_limit.points IS 'Tries since the window began';
COMMENT ON COLUMN rate_limit.expire IS 'End of the window, milliseconds since 1970';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
