// One database and one server for the whole run: embedded and in memory, or the server of DATABASE_URL.
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Express } from 'express'
import pg from 'pg'
import { type Config, readConfig } from '../../backend/core/config.ts'
import { type Database, type Db, openDatabase } from '../../backend/core/db/connect.ts'
import { migrate } from '../../backend/core/db/migrate.ts'
import { createLog } from '../../backend/core/log.ts'
import { rebuildViews } from '../../backend/layers/service.ts'
import { closeTown, openTown, type Town } from '../../backend/town.ts'

interface World {
  db: Db
  database: Database
  config: Config
  app: Express
  town: Town
  /** Base URL of the running server. */
  url: string
  /** Empties the database of everything but its structure. */
  reset: () => Promise<void>
}

// Filled before the first test; tests read it only inside hooks and tests.
export const world = {} as World

// A folder for temporary files of its own: tests look for what was left behind, and other suites run beside this one.
const folder = mkdtempSync(join(tmpdir(), 'asty-test-'))
process.env['TMPDIR'] = folder
// PostgreSQL and clamd of the tests run as somebody else, in folders of their own in it.
chmodSync(folder, 0o711)
const dataDir = mkdtempSync(join(folder, 'data-'))

let server: Server
let scratch: { admin: string; name: string } | undefined

/** A database of its own on the server, so that nothing there is touched. */
async function scratchDatabase(url: string): Promise<string> {
  const name = `asty_test_${process.pid}`
  const admin = new pg.Client({ connectionString: url })
  await admin.connect()
  await admin.query(`CREATE DATABASE ${name}`)
  await admin.end()
  scratch = { admin: url, name }
  const own = new URL(url)
  own.pathname = `/${name}`
  return own.href
}

/** Tables that a test may fill; audit_entry is never emptied. */
const FILLED = `
  skill crew_skill work_order_skill work_order work_order_report work_order_photo work_act report report_support
  report_support_photo report_words report_refusal timeline_entry attachment photo_removal case_record
  protocol_series routing_rule category category_form resolution_time session account crew department event setting
  role_grant one_time_token second_factor recovery_code rate_limit identity passkey api_key retention_run webhook
  webhook_delivery saved_view report_bulk report_bulk_item mention standard_answer report_presence consent
  consent_wording consent_purpose layer_import open311_update dataset_usage open311_endpoint open311_mapping
  report_forward report_forward_update collection_change school_rule place_duty dataset_version prepared_download
  feature_change layer_former report_file report_not_same subscriber subscription subscription_inbox subscription_notice local_day
  report_letter report_news pgboss.job
`

/**
 * Empties them, and their numbers begin again. Row by row, as long as there are few: on the embedded engine TRUNCATE takes two
 * seconds for all of them, most of which are empty.
 */
async function empty(trx: Db): Promise<void> {
  // Ledgers refuse to be emptied.
  await trx.raw('SET LOCAL session_replication_role = replica')
  const tables = FILLED.trim().split(/\s+/)
  await trx.raw(`DO $$
    DECLARE name regclass;
    BEGIN
      FOREACH name IN ARRAY '{${tables.join(',')}}'::regclass[] LOOP
        IF pg_relation_size(name) < 1000000 THEN EXECUTE format('DELETE FROM %s', name);
        ELSE EXECUTE format('TRUNCATE %s CASCADE', name);
        END IF;
      END LOOP;
      PERFORM setval(s.seqrelid::regclass, s.seqstart, false)
         FROM pg_sequence AS s JOIN pg_depend AS d ON d.objid = s.seqrelid AND d.classid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')
        WHERE d.refobjid = ANY ('{${tables.join(',')}}'::regclass[]) AND pg_sequence_last_value(s.seqrelid) IS NOT NULL;
    END $$`)
}

async function reset(): Promise<void> {
  const { db } = world
  const layers: { slug: string }[] = await db('layer').select('slug')
  const former: { table_name: string }[] = await db('layer_former').select('table_name')
  await db.transaction(async (trx) => {
    await trx('layer').delete()
    await rebuildViews(trx)
    for (const { slug } of layers) await trx.raw('DROP TABLE IF EXISTS ??', [`gis.${slug}`])
    for (const { table_name } of former) await trx.raw('DROP TABLE ??', [`gis_former.${table_name}`])
    await empty(trx)
    // Most tests are not about signing in; those that are take this away.
    await trx('setting').insert({ key: 'people.second_factor_required', value: 'false' })
  })
}

export const mochaHooks = {
  async beforeAll(this: Mocha.Context): Promise<void> {
    // A first start of the embedded engine takes half a minute on a busy machine.
    this.timeout(240_000)
    const url = process.env['DATABASE_URL']
    const config = readConfig({
      DATA_DIR: dataDir,
      DATABASE_URL: url ? await scratchDatabase(url) : undefined,
      RATE_LIMITS: 'false',
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
    })
    const database = await openDatabase(config)
    await migrate(database.db)
    // Its jobs are never done: tests that are about them start a node.
    const town = await openTown(config, database, createLog(config.logLevel))
    const { app } = town
    server = createServer(app)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const { port } = server.address() as AddressInfo
    Object.assign(world, { db: database.db, database, config, app, town, url: `http://127.0.0.1:${port}`, reset })
  },
  async afterAll(): Promise<void> {
    server?.closeAllConnections()
    server?.close()
    if (world.town) await closeTown(world.town)
    if (scratch) {
      const admin = new pg.Client({ connectionString: scratch.admin })
      await admin.connect()
      await admin.query(`DROP DATABASE ${scratch.name} WITH (FORCE)`)
      await admin.end()
    }
    rmSync(folder, { recursive: true, force: true })
  },
}
