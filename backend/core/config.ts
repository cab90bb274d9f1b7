// Deployment settings: environment variables, checked all at once at start.
import { readFileSync } from 'node:fs'
import { z } from 'zod'

const Flag = z.enum(['true', 'false', '1', '0']).transform((value) => value === 'true' || value === '1')

const Environment = z.object({
  MUNICIPALITIES: z.string().optional(),
  PORT: z.coerce.number().int().min(0).max(65535).default(8080),
  HOST: z.string().min(1).default('127.0.0.1'),
  PUBLIC_URL: z.url({ protocol: /^https?$/ }).optional(),
  DATA_DIR: z.string().min(1).default('./data'),
  DATABASE_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  DATABASE_REPLICA_URL: z.url({ protocol: /^postgres(ql)?$/ }).optional(),
  // Two: while one holds the lock of core/db/alone.ts, the other works.
  DATABASE_POOL: z.coerce.number().int().min(2).max(200).default(10),
  DEMO: Flag.optional(),
  DEMO_PASSWORD: z.string().min(8).default('asty-demo'),
  BASEMAP_STYLE_URL: z.url().optional(),
  SECRET_KEYS: z
    .string()
    .transform((value) => value.split(/[\s,]+/))
    .optional(),
  TRUSTED_PROXIES: z.string().optional(),
  SIGN_IN_PROVIDERS: z.string().optional(),
  STORAGE_URL: z
    .string()
    .regex(/^(disk|s3:\/\/[a-z0-9][a-z0-9.-]+(\/\w[\w.-]*)*\/?)$/, 'disk or s3://bucket/prefix')
    .default('disk'),
  S3_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  S3_REGION: z.string().min(1).default('us-east-1'),
  S3_ACCESS_KEY: z.string().optional(),
  S3_SECRET_KEY: z.string().optional(),
  CLAMD_URL: z
    .string()
    .regex(/^(tcp:\/\/([\w.-]+|\[[\da-f:]+\])(:\d+)?|unix:\/\/\/.+)$/i, 'tcp://host:3310 or unix:///path')
    .optional(),
  SMTP_URL: z.url({ protocol: /^smtps?$/ }).optional(),
  MAIL_FROM: z.email().default('no-reply@localhost.localdomain'),
  SMS_URL: z.url({ protocol: /^https?$/ }).optional(),
  SMS_TOKEN: z.string().optional(),
  SMS_FROM: z
    .string()
    .regex(/^[\w ]{1,11}$|^\+?\d{3,15}$/)
    .default('Asty'),
  METRICS_TOKEN: z.string().min(16).optional(),
  WEBHOOK_NETWORKS: z
    .string()
    .transform((value) => value.split(/[\s,]+/))
    .pipe(z.array(z.union([z.cidrv4(), z.cidrv6()], { error: 'networks as CIDR, e.g. 10.1.2.0/24' })))
    .default([]),
  OTEL_EXPORTER_OTLP_ENDPOINT: z.url({ protocol: /^https?$/ }).optional(),
  RATE_LIMITS: Flag.default(true),
  LOG_LEVEL: z.enum(['silent', 'fatal', 'error', 'warn', 'info', 'debug']).default('warn'),
})

export interface S3Settings {
  /** Without a slash at its end. */
  endpoint: string
  bucket: string
  /** Before every name, without slashes around it; may be empty. */
  prefix: string
  region: string
  accessKey: string
  secretKey: string
}

export interface Config {
  /** Municipalities of this installation as JSON (core/municipalities.ts); undefined: one. */
  municipalities?: string
  /** Which of them these settings are for. */
  municipality?: string
  /** Host names that mean this one; undefined: all. */
  hosts?: string[]
  port: number
  host: string
  publicUrl?: string
  dataDir: string
  databaseUrl?: string
  /** A streaming replica of databaseUrl, for what everybody may see. */
  databaseReplicaUrl?: string
  databasePool: number
  /** Load the demo city; undefined: only on an empty embedded database. */
  demo?: boolean
  demoPassword: string
  basemapStyleUrl?: string
  /** Keys that seal secrets, newest first; undefined: from a file in the data folder. */
  secretKeys?: string[]
  /** Addresses or ranges of proxies whose X-Forwarded-* headers count; `loopback` and `uniquelocal` are understood. */
  trustedProxies?: string
  /** Identity providers as JSON (people/providers.ts). */
  signInProviders?: string
  /** Where photos are kept; undefined: in the data folder. */
  s3?: S3Settings
  /** Virus scanner for what people upload; undefined: none. */
  clamdUrl?: string
  /** Mail server; undefined: messages become files in the data folder. */
  smtpUrl?: string
  mailFrom: string
  /** Gateway for short messages; undefined: messages become files in the data folder. */
  smsUrl?: string
  smsToken?: string
  /** Sender: at most 11 Latin letters and digits, or a number. */
  smsFrom: string
  /** Who has it may read /metrics from elsewhere. */
  metricsToken?: string
  /** Private networks, as CIDR, that webhooks may lie in; those on the internet always may. */
  webhookNetworks: string[]
  /** OpenTelemetry collector that gets traces. */
  otlpEndpoint?: string
  rateLimits: boolean
  logLevel: string
}

/** Whether an address is on this machine: what goes there passes no network. */
export const isLocal = (url: string): boolean => ['localhost', '127.0.0.1', '[::1]'].includes(new URL(url).hostname)

/** Where people find the portal, for what is written when nobody asks. No slash at the end. */
export const addressOf = ({ publicUrl, hosts, port }: Pick<Config, 'publicUrl' | 'hosts' | 'port'>): string =>
  publicUrl ?? `http://${hosts?.[0] ?? 'localhost'}:${port}`

/** Whether it is meant for the public, not for a trial. */
export const isPublic = ({ publicUrl }: Pick<Config, 'publicUrl'>): boolean => publicUrl?.startsWith('https:') ?? false

/** A sentence for the operator; main.ts prints it and exits with 1. */
export class StartError extends Error {}

/** NAME_FILE names a file with the value of NAME, as container secrets come. */
const filesOf = (env: NodeJS.ProcessEnv): Record<string, string> =>
  Object.fromEntries(
    Object.keys(Environment.shape).flatMap((name) => {
      const file = env[`${name}_FILE`]
      return file ? [[name, readSecret(name, file)]] : []
    }),
  )

function readSecret(name: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim()
  } catch {
    throw new StartError(`${name}_FILE: there is no file ${file} that can be read.`)
  }
}

function s3Of(e: z.output<typeof Environment>): S3Settings | undefined {
  if (e.STORAGE_URL === 'disk') return undefined
  const { S3_ENDPOINT: endpoint, S3_ACCESS_KEY: accessKey, S3_SECRET_KEY: secretKey, S3_REGION: region } = e
  const { hostname: bucket, pathname } = new URL(e.STORAGE_URL)
  if (!endpoint || !accessKey || !secretKey)
    throw new StartError('STORAGE_URL names a bucket: set S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY too.')
  return {
    endpoint: endpoint.replace(/\/+$/, ''),
    bucket,
    prefix: pathname.replace(/^\/|\/$/g, ''),
    region,
    accessKey,
    secretKey,
  }
}

/** Reads the settings. Throws StartError naming every wrong variable at once. */
export function readConfig(env: NodeJS.ProcessEnv): Config {
  const present = Object.fromEntries(
    Object.entries({ ...filesOf(env), ...env }).filter(([, value]) => value !== '' && value !== undefined),
  )
  const parsed = Environment.safeParse(present)
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `  ${issue.path.join('.')}: ${issue.message}`)
    throw new StartError(`These settings are wrong:\n${wrong.join('\n')}`)
  }
  const e = parsed.data
  // Everybody can read the default one here, and one of the demo accounts administers.
  if (e.DEMO && isPublic({ publicUrl: e.PUBLIC_URL }) && !present['DEMO_PASSWORD'])
    throw new StartError('DEMO with an https PUBLIC_URL: choose a DEMO_PASSWORD for the demo accounts.')
  if (e.DATABASE_REPLICA_URL && !e.DATABASE_URL)
    throw new StartError('DATABASE_REPLICA_URL is a replica of DATABASE_URL: set that too.')
  return {
    municipalities: e.MUNICIPALITIES,
    port: e.PORT,
    host: e.HOST,
    publicUrl: e.PUBLIC_URL?.replace(/\/$/, ''),
    dataDir: e.DATA_DIR,
    databaseUrl: e.DATABASE_URL,
    databaseReplicaUrl: e.DATABASE_REPLICA_URL,
    databasePool: e.DATABASE_POOL,
    demo: e.DEMO,
    demoPassword: e.DEMO_PASSWORD,
    basemapStyleUrl: e.BASEMAP_STYLE_URL,
    secretKeys: e.SECRET_KEYS,
    trustedProxies: e.TRUSTED_PROXIES,
    signInProviders: e.SIGN_IN_PROVIDERS,
    s3: s3Of(e),
    clamdUrl: e.CLAMD_URL,
    smtpUrl: e.SMTP_URL,
    mailFrom: e.MAIL_FROM,
    smsUrl: e.SMS_URL,
    smsToken: e.SMS_TOKEN,
    smsFrom: e.SMS_FROM,
    metricsToken: e.METRICS_TOKEN,
    webhookNetworks: e.WEBHOOK_NETWORKS,
    otlpEndpoint: e.OTEL_EXPORTER_OTLP_ENDPOINT,
    rateLimits: e.RATE_LIMITS,
    logLevel: e.LOG_LEVEL,
  }
}
