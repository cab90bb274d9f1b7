// npm run backup and npm run restore, as an operator runs them.
import { copyFileSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateIdentity, identityToRecipient } from 'age-encryption'
import { expect } from 'chai'
import sharp from 'sharp'
import { pothole } from '../support/http.ts'
import { emptyPlace, look, type Node, type Place, type Settings, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'
import { world } from '../support/world.ts'

describe('npm run backup', function () {
  // Many processes, each of which opens a database on disk.
  this.timeout(300_000)
  const places: Place[] = []
  const folders: string[] = []
  let town: Settings
  let node: Node | undefined
  let keys: Settings
  let backups: string
  let file: string
  let photo: string
  /** Secret of the private link: the photo is not published. */
  let key: string

  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'asty-backup-'))
    folders.push(made)
    return made
  }
  const place = async () => {
    const made = await emptyPlace()
    places.push(made)
    return made.settings
  }
  const send = async (url: string, photos: string[] = []) => {
    const answer = await fetch(`${url}/api/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(pothole(23.005, 37.01, { photos })),
    })
    return (await answer.json()) as { id: string; protocol: string; follow_url: string }
  }
  const listed = async (url: string) => {
    const { features } = (await (await fetch(`${url}/api/reports`)).json()) as { features: unknown[] }
    return features
  }
  const upload = async (url: string) => {
    const form = new FormData()
    const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#557799' } })
      .jpeg()
      .toBuffer()
    form.set('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg')
    return ((await (await fetch(`${url}/api/uploads`, { method: 'POST', body: form })).json()) as { id: string }).id
  }
  const photoOf = async (url: string) => {
    const answer = await fetch(`${url}/api/photos/${photo}?follow=${key}`)
    expect(answer.status).to.equal(200)
    return Buffer.from(await answer.arrayBuffer())
  }

  before(async () => {
    const identity = await generateIdentity()
    keys = { BACKUP_RECIPIENTS: await identityToRecipient(identity), BACKUP_IDENTITY: identity }
    backups = folder()
    town = await place()
    const city = townFolder({ 'boss@town.example': 'administrator' })
    folders.push(city)
    const loaded = tool('load-city', [city], town)
    expect(loaded.status, loaded.stderr).to.equal(0)
    node = await startNode(town)
    photo = await upload(node.url)
    key = (await send(node.url, [photo])).follow_url.split('/follow/')[1] ?? ''
    await send(node.url)
  })
  after(async () => {
    await node?.stop()
    for (const each of places) await each.remove()
    for (const each of folders) rmSync(each, { recursive: true, force: true })
  })

  it('goes on beside a running server; the embedded database must be at rest', async () => {
    const { status, stdout, stderr } = tool('backup', [backups], { ...town, ...keys })
    if (world.database.engine === 'server') {
      expect(status, stderr).to.equal(0)
      expect(stdout).to.match(/asty-\d{8}T\d{6}Z\.tar\.age: \d+ rows in \d+ tables, 1 photos/)
      for (const name of readdirSync(backups)) rmSync(join(backups, name))
    } else {
      expect(stderr).to.match(/Asty already runs/)
      expect(status).to.equal(1)
    }
    expect(readdirSync(backups)).to.deep.equal([])
  })

  it('writes one encrypted file, and nothing in the open unless told to', async () => {
    await node?.stop()
    const open = tool('backup', [backups], town)
    expect(open.stderr).to.match(/holds personal data/)
    expect(open.status).to.equal(1)
    const { status, stderr } = tool('backup', [backups], { ...town, ...keys })
    expect(status, stderr).to.equal(0)
    expect(readdirSync(backups)).to.have.length(1)
    file = join(backups, readdirSync(backups)[0] ?? '')
    const bytes = readFileSync(file)
    expect(bytes.subarray(0, 21).toString()).to.equal('age-encryption.org/v1')
    expect(bytes.includes('manifest.json')).to.equal(false)
  })

  it('keeps as many as wanted, and removes the others only after a new one is complete', () => {
    const other = folder()
    const old = ['asty-20250101T000000Z.tar.age', 'asty-20250102T000000Z.tar.age', 'letter.txt']
    for (const name of old) writeFileSync(join(other, name), 'old')
    const broken = tool('backup', [other, '--keep', '2'], { ...town, BACKUP_RECIPIENTS: 'age1nobody' })
    expect(broken.status).to.equal(1)
    expect(readdirSync(other).sort()).to.deep.equal(old)
    const { status, stderr } = tool('backup', [other, '--keep', '2', '--plain'], town)
    expect(status, stderr).to.equal(0)
    const left = readdirSync(other).sort()
    expect(left).to.have.length(3).and.include.members(['asty-20250102T000000Z.tar.age', 'letter.txt'])
    const plain = left.find((name) => name.endsWith('.tar')) ?? ''
    expect(readFileSync(join(other, plain)).includes('manifest.json')).to.equal(true)
  })

  it('is rehearsed without a trace', async () => {
    const scratch = folder()
    const { status, stdout, stderr } = tool('restore', [file, '--check'], { ...town, ...keys, TMPDIR: scratch })
    expect(stderr).to.equal('')
    expect(stdout)
      .to.match(/^ok +public\.report: 2 rows$/m)
      .and.match(/^ok +gis\.district: 2 rows$/m)
    expect(stdout).to.match(/1 photos and documents of cases, 0 of them missing/)
    expect(stdout).to.match(/The rehearsal went well; nothing of it is left/)
    expect(status).to.equal(0)
    expect(readdirSync(scratch).filter((name) => name.startsWith('asty'))).to.deep.equal([])
    const { rows } = await world.db.raw(`SELECT datname FROM pg_database WHERE datname LIKE 'asty_rehearsal_%'`)
    expect(rows).to.deep.equal([])
  })

  it('is refused when a single byte was changed, or with another key', async () => {
    const tampered = join(folder(), 'tampered.tar.age')
    const { length } = readFileSync(file)
    for (const at of [Math.floor(length / 2), length - 1]) {
      copyFileSync(file, tampered)
      const bytes = readFileSync(tampered)
      bytes[at] = bytes[at]! ^ 1
      writeFileSync(tampered, bytes)
      const { status, stderr } = tool('restore', [tampered, '--check'], { ...town, ...keys })
      expect(stderr, `byte ${at}`).to.match(/is damaged or was changed/)
      expect(status).to.equal(1)
    }
    writeFileSync(tampered, readFileSync(file).subarray(0, length - 70_000))
    expect(tool('restore', [tampered, '--check'], { ...town, ...keys }).stderr).to.match(/is damaged or was changed/)
    const stranger = { BACKUP_IDENTITY: await generateIdentity() }
    expect(tool('restore', [file], { ...town, ...stranger }).stderr).to.match(/cannot be opened with this/)
    expect(tool('restore', [file], town).stderr).to.match(/is encrypted: set/)
  })

  it('written in the open is refused too when a byte of a table or a photo was changed', () => {
    const other = folder()
    expect(tool('backup', [other, '--plain'], town).status).to.equal(0)
    const plain = join(other, readdirSync(other)[0] ?? '')
    const bytes = readFileSync(plain)
    const at = bytes.indexOf(`photos/${photo}.jpg`) + 512 + 100
    bytes[at] = bytes[at]! ^ 1
    writeFileSync(plain, bytes)
    const { status, stderr } = tool('restore', [plain, '--check'], town)
    expect(stderr).to.match(new RegExp(`photos/${photo}.jpg is not as it was written`))
    expect(status).to.equal(1)
  })

  it('goes only into an empty place, and from there the town goes on without a gap', async () => {
    const full = tool('restore', [file], { ...town, ...keys })
    expect(full.stderr).to.match(/is not empty. Nothing was restored/)
    expect(full.status).to.equal(1)
    node = await startNode(town)
    const before = { reports: await listed(node.url), photo: await photoOf(node.url) }
    await node.stop()
    const empty = await place()
    const restored = tool('restore', [file], { ...empty, ...keys })
    expect(restored.status, restored.stderr).to.equal(0)
    expect(restored.stdout).to.match(/^ok +public\.report: 2 rows$/m)
    node = await startNode(empty)
    expect(await listed(node.url)).to.deep.equal(before.reports)
    expect(before.reports).to.have.length(2)
    expect((await photoOf(node.url)).equals(before.photo)).to.equal(true)
    expect((await send(node.url)).protocol).to.match(/\/000003$/)
    await node.stop()
    const comments = await look(empty, (db) => db.raw(`SELECT obj_description('report'::regclass) AS text`))
    expect(comments.rows[0].text).to.be.a('string')
  })

  it('opens with a passphrase, a good one', () => {
    const other = folder()
    const weak = tool('backup', [other], { ...town, BACKUP_PASSPHRASE: 'short' })
    expect(weak.stderr).to.match(/BACKUP_PASSPHRASE must have 16 characters/)
    const passphrase = { BACKUP_PASSPHRASE: 'boats that leave at noon' }
    expect(tool('backup', [other], { ...town, ...passphrase }).status).to.equal(0)
    const secret = join(other, readdirSync(other)[0] ?? '')
    expect(tool('restore', [secret, '--check'], { ...town, ...passphrase }).status).to.equal(0)
  })
})
