// From a click to a crew: design.md section 4. One transaction; the spatial part is one statement (places/sql/where.sql).
import { createHash, randomBytes, randomUUID } from 'node:crypto'
import type { Assurance, Named } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import { sql } from '../core/db/sql.ts'
import { type Context, demandAssurance } from '../core/http/context.ts'
import { problem } from '../core/http/problem.ts'
import { text } from '../core/i18n/text.ts'
import { tellSeekers } from './animals/seekers.ts'
import { demandAsset } from './assets/assets.ts'
import type { Category, PetSide } from './categories/contract.ts'
import { demandFiler } from './categories/filing.ts'
import { refuseDuplicate } from './duplicates/likely.ts'
import { checkAnswers, refuseStopped } from './forms/check.ts'
import { type Answers, areasAskedFor, type Question, type Stop, stopsWith } from './forms/contract.ts'
import { demandThings, photosIn } from './forms/things.ts'
import { forwardReport } from './forwarding/send.ts'
import type { Receipt, ReportInput, RouteDecision } from './contract.ts'
import { explain, type RawCandidate } from './routing.ts'
import { type Kind, kindOf, type Location } from './shapes/contract.ts'
import { type Spot, spotOf } from './shapes/place.ts'
import { usualTime } from './usual.ts'

export interface RouteRow {
  n: number
  category_id: string
  category: Named
  is_public: boolean
  may_file: Category['may_file']
  assurance: Assurance
  needs_photo: boolean
  geometries: Kind[]
  asset_layer: string | null
  asset_snap_m: number
  pet_side: PetSide
  form_id: string | null
  questions: Question[] | null
  stops: Stop[] | null
  due_at: string
  answer_due_at: string
  department_id: string | null
  crew_id: string | null
  candidates: RawCandidate[]
}

interface Routed extends RouteRow, Omit<Spot, 'areas'> {
  decision: RouteDecision
}

/** Where would a report go, and why. Throws when the place or the category will not do; stores nothing. */
export async function route(db: Db, category: string, location: Location, now: string): Promise<Routed> {
  const { areas, ...spot } = await spotOf(db, location)
  const [row] = await sql<RouteRow>(db, 'reports/route', {
    ns: [1],
    categories: [category],
    areas: [JSON.stringify(areas)],
    ats: [now],
  })
  if (!row) throw problem('unknown-category', { values: { category }, path: 'category' })
  if (!row.geometries.includes(kindOf[location.type])) throw notAllowed(row.geometries)
  return { ...row, ...spot, decision: explain(row.candidates) }
}

const notAllowed = (geometries: readonly Kind[]) =>
  problem('geometry-not-allowed', {
    values: (language) => ({ allowed: geometries.map((kind) => text(language, `geometry.${kind}`)).join(', ') }),
    extra: { geometries },
    path: 'location.type',
  })

/** What POST /api/route/preview answers. */
export async function previewRoute(ctx: Context, input: Pick<ReportInput, 'category' | 'location'>) {
  const now = new Date()
  const routed = await route(ctx.db, input.category, input.location, now.toISOString())
  await demandFiler(ctx, routed)
  const winner = routed.decision.candidates[0]
  const form = { questions: routed.questions ?? [], stops: routed.stops ?? [] }
  return {
    municipality: routed.place.municipality,
    district: routed.place.district,
    department: winner?.department ?? null,
    crew: winner?.crew ?? null,
    rule: winner?.rule ?? null,
    candidates: routed.decision.candidates,
    explanation: routed.decision.explanation,
    place: routed.place,
    point: { type: 'Point' as const, coordinates: [...routed.point] as [number, number] },
    length_m: routed.length_m,
    area_m2: routed.area_m2,
    due_at: routed.due_at,
    usual: await usualTime(ctx.db, input.category, routed.place.district?.slug ?? null),
    areas: areasAskedFor(form, routed.touched),
    stops: stopsWith(form, {}, now, routed.touched),
  }
}

const yearInAthens = (now: string) =>
  Number(new Intl.DateTimeFormat('en', { timeZone: 'Europe/Athens', year: 'numeric' }).format(new Date(now)))

const hashOf = (input: unknown) => createHash('sha256').update(JSON.stringify(input)).digest('base64url')

interface SubmitOptions {
  idempotencyKey?: string
  /** What a repeat must be equal to; without it the input. */
  repeated?: unknown
  /** Came from another system that forwards: it is not forwarded on, which could go round in circles. */
  isForwarded?: boolean
  /** RFC 3339. */
  now?: string
  channel?: 'web' | 'app' | 'phone'
  /** Kept beside the report, for staff only. */
  notes?: readonly string[]
  /** Account of the program that sent it by Open311. */
  senderId?: string
  /** Stores nothing when the same seems to be reported already. */
  checkDuplicates?: boolean
}

/**
 * Saves a report: place, rule, number, deadline, timeline and event in one transaction.
 * The same idempotency key returns the report that it made the first time. Throws likely-duplicate, when that is checked.
 */
export async function submitReport(
  ctx: Context,
  input: ReportInput,
  {
    idempotencyKey,
    now = new Date().toISOString(),
    channel = 'web',
    notes = [],
    senderId,
    repeated = input,
    isForwarded = false,
    checkDuplicates = false,
  }: SubmitOptions = {},
): Promise<Receipt> {
  const requestHash = hashOf(repeated)
  const known = idempotencyKey && (await receiptByKey(ctx, idempotencyKey, requestHash))
  if (known) return known
  try {
    return await ctx.db.transaction((trx) =>
      store(ctx, trx, input, {
        idempotencyKey,
        requestHash,
        now,
        channel,
        notes,
        senderId,
        isForwarded,
        checkDuplicates,
      }),
    )
  } catch (error) {
    // Two requests with one key at the same time: the loser's transaction is gone, number and all.
    const winner = isDuplicateKey(error) && idempotencyKey && (await receiptByKey(ctx, idempotencyKey, requestHash))
    if (winner) return winner
    throw error
  }
}

const isDuplicateKey = (error: unknown) =>
  (error as { constraint?: string } | null)?.constraint === 'report_idempotency_key_key'

type Optional = 'idempotencyKey' | 'senderId'
type Submission = Required<Omit<SubmitOptions, Optional | 'repeated'>> &
  Pick<SubmitOptions, Optional> & { requestHash: string }

async function store(ctx: Context, trx: Db, input: ReportInput, submission: Submission): Promise<Receipt> {
  const { now } = submission
  const routed = await route(trx, input.category, input.location, now)
  const [lon, lat] = routed.point
  await demandFiler({ ...ctx, db: trx }, routed)
  demandAssurance(ctx.actor, routed.assurance)
  const answers = checkForm(routed, input, submission)
  const questions = routed.questions ?? []
  await demandThings(trx, questions, answers)
  const photos = [...new Set([...input.photos, ...photosIn(questions, answers)])]
  if (routed.needs_photo && photos.length === 0 && !isTold(submission))
    throw problem('photo-needed', { path: 'photos' })
  const asset = input.asset ?? null
  if (asset !== null) await demandAsset(trx, routed, asset, routed.point)
  // Who tells something in confidence is not sent to a public report.
  if (submission.checkDuplicates && routed.is_public) await refuseDuplicate(trx, input, routed.point)
  const id = randomUUID()
  const followToken = randomBytes(18).toString('base64url')
  const [stored] = await sql<{ protocol: string; lookup_code: string; photo_count: number }>(trx, 'reports/submit', {
    id,
    municipality: routed.place.municipality?.slug,
    year: yearInAthens(now),
    category_id: routed.category_id,
    description: input.description,
    contact: contactOf(input),
    channel: submission.channel,
    is_public: routed.is_public,
    lon,
    lat,
    asset_layer: routed.asset_layer,
    asset,
    shape: routed.shape && JSON.stringify(routed.shape),
    place: JSON.stringify(routed.place),
    district: routed.place.district?.slug ?? null,
    department_id: routed.department_id,
    crew_id: routed.crew_id,
    routing: JSON.stringify(routed.decision),
    follow_token: followToken,
    idempotency_key: submission.idempotencyKey ?? null,
    request_hash: submission.requestHash,
    // Staff send what others tell them.
    reporter_id: ctx.actor?.grants.length === 0 ? ctx.actor.accountId : null,
    sender_id: submission.senderId ?? null,
    form_id: routed.form_id,
    answers: JSON.stringify(answers),
    language: languageOf(ctx, submission),
    photos,
    now,
    due_at: routed.due_at,
    answer_due_at: routed.answer_due_at,
  })
  if (stored?.photo_count !== photos.length) throw problem('unknown-photo', { path: 'photos' })
  if (submission.notes.length > 0)
    await trx('timeline_entry').insert(
      submission.notes.map((note) => ({ case_id: id, at: now, kind: 'note', note, is_public: false })),
    )
  // Nobody is told of what they may not see.
  if (routed.pet_side === 'found' && routed.is_public) await tellSeekers(ctx, trx, id)
  if (!submission.isForwarded) await forwardReport(trx, ctx.jobs, id, routed.category_id)
  const winner = routed.decision.candidates[0]
  return {
    id,
    protocol: stored.protocol,
    status: 'submitted',
    category: routed.category,
    district: routed.place.district,
    department: winner?.department ?? null,
    crew: winner?.crew ?? null,
    created_at: now,
    due_at: routed.due_at,
    follow_url: `${ctx.baseUrl}/follow/${followToken}`,
    lookup_code: stored.lookup_code,
  }
}

/** Nobody takes a picture over the telephone. */
const isTold = ({ channel }: Submission) => channel === 'phone'

/** The answers to keep. Throws call-instead, and invalid-input for bad answers. */
function checkForm({ questions, stops, touched }: Routed, input: ReportInput, submission: Submission): Answers {
  const form = { questions: questions ?? [], stops: stops ?? [] }
  const asked = isTold(submission) ? form.questions.map(withoutPhoto) : form.questions
  const answers = checkAnswers(asked, input.answers)
  refuseStopped(form, answers, submission.now, touched)
  return answers
}

const withoutPhoto = (question: Question): Question =>
  question.type === 'photo' ? { ...question, is_required: false } : question

/** Of the page. Staff and programs send what others tell them. */
const languageOf = ({ actor, language }: Context, { channel }: Submission) =>
  channel === 'web' && !actor?.grants.length ? language : null

const contactOf = ({ contact }: ReportInput) =>
  contact && Object.values(contact).some(Boolean) ? JSON.stringify(contact) : null

type ReceiptRow = Omit<Receipt, 'follow_url'> & {
  follow_token: string
  request_hash: string
  place: { district: Named | null }
}

async function receiptByKey(ctx: Context, key: string, requestHash: string): Promise<Receipt | undefined> {
  const [row] = await sql<ReceiptRow>(ctx.db, 'reports/receipt', { idempotency_key: key })
  if (!row) return undefined
  if (row.request_hash !== requestHash) throw problem('key-reused', { path: 'Idempotency-Key' })
  return { ...row, district: row.place.district, follow_url: `${ctx.baseUrl}/follow/${row.follow_token}` }
}
