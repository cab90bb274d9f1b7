import type { Language } from '../core/contract.ts'
import type { Db } from '../core/db/connect.ts'
import type { Context } from '../core/http/context.ts'

/** As much of a context as the reading of public collections needs, for jobs: there is no request behind it. */
export const anyoneReading = (db: Db, language: Language, engine: Context['engine']): Context =>
  ({
    db,
    reads: db,
    actor: null,
    language,
    engine,
    distrustReplica: () => undefined,
    baseUrl: '',
  }) as unknown as Context
