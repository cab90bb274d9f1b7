// Loads a city from a folder: organisation.json (departments, crews, categories, rules, accounts), layers.json with the
// GeoJSON files it names, and optionally reports.geojson. The demo city and one's own have the same shape.
import { createReadStream, existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { z } from 'zod'
import { Assurance, Latitude, Localised, Longitude } from '../core/contract.ts'
import { dayInAthens, sameTimeAfter } from '../core/days.ts'
import type { Db } from '../core/db/connect.ts'
import { ProblemError } from '../core/http/problem.ts'
import { StartError } from '../core/config.ts'
import { LayerDefinition } from '../layers/contract.ts'
import { importLayer } from '../layers/service.ts'
import { PurposeInput } from '../people/consents/contract.ts'
import { LocalDayInput } from '../cases/days/contract.ts'
import { insertLocalDay } from '../cases/days/service.ts'
import { addGrant, hashPassword, insertPurpose } from '../people/service.ts'
import { GrantInput } from '../people/contract.ts'
import { filers, PetSide, reportKinds, subscribers } from '../reports/categories/contract.ts'
import { insertForm } from '../reports/categories/edit.ts'
import { FormInput } from '../reports/forms/contract.ts'
import { Geometries } from '../reports/shapes/contract.ts'
import { loadPastReports } from '../reports/past.ts'
import { replaceDuties } from '../places/poi/service.ts'
import { CrewFacts } from '../work/crews/contract.ts'
import { replaceRegister } from '../schools/service.ts'
import { readFeatures } from '../core/geo/geojson.ts'

const Slug = z.string().regex(/^[a-z][a-z0-9-]{0,60}$/)

const Organisation = z.object({
  slug: Slug,
  title: Localised,
  note: Localised.optional(),
  generated_on: z.iso.date().optional(),
  /** Which houses belong to which school: CSV beside this file. */
  school_register: z.object({ school_year: z.string(), file: z.string() }).optional(),
  /** Which pharmacies are on duty when, by layer: CSV beside this file. */
  place_duties: z.array(z.object({ layer: z.string(), file: z.string() })).default([]),
  view: z.object({ centre: z.tuple([z.number(), z.number()]), zoom: z.number() }),
  /** OKLCH hue of buttons and links, degrees. A crest is the file crest.svg beside this one. */
  hue: z.number().min(0).max(360).optional(),
  departments: z.array(
    z.object({
      slug: Slug,
      title: Localised,
      phone: z.string().nullish(),
      is_central_desk: z.boolean().default(false),
    }),
  ),
  /** What crews can do. */
  skills: z.array(z.object({ slug: Slug, title: Localised })).default([]),
  crews: z
    .array(
      CrewFacts.partial().extend({
        slug: Slug,
        title: Localised,
        department: Slug,
        /** Longitude, latitude. */
        depot: z.tuple([Longitude, Latitude]).optional(),
        skills: z.array(Slug).default([]),
      }),
    )
    .default([]),
  /** Days off of the town, and days that it works all the same. */
  local_days: z.array(LocalDayInput).default([]),
  categories: z.array(
    z.object({
      slug: Slug,
      title: Localised,
      description: Localised,
      parent: Slug.nullish(),
      department: Slug.nullish(),
      icon: z.string(),
      colour: z.string(),
      answer_hours: z.number().int().positive().default(48),
      working_days: z.number().int().positive().default(10),
      resolution_hours: z.number().int().min(1).max(2000).nullish(),
      keywords: z.array(z.string()).default([]),
      is_public: z.boolean().default(true),
      may_file: z.enum(filers).default('everybody'),
      may_subscribe: z.enum(subscribers).default('everybody'),
      assurance: Assurance.default('anonymous'),
      same_place_m: z.number().int().min(1).max(1000).default(100),
      reopen_days: z.number().int().min(0).default(14),
      needs_photo: z.boolean().default(false),
      geometries: Geometries.default(['point']),
      /** Layer of the things that its reports are about. */
      asset_layer: z.string().nullish(),
      asset_snap_m: z.number().int().min(1).max(200).default(15),
      kind: z.enum(reportKinds).default('fault'),
      has_workflow: z.boolean().default(true),
      expires_days: z.number().int().min(1).max(3650).nullish(),
      /** Of pets: whether they are looked for or found. */
      pet_side: PetSide.optional(),
      /** What it asks beyond the words, and when it says: call instead. */
      form: FormInput.optional(),
    }),
  ),
  rules: z
    .array(
      z.object({
        slug: Slug,
        title: Localised,
        category: Slug.nullish(),
        area: z.object({ layer: z.string(), code: z.string() }).nullish(),
        department: Slug,
        crew: Slug.nullish(),
        rank: z.number().int().default(100),
      }),
    )
    .default([]),
  /** What people are asked to agree to; those that are there already keep their words. */
  consent_purposes: z.array(PurposeInput).default([]),
  /** False only for a city to try out: staff need no second step of signing in. */
  second_factor_required: z.boolean().default(true),
  accounts: z
    .array(z.object({ email: z.email(), name: z.string(), grants: z.array(GrantInput).default([]) }))
    .default([]),
})
type Organisation = z.output<typeof Organisation>

const Layers = z.array(LayerDefinition.extend({ file: z.string() }))

const WEEK_MS = 7 * 86_400_000

interface LoadOptions {
  /** Password of the folder's accounts; without one they are created but cannot sign in. */
  password?: string
  onProgress: (message: string) => void
}

function readJson<T>(folder: string, file: string, schema: z.ZodType<T>): T {
  const path = join(folder, file)
  if (!existsSync(path)) throw new StartError(`There is no ${file} in ${folder}.`)
  const parsed = schema.safeParse(JSON.parse(readFileSync(path, 'utf8')))
  if (parsed.success) return parsed.data
  const wrong = parsed.error.issues.slice(0, 10).map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
  throw new StartError(`${path} is not as expected:\n${wrong.join('\n')}`)
}

export const readOrganisation = (folder: string): Organisation => readJson(folder, 'organisation.json', Organisation)

/** Loads the folder into the database, each layer in a transaction of its own; what is there already is left alone. */
export async function loadCity(db: Db, folder: string, { password, onProgress }: LoadOptions): Promise<void> {
  const organisation = readOrganisation(folder)
  const layers = readJson(folder, 'layers.json', Layers)
  const loaded = new Set((await db('layer').select('slug')).map(({ slug }) => slug))
  for (const [index, { file, ...definition }] of layers.entries()) {
    if (loaded.has(definition.slug)) continue
    onProgress(`loading layer ${index + 1} of ${layers.length}: ${definition.title.en}`)
    const features = readFeatures(createReadStream(join(folder, file)))
    const isDated = definition.role === 'event' && organisation.generated_on
    await importLayer(db, definition, isDated ? moved(features, organisation.generated_on!) : features, {})
  }
  onProgress('loading departments, categories and rules')
  await loadOrganisation(db, organisation, password)
  const past = join(folder, 'reports.geojson')
  if (existsSync(past)) {
    onProgress('loading past reports')
    await loadPastReports(db, readFeatures(createReadStream(past)), organisation.generated_on)
  }
  if (organisation.school_register) {
    const { school_year, file } = organisation.school_register
    await loadTable(folder, file, (csv) => replaceRegister(loader(db), { school_year, csv }))
  }
  for (const { layer, file } of organisation.place_duties)
    await loadTable(folder, file, (csv) => replaceDuties(loader(db), layer, csv))
  const { title, note, view, hue } = organisation
  await setValue(db, 'places.city', { title, note, hue, ...view })
  const crest = join(folder, 'crest.svg')
  if (existsSync(crest)) await setValue(db, 'places.crest', readFileSync(crest, 'utf8'))
}

/** Events written for a day long ago, as many whole weeks later as brings them to the present: Friday stays Friday, eight stays eight. */
async function* moved(features: AsyncIterable<unknown>, writtenOn: string): AsyncGenerator<unknown> {
  const weeks = Math.floor((Date.parse(dayInAthens()) - Date.parse(writtenOn)) / WEEK_MS)
  const later = (value: unknown) =>
    typeof value === 'string' && /^\d{4}-\d\d-\d\dT/.test(value) ? sameTimeAfter(new Date(value), weeks * 7) : value
  for await (const feature of features as AsyncIterable<{ properties: Record<string, unknown> }>) {
    const properties = Object.fromEntries(
      Object.entries(feature.properties).map(([name, value]) => [name, later(value)]),
    )
    yield { ...feature, properties }
  }
}

const loader = (db: Db) => ({ db, actor: null, requestId: 'load-city' })

async function loadTable(folder: string, file: string, load: (csv: string) => Promise<unknown>): Promise<void> {
  await load(readFileSync(join(folder, file), 'utf8')).catch((error: unknown) => {
    if (!(error instanceof ProblemError)) throw error
    throw new StartError(`${file}: ${error.errors.map(({ message }) => message('en')).join(' ')}`)
  })
}

const setValue = (db: Db, key: string, value: unknown) =>
  db('setting')
    .insert({ key, value: JSON.stringify(value) })
    .onConflict('key')
    .merge()

async function loadOrganisation(db: Db, organisation: Organisation, password: string | undefined): Promise<void> {
  const password_hash = password ? await hashPassword(password) : null
  await db.transaction(async (trx) => {
    const json = JSON.stringify
    const insert = (table: string, rows: object[]) =>
      rows.length > 0 ? trx(table).insert(rows).onConflict('slug').ignore() : undefined
    const idOf = (table: string, slug: string | null | undefined) =>
      slug ? trx.raw('(SELECT id FROM ?? WHERE slug = ?)', [table, slug]) : null
    await insert(
      'department',
      organisation.departments.map(({ title, ...d }) => ({ ...d, title: json(title) })),
    )
    await insert(
      'crew',
      organisation.crews.map(({ slug, title, department, depot, skills: _, ...facts }) => ({
        slug,
        title: json(title),
        department_id: idOf('department', department),
        ...facts,
        ...(depot && { depot: trx.raw('ST_SetSRID(ST_MakePoint(?, ?), 4326)', depot) }),
      })),
    )
    await insert(
      'skill',
      organisation.skills.map(({ slug, title }) => ({ slug, title: json(title) })),
    )
    const able = organisation.crews.flatMap(({ slug, skills }) =>
      skills.map((skill) => ({ crew_id: idOf('crew', slug), skill_id: idOf('skill', skill) })),
    )
    if (able.length > 0) await trx('crew_skill').insert(able).onConflict(['crew_id', 'skill_id']).ignore()
    const categories = organisation.categories.map(({ title, description, parent, department, form: _, ...c }) => ({
      parent,
      row: { ...c, title: json(title), description: json(description), department_id: idOf('department', department) },
    }))
    await insert(
      'category',
      categories.filter(({ parent }) => !parent).map(({ row }) => row),
    )
    await insert(
      'category',
      categories
        .filter(({ parent }) => parent)
        .map(({ row, parent }) => ({ ...row, parent_id: idOf('category', parent) })),
    )
    for (const { slug, form } of organisation.categories) {
      const unasked = form && (await trx('category').where({ slug, form_id: null }).first('id'))
      if (unasked) await insertForm(trx, unasked.id, form, null)
    }
    await insert(
      'routing_rule',
      organisation.rules.map(({ slug, title, category, area, department, crew, rank }) => ({
        slug,
        title: json(title),
        category_id: idOf('category', category),
        area_layer: area?.layer ?? null,
        area_slug: area?.code ?? null,
        department_id: idOf('department', department),
        crew_id: idOf('crew', crew),
        rank,
      })),
    )
    for (const { email, name, grants } of organisation.accounts) {
      const [account] = await trx('account')
        .insert({ email, name, password_hash, email_verified_at: trx.fn.now() })
        .onConflict('email')
        .ignore()
        .returning('id')
      if (account) for (const grant of grants) await addGrant(trx, account.id, grant, null)
    }
    for (const day of organisation.local_days) await insertLocalDay(trx, day)
    for (const purpose of organisation.consent_purposes) await insertPurpose(trx, purpose)
    await trx('setting')
      .insert({ key: 'people.second_factor_required', value: JSON.stringify(organisation.second_factor_required) })
      .onConflict('key')
      .ignore()
  })
}
