// npm run retention: what personal data are due to go, and with --apply lets them go. For a daily timer.
import { readMunicipality } from '../core/municipalities.ts'
import { retain } from '../reports/retention/run.ts'
import { openForTool, renewStructure, runTool } from './structure.ts'

async function main(): Promise<void> {
  const isDryRun = !process.argv.includes('--apply')
  const config = readMunicipality(process.env)
  const database = await openForTool(config)
  await renewStructure(database)
  const { anonymised, photos, uploads, by_category } = await retain(database.db, config, { isDryRun })
  const verb = isDryRun ? 'would be' : 'were'
  const lines = [
    `${anonymised} reports ${verb} anonymised, ${photos} photos and ${uploads} unsent uploads deleted.`,
    ...Object.entries(by_category).map(([category, count]) => `  ${category}: ${count}`),
    ...(isDryRun ? ['Nothing was changed; run again with --apply.'] : []),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  await database.close()
}

runTool('Retention was not done', main)
