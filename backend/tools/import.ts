// npm run import -- <file> --layer <slug> [options]: loads a file into a layer, all or nothing.
import { existsSync } from 'node:fs'
import { basename } from 'node:path'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { StartError } from '../core/config.ts'
import { readMunicipality } from '../core/municipalities.ts'
import type { Db } from '../core/db/connect.ts'
import { LayerDefinition } from '../layers/contract.ts'
import { importLayer, ImportError, openFile } from '../layers/service.ts'
import { openForTool, renewStructure } from './structure.ts'

const USAGE = `npm run import -- <file> --layer <slug>
Reads GeoJSON, GeoJSONSeq, Shapefile (also zipped), GeoPackage, FlatGeobuf, KML, KMZ, GPX and CSV with coordinates.
  --role <role>            what the layer means: boundary, district, crew_area, poi, …  (other)
  --title "Greek|English"  title of the layer  (the slug)
  --crs EPSG:2100          system of the coordinates  (what the file or its numbers say)
  --encoding windows-1253  letters of a Shapefile or CSV  (what the file says or its bytes can be)
  --source <name>          which table of a GeoPackage or file of an archive  (the first)
  --geometry Polygon       Point, LineString or Polygon  (the type of the first feature)
  --key <field>            field that names a feature for good
  --title-field el[,en]    fields with the title of a feature
  --theme <theme>          group in the layer panel: administration, planning, places, networks, …  (other)
  --visibility staff       public or staff  (public)
  --replace                put the features in the place of those that are there; fields, style and all else that is
                           not said here stay as they are
  --skip-invalid           leave out what cannot be repaired instead of refusing the file`

function readArguments() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        layer: { type: 'string' },
        role: { type: 'string' },
        theme: { type: 'string' },
        title: { type: 'string' },
        crs: { type: 'string' },
        encoding: { type: 'string' },
        source: { type: 'string' },
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

function codeOf(text: string): number {
  const code = /^(?:EPSG:)?(\d{4,6})$/i.exec(text)?.[1]
  if (!code) throw new StartError(`${text} is not the name of a system; say it as EPSG:2100.`)
  return Number(code)
}

type Values = ReturnType<typeof readArguments>['values']

/** The definition that --replace starts from. What is closed to the public stays closed, whatever the new file holds. */
async function definitionOf(db: Db, slug: string): Promise<Partial<LayerDefinition>> {
  const row = await db('layer').where({ slug }).first()
  return row ? LayerDefinition.parse(row) : {}
}

function define(values: Values, geometry: string | undefined, before: Partial<LayerDefinition>): LayerDefinition {
  const [el, en] = (values.title ?? values.layer ?? '').split('|')
  const [titleEl, titleEn] = values['title-field']?.split(',') ?? []
  const parsed = LayerDefinition.safeParse({
    ...before,
    slug: values.layer,
    title: values.title || !before.title ? { el, en: en ?? el } : before.title,
    role: values.role ?? before.role,
    theme: values.theme ?? before.theme,
    geometry_type: values.geometry ?? before.geometry_type ?? geometry,
    key_field: values.key ?? before.key_field,
    title_fields: titleEl ? { el: titleEl, en: titleEn ?? titleEl } : before.title_fields,
    visibility: values.visibility ?? before.visibility,
  })
  if (parsed.success) return parsed.data
  throw new StartError(`${z.prettifyError(parsed.error)}\n\n${USAGE}`)
}

function tell(problems: ImportError['problems']): void {
  for (const { index, key, message } of problems)
    process.stderr.write(`  feature ${index}${key ? ` (${key})` : ''}: ${message.en}\n`)
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const file = positionals[0]
  if (!file || !values.layer) throw new StartError(USAGE)
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`)
  const crs = values.crs === undefined ? undefined : codeOf(values.crs)
  const database = await openForTool(readMunicipality(process.env))
  await renewStructure(database)
  const { source, encoding } = values
  const opened = await openFile(database.db, file, basename(file), { crs, source, encoding })
  const before = values.replace ? await definitionOf(database.db, values.layer) : {}
  const definition = define(values, opened.geometryType, before)
  const result = await importLayer(database.db, definition, opened.source.features(), {
    crs: opened.crs,
    replace: values.replace,
    file: basename(file),
    skipInvalid: values['skip-invalid'],
    onProgress: (count) => process.stderr.write(`\r${count} features read`),
  }).finally(() => opened.close())
  process.stderr.write('\n')
  tell(result.problems)
  process.stdout.write(
    `${result.imported} features in gis.${definition.slug}, ${result.repaired} of them repaired, ${result.skipped} left out.\n`,
  )
  await database.close()
}

main().then(
  () => process.exit(0),
  (error: unknown) => {
    const told = error instanceof StartError || error instanceof ImportError
    process.stderr.write(`\n${told ? error.message : `The file was not imported: ${(error as Error).message}`}\n`)
    if (error instanceof ImportError) tell(error.problems)
    process.exit(1)
  },
)
