// Sending a service request: the second door to reports.
import multer from 'multer'
import { storePhoto } from '../../cases/service.ts'
import type { Context, Key } from '../../core/http/context.ts'
import { invalidInput, problem } from '../../core/http/problem.ts'
import { text } from '../../core/i18n/text.ts'
import { submitReport } from '../intake.ts'
import { ReportInput } from '../contract.ts'
import { answersIn } from './attributes.ts'
import type { NewRequest } from './contract.ts'
import { questionsOf } from './read.ts'

const PHOTO_LIMIT_BYTES = 12 * 1024 * 1024
const MOST_PHOTOS = 4

/** The form with its photos; a plain form is read too. */
export const receiveForm = multer({
  storage: multer.memoryStorage(),
  limits: { fileSize: PHOTO_LIMIT_BYTES, files: MOST_PHOTOS, fields: 50, fieldSize: 20_000 },
}).array('media', MOST_PHOTOS)

interface Sent {
  form: NewRequest
  /** The form as it came: attribute[code] is what the service asks. */
  attributes: Record<string, unknown>
  photos: readonly Buffer[]
  /** Header Idempotency-Key: the same again is the same request. */
  idempotencyKey: string | undefined
  /** Header Open311-Forwarded-By. */
  isForwarded: boolean
}

/** Saves a service request as a report, with its photos. Throws what submitting a report throws. */
export async function createRequest(
  asked: Context,
  key: Key,
  { form, attributes, photos, idempotencyKey, isForwarded }: Sent,
) {
  // However it came: whoever holds it files.
  const ctx = { ...asked, key }
  const stored = []
  for (const bytes of photos) stored.push((await storePhoto(ctx, bytes)).id)
  const answers = answersIn(attributes, (await questionsOf(ctx, form.service_code)) ?? [])
  const name = [form.first_name, form.last_name].filter(Boolean).join(' ')
  const contact = { name: name || undefined, email: form.email, phone: form.phone }
  const input = ReportInput.safeParse({
    category: form.service_code,
    location: { type: 'Point', coordinates: [form.long, form.lat] },
    description: form.description,
    ...(form.asset_id && { asset: form.asset_id }),
    ...(Object.values(contact).some(Boolean) && { contact }),
    photos: stored,
    answers,
  })
  if (!input.success) {
    if (input.error.issues.some(({ path }) => path[0] === 'answers')) throw invalidInput(input.error, '')
    throw problem('invalid-input', { path: 'phone' })
  }
  const note = (key: 'open311.address_note' | 'open311.media_note', values: Record<string, string>) =>
    text('el', key, values)
  const notes = [
    ...(form.address_string ? [note('open311.address_note', { address: form.address_string })] : []),
    ...(form.media_url ? [note('open311.media_note', { url: form.media_url })] : []),
  ]
  const { api_key: _, ...repeated } = form
  const receipt = await submitReport(ctx, input.data, {
    channel: 'app',
    notes,
    senderId: key.accountId,
    isForwarded,
    repeated: { ...repeated, ...(Object.keys(answers).length > 0 && { answers }) },
    // Two programs may think of the same.
    ...(idempotencyKey && { idempotencyKey: `open311:${key.accountId}:${idempotencyKey.slice(0, 200)}` }),
  })
  return {
    service_request_id: receipt.protocol.replace('/', '-'),
    service_notice: text(ctx.language, 'open311.notice', { number: receipt.protocol, url: receipt.follow_url }),
    account_id: null,
  }
}
