import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE layer
  ADD COLUMN update_frequency text NOT NULL DEFAULT 'irregular'
    CHECK (update_frequency IN ('continuous', 'daily', 'weekly', 'monthly', 'quarterly', 'half_yearly', 'yearly', 'irregular', 'never')),
  ADD COLUMN contact jsonb;
COMMENT ON COLUMN layer.update_frequency IS 'How often it is brought up to date';
COMMENT ON COLUMN layer.contact IS 'Whom to ask about it, {name: {el, en}, email, url}; null: the municipality';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
