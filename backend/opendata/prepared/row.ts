import type { Language } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import type { Format } from '../formats.ts'

/** A download that somebody asked to have prepared. */
export interface Prepared {
  id: string
  collection: string
  extension: Format['extension']
  query: Record<string, unknown>
  language: Language
  fields: string[]
  state: 'waiting' | 'ready' | 'failed'
  features_done: number
  feature_count: number
  bytes: number | null
  /** Hexadecimal. */
  sha256: string | null
  /** RFC 3339. */
  created_at: string
}

export const fileOf = ({ id, extension }: Pick<Prepared, 'id' | 'extension'>): string =>
  `${id}.${extension.replace('.', '_')}`

export const readPrepared = (db: Db, id: string): Promise<Prepared | undefined> =>
  db('prepared_download').where({ id }).first('*', db.raw('bytes::float8 AS bytes'))
