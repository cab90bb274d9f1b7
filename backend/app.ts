// Table of contents: middleware in order, every feature's routes, listed by hand.
import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import compression from 'compression'
import express, { type Express, type Request, type RequestHandler, Router } from 'express'
import helmet from 'helmet'
import { pinoHttp } from 'pino-http'
import { type Config, isPublic } from './core/config.ts'
import type { Database } from './core/db/connect.ts'
import { isMigrated } from './core/db/migrate.ts'
import type { Notices } from './core/events.ts'
import type { Context } from './core/http/context.ts'
import { floodGuard } from './core/http/flood.ts'
import { NO_PAGE } from './core/http/headers.ts'
import { createLimits } from './core/http/limits.ts'
import { liveRoutes } from './core/http/live.ts'
import { createMetrics } from './core/http/metrics.ts'
import { PORTAL } from './core/http/portal.ts'
import { problem, problemHandler } from './core/http/problem.ts'
import { languageOf } from './core/i18n/language.ts'
import type { Storage } from './core/files/storage.ts'
import type { Jobs } from './core/jobs.ts'
import type { Log } from './core/log.ts'
import type { Sealer } from './core/secrets.ts'
import { traced } from './core/traces.ts'
import { fieldRoutes } from './layers/fielding/routes.ts'
import { editingRoutes } from './layers/editing/routes.ts'
import { formerRoutes } from './layers/former/routes.ts'
import { historyRoutes } from './layers/history/routes.ts'
import { topologyRoutes } from './layers/topology/routes.ts'
import { buildingRoutes } from './building/routes.ts'
import { printRoutes } from './print/routes.ts'
import { dayRoutes } from './cases/days/routes.ts'
import { calendarRoutes } from './calendar/routes.ts'
import { hereRoutes } from './here/routes.ts'
import { importRoutes } from './layers/imports/routes.ts'
import { stylingRoutes } from './layers/styling/routes.ts'
import { layerRoutes } from './layers/routes.ts'
import { docsRoutes } from './opendata/docs/routes.ts'
import { feedRoutes } from './opendata/feeds/routes.ts'
import { ogcRoutes } from './opendata/ogc/routes.ts'
import { openDataRoutes } from './opendata/routes.ts'
import type { UsageCounter } from './opendata/usage/counter.ts'
import { webhookRoutes } from './opendata/webhooks/routes.ts'
import { peopleRoutes, tokenOf } from './people/routes.ts'
import { actorOf, csrfOf, keyOf } from './people/service.ts'
import { poiRoutes } from './places/poi/routes.ts'
import { placeRoutes } from './places/routes.ts'
import { open311Errors, open311Routes } from './reports/open311/routes.ts'
import { reportRoutes } from './reports/routes.ts'
import { reportTopic } from './reports/topic.ts'
import { analyticsRoutes } from './insights/analytics/routes.ts'
import { insightRoutes } from './insights/routes.ts'
import { schoolRoutes } from './schools/routes.ts'
import { searchRoutes } from './search/routes.ts'
import { crewRoutes } from './work/crews/routes.ts'
import { workRoutes } from './work/routes.ts'
import { tourRoutes } from './work/tours/routes.ts'
import { workTopic } from './work/topic.ts'

interface Parts {
  config: Config
  database: Database
  notices: Notices
  log: Log
  sealer: Sealer
  storage: Storage
  jobs: Jobs
  usage: UsageCounter
}

export function createApp({ config, database, notices, log, sealer, storage, jobs, usage }: Parts): Express {
  const app = express()
  const metrics = createMetrics(config, database, jobs)
  app.disable('x-powered-by')
  app.set('query parser', 'simple')
  if (config.trustedProxies) app.set('trust proxy', config.trustedProxies.split(/[\s,]+/))
  app.use(logging(log))
  app.use(security(config))
  app.use(permissionsPolicy)
  app.use(lastAnswer(app))
  app.use(metrics.measure)
  app.use(traced)
  app.use(floodGuard(config.rateLimits))
  app.use(compression())
  healthRoutes(app, database)
  app.use(
    [
      '/api',
      '/tiles',
      '/styles',
      '/opendata',
      '/ogc',
      '/feeds',
      '/places',
      '/metrics',
      '/crest.svg',
      '/manifest.webmanifest',
      /^\/icon-\d+\.png$/,
      '/sitemap.xml',
      '/robots.txt',
    ],
    dataOnly,
    noNul,
    ownHost(config),
    express.json({ type: ['json', '+json'], limit: '1mb', reviver: withoutNul }),
    context({ config, database, sealer, storage, jobs }),
    sameSite,
  )
  // Programs of others send here, also from pages of others; cookies count for nothing.
  app.use('/open311', dataOnly, noNul, ownHost(config), context({ config, database, sealer, jobs, storage }))

  app.use(['/opendata', '/ogc'], usage.count)

  // Routes are tried one after the other: first those that maps and programs ask for thousands of times.
  const api = Router()
  layerRoutes(api)
  ogcRoutes(api)
  peopleRoutes(api)
  importRoutes(api)
  stylingRoutes(api)
  fieldRoutes(api)
  formerRoutes(api)
  historyRoutes(api)
  editingRoutes(api)
  topologyRoutes(api)
  placeRoutes(api)
  poiRoutes(api)
  dayRoutes(api)
  reportRoutes(api)
  open311Routes(api)
  crewRoutes(api)
  workRoutes(api)
  tourRoutes(api)
  liveRoutes(api, notices, [reportTopic, workTopic])
  searchRoutes(api)
  insightRoutes(api)
  analyticsRoutes(api)
  schoolRoutes(api)
  hereRoutes(api)
  buildingRoutes(api)
  printRoutes(api)
  calendarRoutes(api)
  openDataRoutes(api)
  feedRoutes(api)
  webhookRoutes(api)
  docsRoutes(api)
  app.use(api)
  app.get('/metrics', metrics.expose)
  app.use(['/api', '/tiles', '/styles', '/opendata', '/ogc', '/feeds', '/open311', '/places'], () => {
    throw problem('not-found')
  })
  portal(app)
  app.use(() => {
    throw problem('not-found')
  })
  app.use('/open311', open311Errors)
  app.use(problemHandler)
  return app
}

/** Whether a proxy of TRUSTED_PROXIES sent it: only they may say what a request is called. */
const isFromProxy = (request: Request): boolean =>
  request.app.get('trust proxy fn')(request.socket.remoteAddress ?? '', 0)

const logging = (log: Log) =>
  pinoHttp({
    logger: log,
    genReqId: (request, response) => {
      const given = isFromProxy(request as Request) && request.headers['x-request-id']
      const id = typeof given === 'string' && /^[\w-]{1,64}$/.test(given) ? given : randomUUID()
      response.setHeader('X-Request-Id', id)
      return id
    },
    // Neither addresses of people nor search words nor private links belong in a log.
    serializers: {
      req: ({ id, method, url }: { id: string; method: string; url: string }) => ({
        id,
        method,
        path: url.split('?')[0]?.replace(/((?:follow|invitations?|my-reports|unsubscribe)\/)[^/]+/, '$1…'),
      }),
      res: ({ statusCode }: { statusCode: number }) => ({ status: statusCode }),
    },
  })

function security(config: Config): RequestHandler {
  const outside = config.basemapStyleUrl ? [new URL(config.basemapStyleUrl).origin] : []
  return helmet({
    contentSecurityPolicy: {
      useDefaults: false,
      directives: {
        'default-src': [`'self'`],
        'script-src': [`'self'`],
        'worker-src': [`'self'`, 'blob:'],
        'style-src': [`'self'`],
        'img-src': [`'self'`, 'data:', 'blob:', ...outside],
        'connect-src': [`'self'`, ...outside],
        'object-src': [`'none'`],
        'base-uri': [`'none'`],
        'form-action': [`'self'`],
        'frame-ancestors': [`'none'`],
      },
    },
    xFrameOptions: { action: 'deny' },
    // Open data is read by pages of other sites.
    crossOriginResourcePolicy: { policy: 'cross-origin' },
    strictTransportSecurity: isPublic(config) ? { maxAge: 31_536_000 } : false,
  })
}

/** Who sends a page after all puts its policy back. */
const dataOnly: RequestHandler = (_request, response, next) => {
  response.locals['pagePolicy'] = response.get('Content-Security-Policy')
  response.set('Content-Security-Policy', NO_PAGE)
  next()
}

/**
 * Where letters go out, links in them must lead here, and anybody can write any name into Host: without PUBLIC_URL only the
 * server's own address counts.
 */
const ownHost =
  ({ smtpUrl, publicUrl, hosts }: Config): RequestHandler =>
  (request, _response, next) => {
    const own = ['localhost', '::1', request.socket.localAddress?.replace(/^::ffff:/, '')]
    if (smtpUrl && !publicUrl && !hosts && !own.includes(request.hostname.replace(/^\[|\]$/g, '')))
      throw problem('unknown-host')
    next()
  }

/** PostgreSQL has no text with the character 0: refused in addresses, dropped from texts. */
const noNul: RequestHandler = (request, _response, next) => {
  if (request.url.includes('%00')) throw problem('invalid-input')
  next()
}
const withoutNul = (_key: string, value: unknown) => (typeof value === 'string' ? value.replaceAll('\0', '') : value)

/** A node that goes keeps no connection for a next request. */
const lastAnswer =
  (app: Express): RequestHandler =>
  (_request, response, next) => {
    if (app.enabled('stopping')) response.set('Connection', 'close')
    next()
  }

/** What our own pages may use of a device; frames and foreign scripts nothing. */
const permissionsPolicy: RequestHandler = (_request, response, next) => {
  // A streamed answer has the listeners of its pipeline on top of those of log, metrics and compression.
  response.setMaxListeners(20)
  response.set(
    'Permissions-Policy',
    'geolocation=(self), camera=(self), microphone=(), payment=(), usb=(), browsing-topics=()',
  )
  next()
}

function context({
  config,
  database,
  sealer,
  storage,
  jobs,
}: Omit<Parts, 'notices' | 'log' | 'usage'>): RequestHandler {
  const limits = createLimits(database.db, config.rateLimits)
  return async (request, response, next) => {
    const baseUrl = config.publicUrl ?? `${request.protocol}://${request.get('host') ?? 'localhost'}`
    const token = tokenOf(request, baseUrl.startsWith('https:'))
    const renewActor = async () => (token ? actorOf(database.db, token) : null)
    const givenKey = request.get('X-API-Key')
    const ctx: Context = {
      db: database.db,
      reads: database.reads,
      distrustReplica: database.distrustReplica,
      engine: database.engine,
      config,
      sealer,
      limits,
      jobs,
      storage,
      address: request.ip ?? '',
      // A program with a key is only what the key makes of it, whatever cookies it has.
      actor: givenKey ? null : await renewActor(),
      key: givenKey ? await keyOf({ db: database.db, limits }, givenKey) : null,
      renewActor,
      language: languageOf(request),
      requestId: String(request.id),
      baseUrl,
    }
    response.locals['context'] = ctx
    response.vary('Accept-Language')
    // Routes whose answers may be kept say so themselves.
    response.set('Cache-Control', ctx.actor || ctx.key ? 'no-store' : 'no-cache')
    next()
  }
}

const isHost = (origin: string, host: string | undefined) => URL.canParse(origin) && new URL(origin).host === host

/** Requests that change something come from our own pages, or from programs, which send no Origin; with a cookie also its token. */
const sameSite: RequestHandler = (request, response, next) => {
  if (['GET', 'HEAD', 'OPTIONS'].includes(request.method)) return next()
  const origin = request.get('Origin')
  const ctx: Context = response.locals['context']
  if (origin && origin !== ctx.baseUrl && !isHost(origin, request.get('host'))) throw problem('cross-site')
  const token = ctx.actor && tokenOf(request, ctx.baseUrl.startsWith('https:'))
  if (token && request.get('X-CSRF-Token') !== csrfOf(token)) throw problem('cross-site')
  next()
}

function healthRoutes(app: Express, database: Database): void {
  app.get('/health/live', (_request, response) => {
    response.json({ status: 'live' })
  })
  app.get('/health/ready', async (_request, response) => {
    const ready = app.disabled('stopping') && (await isMigrated(database.db).catch(() => false))
    response.status(ready ? 200 : 503).json({ status: ready ? 'ready' : 'not ready' })
  })
}

/** The map alone, which pages of others may frame: it takes no cookie of ours there (SameSite=Lax) and leads nowhere but out. */
const framed: RequestHandler = (request, response, next) => {
  // To the letter: under /embed/ or /EMBED the portal would show itself whole.
  if (request.path !== '/embed') return next()
  const policy = String(response.get('Content-Security-Policy'))
  response.set('Content-Security-Policy', policy.replace(`frame-ancestors 'none'`, 'frame-ancestors *'))
  response.removeHeader('X-Frame-Options')
  next()
}

function portal(app: Express): void {
  app.get('/embed', framed)
  app.use('/assets', express.static(`${PORTAL}assets`, { immutable: true, maxAge: '1y', fallthrough: false }))
  app.use(express.static(PORTAL, { index: false, maxAge: 0 }))
  app.get('/{*path}', (_request, response) => {
    if (!existsSync(`${PORTAL}index.html`)) throw problem('not-found')
    response.set('Cache-Control', 'no-cache').sendFile(`${PORTAL}index.html`)
  })
}
