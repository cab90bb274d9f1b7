import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Config } from '../config.ts'
import { diskStorage } from './disk.ts'
import { s3Storage } from './s3.ts'
import type { Storage } from './storage.ts'

/** Where the photos of a municipality are, or the versions of its datasets, or downloads that were asked for. */
export function openStorage(
  { s3, dataDir }: Pick<Config, 's3' | 'dataDir'>,
  what: 'photos' | 'versions' | 'prepared' = 'photos',
): Storage {
  if (s3) return s3Storage(s3, [s3.prefix, what].filter(Boolean).join('/'))
  return diskStorage(dataDir.startsWith('memory://') ? join(tmpdir(), `asty-${what}`) : join(dataDir, what))
}
