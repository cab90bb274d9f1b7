import { may } from '../../../core/session.ts'

/** Roles of the layers whose areas a rule may name. */
const ROLES = ['boundary', 'municipal_unit', 'district', 'school_zone', 'crew_area']

/** Whether the areas of such a layer lead reports somewhere, and the reader may decide about that. */
export const leadsReports = (role: string): boolean => may('category.manage') && ROLES.includes(role)
