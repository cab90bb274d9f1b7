// Several municipalities in one installation: each with a database, a data folder and settings of its own, told apart by host name.
import { join } from 'node:path'
import { z } from 'zod'
import { type Config, readConfig, StartError } from './config.ts'

/** One process has one of these. */
const COMMON = ['PORT', 'HOST', 'LOG_LEVEL', 'MUNICIPALITIES', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'TRUSTED_PROXIES']

const Municipality = z.object({
  slug: z.string().regex(/^[a-z][a-z0-9_]{0,30}$/),
  hosts: z.array(z.string().toLowerCase().min(1)).min(1),
  settings: z.record(z.string(), z.string()).default({}),
})
type Municipality = z.output<typeof Municipality>

/** The settings of every municipality of MUNICIPALITIES; without it of the only one. Throws StartError. */
export function readMunicipalities(env: NodeJS.ProcessEnv): Config[] {
  const all = readConfig(env)
  if (!all.municipalities) return [all]
  const configs = parse(all.municipalities).map((each) => configOf(env, all, each))
  for (const [what, values] of [
    ['slug', configs.map(({ municipality }) => municipality)],
    ['host name', configs.flatMap(({ hosts }) => hosts ?? [])],
    ['DATA_DIR', configs.map(({ dataDir }) => dataDir)],
    ['STORAGE_URL', configs.flatMap(({ s3 }) => (s3 ? `${s3.bucket}/${s3.prefix}` : []))],
    ['DATABASE_URL', configs.flatMap(({ databaseUrl }) => databaseUrl ?? [])],
  ] as const) {
    const twice = values.find((value, index) => values.indexOf(value as never) !== index)
    if (twice) throw new StartError(`MUNICIPALITIES: two of them have the same ${what}.`)
  }
  return configs
}

/** The settings for a tool: of the municipality that MUNICIPALITY names, where there are several. Throws StartError. */
export function readMunicipality(env: NodeJS.ProcessEnv): Config {
  const configs = readMunicipalities(env)
  const wanted = env['MUNICIPALITY']
  const found = configs.length === 1 && !wanted ? configs[0] : configs.find((each) => each.municipality === wanted)
  if (!found) throw new StartError(`Say which municipality: MUNICIPALITY=${configs.map((each) => each.municipality).join('|')}`) // prettier-ignore
  return found
}

function parse(text: string): Municipality[] {
  try {
    return z.array(Municipality).min(1).parse(JSON.parse(text))
  } catch (error) {
    const what = error instanceof z.ZodError ? z.prettifyError(error) : (error as Error).message
    throw new StartError(`MUNICIPALITIES is not as expected:\n${what}`)
  }
}

function configOf(env: NodeJS.ProcessEnv, all: Config, { slug, hosts, settings }: Municipality): Config {
  const wrong = Object.keys(settings).filter((name) => COMMON.includes(name.replace(/_FILE$/, '')))
  if (wrong.length > 0)
    throw new StartError(`MUNICIPALITIES: ${wrong.join(', ')} cannot differ between municipalities.`)
  // What names a place is not handed down: two municipalities must never meet in one.
  const { PUBLIC_URL: _, DATABASE_REPLICA_URL: __, MUNICIPALITIES: ___, MUNICIPALITIES_FILE: ____, ...common } = env
  const own = {
    DATA_DIR: join(all.dataDir, slug),
    ...(all.databaseUrl && { DATABASE_URL: databaseOf(all.databaseUrl, slug) }),
    ...(all.s3 && { STORAGE_URL: `s3://${[all.s3.bucket, all.s3.prefix, slug].filter(Boolean).join('/')}` }),
  }
  try {
    return { ...readConfig({ ...common, ...own, ...settings }), municipality: slug, hosts }
  } catch (error) {
    throw error instanceof StartError ? new StartError(`MUNICIPALITIES, ${slug}: ${error.message}`) : error
  }
}

/** postgres://server/asty and chios give postgres://server/asty_chios. */
function databaseOf(url: string, slug: string): string {
  const own = new URL(url)
  own.pathname += `_${slug}`
  return own.href
}
