import type { Fragment } from '../features.ts'

export type Kind = 'text' | 'number' | 'boolean' | 'date' | 'timestamp' | 'interval' | 'geometry' | 'json'

/** SQL of an expression, and what it yields. */
export interface Typed extends Fragment {
  kind: Kind
  /** Ends of an interval, which is no value by itself. */
  span?: Span
}

export interface Span {
  start: Fragment
  end: Fragment
}

export const typed = (kind: Kind, text: string, values: Fragment['values'] = []): Typed => ({ kind, text, values })

/** One expression of several, whose texts the writer puts together in their order. */
export const combined = (kind: Kind, parts: readonly Typed[], write: (...texts: string[]) => string): Typed =>
  typed(
    kind,
    write(...parts.map(({ text }) => text)),
    parts.flatMap(({ values }) => values),
  )
