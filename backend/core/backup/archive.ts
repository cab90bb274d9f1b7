// A backup is one tar file, usually encrypted with age: parts, and at its end a manifest with the checksum of each.
import { createHash } from 'node:crypto'
import { createReadStream, createWriteStream } from 'node:fs'
import { open, rename, rm } from 'node:fs/promises'
import { dirname, join, basename } from 'node:path'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import type { ReadableStream } from 'node:stream/web'
import { Decrypter, Encrypter } from 'age-encryption'
import { extract, pack, type Pack } from 'tar-stream'
import { z } from 'zod'
import { StartError } from '../config.ts'
import { Tables } from './tables.ts'

export const Manifest = z.object({
  format: z.literal('asty-backup-1'),
  created_at: z.iso.datetime(),
  asty: z.string(),
  engine: z.enum(['embedded', 'server']),
  postgresql: z.string(),
  postgis: z.string(),
  tables: Tables,
  /** SHA-256 of every part. */
  parts: z.record(z.string(), z.string()),
})
export type Manifest = z.infer<typeof Manifest>

/** How a file is closed and opened: a passphrase, recipients (age1…) or identities (AGE-SECRET-KEY-1…). */
export interface Keys {
  passphrase?: string
  recipients: string[]
  identities: string[]
}

/** Reads BACKUP_PASSPHRASE, BACKUP_RECIPIENTS and BACKUP_IDENTITY. Throws StartError. */
export function readKeys(env: NodeJS.ProcessEnv): Keys {
  const list = (text = '') => text.split(/[\s,]+/).filter(Boolean)
  const passphrase = env['BACKUP_PASSPHRASE'] || undefined
  const recipients = list(env['BACKUP_RECIPIENTS'])
  // age: a file with a passphrase has no other way in.
  if (passphrase && recipients.length > 0) throw new StartError('Set BACKUP_PASSPHRASE or BACKUP_RECIPIENTS, not both.')
  if (passphrase && passphrase.length < LEAST_PASSPHRASE)
    throw new StartError(`BACKUP_PASSPHRASE must have ${LEAST_PASSPHRASE} characters or more: openssl rand -base64 24`)
  return { passphrase, recipients, identities: list(env['BACKUP_IDENTITY']) }
}

type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>

/** Adds a part; a name that ends in / is a folder. */
export type Add = (name: string, size: number, content: Bytes) => Promise<void>

const LEAST_PASSPHRASE = 16 // whoever gets hold of the file may guess for years
const MANIFEST = 'manifest.json'
const AGE = 'age-encryption.org/v1\n'

/**
 * Writes a backup: what `fill` adds, then the manifest. The file gets its name when it is complete and on the disk.
 * Without keys it is not encrypted.
 */
export async function writeArchive(
  file: string,
  keys: Keys | null,
  fill: (add: Add) => Promise<Omit<Manifest, 'format' | 'parts'>>,
): Promise<Manifest> {
  const partial = join(dirname(file), `.${basename(file)}.partial`)
  const tar = pack()
  try {
    const [manifest] = await Promise.all([
      fillTar(tar, fill).catch((error: Error) => {
        tar.destroy(error)
        throw error
      }),
      save(tar, keys, partial),
    ])
    await rename(partial, file)
    await sync(dirname(file))
    return manifest
  } catch (error) {
    await rm(partial, { force: true })
    throw error
  }
}

async function fillTar(tar: Pack, fill: Parameters<typeof writeArchive>[2]): Promise<Manifest> {
  const parts: Manifest['parts'] = {}
  const add: Add = async (name, size, content) => {
    const hash = createHash('sha256')
    const type = name.endsWith('/') ? 'directory' : 'file'
    const entry = tar.entry({ name, size, type, mode: type === 'file' ? 0o600 : 0o700 })
    if (type === 'file') await pipeline(Readable.from(hashing(content, hash)), entry)
    parts[name] = hash.digest('hex')
  }
  const manifest: Manifest = { format: 'asty-backup-1', ...(await fill(add)), parts }
  tar.entry({ name: MANIFEST, mode: 0o600 }, JSON.stringify(manifest, null, 1))
  tar.finalize()
  return manifest
}

async function* hashing(content: Bytes, hash: ReturnType<typeof createHash>): AsyncGenerator<Uint8Array> {
  for await (const chunk of content) {
    hash.update(chunk)
    yield chunk
  }
}

async function save(tar: Pack, keys: Keys | null, file: string): Promise<void> {
  const plain = Readable.from(tar, { objectMode: false })
  const source = keys ? fromWeb(await encrypter(keys).encrypt(toWeb(plain))) : plain
  await pipeline(source, createWriteStream(file, { flags: 'wx', mode: 0o600, flush: true }))
}

async function sync(folder: string): Promise<void> {
  const handle = await open(folder)
  await handle.sync()
  await handle.close()
}

function encrypter({ passphrase, recipients }: Keys): Encrypter {
  const made = new Encrypter()
  if (passphrase) made.setPassphrase(passphrase)
  for (const recipient of recipients) made.addRecipient(recipient)
  return made
}

function decrypter({ passphrase, identities }: Keys): Decrypter {
  const made = new Decrypter()
  if (passphrase) made.addPassphrase(passphrase)
  for (const identity of identities) made.addIdentity(identity)
  return made
}

// The types of the DOM and of Node name the same class twice.
const toWeb = (stream: Readable) => Readable.toWeb(stream) as unknown as globalThis.ReadableStream<Uint8Array>
const fromWeb = (stream: globalThis.ReadableStream<Uint8Array>) =>
  Readable.fromWeb(stream as unknown as ReadableStream<Uint8Array>)

interface Part {
  name: string
  content: AsyncIterable<Uint8Array>
}

/** The parts of a backup in their order; each must be read, or left alone, before the next comes. */
export async function* readArchive(file: string, keys: Keys): AsyncGenerator<Part> {
  const unpack = extract()
  // Its failure comes out where the parts are read.
  const reading = pipeline(await opened(file, keys), unpack).catch(() => undefined)
  for await (const entry of unpack) {
    yield { name: entry.header.name, content: entry as AsyncIterable<Uint8Array> }
    entry.resume()
  }
  await reading
}

async function opened(file: string, keys: Keys): Promise<Readable> {
  const handle = await open(file)
  const { buffer } = await handle.read(Buffer.alloc(AGE.length), 0, AGE.length, 0).finally(() => handle.close())
  const source = createReadStream(file)
  if (buffer.toString() !== AGE) return source
  if (!keys.passphrase && keys.identities.length === 0)
    throw new StartError(`${file} is encrypted: set BACKUP_PASSPHRASE or BACKUP_IDENTITY.`)
  try {
    return fromWeb(await decrypter(keys).decrypt(toWeb(source)))
  } catch (error) {
    throw new StartError(`${file} cannot be opened with this passphrase or identity: ${(error as Error).message}.`)
  }
}

/** Reads the whole backup and compares every checksum. Throws StartError when a single byte is not as it was written. */
export async function verifyArchive(file: string, keys: Keys): Promise<Manifest> {
  const found = new Map<string, string>()
  let manifest: Manifest | undefined
  try {
    for await (const { name, content } of readArchive(file, keys)) {
      if (name === MANIFEST) manifest = Manifest.parse(JSON.parse(await textOf(content)))
      else found.set(name, await digestOf(content))
    }
  } catch (error) {
    if (error instanceof StartError) throw error
    throw damaged(file, (error as Error).message)
  }
  if (!manifest) throw damaged(file, 'it has no manifest')
  const wrong = Object.entries(manifest.parts).find(([name, sum]) => found.get(name) !== sum)
  if (wrong) throw damaged(file, `${wrong[0]} is not as it was written`)
  if (found.size !== Object.keys(manifest.parts).length)
    throw damaged(file, 'it holds parts that the manifest does not')
  return manifest
}

const damaged = (file: string, why: string) => new StartError(`${file} is damaged or was changed: ${why}. Nothing was restored.`) // prettier-ignore

async function digestOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const hash = createHash('sha256')
  for await (const chunk of content) hash.update(chunk)
  return hash.digest('hex')
}

async function textOf(content: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = []
  for await (const chunk of content) chunks.push(chunk)
  return Buffer.concat(chunks).toString()
}
