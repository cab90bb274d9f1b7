// GeoPackage 1.3 (OGC 12-128r17): SQLite, written into a file page by page.
import { join } from 'node:path'
import sqlite from 'node-sqlite3-wasm'
import type { FieldDefinition } from '../../layers/contract.ts'
import type { Column, Download, Feature } from './download.ts'
import { Box, storedType, wkb } from './geometry.ts'
import { throughFolder } from './scratch.ts'
import { valueOf } from './texts.ts'

/** 'GPKG', and the version (requirements 1 and 2). */
const HEAD =
  'PRAGMA application_id = 0x47504B47; PRAGMA user_version = 10300; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;'

const TABLES = `
CREATE TABLE gpkg_spatial_ref_sys (srs_name TEXT NOT NULL, srs_id INTEGER NOT NULL PRIMARY KEY, organization TEXT NOT NULL,
  organization_coordsys_id INTEGER NOT NULL, definition TEXT NOT NULL, description TEXT);
CREATE TABLE gpkg_contents (table_name TEXT NOT NULL PRIMARY KEY, data_type TEXT NOT NULL, identifier TEXT UNIQUE, description TEXT DEFAULT '',
  last_change DATETIME NOT NULL DEFAULT (strftime('%Y-%m-%dT%H:%M:%fZ','now')), min_x DOUBLE, min_y DOUBLE, max_x DOUBLE, max_y DOUBLE,
  srs_id INTEGER, CONSTRAINT fk_gc_r_srs_id FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys(srs_id));
CREATE TABLE gpkg_geometry_columns (table_name TEXT NOT NULL, column_name TEXT NOT NULL, geometry_type_name TEXT NOT NULL,
  srs_id INTEGER NOT NULL, z TINYINT NOT NULL, m TINYINT NOT NULL, CONSTRAINT pk_geom_cols PRIMARY KEY (table_name, column_name),
  CONSTRAINT uk_gc_table_name UNIQUE (table_name), CONSTRAINT fk_gc_tn FOREIGN KEY (table_name) REFERENCES gpkg_contents(table_name),
  CONSTRAINT fk_gc_srs FOREIGN KEY (srs_id) REFERENCES gpkg_spatial_ref_sys (srs_id));
INSERT INTO gpkg_spatial_ref_sys VALUES
  ('Undefined Cartesian SRS', -1, 'NONE', -1, 'undefined', NULL), ('Undefined geographic SRS', 0, 'NONE', 0, 'undefined', NULL);`

const COLUMN: Record<FieldDefinition['type'], string> = {
  text: 'TEXT',
  integer: 'INTEGER',
  number: 'DOUBLE',
  boolean: 'BOOLEAN',
  date: 'DATE',
  timestamp: 'DATETIME',
  json: 'TEXT',
}

const WGS84 = 4326

export const geoPackage = (download: Download) =>
  throughFolder(async (folder) => {
    const file = join(folder, 'data.gpkg')
    const db = new sqlite.Database(file)
    try {
      db.exec(HEAD + TABLES)
      await addSystem(db, download)
      await fill(db, download)
    } finally {
      db.close()
    }
    return file
  })

async function addSystem(db: sqlite.Database, { query, definition }: Download): Promise<void> {
  const add = (srid: number, text: string) =>
    db.run('INSERT INTO gpkg_spatial_ref_sys VALUES (?, ?, ?, ?, ?, NULL)', [`EPSG:${srid}`, srid, 'EPSG', srid, text])
  // WGS 84 must be there whatever the features are in (requirement 11).
  if (query.crs.srid !== WGS84) add(WGS84, WGS84_TEXT)
  add(query.crs.srid, await definition())
}
const WGS84_TEXT =
  'GEOGCS["WGS 84",DATUM["WGS_1984",SPHEROID["WGS 84",6378137,298.257223563,AUTHORITY["EPSG","7030"]],AUTHORITY["EPSG","6326"]],PRIMEM["Greenwich",0,AUTHORITY["EPSG","8901"]],UNIT["degree",0.0174532925199433,AUTHORITY["EPSG","9122"]],AUTHORITY["EPSG","4326"]]'

async function fill(db: sqlite.Database, download: Download): Promise<void> {
  const { collection, columns, query, pages } = download
  const { slug, title, description, id_type, geometry_type } = collection
  // A key must be an integer there.
  const key = id_type === 'bigint' ? '' : 'fid INTEGER PRIMARY KEY AUTOINCREMENT, '
  const named = columns.map(({ name, type }, index) => `"${name}" ${COLUMN[type]}${index === 0 && key === '' ? ' PRIMARY KEY' : ''}`) // prettier-ignore
  db.exec(`CREATE TABLE "${slug}" (${key}${named.join(', ')}, geom ${storedType(geometry_type).toUpperCase()})`)
  const names = [...columns.map(({ name }) => `"${name}"`), 'geom']
  const insert = db.prepare(`INSERT INTO "${slug}" (${names.join(', ')}) VALUES (${names.map(() => '?').join(', ')})`)
  const box = new Box()
  try {
    for await (const page of pages()) {
      db.exec('BEGIN')
      for (const feature of page) {
        if (feature.geometry) box.add(feature.geometry)
        insert.run([...columns.map((column) => stored(column, feature)), blob(feature, query.crs.srid)])
      }
      db.exec('COMMIT')
    }
  } finally {
    insert.finalize()
  }
  const bounds = box.isEmpty ? [null, null, null, null] : box.bounds
  db.run(
    `INSERT INTO gpkg_contents (table_name, data_type, identifier, description, min_x, min_y, max_x, max_y, srs_id) VALUES (?, 'features', ?, ?, ?, ?, ?, ?, ?)`,
    [slug, title[download.language], description[download.language], ...bounds, query.crs.srid],
  )
  db.run(`INSERT INTO gpkg_geometry_columns VALUES (?, 'geom', ?, ?, 0, 0)`, [
    slug,
    storedType(geometry_type).toUpperCase(),
    query.crs.srid,
  ])
}

/** GeoPackageBinary (2.1.3): no envelope, little endian. */
function blob({ geometry }: Feature, srid: number): Uint8Array | null {
  if (!geometry) return null
  const head = Buffer.from([0x47, 0x50, 0, 1, 0, 0, 0, 0])
  head.writeInt32LE(srid, 4)
  return Buffer.concat([head, wkb(geometry)])
}

function stored(column: Column, feature: Feature): string | number | bigint | boolean | null {
  const value = valueOf(column, feature)
  if (value === null) return null
  if (column.type === 'integer') return BigInt(value as string)
  if (column.type === 'json') return JSON.stringify(value)
  // In UTC with milliseconds (table 1); PostgreSQL also knows infinity, which is no moment.
  if (column.type === 'timestamp') return Number.isNaN(Date.parse(String(value))) ? null : new Date(String(value)).toISOString() // prettier-ignore
  return value as string | number | boolean
}
