// Passwords: argon2id (off the main thread), and no password that everybody tries.
import { hash, verify } from '@node-rs/argon2'
import { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { adjacencyGraphs, dictionary } from '@zxcvbn-ts/language-common'
import type { Db } from '../core/db/connect.ts'
import { problem } from '../core/http/problem.ts'

// OWASP's least for argon2id in 2026: 19 MiB, twice. Raised here, every password follows at its next sign-in.
const COST = { memoryCost: 19_456, timeCost: 2, parallelism: 1 }

export const hashPassword = (password: string): Promise<string> => hash(password, COST)

/** Whether a hash was made with another cost than today's. */
export const isOutdated = (passwordHash: string): boolean =>
  !passwordHash.includes(`$m=${COST.memoryCost},t=${COST.timeCost},p=${COST.parallelism}$`)

// Verified against when the account does not exist or has no password, so that the answer takes as long.
const nobody = hashPassword('no account has this password')

/** Whether the password belongs to the hash; takes as long without one. */
export async function isPassword(passwordHash: string | null | undefined, password: string): Promise<boolean> {
  const isRight = await verify(passwordHash ?? (await nobody), password)
  return isRight && Boolean(passwordHash)
}

const LEAST_SCORE = 3 // of 4: about 10^8 guesses and more, zxcvbn's "safely unguessable"
const estimator = new ZxcvbnFactory({ graphs: adjacencyGraphs, dictionary: { ...dictionary } })

/** Words of this program and of town halls, which somebody would try first; they count as known parts of a password. */
export const OUR_WORDS = ['asty', 'demo', 'municipality', 'dimos', 'dimotis', 'dimarxos', 'dimarchos', 'astypalaia', 'kep', 'politis', 'δήμος', 'δημότης', 'δήμαρχος', 'πόλη', 'πολίτης', 'κωδικός', 'kodikos'] // prettier-ignore

/** Refuses common and guessable passwords; `own` are words that an attacker knows (name, e-mail), `path` the field. Throws weak-password. */
export async function checkPassword(db: Db, password: string, own: string[], path = 'password'): Promise<void> {
  const known = [...own, ...OUR_WORDS, ...(await wordsOfTheTown(db))]
  if (estimator.check(password, known).score < LEAST_SCORE) throw problem('weak-password', { path })
}

/** The name of the municipality, whole and in words. */
async function wordsOfTheTown(db: Db): Promise<string[]> {
  const setting = await db('setting').where({ key: 'places.city' }).first('value')
  const titles = Object.values((setting?.value?.title ?? {}) as Record<string, string>)
  return titles.flatMap((title) => [title, ...title.split(/\s+/)]).map((word) => word.toLowerCase())
}
