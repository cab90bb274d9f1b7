// The tools of an operator where photos are on an S3 server, and a scanner looks at uploads.
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import sharp from 'sharp'
import { attachmentNames } from '../../backend/cases/service.ts'
import { readConfig } from '../../backend/core/config.ts'
import { openStorage } from '../../backend/core/files/open.ts'
import { readMunicipalities } from '../../backend/core/municipalities.ts'
import { type Clamd, hasClamd, startClamd } from '../support/clamd.ts'
import { freePort } from '../support/cluster.ts'
import { pothole } from '../support/http.ts'
import { type S3, startS3 } from '../support/s3.ts'
import { emptyPlace, look, type Node, type Place, type Settings, startNode, tool } from '../support/tool.ts'
import { townFolder } from '../support/town.ts'
import { world } from '../support/world.ts'

describe('the tools with photos on S3', function () {
  this.timeout(300_000)
  const places: Place[] = []
  const folders: string[] = []
  const keys = { BACKUP_PASSPHRASE: 'boats that leave at noon' }
  let s3: S3
  let town: Settings
  let node: Node | undefined
  let photo: string
  /** Secret of the private link. */
  let key: string
  let file: string

  const folder = () => {
    const made = mkdtempSync(join(tmpdir(), 'asty-tools-s3-'))
    folders.push(made)
    return made
  }
  const place = async (prefix: string) => {
    const made = await emptyPlace()
    places.push(made)
    return { ...made.settings, ...s3.settings(prefix) }
  }
  const photosAt = (prefix: string) => attachmentNames(openStorage(readConfig(s3.settings(prefix))))
  const shown = async (url: string) => {
    const answer = await fetch(`${url}/api/photos/${photo}?follow=${key}`)
    expect(answer.status).to.equal(200)
    return Buffer.from(await answer.arrayBuffer())
  }

  before(async () => {
    s3 = await startS3()
    town = await place('town')
    const city = townFolder()
    folders.push(city)
    const loaded = tool('load-city', [city], town)
    expect(loaded.status, loaded.stderr).to.equal(0)
    node = await startNode(town)
    const form = new FormData()
    const bytes = await sharp({ create: { width: 64, height: 48, channels: 3, background: '#557799' } }).jpeg().toBuffer() // prettier-ignore
    form.set('file', new Blob([new Uint8Array(bytes)]), 'photo.jpg')
    const uploaded = await fetch(`${node.url}/api/uploads`, { method: 'POST', body: form })
    photo = ((await uploaded.json()) as { id: string }).id
    const sent = await fetch(`${node.url}/api/reports`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json' },
      body: JSON.stringify(pothole(23.005, 37.01, { photos: [photo] })),
    })
    key = ((await sent.json()) as { follow_url: string }).follow_url.split('/follow/')[1] ?? ''
  })
  after(async () => {
    await node?.stop()
    for (const each of places) await each.remove()
    for (const each of folders) rmSync(each, { recursive: true, force: true })
    await s3?.remove()
  })

  it('a backup holds the photos of the bucket, and a restore puts them into another', async () => {
    const before = await shown(node!.url)
    expect(readdirSync(town['DATA_DIR'] ?? '')).to.not.include('photos')
    await node?.stop()
    const backups = folder()
    const backup = tool('backup', [backups], { ...town, ...keys })
    expect(backup.status, backup.stderr).to.equal(0)
    expect(backup.stdout).to.include('1 photos')
    file = join(backups, readdirSync(backups)[0] ?? '')
    const rehearsal = tool('restore', [file, '--check'], { ...town, ...keys })
    expect(rehearsal.status, rehearsal.stderr).to.equal(0)
    expect(rehearsal.stdout).to.include('1 photos and documents of cases, 0 of them missing')
    expect(await photosAt('town')).to.deep.equal([`${photo}.jpg`])

    const other = await place('other')
    const restored = tool('restore', [file], { ...other, ...keys })
    expect(restored.status, restored.stderr).to.equal(0)
    expect(restored.stdout).to.include('1 photos and documents of cases, 0 of them missing')
    node = await startNode(other)
    expect((await shown(node.url)).equals(before)).to.equal(true)
    await node.stop()
  })

  it('a restore goes only to where no other photos are; what it has begun it takes back', async () => {
    const stranger = openStorage(readConfig(s3.settings('full')))
    await stranger.put('stranger.jpg', Buffer.from('x'))
    const refused = tool('restore', [file], { ...(await place('full')), ...keys })
    expect(refused.stderr).to.match(/full\/photos at .* is not empty. Nothing was restored/)
    expect(refused.status).to.equal(1)
    expect(await photosAt('full')).to.deep.equal(['stranger.jpg'])

    // Only a server can be told to take nothing after the photos are there.
    if (world.database.engine === 'embedded') return
    const readOnly = { PGOPTIONS: '-c default_transaction_read_only=on' }
    const failed = tool('restore', [file], { ...(await place('broken')), ...readOnly, ...keys })
    expect(failed.stderr).to.match(/pg_restore ended with 1/)
    expect(failed.status).to.equal(1)
    expect(await photosAt('broken')).to.deep.equal([])
  })

  it('a backup without the photos is none', async () => {
    await s3.stop()
    const backups = folder()
    const { status, stderr } = tool('backup', [backups], { ...town, ...keys })
    await s3.start()
    expect(stderr).to.match(/^No backup was made: s3:\/\/asty\/town.*ECONNREFUSED/m)
    expect(status).to.equal(1)
    expect(readdirSync(backups)).to.deep.equal([])
  })

  it('the retention of a day says when files could not be destroyed, and does it the next time', async () => {
    await look(town, (db) => db('report').update({ closed_at: '2020-01-01', status: 'resolved' }))
    await s3.stop()
    const first = tool('retention', ['--apply'], town)
    expect(first.stdout).to.match(/1 photos, 0 documents of staff and 0 unsent uploads deleted/)
    expect(first.stderr).to.match(/could not all be destroyed.*ECONNREFUSED/)
    expect(first.status).to.equal(1)
    await s3.start()
    const second = tool('retention', ['--apply'], town)
    expect(second.status, second.stderr).to.equal(0)
    expect(await photosAt('town')).to.deep.equal([])
  })

  it('the doctor tries storage and scanner', async function () {
    const doctor = (more: Settings) => tool('admin', ['doctor'], { ...town, ...more })
    const well = doctor({}).stdout
    expect(well).to.match(/^ok +photos: s3:\/\/asty\/town\/photos at http:\S+ can be written, read and destroyed$/m)
    expect(well).to.match(/^ok +photos that should be gone are$/m)
    expect(await photosAt('town')).to.deep.equal([])
    const sick = doctor({ S3_SECRET_KEY: 'wrong', CLAMD_URL: `tcp://127.0.0.1:${await freePort()}` })
    expect(sick.stdout).to.match(/^FAIL +photos: .*403 SignatureDoesNotMatch/m)
    expect(sick.stdout).to.match(/^FAIL +virus scanner: .*ECONNREFUSED/m)
    expect(sick.status).to.equal(1)
    await look(town, (db) => db('photo_removal').insert({ photo_id: photo, at: '2026-01-01' }))
    const disk = doctor({ STORAGE_URL: 'disk' }).stdout
    expect(disk).to.match(/^ok +photos: \S+\/photos can be written, read and destroyed$/m)
    expect(disk).to.match(/^FAIL +1 photos that should be gone are still in the storage$/m)
    if (!hasClamd()) return this.skip()
    const clamd: Clamd = await startClamd()
    const scanned = doctor({ CLAMD_URL: clamd.unix })
    await clamd.stop()
    expect(scanned.stdout).to.match(/^ok +virus scanner: ClamAV \d/m)
  })
})

describe('the settings of storage and scanner', () => {
  const s3 = { S3_ENDPOINT: 'https://s3.example.gr/', S3_ACCESS_KEY: 'key', S3_SECRET_KEY: 'secret' }

  it('are checked at start', () => {
    expect(readConfig({ ...s3, STORAGE_URL: 'disk' }).s3).to.equal(undefined)
    expect(readConfig({ ...s3, STORAGE_URL: 's3://asty/city/of/' }).s3).to.deep.equal({
      endpoint: 'https://s3.example.gr',
      bucket: 'asty',
      prefix: 'city/of',
      region: 'us-east-1',
      accessKey: 'key',
      secretKey: 'secret',
    })
    expect(() => readConfig({ STORAGE_URL: 's3://asty' })).to.throw('set S3_ENDPOINT, S3_ACCESS_KEY and S3_SECRET_KEY')
    for (const wrong of ['s3://', 's3://Asty', 's3://asty/../other', 's3://asty//x', 'https://asty', '/var/photos'])
      expect(() => readConfig({ ...s3, STORAGE_URL: wrong }), wrong).to.throw('STORAGE_URL: disk or s3://bucket/prefix')
    for (const right of ['tcp://clamd:3310', 'tcp://127.0.0.1', 'tcp://[::1]:3310', 'unix:///run/clamav/clamd.ctl'])
      expect(readConfig({ CLAMD_URL: right }).clamdUrl).to.equal(right)
    for (const wrong of ['clamd:3310', 'http://clamd', 'tcp://', 'unix://clamd', 'unix:///'])
      expect(() => readConfig({ CLAMD_URL: wrong }), wrong).to.throw('CLAMD_URL: tcp://host:3310 or unix:///path')
  })

  it('never put the photos of two municipalities into one place', () => {
    const read = (more: Settings, ...each: object[]) =>
      readMunicipalities({ ...s3, ...more, MUNICIPALITIES: JSON.stringify(each) }).map((config) => config.s3)
    const [a, b] = [
      { slug: 'a', hosts: ['a.gr'] },
      { slug: 'b', hosts: ['b.gr'] },
    ]
    const own = (STORAGE_URL: string) => ({ ...b, settings: { STORAGE_URL } })
    expect(read({ STORAGE_URL: 's3://asty/all' }, a, b).map((each) => each?.prefix)).to.deep.equal(['all/a', 'all/b'])
    expect(read({ STORAGE_URL: 's3://asty' }, a, own('disk')).map((each) => each?.prefix)).to.deep.equal([
      'a',
      undefined,
    ])
    for (const same of ['s3://asty/a', 's3://asty/a/'])
      expect(() => read({ STORAGE_URL: 's3://asty' }, a, own(same))).to.throw('the same STORAGE_URL')
  })
})
