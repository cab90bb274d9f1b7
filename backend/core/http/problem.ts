// Expected failures: throw problem('kind', values). One handler turns them, and everything else, into RFC 9457.
import type { ErrorRequestHandler, Response } from 'express'
import multer from 'multer'
import type {} from 'pino-http'
import type { z } from 'zod'
import type { Language, Problem } from '../contract.ts'
import { AwayError } from '../files/away.ts'
import { text, type TextKey } from '../i18n/text.ts'
import { languageOf } from '../i18n/language.ts'
import { noteSecurity } from './security.ts'

const STATUS = {
  'invalid-input': 422,
  'invalid-json': 400,
  'bad-parameter': 400,
  'not-acceptable': 406,
  'unsupported-type': 415,
  'precondition-needed': 428,
  'changed-meanwhile': 412,
  'key-taken': 409,
  'import-refused': 422,
  'import-not-ready': 409,
  'layer-exists': 409,
  'layer-in-use': 409,
  'closed-field': 422,
  'closed-style': 422,
  'wrong-field': 422,
  'wrong-style': 422,
  'field-exists': 409,
  'field-in-use': 409,
  'too-many-fields': 422,
  'wrong-codes': 422,
  'nothing-before': 409,
  'no-such-layer': 422,
  'wrong-geometry': 422,
  'broken-geometry': 422,
  'layer-too-large': 422,
  'not-polygons': 422,
  'not-assignable': 422,
  'too-large': 413,
  'not-found': 404,
  'changes-gone': 410,
  'range-not-satisfiable': 416,
  'unknown-jurisdiction': 404,
  'sign-in-needed': 401,
  'not-allowed': 403,
  'wrong-credentials': 401,
  'wrong-code': 401,
  'wrong-key': 401,
  'key-needed': 403,
  'scope-missing': 403,
  'too-many-keys': 409,
  'too-many-webhooks': 409,
  'too-many-views': 409,
  'too-many-subscriptions': 409,
  'unsafe-target': 422,
  'far-end-failed': 502,
  'not-a-mobile': 422,
  'second-factor-needed': 401,
  'enrolment-needed': 403,
  'confirm-needed': 403,
  'assurance-needed': 403,
  'staff-files': 403,
  'address-unproven': 403,
  'provider-failed': 502,
  'account-exists': 409,
  'identity-taken': 409,
  'last-way-in': 409,
  'staff-account': 409,
  'passkey-refused': 401,
  'weak-password': 422,
  'factor-exists': 409,
  'already-known': 409,
  'last-administrator': 409,
  'wording-changed': 409,
  'contact-unproven': 409,
  'purpose-exists': 409,
  'unknown-area': 422,
  'too-many-requests': 429,
  'cross-site': 403,
  'unknown-host': 421,
  'outside-municipality': 422,
  'swapped-coordinates': 422,
  'shape-outside': 422,
  'broken-shape': 422,
  'shape-too-large': 422,
  'geometry-not-allowed': 422,
  'unknown-asset': 422,
  'no-assets': 422,
  'drawn-asset': 422,
  'unknown-category': 422,
  'category-exists': 409,
  'day-exists': 409,
  'call-instead': 409,
  'photo-needed': 422,
  'unknown-photo': 422,
  'key-reused': 422,
  'wrong-plot': 422,
  'plot-too-large': 422,
  'no-block': 404,
  'register-refused': 422,
  'duties-refused': 422,
  'not-a-photo': 415,
  'not-a-document': 415,
  'too-many-files': 409,
  'no-file': 422,
  'infected-file': 422,
  'storage-away': 503,
  'scanner-away': 503,
  'status-not-allowed': 409,
  'nobody-else': 409,
  'not-asked': 409,
  'note-needed': 422,
  'likely-duplicate': 409,
  'report-closed': 409,
  'own-report': 409,
  'device-needed': 422,
  'merge-not-allowed': 409,
  'merged-report': 409,
  'not-merged': 409,
  'not-closed': 409,
  'reopen-too-late': 409,
  'withdraw-too-late': 409,
  'extend-not-now': 409,
  'undo-too-late': 409,
  'unknown-department': 422,
  'contractor-crew-needed': 422,
  'contractors-crew': 422,
  'unknown-colleague': 422,
  'misheard-code': 422,
  'stale-version': 409,
  'work-not-allowed': 409,
  'no-offer': 409,
  'crew-exists': 409,
  'no-crews': 422,
  'day-over': 422,
  'unknown-skill': 422,
  'skill-in-use': 409,
  'wrong-shift': 422,
  'wrong-window': 422,
  'reason-needed': 422,
  'place-needed': 422,
  'not-done': 409,
  'work-open': 409,
  busy: 503,
  unexpected: 500,
} as const
export type ProblemKind = keyof typeof STATUS

/** HTTP status of a kind of problem. */
export const statusOf = (kind: ProblemKind): number => STATUS[kind]

/** What tells of somebody who tries doors, and is written into the log as such. */
const REFUSALS: ReadonlySet<ProblemKind> = new Set([
  'wrong-credentials',
  'wrong-code',
  'wrong-key',
  'scope-missing',
  'passkey-refused',
  'provider-failed',
  'sign-in-needed',
  'second-factor-needed',
  'enrolment-needed',
  'confirm-needed',
  'assurance-needed',
  'staff-files',
  'address-unproven',
  'not-allowed',
  'cross-site',
  'unknown-host',
  'too-many-requests',
  'too-large',
  'not-a-photo',
  'not-a-document',
  'infected-file',
  'invalid-json',
  'invalid-input',
  'bad-parameter',
])

interface FieldError {
  path: string
  message: (language: Language) => string
}

export class ProblemError extends Error {
  readonly kind: ProblemKind
  readonly values: (language: Language) => Record<string, unknown>
  readonly extra: Record<string, unknown>
  readonly errors: FieldError[]
  readonly headers: Record<string, string>
  /** Account that it concerns, where nobody is signed in; for the log. */
  subject?: string

  constructor(
    kind: ProblemKind,
    values: (language: Language) => Record<string, unknown>,
    extra: Record<string, unknown>,
    errors: FieldError[],
    headers: Record<string, string> = {},
  ) {
    super(kind)
    this.kind = kind
    this.values = values
    this.extra = extra
    this.errors = errors
    this.headers = headers
  }
}

interface ProblemParts {
  /** Fill the placeholders of the message. */
  values?: Record<string, unknown> | ((language: Language) => Record<string, unknown>)
  /** Further members of the answer, for programs. */
  extra?: Record<string, unknown>
  /** Path of the field that caused it. */
  path?: string
  /** Headers of the answer. */
  headers?: Record<string, string>
  /** What went wrong underneath, for the log. */
  cause?: unknown
  /** Account that somebody tried to open, for the log. */
  subject?: string
}

/** An expected failure, to be thrown. */
export function problem(
  kind: ProblemKind,
  { values = {}, extra = {}, path, headers, cause, subject }: ProblemParts = {},
): ProblemError {
  const valuesOf = typeof values === 'function' ? values : () => values
  const detail: TextKey = `problem.${kind}.detail`
  const errors = path ? [{ path, message: (language: Language) => text(language, detail, valuesOf(language)) }] : []
  const made = new ProblemError(kind, valuesOf, extra, errors, headers)
  made.subject = subject
  return cause === undefined ? made : Object.assign(made, { cause })
}

/** A parameter of the address that is not right, with its path and what would be. */
export function badParameter(path: string, key: TextKey, values: Record<string, unknown> = {}): ProblemError {
  const message = (language: Language) => text(language, key, values)
  return new ProblemError('bad-parameter', () => ({}), {}, [{ path, message }])
}

/** All issues of a failed parse as one problem with the path of every bad field. */
export function invalidInput(error: z.ZodError, prefix: string): ProblemError {
  const errors = error.issues.flatMap((issue) =>
    // What nobody knows is named itself, not the thing around it.
    (issue.code === 'unrecognized_keys' ? issue.keys : ['']).map((key) => ({
      path: [prefix, ...issue.path, key].filter((part) => part !== '').join('.'),
      message: (language: Language) => fieldMessage(language, issue),
    })),
  )
  return new ProblemError('invalid-input', () => ({}), {}, errors)
}

function fieldMessage(language: Language, issue: z.core.$ZodIssue): string {
  // A choice that is missing is missing, not a wrong choice.
  if (issue.input === undefined && (issue.code === 'invalid_type' || issue.code === 'invalid_value'))
    return text(language, 'field.required')
  switch (issue.code) {
    case 'invalid_type':
      return text(language, 'field.wrong_type')
    case 'too_small':
      return text(language, 'field.too_small', { minimum: issue.minimum })
    case 'too_big':
      return text(language, 'field.too_big', { maximum: issue.maximum })
    case 'invalid_value':
      return text(language, 'field.one_of', { values: issue.values.join(', ') })
    case 'unrecognized_keys':
      return text(language, 'field.unknown')
    case 'custom':
      return text(language, (issue.params?.['text'] as TextKey | undefined) ?? 'field.format')
    default:
      return text(language, 'field.format')
  }
}

/** Long enough for a restart or a change of the active server, short enough for somebody who stands at the pothole. */
const AWAY_S = 30

/** A number that JavaScript can hold and the column cannot, such as 1e-320. */
const PG_OUT_OF_RANGE = '22003'
const PG_BUSY = new Set(['57014', '53300', '55P03', '40001', '40P01'])

/** What went wrong, as a problem; what nobody expected as unexpected. */
export function asProblem(error: unknown): ProblemError {
  if (error instanceof ProblemError) return error
  if (error instanceof AwayError)
    return problem(error.kind, { headers: { 'Retry-After': String(AWAY_S) }, cause: error })
  if (error instanceof multer.MulterError) {
    return error.code === 'LIMIT_FILE_SIZE' ? problem('too-large', { values: { limit_mb: 12 } }) : problem('no-file')
  }
  const { type, code, name, status } = (error ?? {}) as { type?: string; code?: string; name?: string; status?: number }
  if (type === 'entity.parse.failed') return problem('invalid-json')
  if (type === 'entity.too.large') return problem('too-large', { values: { limit_mb: 1 } })
  if (type && status && status < 500) return problem('invalid-json')
  if (error instanceof URIError) return problem('not-found')
  if (code === PG_OUT_OF_RANGE) return problem('invalid-input')
  if ((code && PG_BUSY.has(code)) || name === 'KnexTimeoutError') return problem('busy')
  return problem('unexpected')
}

/** Writes a problem in the language of the caller. */
export function sendProblem(response: Response, error: ProblemError, language: Language, requestId: string): void {
  const values = { ...error.values(language), request_id: requestId }
  const body: Problem = {
    type: `urn:asty:problem:${error.kind}`,
    title: text(language, `problem.${error.kind}.title`),
    status: STATUS[error.kind],
    detail: text(language, `problem.${error.kind}.detail`, values),
    ...(error.errors.length > 0 && {
      errors: error.errors.map(({ path, message }) => ({ path, message: message(language) })),
    }),
    ...error.extra,
    request_id: requestId,
  }
  response
    .status(body.status)
    .type('application/problem+json')
    .set({ 'Cache-Control': 'no-store', ...error.headers })
    .send(JSON.stringify(body))
}

/** The one place that writes errors. */
export const problemHandler: ErrorRequestHandler = (error, request, response, next) => {
  const known = asProblem(error)
  if (REFUSALS.has(known.kind)) noteSecurity(request, response, known.kind, { account: known.subject })
  if (known.cause) request.log.warn({ err: known.cause }, known.kind)
  if (known.kind === 'unexpected') request.log.error({ err: error }, 'unexpected failure')
  if (response.headersSent) {
    // A stream that broke half-way must not look complete to its reader.
    response.destroy(error instanceof Error ? error : undefined)
    return next()
  }
  sendProblem(response, known, languageOf(request), String(request.id))
}
