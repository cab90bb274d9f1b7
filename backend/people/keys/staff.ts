// A key that staff made may do some of what they may, where an endpoint says so.
import type { Permission } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { type Actor, actorOfKey, type Grant, type Key } from '../../core/http/context.ts'
import type { Role } from '../contract.ts'
import { powersOf } from '../sessions.ts'

type Row = Pick<Grant, 'departmentId' | 'crewId' | 'area'> & { role: Role }

/** The owner of a key with this permission alone, where a grant of theirs holds it; without any for keys of citizens. */
export async function staffOfKey(db: Db, key: Key, permission: Permission): Promise<Actor> {
  const rows = key.forStaff ? await sql<Row>(db, 'people/key_grants', { account_id: key.accountId }) : []
  const grants = rows
    .map(({ role, ...where }) => ({ ...where, ...powersOf(role) }))
    .filter(({ permissions }) => permissions.includes(permission))
    .map((grant) => ({ ...grant, permissions: [permission] }))
  return { ...actorOfKey(key), grants, permissions: grants.length > 0 ? [permission] : [] }
}
