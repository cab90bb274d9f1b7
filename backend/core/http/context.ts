import type { Request } from 'express'
import type { Language, Permission } from '../contract.ts'
import type { Config } from '../config.ts'
import type { Db, Database } from '../db/connect.ts'

export interface Actor {
  accountId: string
  name: string
  role: string
  departmentId: string | null
  crewId: string | null
  permissions: readonly Permission[]
}

/** What every verb gets first: the database, who asks, in which language. */
export interface Context {
  db: Db
  engine: Database['engine']
  config: Config
  actor: Actor | null
  language: Language
  requestId: string
  /** Address of this server as the caller sees it, without a slash at the end. */
  baseUrl: string
}

/** Greek unless the caller prefers English. */
export function languageOf(request: Request): Language {
  return request.acceptsLanguages('el', 'en') === 'en' ? 'en' : 'el'
}

export const may = (actor: Actor | null, permission: Permission): boolean =>
  actor?.permissions.includes(permission) ?? false
