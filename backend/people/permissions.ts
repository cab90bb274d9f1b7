import type { Permission } from '../core/contract.ts'
import type { Role } from './contract.ts'

/** Roles are bundles of permissions; code asks only for permissions. */
export const permissionsOf: Record<Role, readonly Permission[]> = {
  citizen: [],
  crew_member: ['staff.read', 'report.change'],
  department_head: ['staff.read', 'report.change', 'report.assign'],
  agent: ['staff.read', 'report.change', 'report.assign'],
  gis_officer: ['staff.read', 'layer.manage'],
  administrator: ['staff.read', 'report.change', 'report.assign', 'layer.manage'],
}
