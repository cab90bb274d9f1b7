import type { Request } from 'express'

/** Whether the caller has this version already (RFC 9110 13.1.2: weak comparison). Also with no-cache, which asks for just this check. */
export function hasVersion(request: Request, etag: string): boolean {
  const known = request.get('If-None-Match')?.split(/,\s*/) ?? []
  return known.some((tag) => tag === '*' || tag.replace(/^W\//, '') === etag)
}
