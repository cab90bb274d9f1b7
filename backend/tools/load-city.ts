// npm run load-city -- <folder>: loads a city of one's own from a folder shaped like gis-data/demo-city.
import { StartError } from '../core/config.ts'
import { readMunicipality } from '../core/municipalities.ts'
import { loadCity } from './city.ts'
import { openForTool, renewStructure } from './structure.ts'

async function main(): Promise<void> {
  const folder = process.argv[2]
  if (!folder) throw new StartError('Say which folder: npm run load-city -- path/to/city')
  const database = await openForTool(readMunicipality(process.env))
  await renewStructure(database)
  await loadCity(database.db, folder, {
    password: process.env['CITY_PASSWORD'],
    onProgress: (message) => process.stdout.write(`${message}\n`),
  })
  await database.close()
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    process.stderr.write(
      error instanceof StartError ? `${error.message}\n` : `The city was not loaded: ${(error as Error).message}\n`,
    )
    process.exit(1)
  },
)
