// npm run retention: what personal data are due to go, and with --apply lets them go. For a daily timer.
import { destroyFiles } from '../cases/service.ts'
import { StartError } from '../core/config.ts'
import type { Db } from '../core/db/connect.ts'
import { openStorage } from '../core/files/open.ts'
import type { Storage } from '../core/files/storage.ts'
import { readMunicipality } from '../core/municipalities.ts'
import { retain } from '../reports/retention/run.ts'
import { openForTool, renewStructure, runTool } from './structure.ts'

async function main(): Promise<void> {
  const isDryRun = !process.argv.includes('--apply')
  const config = readMunicipality(process.env)
  const database = await openForTool(config)
  await renewStructure(database)
  const { anonymised, photos, uploads, files, by_category } = await retain(database.db, { isDryRun })
  const verb = isDryRun ? 'would be' : 'were'
  const lines = [
    `${anonymised} reports ${verb} anonymised, ${photos} photos, ${files} documents of staff and ${uploads} unsent uploads deleted.`,
    ...Object.entries(by_category).map(([category, count]) => `  ${category}: ${count}`),
    ...(isDryRun ? ['Nothing was changed; run again with --apply.'] : []),
  ]
  process.stdout.write(`${lines.join('\n')}\n`)
  if (!isDryRun) await destroy(database.db, openStorage(config))
  await database.close()
}

async function destroy(db: Db, storage: Storage): Promise<void> {
  await destroyFiles(db, storage).catch((error: Error) => {
    throw new StartError(`The files could not all be destroyed; Asty goes on trying. ${error.message}`)
  })
}

runTool('Retention was not done', main)
