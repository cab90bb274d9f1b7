// Last defence of a node: so many requests at once, so many a minute from one address. In memory, because it must cost nothing.
import type { RequestHandler } from 'express'
import { RateLimiterMemory, type RateLimiterRes } from 'rate-limiter-flexible'
import { tooMany } from './limits.ts'
import { problem } from './problem.ts'

/** A school or a town hall has one address for all; a map asks for dozens of tiles a second. */
const PER_MINUTE = 6000
const MOST_AT_ONCE = 1000

export function floodGuard(isOn: boolean): RequestHandler {
  const limiter = new RateLimiterMemory({ points: PER_MINUTE, duration: 60 })
  let running = 0
  return (request, response, next) => {
    if (running >= MOST_AT_ONCE) throw problem('busy', { headers: { 'Retry-After': '2' } })
    running++
    response.once('close', () => running--)
    if (!isOn) return next()
    limiter.consume(request.ip ?? '').then(
      () => next(),
      (refusal: RateLimiterRes) => next(tooMany(Math.ceil(refusal.msBeforeNext / 1000))),
    )
  }
}
