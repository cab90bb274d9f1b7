// npm run admin, as an operator runs it.
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { verify } from '@node-rs/argon2'
import { expect } from 'chai'
import { readConfig } from '../../backend/core/config.ts'
import type { Db } from '../../backend/core/db/connect.ts'
import { openSealer } from '../../backend/core/secrets.ts'
import { look, type Settings, settingsFor, tool } from '../support/tool.ts'
import { world } from '../support/world.ts'

const PASSWORD = 'fourteen boats at noon'

describe('npm run admin', function () {
  // Every run opens a database on disk, which on a busy machine takes seconds.
  this.timeout(240_000)
  let dataDir: string
  let settings: Settings
  const admin = (args: string[], more: Settings = {}, input = '') =>
    tool('admin', args, { ...settings, ...more }, { input })
  const create = (email: string, password: string) =>
    admin(['create-administrator', '--email', email, '--name', 'Maria Pappa'], {}, `${password}\n`)

  before(async () => {
    await world.reset()
    dataDir = mkdtempSync(join(tmpdir(), 'asty-admin-'))
    settings = settingsFor(dataDir)
  })
  after(() => rmSync(dataDir, { recursive: true, force: true }))

  it('makes the first administrator, whose password nobody can guess', async () => {
    expect(create('Boss@Town.example', 'password1').stderr).to.match(/Many people try it/)
    const { status, stdout, stderr } = create('Boss@Town.example', PASSWORD)
    expect(stderr).to.equal('')
    expect(stdout).to.match(/boss@town\.example is an administrator/)
    expect(status).to.equal(0)
    const { account, grants, trail } = await look(settings, async (db) => ({
      account: await db('account').where({ email: 'boss@town.example' }).first(),
      grants: await db('role_grant').select('role', 'department_id'),
      trail: await db('audit_entry').orderBy('id', 'desc').first('action', 'request_id'),
    }))
    expect(await verify(account.password_hash, PASSWORD)).to.equal(true)
    expect(account.email_verified_at, 'or nobody could sign in').to.not.equal(null)
    expect(grants).to.deep.equal([{ role: 'administrator', department_id: null }])
    expect(trail).to.deep.equal({ action: 'people.invite', request_id: 'npm run admin' })
    const again = create('boss@town.example', PASSWORD)
    expect(again.stderr).to.match(/There is an account boss@town\.example already/)
    expect(again.status).to.equal(1)
  })

  it('takes a lost second factor away', async () => {
    await look(settings, (db) => withFactor(db, 'boss@town.example', Buffer.from('lost')))
    const { status } = admin(['reset-second-factor', '--email', 'boss@town.example'])
    expect(status).to.equal(0)
    expect(await look(settings, (db) => db('second_factor').select())).to.deep.equal([])
    expect(admin(['reset-second-factor', '--email', 'nobody@town.example']).stderr).to.match(/There is no account/)
  })

  it('seals all secrets anew and leaves one key in the file', async () => {
    const config = readConfig(settings)
    await look(settings, (db) => withFactor(db, 'boss@town.example', openSealer(config).seal('SECRET')))
    const before = readFileSync(join(dataDir, 'secret.keys'), 'utf8').trim()
    // On the server this run's own application listens to the database, as a node would.
    const busy = admin(['rotate-keys'])
    if (world.database.engine === 'server') {
      expect(busy.stderr).to.match(/Asty runs on this database/)
      return
    }
    expect(busy.status, busy.stderr).to.equal(0)
    const after = readFileSync(join(dataDir, 'secret.keys'), 'utf8').trim()
    expect(after).to.match(/^\S{44}$/)
    expect(after).to.not.equal(before)
    const { secret } = await look(settings, (db) => db('second_factor').first('secret'))
    expect(openSealer(config).open(secret)).to.equal('SECRET')
  })

  it('seals all secrets anew with the first key of SECRET_KEYS, and says which may go', async () => {
    const [fresh, old] = ['a', 'b'].map((letter) => Buffer.alloc(32, letter).toString('base64')) as [string, string]
    const ring = (...keys: string[]) => openSealer(readConfig({ ...settings, SECRET_KEYS: keys.join(',') }))
    await look(settings, (db) => withFactor(db, 'boss@town.example', ring(old).seal('SECRET')))
    const { stdout } = admin(['rotate-keys'], { SECRET_KEYS: `${fresh},${old}` })
    expect(stdout)
      .to.match(/1 secrets sealed anew/)
      .and.match(/The 1 after it may be removed/)
    const { secret } = await look(settings, (db) => db('second_factor').first('secret'))
    expect(ring(fresh).open(secret)).to.equal('SECRET')
    const lost = admin(['rotate-keys'], { SECRET_KEYS: old })
    expect(lost.stderr).to.match(/Nothing was changed.*not in SECRET_KEYS/)
    expect(lost.status).to.equal(1)
  })

  it('looks whether everything is as it should be', async () => {
    const sick = admin(['doctor'], { SMTP_URL: 'smtp://127.0.0.1:1' })
    expect(sick.stdout).to.match(/^FAIL +no department is the central desk/m)
    expect(sick.stdout).to.match(/^FAIL +mail server 127\.0\.0\.1:1: .*ECONNREFUSED/m)
    expect(sick.status).to.equal(1)
    await look(settings, (db) =>
      db('department').insert({ slug: 'desk', title: '{"el":"Γραφείο","en":"Desk"}', is_central_desk: true }),
    )
    const mail = createServer()
    await new Promise<void>((resolve) => mail.listen(0, '127.0.0.1', resolve))
    const well = admin(['doctor'], { SMTP_URL: `smtp://127.0.0.1:${(mail.address() as AddressInfo).port}` })
    mail.close()
    expect(well.stdout).to.not.match(/^FAIL/m)
    expect(well.stdout).to.match(/^ok +nothing goes to another machine in the open/m)
    const open = { SMS_URL: 'http://gateway.example/send', SMTP_URL: 'smtp://192.0.2.1?ignoreTLS=true', PUBLIC_URL: 'https://town.example' } // prettier-ignore
    expect(admin(['doctor'], open).stdout).to.match(/^warn +not encrypted .*: SMTP_URL, SMS_URL$/m)
    expect(well.stdout).to.match(/^ok +database: PostgreSQL 1\d/m)
    expect(well.stdout).to.match(/^ok +extensions: .*postgis 3/m)
    expect(well.stdout).to.match(/^ok +audit trail of [1-9]\d* entries unbroken/m)
    expect(well.status, well.stdout).to.equal(0)
  })

  it('finds the entry of the audit trail that somebody has changed', async () => {
    const found = await look(settings, async (db) => {
      const last = await db('audit_entry').max('id as id').first()
      const change = (action: string) =>
        db.transaction(async (trx) => {
          await trx.raw('ALTER TABLE audit_entry DISABLE TRIGGER audit_closed')
          await trx('audit_entry').where({ id: last?.['id'] }).update({ action })
          await trx.raw('ALTER TABLE audit_entry ENABLE TRIGGER audit_closed')
        })
      const { action } = await db('audit_entry').where({ id: last?.['id'] }).first('action')
      await change('nothing.happened')
      return { id: last?.['id'], restore: action }
    })
    const { status, stdout } = admin(['doctor'])
    expect(stdout).to.match(new RegExp(`^FAIL +the audit trail was changed: entry ${found.id} `, 'm'))
    expect(status).to.equal(1)
    await look(settings, (db) =>
      db.transaction(async (trx) => {
        await trx.raw('ALTER TABLE audit_entry DISABLE TRIGGER audit_closed')
        await trx('audit_entry').where({ id: found.id }).update({ action: found.restore })
        await trx.raw('ALTER TABLE audit_entry ENABLE TRIGGER audit_closed')
      }),
    )
    const healed = admin(['doctor'])
    expect(healed.status, healed.stdout).to.equal(0)
  })

  it('says in a sentence what is wrong, and ends with 1', () => {
    const cases: [RegExp, ...string[]][] = [
      [/^npm run admin -- <command>/],
      [/^npm run admin -- <command>/, 'destroy'],
      [/^npm run admin -- <command>/, 'toString'],
      [/Unknown option '--force'/, 'doctor', '--force'],
      [/Say whose account/, 'create-administrator', '--name', 'X'],
    ]
    for (const [says, ...args] of cases) {
      const { status, stderr } = admin(args)
      expect(stderr).to.match(says)
      expect(stderr).to.not.match(/\n\s+at .*:\d+:\d+/)
      expect(status, args.join(' ')).to.equal(1)
    }
  })
})

async function withFactor(db: Db, email: string, secret: Buffer): Promise<void> {
  const { id } = await db('account').where({ email }).first('id')
  await db('second_factor')
    .insert({ account_id: id, secret, confirmed_at: db.fn.now() })
    .onConflict('account_id')
    .merge()
}
