// What the tools of an operator have in common.
import { type Config, StartError } from '../core/config.ts'
import { alone } from '../core/db/alone.ts'
import { type Database, openDatabase } from '../core/db/connect.ts'
import { useFolder } from '../core/db/folder.ts'
import { migrate } from '../core/db/migrate.ts'
import { ProblemError } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { renewViews } from '../layers/service.ts'

/** Runs the migrations; after new ones, rewrites the views and indexes that are made from the catalogue. */
export const renewStructure = (database: Database): Promise<void> =>
  alone(database, async () => {
    const files = await migrate(database.db)
    if (files.length > 0) await renewViews(database.db)
  })

/** Opens the database; the embedded one only while Asty does not run on it. */
export function openForTool(config: Config): Promise<Database> {
  useFolder(config)
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
