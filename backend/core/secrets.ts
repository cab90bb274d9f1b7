// Seals what the database must not hold in the open (secrets of authenticator apps). AES-256-GCM, key outside the database.
import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createHmac,
  hkdfSync,
  randomBytes,
  timingSafeEqual,
} from 'node:crypto'
import { existsSync, linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Config, StartError } from './config.ts'

const IV_BYTES = 12
const TAG_BYTES = 16
const ID_BYTES = 4

export interface Sealer {
  seal: (text: string) => Buffer
  /** Throws when no key of the ring fits. */
  open: (sealed: Buffer) => string
  /** Whether the newest key sealed it. */
  isCurrent: (sealed: Buffer) => boolean
  /** Signs a text; a signature of any key of the ring is good. */
  sign: (text: string) => string
  isSigned: (text: string, signature: string) => boolean
}

const idOf = (key: Buffer) => createHash('sha256').update(key).digest().subarray(0, ID_BYTES)

/** Keys as base64 of 32 bytes, newest first: SECRET_KEYS, or a file in the data folder that is made when missing. */
export function openSealer(config: Config): Sealer {
  const given = (config.secretKeys ?? readKeyFile(config.dataDir)).map((key) => Buffer.from(key, 'base64'))
  if (given.some((key) => key.length !== 32))
    throw new StartError('SECRET_KEYS must be base64 of 32 bytes each: openssl rand -base64 32.')
  const keys = given.map((key) => ownKey(key, config.municipality))
  const newest = keys[0]!
  return {
    seal: (text) => {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newest, iv)
      const body = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      return Buffer.concat([idOf(newest), iv, cipher.getAuthTag(), body])
    },
    open: (sealed) => {
      const key = keys.find((each) => idOf(each).equals(sealed.subarray(0, ID_BYTES)))
      if (!key) throw new Error('sealed with a key that is not in SECRET_KEYS')
      const tagAt = ID_BYTES + IV_BYTES
      const cipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(ID_BYTES, tagAt))
      cipher.setAuthTag(sealed.subarray(tagAt, tagAt + TAG_BYTES))
      return cipher.update(sealed.subarray(tagAt + TAG_BYTES)).toString('utf8') + cipher.final('utf8')
    },
    sign: (text) => signatureOf(newest, text),
    isSigned: (text, signature) => keys.some((key) => isSame(signatureOf(key, text), signature)),
    isCurrent: (sealed) => idOf(newest).equals(sealed.subarray(0, ID_BYTES)),
  }
}

/** Municipalities may be given the same keys: what one has sealed or signed is nothing to another. */
const ownKey = (key: Buffer, municipality: string | undefined): Buffer =>
  municipality ? Buffer.from(hkdfSync('sha256', key, '', municipality, key.length)) : key

const signatureOf = (key: Buffer, text: string) => createHmac('sha256', key).update(text).digest('base64url')

const isSame = (one: string, other: string) =>
  one.length === other.length && timingSafeEqual(Buffer.from(one), Buffer.from(other))

const KEY_FILE = 'secret.keys'

function readKeyFile(dataDir: string): string[] {
  const file = join(dataDir, KEY_FILE)
  if (!existsSync(file)) makeKeyFile(dataDir)
  return readFileSync(file, 'utf8').trim().split(/\s+/)
}

// Nodes that share the folder may start at the same moment: the first link wins, and nobody reads half a file.
function makeKeyFile(dataDir: string): void {
  mkdirSync(dataDir, { recursive: true })
  const own = join(dataDir, `${KEY_FILE}.${process.pid}-${randomBytes(4).toString('hex')}`)
  writeFileSync(own, `${newKey()}\n`, { mode: 0o600, flush: true })
  try {
    linkSync(own, join(dataDir, KEY_FILE))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(own)
  }
}

const newKey = () => randomBytes(32).toString('base64')

/** Puts a fresh key before those of the key file. */
export const addKey = (dataDir: string): void => writeKeyFile(dataDir, [newKey(), ...readKeyFile(dataDir)])

/** Leaves only the newest key in the key file; what the others sealed can be opened no more. */
export const dropOldKeys = (dataDir: string): void => writeKeyFile(dataDir, readKeyFile(dataDir).slice(0, 1))

// At once or not at all: half a key file would lock everybody out of their second factor.
function writeKeyFile(dataDir: string, keys: string[]): void {
  const file = join(dataDir, KEY_FILE)
  writeFileSync(`${file}.new`, `${keys.join('\n')}\n`, { mode: 0o600, flush: true })
  renameSync(`${file}.new`, file)
}
