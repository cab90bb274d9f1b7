// The embedded PostGIS: PGlite behind its own socket server, so that pg and knex stay the only clients.
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PGlite } from '@electric-sql/pglite'
import { btree_gist } from '@electric-sql/pglite/contrib/btree_gist'
import { pg_trgm } from '@electric-sql/pglite/contrib/pg_trgm'
import { unaccent } from '@electric-sql/pglite/contrib/unaccent'
import { postgis } from '@electric-sql/pglite-postgis'
import { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import type { Knex } from 'knex'

export interface Embedded {
  connection: Knex.PgConnectionConfig
  stop: () => Promise<void>
}

/** Starts PGlite on <dataDir>/postgres, or in memory for 'memory://'. */
export async function startEmbedded(dataDir: string): Promise<Embedded> {
  const memory = dataDir.startsWith('memory://')
  const lite = await PGlite.create({
    dataDir: memory ? undefined : join(dataDir, 'postgres'),
    extensions: { postgis, pg_trgm, unaccent, btree_gist },
    // What is committed must survive a power cut; PGlite fsyncs through Node unless told otherwise.
    relaxedDurability: memory,
  })
  // A socket in a folder that only this user can open: the engine asks for no password.
  const folder = mkdtempSync(join(tmpdir(), 'asty-'))
  const path = join(folder, '.s.PGSQL.5432')
  const server = new PGLiteSocketServer({ db: lite, path, maxConnections: 32 })
  await server.start()
  return {
    connection: { host: folder, port: 5432, user: 'postgres', database: 'postgres', password: '' },
    stop: async () => {
      await server.stop()
      await lite.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
