// npm run admin -- <command>: what an operator does at the machine when nobody can do it in the portal.
import { createInterface } from 'node:readline/promises'
import { Writable } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'
import { parseArgs } from 'node:util'
import { z } from 'zod'
import { audit } from '../core/audit.ts'
import { type Config, StartError } from '../core/config.ts'
import { readMunicipality } from '../core/municipalities.ts'
import type { Db } from '../core/db/connect.ts'
import { addKey, dropOldKeys, openSealer } from '../core/secrets.ts'
import { resealWebhooks } from '../opendata/webhooks/service.ts'
import { resealEndpoints } from '../reports/forwarding/service.ts'
import { addGrant, checkPassword, hashPassword, resealSecondFactors, resetSecondFactor } from '../people/service.ts'
import { examine } from './doctor.ts'
import { openForTool, renewStructure, runTool } from './structure.ts'

const USAGE = `npm run admin -- <command>
  create-administrator --email <address> --name <name>
                           makes an account that may do everything; the password is asked for, or read from
                           ADMIN_PASSWORD or from standard input
  reset-second-factor --email <address>
                           takes a lost authenticator app away and ends the sessions; the person sets up a new one
  rotate-keys              seals what is secret in the database with a fresh key
  doctor                   looks whether everything is as it should be; ends with 1 when something is not`

const say = (line: string) => process.stdout.write(`${line}\n`)

function readArguments() {
  try {
    return parseArgs({ allowPositionals: true, options: { email: { type: 'string' }, name: { type: 'string' } } })
  } catch (error) {
    throw new StartError(`${(error as Error).message}\n\n${USAGE}`)
  }
}

type Values = ReturnType<typeof readArguments>['values']

function emailOf({ email }: Values): string {
  const parsed = z.email().safeParse(email?.trim().toLowerCase())
  if (!parsed.success) throw new StartError(`Say whose account: --email name@city.gr\n\n${USAGE}`)
  return parsed.data
}

/** From ADMIN_PASSWORD, from the keyboard without showing it, or the first line of what is piped in. */
async function readPassword(): Promise<string> {
  const given = process.env['ADMIN_PASSWORD']
  if (given) return given
  if (!process.stdin.isTTY) return (await readAll(process.stdin)).split(/\r?\n/)[0] ?? ''
  const unseen = new Writable({ write: (_chunk, _encoding, done) => done() })
  const lines = createInterface({ input: process.stdin, output: unseen, terminal: true })
  process.stdout.write('Password: ')
  try {
    return await lines.question('')
  } finally {
    lines.close()
    say('')
  }
}

/** Who acts at the machine is nobody's account. */
const operator = (db: Db) => ({ db, actor: null, requestId: 'npm run admin' })

async function createAdministrator(db: Db, _config: Config, values: Values): Promise<void> {
  const email = emailOf(values)
  const name = values.name?.trim()
  if (!name) throw new StartError(`Say the name that colleagues will see: --name "Maria Pappa"\n\n${USAGE}`)
  const password = await readPassword()
  await checkPassword(db, password, [email, name])
  const password_hash = await hashPassword(password)
  await db.transaction(async (trx) => {
    const [account] = await trx('account')
      // The operator vouches for the address.
      .insert({ email, name, password_hash, email_verified_at: trx.fn.now() })
      .onConflict('email')
      .ignore()
      .returning('id')
    if (!account) throw new StartError(`There is an account ${email} already: give another address.`)
    await addGrant(trx, account.id, { role: 'administrator' }, null)
    const detail = { grants: [{ role: 'administrator' }] }
    await audit(operator(trx), { action: 'people.invite', subjectId: account.id, detail })
  })
  say(`${email} is an administrator and sets up a second step at the first sign-in.`)
}

async function resetFactor(db: Db, _config: Config, values: Values): Promise<void> {
  const email = emailOf(values)
  const account = await db('account').where({ email }).first('id')
  if (!account) throw new StartError(`There is no account ${email}.`)
  await audit(operator(db), { action: 'people.reset-second-factor', subjectId: account.id })
  await resetSecondFactor(db, account.id)
  say(`${email} signs in with the password and sets up a new authenticator app.`)
}

// A node that runs keeps the old ring in memory and would seal with a key that is about to go.
async function refuseWhileRunning(db: Db): Promise<void> {
  const { rows } = await db.raw(
    `SELECT FROM pg_stat_activity WHERE datname = current_database() AND application_name = 'asty-listen'`,
  )
  if (rows.length > 0)
    throw new StartError(
      'Asty runs on this database: stop it first, or keep the keys in SECRET_KEYS (docs/operations.md).',
    )
}

const resealAll = async (db: Db, config: Config): Promise<number> =>
  (await resealSecondFactors(db, openSealer(config))) +
  (await resealWebhooks(db, openSealer(config))) +
  (await resealEndpoints(db, openSealer(config)))

async function rotateKeys(db: Db, config: Config): Promise<void> {
  if (config.secretKeys) {
    const count = await resealAll(db, config)
    const rest = config.secretKeys.length - 1
    say(`${count} secrets sealed anew with the first key of SECRET_KEYS.`)
    say(
      rest > 0
        ? `The ${rest} after it may be removed.`
        : 'Put a fresh key before it and start again: openssl rand -base64 32',
    )
    return
  }
  await refuseWhileRunning(db)
  addKey(config.dataDir)
  const count = await resealAll(db, config)
  dropOldKeys(config.dataDir)
  say(
    `${count} secrets sealed anew; the old keys are gone from the key file. Keep a copy of it apart from the backups.`,
  )
}

const COMMANDS: Record<string, (db: Db, config: Config, values: Values) => Promise<void>> = {
  'create-administrator': createAdministrator,
  'reset-second-factor': resetFactor,
  'rotate-keys': rotateKeys,
}

async function main(): Promise<void> {
  const { values, positionals } = readArguments()
  const name = positionals[0] ?? ''
  if (name === 'doctor') {
    process.exitCode = (await examine(process.env, say)) ? 0 : 1
    return
  }
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined
  if (!command) throw new StartError(USAGE)
  const config = readMunicipality(process.env)
  const database = await openForTool(config)
  try {
    await renewStructure(database)
    await command(database.db, config, values)
  } finally {
    await database.close()
  }
}

runTool('Nothing was changed', main)
