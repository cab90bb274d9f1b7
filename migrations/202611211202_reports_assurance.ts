import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
ALTER TABLE category ADD COLUMN assurance text NOT NULL DEFAULT 'anonymous'
  CHECK (assurance IN ('anonymous', 'verified_contact', 'identity_proven'));
COMMENT ON COLUMN category.assurance IS 'How well we must know who sends one: anonymous, verified_contact, identity_proven';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
