import type { Knex } from 'knex'

export const up = (knex: Knex) =>
  knex.raw(`
CREATE TABLE walk_edge (
  id       bigint PRIMARY KEY,
  source   bigint NOT NULL,
  target   bigint NOT NULL,
  length_m float8 NOT NULL,
  geom     geometry(LineString, 4326) NOT NULL
);
CREATE INDEX walk_edge_geom ON walk_edge USING gist (geom);
COMMENT ON TABLE  walk_edge IS 'Streets between their crossings, made from the layers of streets; empty where pgRouting is not installed';
COMMENT ON COLUMN walk_edge.id IS 'Key';
COMMENT ON COLUMN walk_edge.source IS 'Crossing where it begins';
COMMENT ON COLUMN walk_edge.target IS 'Crossing where it ends';
COMMENT ON COLUMN walk_edge.length_m IS 'On the ellipsoid, metres';
COMMENT ON COLUMN walk_edge.geom IS 'Line, EPSG:4326';

CREATE TABLE walk_network (
  one     boolean PRIMARY KEY DEFAULT true CHECK (one),
  version text NOT NULL
);
COMMENT ON TABLE  walk_network IS 'What walk_edge was made from; one row';
COMMENT ON COLUMN walk_network.one IS 'Key: there is one';
COMMENT ON COLUMN walk_network.version IS 'Layers of streets and their revisions';
`)

export const down = () => Promise.reject(new Error('Forward only: fix with a new migration'))
