// Server-sent events: tells staff that something changed. A notice holds only an id; who hears it asks again, and rights apply there.
import type { Router } from 'express'
import { type Context, may } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import type { Notice, Notices } from '../core/events.ts'
import { visibleToStaff } from './visibility.ts'

/** Proxies close connections that stay silent for a minute. */
const HEARTBEAT_MS = 25_000

async function concerns(ctx: Context, notice: Notice): Promise<boolean> {
  if (!ctx.actor || !notice.type.startsWith('report.')) return false
  const row = await ctx
    .db('report as r')
    .where('r.id', notice.id)
    .whereRaw(visibleToStaff(ctx.db, ctx.actor))
    .first('r.id')
  return row !== undefined
}

export function liveRoutes(router: Router, notices: Notices): void {
  router.get('/api/events', (request, response) => {
    const ctx: Context = response.locals['context']
    if (!may(ctx.actor, 'report.read')) throw problem('sign-in-needed')
    response.set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    response.write('retry: 3000\n\n')
    const tell = (notice: Notice) => {
      concerns(ctx, notice)
        .then((yes) => yes && response.write(`event: report\ndata: ${JSON.stringify(notice)}\n\n`))
        .catch((error: unknown) => request.log.warn({ err: error }, 'live notice not sent'))
    }
    const heartbeat = setInterval(() => void renew(), HEARTBEAT_MS)
    // Who was signed out, or lost a role, hears nothing more.
    const renew = async () => {
      ctx.actor = await ctx.renewActor()
      if (may(ctx.actor, 'report.read')) response.write(': still here\n\n')
      else response.end()
    }
    const end = () => response.end()
    notices.on('notice', tell)
    notices.once('stop', end)
    request.on('close', () => {
      clearInterval(heartbeat)
      notices.off('notice', tell)
      notices.off('stop', end)
    })
  })
}
