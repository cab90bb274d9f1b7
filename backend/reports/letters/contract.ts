import { z } from 'zod'
import { endpoint, Nothing } from '../../core/contract.ts'

const token = z.object({ token: z.string().max(100).describe('From the letter') })

export const stopLetters = endpoint('POST /api/report-letters/{token}/stop', {
  summary: 'Ends the letters about a report to one of those who follow it, without signing in: List-Unsubscribe of the letters (RFC 8058)',
  params: token,
  response: Nothing,
  status: 204,
}) // prettier-ignore

export const openStopLetters = endpoint('GET /api/report-letters/{token}/stop', {
  summary: 'Leads a person who follows List-Unsubscribe to a page with a button; changes nothing',
  params: token,
  response: Nothing,
  status: 303,
})
