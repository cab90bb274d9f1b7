import { isStaff, may } from '../core/session.ts'

/** Where to go on after proving who one is; only to our own pages. */
export const ownPath = (asked: unknown): string | undefined =>
  typeof asked === 'string' && /^\/(?![/\\])/.test(asked) ? asked : undefined

/** Where people begin who have just signed in, if their work is here; undefined: wherever they like. */
export const workPage = (): string | undefined => (isStaff() ? '/desk' : may('work.do') ? '/crew' : undefined)
