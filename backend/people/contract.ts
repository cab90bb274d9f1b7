import { z } from 'zod'
import { endpoint, Named, Nothing, Permission } from '../core/contract.ts'

export const Role = z
  .enum(['citizen', 'crew_member', 'department_head', 'agent', 'gis_officer', 'administrator'])
  .describe('What the account may do')
export type Role = z.infer<typeof Role>

export const Session = z
  .object({
    account: z
      .object({
        id: z.string().describe('Account id'),
        email: z.string().describe('E-mail address'),
        name: z.string().describe('Name as shown to colleagues'),
        role: Role,
        department: Named.nullable().describe('Department of a member of staff'),
        crew: Named.nullable().describe('Crew of a crew member'),
        permissions: z.array(Permission).describe('What the account may do'),
      })
      .nullable()
      .describe('Null when nobody is signed in'),
  })
  .meta({ id: 'Session' })
export type Session = z.infer<typeof Session>

export const Department = Named.extend({
  phone: z.string().nullable().describe('Telephone for the public'),
  is_central_desk: z.boolean().describe('Receives what no rule claims'),
}).meta({ id: 'Department' })

export const Crew = Named.extend({
  department: z.string().describe('Slug of the department it belongs to'),
}).meta({ id: 'Crew' })

export const getSession = endpoint('GET /api/session', {
  summary: 'Who am I',
  response: Session,
})

export const signIn = endpoint('POST /api/session', {
  summary: 'Sign in with e-mail and password; sets the session cookie',
  body: z
    .object({
      email: z.string().min(3).max(254).describe('E-mail address'),
      password: z.string().min(1).max(200).describe('Password'),
    })
    .meta({ id: 'Credentials' }),
  response: Session,
})

export const signOut = endpoint('DELETE /api/session', {
  summary: 'Sign out; ends the session everywhere the cookie was used',
  response: Nothing,
  status: 204,
})

export const listDepartments = endpoint('GET /api/departments', {
  summary: 'Departments and crews that reports can be assigned to',
  response: z
    .object({
      departments: z.array(Department).describe('Ordered by title'),
      crews: z.array(Crew).describe('Ordered by title'),
    })
    .meta({ id: 'Departments' }),
})
