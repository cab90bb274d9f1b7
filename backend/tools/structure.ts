// What the tools of an operator have in common.
import { type Config, StartError } from '../core/config.ts'
import { type Database, type Db, openDatabase } from '../core/db/connect.ts'
import { takeFolder } from '../core/db/folder.ts'
import { migrate } from '../core/db/migrate.ts'
import { ProblemError } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { renewViews } from '../layers/service.ts'

/** Runs the migrations; after new ones, rewrites the views and indexes that are made from the catalogue. */
export async function renewStructure(db: Db): Promise<void> {
  const files = await migrate(db)
  if (files.length > 0) await renewViews(db)
}

/** Opens the database; the embedded one only while Asty does not run on it. */
export function openForTool(config: Config): Promise<Database> {
  if (!config.databaseUrl) process.once('exit', takeFolder(config.dataDir))
  return openDatabase(config)
}

const sentenceOf = (error: unknown): string | undefined => {
  if (error instanceof StartError) return error.message
  return error instanceof ProblemError ? text('en', `problem.${error.kind}.detail`) : undefined
}

/** Runs a tool to its end: what is expected is said in a sentence, and every failure ends with 1. */
export function runTool(failure: string, main: () => Promise<void>): void {
  main().then(
    () => process.exit(),
    (error: unknown) => {
      process.stderr.write(`${sentenceOf(error) ?? `${failure}: ${(error as Error).message}`}\n`)
      process.exit(1)
    },
  )
}
