import type { Permission } from '../core/contract.ts'
import type { Role } from './contract.ts'

const agent: Permission[] = [
  'staff.read',
  'report.read',
  'report.change',
  'report.assign',
  'report.register',
  'contact.reveal',
  'work.read',
]
const crew_member: Permission[] = [
  'staff.read',
  'report.read',
  'report.change',
  'contact.reveal',
  'work.read',
  'work.do',
]
const crew_leader: Permission[] = [...crew_member, 'report.assign', 'work.plan']

/** Roles are bundles of permissions; code asks only for permissions. */
export const permissionsOf: Record<Role, readonly Permission[]> = {
  agent,
  crew_member,
  crew_leader,
  // People of another firm: their own orders, and nothing of the town behind them.
  contractor: ['work.read', 'work.do'],
  department_head: [...crew_leader, 'report.register', 'answer.manage'],
  gis_officer: ['staff.read', 'layer.manage'],
  press: ['staff.read'],
  auditor: ['staff.read', 'report.read', 'work.read', 'audit.read'],
  administrator: [
    ...crew_leader,
    'report.register',
    'answer.manage',
    'layer.manage',
    'people.manage',
    'audit.read',
    'privacy.manage',
    'webhook.manage',
    'forwarding.manage',
    'category.manage',
  ],
}
