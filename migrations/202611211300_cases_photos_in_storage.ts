import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
COMMENT ON TABLE  photo_removal IS 'Photos whose files are to be destroyed; a row goes once its file has, or once the photo is part of a report or an upload';
COMMENT ON COLUMN photo_removal.photo_id IS 'Photo; its file in the storage has this name';
COMMENT ON COLUMN photo_removal.at IS 'When its file may be destroyed; of one that is just being written an hour later';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
