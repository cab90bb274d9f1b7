// npm run retention: what personal data are due to go, and with --apply lets them go. For a daily timer.
import { readConfig, StartError } from '../core/config.ts'
import { openDatabase } from '../core/db/connect.ts'
import { takeFolder } from '../core/db/folder.ts'
import { retain } from '../reports/retention.ts'
import { renewStructure } from './structure.ts'

async function main(): Promise<void> {
  const isDryRun = !process.argv.includes('--apply')
  const config = readConfig(process.env)
  if (!config.databaseUrl) process.once('exit', takeFolder(config.dataDir))
  const database = await openDatabase(config)
  await renewStructure(database.db)
  const { anonymised, photos, uploads, by_category } = await retain(database.db, config, { isDryRun })
  const verb = isDryRun ? 'would be' : 'were'
  process.stdout.write(
    `${anonymised} reports ${verb} anonymised, ${photos} photos and ${uploads} unsent uploads deleted.\n`,
  )
  for (const [category, count] of Object.entries(by_category)) process.stdout.write(`  ${category}: ${count}\n`)
  if (isDryRun) process.stdout.write('Nothing was changed; run again with --apply.\n')
  await database.close()
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(error instanceof StartError ? `${error.message}\n` : `${(error as Error).stack}\n`)
    process.exit(1)
  },
)
