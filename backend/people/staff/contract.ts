import { z } from 'zod'
import { endpoint, Named } from '../../core/contract.ts'
import { Email, Grant, GrantInput } from '../contract.ts'

export const Invitation = z
  .object({
    email: Email,
    name: z.string().trim().min(1).max(200).describe('Name as shown to colleagues'),
    grants: z.array(GrantInput).min(1).max(20).describe('What the person may do'),
  })
  .meta({ id: 'Invitation' })

export const invite = endpoint('POST /api/staff/people', {
  summary: 'Invite a member of staff; staff never register themselves',
  body: Invitation,
  response: z
    .object({
      id: z.string().describe('Account id'),
      url: z.string().describe('Link for the person, counts once'),
      expires_at: z.string().describe('RFC 3339'),
    })
    .meta({ id: 'InvitationLink' }),
  status: 201,
})

export const Person = z
  .object({
    id: z.string().describe('Account id'),
    email: z.string().nullable().describe('E-mail address'),
    name: z.string().describe('Name'),
    grants: z.array(Grant),
    has_second_factor: z.boolean().describe('Whether an authenticator app is set up'),
    is_invited: z.boolean().describe('Has not accepted the invitation yet'),
    is_disabled: z.boolean().describe('Cannot sign in'),
  })
  .meta({ id: 'Person' })
export type Person = z.infer<typeof Person>

export const listPeople = endpoint('GET /api/staff/people', {
  summary: 'Members of staff and what they may do; or the one account with an e-mail address',
  query: z.object({ email: Email.optional() }),
  response: z.array(Person),
})

const personParams = z.object({
  id: z
    .string()
    .regex(/^\d{1,18}$/)
    .describe('Account id'),
})

export const grantRole = endpoint('POST /api/staff/people/{id}/grants', {
  summary: 'Give a role, for a department, a crew or an area, with dates',
  params: personParams,
  body: GrantInput,
  response: Person,
  status: 201,
})

export const revokeGrant = endpoint('DELETE /api/staff/people/{id}/grants/{grant}', {
  summary: 'Take a role back; counts at once',
  params: personParams.extend({
    grant: z
      .string()
      .regex(/^\d{1,18}$/)
      .describe('Id of the grant'),
  }),
  response: Person,
})

export const disablePerson = endpoint('PATCH /api/staff/people/{id}', {
  summary: 'Close or reopen an account; closing ends its sessions',
  params: personParams,
  body: z.object({ is_disabled: z.boolean().describe('True: nobody signs in with it') }),
  response: Person,
})

export const endSessions = endpoint('DELETE /api/staff/people/{id}/sessions', {
  summary: 'Sign a person out everywhere',
  params: personParams,
  response: z.object({ ended: z.number().int().describe('Sessions that ended') }),
})

export const AuditEntry = z
  .object({
    id: z.string().describe('Number without gaps'),
    at: z.string().describe('RFC 3339'),
    actor: z.string().nullable().describe('Name of the member of staff'),
    action: z.string().describe('What was done'),
    subject_id: z.string().nullable().describe('To what'),
    detail: z.record(z.string(), z.unknown()).describe('Ids, codes and the reason given'),
    hash: z.string().describe('Seal over this entry and the one before, hexadecimal'),
  })
  .meta({ id: 'AuditEntry' })

export const listAudit = endpoint('GET /api/staff/audit', {
  summary: 'What staff did, newest first',
  query: z.object({
    subject: z.string().max(100).optional().describe('Only what was done to this id'),
    before: z
      .string()
      .regex(/^\d{1,18}$/)
      .optional()
      .describe('Entries older than this number'),
    limit: z.coerce.number().int().min(1).max(500).default(100).describe('How many'),
  }),
  response: z
    .object({
      entries: z.array(AuditEntry),
      broken_at: z.string().nullable().describe('First entry of this page whose seal does not fit; null: all fit'),
    })
    .meta({ id: 'AuditTrail' }),
})

export const Department = Named.extend({
  phone: z.string().nullable().describe('Telephone for the public'),
  is_central_desk: z.boolean().describe('Receives what no rule claims'),
}).meta({ id: 'Department' })

export const Crew = Named.extend({
  department: z.string().describe('Slug of the department it belongs to'),
  is_contractor: z.boolean().describe('True: people of another firm'),
}).meta({ id: 'Crew' })

export const listDepartments = endpoint('GET /api/departments', {
  summary: 'Departments and crews that reports can be assigned to',
  response: z
    .object({
      departments: z.array(Department).describe('Ordered by title'),
      crews: z.array(Crew).describe('Ordered by title'),
    })
    .meta({ id: 'Departments' }),
})
