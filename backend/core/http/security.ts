// Security events: who came in and how, who was refused and what for. One line each, whatever LOG_LEVEL says.
import type { Request, Response } from 'express'
import type {} from 'pino-http'

/** Writes one event. `account`: the one it is about, where that is not the caller's. No address of a person, no secret. */
export function noteSecurity(
  request: Request,
  response: Response,
  event: string,
  more: { account?: string; how?: string } = {},
): void {
  if (request.log.level === 'silent') return
  const ctx: { actor: { accountId: string } | null } | undefined = response.locals['context']
  const log = request.log.child({}, { level: 'info' })
  const account = more.account ?? ctx?.actor?.accountId ?? null
  log.info({ event, ...more, account, address: request.ip ?? null }, 'security')
}
