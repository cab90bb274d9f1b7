// Faces and plates: nobody but staff and the reporter sees a photo before staff publish it, and what is blurred is gone.
import { expect } from 'chai'
import sharp from 'sharp'
import { blurAreas } from '../../backend/cases/blur.ts'
import type { BlurArea } from '../../backend/cases/contract.ts'
import { destroyFiles, photoName, attachmentNames } from '../../backend/cases/service.ts'
import { get, post, pothole, request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const [WIDTH, HEIGHT] = [640, 480]
const SQUARE_PX = 8

/** A chessboard: every pixel of it says whether it was touched, and blurring it leaves plain grey. */
function chessboard(square_px = SQUARE_PX): Promise<Buffer> {
  const pixels = Buffer.alloc(WIDTH * HEIGHT * 3)
  for (let at = 0; at < WIDTH * HEIGHT; at++) {
    const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)]
    pixels.fill((Math.floor(x / square_px) + Math.floor(y / square_px)) % 2 ? 255 : 0, at * 3, at * 3 + 3)
  }
  return sharp(pixels, { raw: { width: WIDTH, height: HEIGHT, channels: 3 } })
    .jpeg({ quality: 95 })
    .toBuffer()
}

const FACE: BlurArea = { kind: 'box', x: 100, y: 80, width: 120, height: 160 }
const PLATE: BlurArea = { kind: 'stroke', width: 40, points: [[400, 300], [520, 300]] } // prettier-ignore

/** Darkest and lightest value of a rectangle. */
async function range(photo: Buffer, [left, top, width, height]: [number, number, number, number]) {
  const { channels } = await sharp(await sharp(photo).extract({ left, top, width, height }).greyscale().toBuffer()).stats() // prettier-ignore
  const { min, max } = channels[0] ?? { min: 0, max: 0 }
  return { min, max }
}

describe('areas of a photo that are blurred', () => {
  it('keep nothing of what was there, and leave the rest as it was', async () => {
    const before = await chessboard()
    const { data: after, info } = await blurAreas(before, [FACE, PLATE])
    expect(info).to.include({ width: WIDTH, height: HEIGHT })
    for (const inside of [
      [102, 82, 116, 156],
      [400, 284, 120, 32],
    ] as [number, number, number, number][]) {
      // prettier-ignore
      const { min, max } = await range(after, inside)
      expect(max - min, 'a chessboard inside has become one grey').to.be.below(40)
    }
    const [one, two] = await Promise.all([before, after].map((photo) => sharp(photo).greyscale().raw().toBuffer()))
    let changed = 0
    for (let at = 0; at < WIDTH * HEIGHT; at++) {
      const [x, y] = [at % WIDTH, Math.floor(at / WIDTH)]
      const isNear = (x > 88 && x < 232 && y > 68 && y < 252) || (x > 368 && x < 552 && y > 268 && y < 332)
      if (!isNear && Math.abs((one?.[at] ?? 0) - (two?.[at] ?? 0)) > 40) changed++
    }
    expect(changed, 'pixels outside that changed').to.equal(0)
  })

  it('may be one dot, reach over the edge, and be many thin strokes over one face', async () => {
    const board = await chessboard()
    const dot: BlurArea = { kind: 'stroke', width: 60, points: [[0, 0]] }
    expect((await range((await blurAreas(board, [dot])).data, [0, 0, 16, 16])).max).to.be.below(200)
    // Each stroke alone would keep colours as narrow as itself: a face that is half dark would stay so, line by line.
    const half = await sharp({ create: { width: WIDTH, height: HEIGHT, channels: 3, background: '#000' } })
      .composite([
        { input: { create: { width: WIDTH, height: 20, channels: 3, background: '#fff' } }, top: 200, left: 0 },
      ]) // prettier-ignore
      .jpeg()
      .toBuffer()
    const thin = Array.from({ length: 10 }, (_, n): BlurArea => ({ kind: 'stroke', width: 20, points: [[200, 110 + n * 20], [400, 110 + n * 20]] })) // prettier-ignore
    expect((await range((await blurAreas(half, thin)).data, [210, 110, 180, 180])).max).to.be.below(150)
  })

  it('keep as little of a face that fills the photo', async () => {
    const large: BlurArea = { kind: 'box', x: 0, y: 0, width: WIDTH, height: HEIGHT }
    const { min, max } = await range((await blurAreas(await chessboard(32), [large])).data, [40, 40, 560, 400])
    expect(max - min).to.be.below(60)
  })

  it('must be in the photo', async () => {
    const outside: BlurArea = { kind: 'box', x: 5000, y: 5000, width: 50, height: 50 }
    const failure = await blurAreas(await chessboard(), [outside]).catch((error: unknown) => error)
    expect(failure).to.include({ kind: 'invalid-input' })
  })
})

describe('photos before and after staff have looked', () => {
  let head: string, crewEast: string, otherHead: string, auditor: string, citizen: string

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('east@town.example', 'crew_member', { department: 'works', crew: 'crew-east' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    await make.account('auditor@town.example', 'auditor')
    await make.account('citizen@town.example', 'citizen')
    head = await signIn('head@town.example')
    crewEast = await signIn('east@town.example')
    otherHead = await signIn('parks@town.example')
    auditor = await signIn('auditor@town.example')
    citizen = await signIn('citizen@town.example')
  })

  async function send(cookie?: string) {
    const form = new FormData()
    form.set('file', new Blob([new Uint8Array(await chessboard())]), 'photo.jpg')
    const upload = await fetch(`${world.url}/api/uploads`, { method: 'POST', body: form })
    const { id: photo } = (await upload.json()) as { id: string }
    const { body } = await post('/api/reports', pothole(23.005, 37.01, { photos: [photo] }), { cookie })
    return { id: body['id'] as string, photo, token: (body['follow_url'] as string).split('/follow/')[1] ?? '' }
  }
  const publish = (id: string, photo: string, cookie: string, is_published = true) =>
    request('PATCH', `/api/staff/reports/${id}/photos/${photo}`, { body: { is_published }, cookie })
  const blur = (id: string, photo: string, cookie: string, areas: unknown = [FACE]) =>
    post(`/api/staff/reports/${id}/photos/${photo}/blur`, { areas }, { cookie })
  const stored = async (photo: string) => (await world.town.storage.get(photoName(photo))) !== undefined
  const seen = async (photo: string, options?: { cookie: string }) =>
    (await get(`/api/photos/${photo}`, options)).status

  it('are seen by staff and the reporter only', async () => {
    const { id, photo, token } = await send(citizen)
    expect(await seen(photo)).to.equal(404)
    expect(await seen(photo, { cookie: otherHead })).to.equal(404)
    expect(await seen(photo, { cookie: head })).to.equal(200)
    expect(await seen(photo, { cookie: citizen })).to.equal(200)
    const follow = (await get(`/api/follow/${token}`)).body
    expect(follow['photos'][0]).to.include({ id: photo, is_published: false, is_blurred: false })
    const own = await get(follow['photos'][0].url)
    expect(own.status).to.equal(200)
    for (const { headers } of [own, await get(`/api/photos/${photo}`, { cookie: head })])
      expect(headers.get('cache-control'), 'kept by no cache').to.equal('no-store')
    expect(own.headers.get('content-disposition')).to.equal(`inline; filename="${photo}.jpg"`)
    expect(follow['properties'].photo_count).to.equal(1)
    const open = (await get(`/api/reports/${id}`)).body
    expect(open['photos']).to.deep.equal([])
    expect(open['properties'].photo_count).to.equal(0)
    const nearby = await get<{ id: string; properties: { photo_count: number } }[]>('/api/reports/nearby?lon=23.005&lat=37.01') // prettier-ignore
    expect(nearby.body.find((report) => report.id === id)?.properties.photo_count).to.equal(0)
  })

  it('are public once staff publish them, until they take them back', async () => {
    const { id, photo } = await send()
    expect((await publish(id, photo, head)).body['photos'][0]).to.include({ is_published: true })
    const answer = await get(`/api/photos/${photo}`)
    expect(answer.status).to.equal(200)
    expect(answer.headers.get('cache-control')).to.equal('private, no-cache')
    expect((await get(`/api/reports/${id}`)).body['properties'].photo_count).to.equal(1)
    await publish(id, photo, head, false)
    expect(await seen(photo)).to.equal(404)
    const trail = await world.db('audit_entry').where({ subject_id: id }).orderBy('id')
    expect(trail.map(({ action }) => action)).to.deep.equal(['photo.publish', 'photo.withdraw'])
  })

  it('are changed only by staff who may handle the report', async () => {
    const { id, photo } = await send()
    const other = await send()
    for (const [cookie, status] of [
      [crewEast, 404],
      [otherHead, 404],
      [auditor, 403],
      [citizen, 403],
    ] as const) {
      // prettier-ignore
      expect((await publish(id, photo, cookie)).status).to.equal(status)
      expect((await blur(id, photo, cookie)).status).to.equal(status)
    }
    expect((await blur(id, other.photo, head)).status, 'a photo of another report').to.equal(404)
    expect((await publish(id, other.photo, head)).status).to.equal(404)
    expect((await blur(id, 'nothing', head)).status).to.equal(404)
    expect((await blur(id, photo, head, [])).status).to.equal(422)
    expect((await blur(id, photo, head, [{ kind: 'box', x: 1, y: 1, width: 1e9, height: 5 }])).status).to.equal(422)
    expect((await blur(id, photo, head, [{ ...FACE, x: 9000 }])).status).to.equal(422)
    expect(await stored(photo), 'nothing was destroyed').to.equal(true)
    expect((await world.db('attachment').where({ id: photo }).first()).published_at).to.equal(null)
  })

  it('have a new address once they are blurred; the original is gone, and the trail says who did it', async () => {
    const { id, photo, token } = await send()
    await publish(id, photo, head)
    const old = await get(`/api/photos/${photo}`)
    const { status, body } = await blur(id, photo, head, [FACE, PLATE])
    expect(status).to.equal(200)
    const [blurred] = body['photos']
    expect(blurred).to.include({ is_published: true, is_blurred: true, width: WIDTH, height: HEIGHT })
    expect(blurred.id).to.not.equal(photo)

    await destroyFiles(world.db, world.town.storage)
    expect(await stored(photo)).to.equal(false)
    expect(await world.db('photo_removal')).to.deep.equal([])
    const cached = { headers: { 'If-None-Match': old.headers.get('etag') ?? '' } }
    expect((await get(`/api/photos/${photo}`, cached)).status).to.equal(404)
    expect((await get(`/api/photos/${photo}?follow=${token}`)).status).to.equal(404)
    expect(await seen(photo, { cookie: head })).to.equal(404)

    const served = Buffer.from(await (await fetch(world.url + blurred.url)).arrayBuffer())
    const { min, max } = await range(served, [102, 82, 116, 156])
    expect(max - min).to.be.below(40)
    const kept = await range(served, [300, 20, 64, 64])
    expect(kept.max - kept.min, 'the chessboard outside').to.be.above(200)

    const { id: account } = await world.db('account').where({ email: 'head@town.example' }).first('id')
    const entry = await world.db('audit_entry').where({ subject_id: id, action: 'photo.blur' }).first()
    expect(entry).to.include({ actor_id: account })
    expect(Date.now() - Date.parse(entry.at), 'when').to.be.within(0, 60_000)
    expect(entry.detail).to.deep.equal({ photo, becomes: blurred.id, areas: 2 })
  })

  it('are blurred once when two do it at the same time', async () => {
    const { id, photo } = await send()
    const before = await attachmentNames(world.town.storage)
    const answers = await Promise.all([blur(id, photo, head, [FACE]), blur(id, photo, head, [PLATE])])
    expect(answers.map(({ status }) => status).sort()).to.deep.equal([200, 404])
    const [row] = await world.db('attachment').where({ case_id: id })
    // The other's copy is destroyed when its hour is over, and nothing else.
    await world.db('photo_removal').update({ at: world.db.raw(`at - interval '1 hour'`) })
    await destroyFiles(world.db, world.town.storage)
    expect(await stored(row.id)).to.equal(true)
    const after = await attachmentNames(world.town.storage)
    expect(after).to.have.members([...before.filter((name) => name !== photoName(photo)), photoName(row.id)])
  })

  it('are destroyed later when a crash came in between', async () => {
    const { photo } = await send()
    await world.db('photo_removal').insert({ photo_id: photo })
    await destroyFiles(world.db, world.town.storage)
    expect(await stored(photo)).to.equal(false)
    expect(await world.db('photo_removal')).to.deep.equal([])
  })
})
