// npm run import -- <file> --layer <slug> [options]: loads a GeoJSON file into a layer, all or nothing.
import { createReadStream, existsSync } from 'node:fs'
import { open } from 'node:fs/promises'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { StartError } from '../core/config.ts'
import { readMunicipality } from '../core/municipalities.ts'
import type { Db } from '../core/db/connect.ts'
import { readFeatures } from '../core/geo/geojson.ts'
import { LayerDefinition } from '../layers/contract.ts'
import { importLayer, ImportError } from '../layers/service.ts'
import { openForTool, renewStructure } from './structure.ts'

const USAGE = `npm run import -- <file.geojson> --layer <slug>
  --role <role>            what the layer means: boundary, district, crew_area, poi, …  (other)
  --title "Greek|English"  title of the layer  (the slug)
  --crs EPSG:2100          system of the coordinates  (what the file says, else EPSG:4326)
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

/** Enough for the head of a file, and for what may stand behind its features. */
const PEEK_BYTES = 65_536

/** What the ends of the file tell: geometry type of its first feature, and a crs member as GeoJSON had it in 2008. */
async function peek(file: string): Promise<{ geometry?: string; crs?: string }> {
  const handle = await open(file)
  try {
    const read = async (position: number) => {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, position)
      return buffer.toString('utf8', 0, bytesRead)
    }
    const { size } = await handle.stat()
    const head = await read(0)
    const tail = await read(Math.max(0, size - PEEK_BYTES))
    const crsOf = (text: string) => /"crs"\s*:\s*\{.{0,200}?EPSG:{1,2}(\d{4,6})/s.exec(text)?.[1]
    const geometry = /"type"\s*:\s*"(?:Multi)?(Point|LineString|Polygon)"/.exec(head)?.[1]
    return { geometry, crs: crsOf(head) ?? crsOf(tail) }
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

async function* featuresOf(file: string): AsyncGenerator<unknown> {
  let count = 0
  try {
    for await (const feature of readFeatures(createReadStream(file))) {
      count++
      yield feature
    }
  } catch (error) {
    throw new StartError(`${file} cannot be read as GeoJSON after ${count} features: ${(error as Error).message}.`)
  }
  if (count === 0) throw new StartError(`${file} is not a GeoJSON FeatureCollection with features.`)
}

function tell(problems: ImportError['problems']): void {
  for (const { index, key, message } of problems)
    process.stderr.write(`  feature ${index}${key ? ` (${key})` : ''}: ${message}\n`)
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const file = positionals[0]
  if (!file || !values.layer) throw new StartError(USAGE)
  if (!existsSync(file)) throw new StartError(`There is no file ${file}.`)
  const found = await peek(file)
  const database = await openForTool(readMunicipality(process.env))
  await renewStructure(database)
  const crs = await knownCrs(database.db, values.crs ?? found.crs ?? '4326')
  const before = values.replace ? await definitionOf(database.db, values.layer) : {}
  const definition = define(values, found.geometry, before)
  const result = await importLayer(database.db, definition, featuresOf(file), {
    crs,
    replace: values.replace,
    skipInvalid: values['skip-invalid'],
    onProgress: (count) => process.stderr.write(`\r${count} features read`),
  })
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
