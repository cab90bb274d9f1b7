import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
-- Photos that are there already stay hidden until somebody has looked: nobody had until now.
ALTER TABLE attachment ADD COLUMN published_at timestamptz, ADD COLUMN blurred_at timestamptz;
COMMENT ON COLUMN attachment.id IS 'Key and file name; a photo that is blurred gets a new one';
COMMENT ON COLUMN attachment.published_at IS 'When staff let the public see it; null: only staff and the reporter do';
COMMENT ON COLUMN attachment.blurred_at IS 'When staff last blurred parts of it; what was there before is destroyed';

CREATE TABLE photo_removal (
  photo_id uuid PRIMARY KEY,
  at       timestamptz NOT NULL DEFAULT now()
);
COMMENT ON TABLE  photo_removal IS 'Photos whose files are to be destroyed; a row goes once its file has';
COMMENT ON COLUMN photo_removal.photo_id IS 'Name of the file';
COMMENT ON COLUMN photo_removal.at IS 'When it was decided';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
