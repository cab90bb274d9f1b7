// npm run import -- <file> --layer <slug> [options]: loads a GeoJSON file into a layer, all or nothing.
import { createReadStream, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { readConfig, StartError } from '../core/config.ts'
import { openDatabase, type Db } from '../core/db/connect.ts'
import { takeFolder } from '../core/db/folder.ts'
import { migrate } from '../core/db/migrate.ts'
import { readFeatures } from '../core/geo/geojson.ts'
import { LayerDefinition } from '../layers/contract.ts'
import { importLayer, ImportError } from '../layers/service.ts'

const USAGE = `npm run import -- <file.geojson> --layer <slug>
  --role <role>            what the layer means: boundary, district, crew_area, poi, …  (other)
  --title "Greek|English"  title of the layer  (the slug)
  --crs EPSG:2100          system of the coordinates  (what the file says, else EPSG:4326)
  --geometry Polygon       Point, LineString or Polygon  (the type of the first feature)
  --key <field>            field that names a feature for good
  --title-field el[,en]    fields with the title of a feature
  --visibility staff       public or staff  (public)
  --replace                put the features in the place of those that are there
  --skip-invalid           leave out what cannot be repaired instead of refusing the file`

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        layer: { type: 'string' },
        role: { type: 'string' },
        title: { type: 'string' },
        crs: { type: 'string' },
        geometry: { type: 'string' },
        key: { type: 'string' },
        'title-field': { type: 'string' },
        visibility: { type: 'string' },
        replace: { type: 'boolean' },
        'skip-invalid': { type: 'boolean' },
      },
    })
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${USAGE}`)
  }
}

/** What the beginning of the file tells: geometry type of its first feature, and a crs member as GeoJSON had it in 2008. */
async function peek(file: string): Promise<{ geometry?: string; crs?: string }> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(65_536), 0, 65_536, 0)
    const text = buffer.toString('utf8', 0, bytesRead)
    const geometry = /"type"\s*:\s*"(?:Multi)?(Point|LineString|Polygon)"/.exec(text)?.[1]
    const crs = /"crs"\s*:\s*\{.{0,200}?EPSG:{1,2}(\d{4,6})/s.exec(text)?.[1]
    return { geometry, crs }
  } finally {
    await handle.close()
  }
}

async function knownCrs(db: Db, text: string): Promise<number> {
  const code = Number(/^(?:EPSG:)?(\d{4,6})$/i.exec(text)?.[1])
  const known = code && (await db('spatial_ref_sys').where({ srid: code }).first('srid'))
  if (!known) throw new StartError(`The database knows no system ${text}; say it as EPSG:2100.`)
  return code
}

function define(values: ReturnType<typeof readArguments>['values'], geometry: string | undefined): LayerDefinition {
  const [el, en] = (values.title ?? values.layer ?? '').split('|')
  const [titleEl, titleEn] = values['title-field']?.split(',') ?? []
  const parsed = LayerDefinition.safeParse({
    slug: values.layer,
    title: { el, en: en ?? el },
    role: values.role,
    geometry_type: values.geometry ?? geometry,
    key_field: values.key ?? null,
    title_fields: titleEl ? { el: titleEl, en: titleEn ?? titleEl } : null,
    visibility: values.visibility,
  })
  if (parsed.success) return parsed.data
  throw new StartError(`${z.prettifyError(parsed.error)}\n\n${USAGE}`)
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const file = positionals[0]
  if (!file || !values.layer) throw new StartError(USAGE)
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`)
  const found = await peek(file)
  const definition = define(values, found.geometry)
  const config = readConfig(process.env)
  process.once('exit', takeFolder(config.dataDir))
  const database = await openDatabase(config)
  await migrate(database.db)
  const crs = await knownCrs(database.db, values.crs ?? found.crs ?? '4326')
  const result = await importLayer(database.db, definition, readFeatures(createReadStream(file)), {
    crs,
    replace: values.replace,
    skipInvalid: values['skip-invalid'],
    onProgress: (count) => process.stderr.write(`\r${count} features read`),
  })
  process.stderr.write('\n')
  process.stdout.write(
    `${result.imported} features in gis.${definition.slug}, ${result.repaired} of them repaired, ${result.problems.length} left out.\n`,
  )
  await database.close()
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const told = error instanceof StartError || error instanceof ImportError
    process.stderr.write(`\n${told ? error.message : `The file was not imported: ${(error as Error).message}`}\n`)
    if (error instanceof ImportError) {
      for (const { index, message } of error.problems.slice(0, 100))
        process.stderr.write(`  feature ${index}: ${message}\n`)
    }
    process.exit(1)
  },
)
