// Server-sent events: tells staff that something changed. A notice holds only an id; who hears it asks again, and rights apply there.
import type { Router } from 'express'
import type { Permission } from '../contract.ts'
import type { Notice, Notices } from '../events.ts'
import { type Context, may } from './context.ts'
import { problem } from './problem.ts'

/** Proxies close connections that stay silent for a minute. */
const HEARTBEAT_MS = 25_000

/** What one may hear of. Its name is that of the events sent, and the first word of the types it is about. */
export interface Topic {
  name: 'report' | 'work'
  permission: Permission
  /** Whether the thing with this id is one that the caller may see; of the caller only the grants count. */
  concerns: (ctx: Context, id: string) => Promise<boolean>
}

/** What was asked about a notice, by topic and rights: hundreds who listen have a few rights between them. */
const asked = new WeakMap<Notice, Map<string, Promise<boolean>>>()

async function concerns(ctx: Context, notice: Notice, { name, permission, concerns }: Topic): Promise<boolean> {
  if (!notice.type.startsWith(`${name}.`) || !may(ctx.actor, permission)) return false
  const answers = asked.get(notice) ?? new Map<string, Promise<boolean>>()
  asked.set(notice, answers)
  const rights = `${name} ${JSON.stringify(ctx.actor?.grants)}`
  const answer = answers.get(rights) ?? concerns(ctx, notice.id)
  answers.set(rights, answer)
  return answer
}

export function liveRoutes(router: Router, notices: Notices, topics: readonly Topic[]): void {
  const mayHear = ({ actor }: Context) => topics.some(({ permission }) => may(actor, permission))
  router.get('/api/events', (request, response) => {
    const ctx: Context = response.locals['context']
    if (!mayHear(ctx)) throw problem('sign-in-needed')
    response.set({
      'Content-Type': 'text/event-stream; charset=utf-8',
      'Cache-Control': 'no-cache, no-transform',
      'X-Accel-Buffering': 'no',
    })
    response.flushHeaders()
    response.write('retry: 3000\n\n')
    const tell = (notice: Notice) => {
      for (const topic of topics)
        concerns(ctx, notice, topic)
          .then((yes) => yes && response.write(`event: ${topic.name}\ndata: ${JSON.stringify(notice)}\n\n`))
          .catch((error: unknown) => request.log.warn({ err: error }, 'live notice not sent'))
    }
    const heartbeat = setInterval(() => void renew(), HEARTBEAT_MS)
    // Who was signed out, or lost a role, hears nothing more.
    const renew = async () => {
      ctx.actor = await ctx.renewActor()
      if (mayHear(ctx)) response.write(': still here\n\n')
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
