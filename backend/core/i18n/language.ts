import type { Request } from 'express'
import type { Language } from '../contract.ts'

/** Greek unless the caller prefers English. */
export function languageOf(request: Request): Language {
  return request.acceptsLanguages('el', 'en') === 'en' ? 'en' : 'el'
}
