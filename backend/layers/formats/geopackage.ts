// GeoPackage (OGC 12-128): every table of features is a source; PostGIS reads the geometries as they are.
import sqlite from 'node-sqlite3-wasm'
import { ImportError } from '../refusal.ts'
import type { Source } from './source.ts'

interface Table {
  table_name: string
  column_name: string
  organization: string | null
  organization_coordsys_id: number | null
  definition: string | null
}

const TABLES = `
  SELECT c.table_name, g.column_name, s.organization, s.organization_coordsys_id, s.definition
    FROM gpkg_contents AS c
    JOIN gpkg_geometry_columns AS g ON g.table_name = c.table_name
    LEFT JOIN gpkg_spatial_ref_sys AS s ON s.srs_id = g.srs_id
   WHERE c.data_type = 'features'
   ORDER BY c.rowid`

/** Every table of features in the file. Throws ImportError when it is no GeoPackage. */
export function geopackage(file: string, name: string): Source[] {
  return withFile(file, name, (db) =>
    (db.all(TABLES) as unknown as Table[]).map((table) => ({
      name: table.table_name,
      format: 'geopackage' as const,
      crs: crsOf(table),
      encoding: null,
      features: () => featuresOf(file, table),
    })),
  )
}

function withFile<T>(file: string, name: string, read: (db: InstanceType<typeof sqlite.Database>) => T): T {
  let db
  try {
    db = new sqlite.Database(file, { readOnly: true })
    return read(db)
  } catch (error) {
    throw new ImportError('broken-file', { name, count: 0, reason: (error as Error).message })
  } finally {
    db?.close()
  }
}

function crsOf({ organization, organization_coordsys_id, definition }: Table): Source['crs'] {
  if (organization?.toUpperCase() === 'EPSG' && organization_coordsys_id) return { code: organization_coordsys_id }
  return definition && definition !== 'undefined' ? { wkt: definition } : null
}

const quoted = (identifier: string) => `"${identifier.replaceAll('"', '""')}"`

async function* featuresOf(file: string, { table_name, column_name }: Table): AsyncGenerator<unknown> {
  const db = new sqlite.Database(file, { readOnly: true })
  const statement = db.prepare(`SELECT * FROM ${quoted(table_name)}`)
  let count = 0
  try {
    for (const row of statement.iterate()) {
      count++
      const { [column_name]: geometry, ...values } = row
      const properties = Object.fromEntries(
        Object.entries(values).filter(([, value]) => !(value instanceof Uint8Array)),
      )
      yield { type: 'Feature', properties: plain(properties), wkb: wkbOf(geometry) }
    }
  } catch (error) {
    throw new ImportError('broken-file', { name: table_name, count, reason: (error as Error).message })
  } finally {
    // Also for who stops reading half-way: an open statement would keep the file locked.
    statement.finalize()
    db.close()
  }
}

/** Numbers beyond 2^53 come as BigInt: as text they lose nothing. */
const plain = (properties: Record<string, unknown>) =>
  Object.fromEntries(
    Object.entries(properties).map(([key, value]) => [key, typeof value === 'bigint' ? String(value) : value]),
  )

/** Bytes of the envelope by its code in the flags (section 2.1.3). */
const ENVELOPE_BYTES = [0, 32, 48, 48, 64]
const HEADER_BYTES = 8

/** The well-known binary inside a GeoPackage geometry, hexadecimal; null for none. */
function wkbOf(value: unknown): string | null {
  if (!(value instanceof Uint8Array) || value[0] !== 0x47 || value[1] !== 0x50) return null
  const envelope = ENVELOPE_BYTES[((value[3] ?? 0) >> 1) & 7]
  return envelope === undefined ? null : Buffer.from(value.subarray(HEADER_BYTES + envelope)).toString('hex')
}
