// Where attachments and versions of datasets lie: one interface, on disk (disk.ts) or with anything that speaks S3 (s3.ts).

import type { Readable } from 'node:stream'

/** Files by name, of one municipality. Whatever goes wrong is an AwayError. */
export interface Storage {
  /** Where it is, for the operator. */
  readonly place: string
  /** Writes a file: whole or not at all. */
  put: (name: string, bytes: Buffer) => Promise<void>
  /** A file whole, undefined when there is none. Attachments are a few MB: so an answer never breaks off in the middle. */
  get: (name: string) => Promise<Buffer | undefined>
  /** Writes a file from one on this machine, of any size: whole or not at all. */
  putFile: (name: string, path: string, sha256: string) => Promise<void>
  /** Bytes of a file from `start` up to and including `end`, as they come; undefined when there is none. */
  read: (name: string, start: number, end: number) => Promise<Readable | undefined>
  /** Destroys a file, if there is one. */
  remove: (name: string) => Promise<void>
  /** Names of all files. */
  list: () => AsyncIterable<string>
}

/** The name, if it is one of a file. Throws where it could lead anywhere else, as those in a backup may. */
export function checked(name: string): string {
  if (/^[\w-]+\.\w+$/.test(name)) return name
  throw new Error(`not the name of a file: ${name}`)
}
