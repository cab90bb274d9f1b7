/** Where to go on after proving who one is; only to our own pages. */
export const ownPath = (asked: unknown): string | undefined =>
  typeof asked === 'string' && /^\/(?![/\\])/.test(asked) ? asked : undefined
