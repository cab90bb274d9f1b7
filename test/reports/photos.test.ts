import { expect } from 'chai'
import exifr from 'exifr'
import sharp from 'sharp'
import { get, post, pothole } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const picture = (width = 640, height = 480) => sharp({ create: { width, height, channels: 3, background: '#557799' } })

const withGps = () =>
  picture()
    .withExif({
      IFD0: { Make: 'Camera' },
      IFD3: { GPSLatitudeRef: 'N', GPSLatitude: '36/1 21/1 0/1', GPSLongitudeRef: 'E', GPSLongitude: '23/1 45/1 0/1' },
    })
    .jpeg()
    .toBuffer()

async function upload(bytes: Buffer, name = 'photo.jpg') {
  const form = new FormData()
  form.set('file', new Blob([new Uint8Array(bytes)]), name)
  const response = await fetch(`${world.url}/api/uploads`, { method: 'POST', body: form })
  return {
    status: response.status,
    body: (await response.json()) as { id: string; url: string; width: number; type: string },
  }
}

describe('photos', () => {
  before(smallTown)

  it('are stored without the position that the camera wrote', async () => {
    const bytes = await withGps()
    expect(await exifr.gps(bytes), 'the test picture has a position').to.include({ latitude: 36.35 })
    const { status, body } = await upload(bytes)
    expect(status).to.equal(201)
    const stored = Buffer.from(await (await fetch(world.url + body.url)).arrayBuffer())
    const metadata = await sharp(stored).metadata()
    expect(metadata.format).to.equal('jpeg')
    expect(metadata.exif).to.equal(undefined)
    expect(metadata.xmp).to.equal(undefined)
    expect(metadata.icc).to.equal(undefined)
  })

  it('are made smaller, and read from PNG and WebP too', async () => {
    expect((await upload(await picture(4000, 1000).png().toBuffer())).body.width).to.equal(2048)
    expect((await upload(await picture().webp().toBuffer())).status).to.equal(201)
  })

  it('are refused when they are something else, whatever their name', async () => {
    const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>1</script></svg>')
    for (const bytes of [
      Buffer.from('%PDF-1.4 not a photo'),
      svg,
      (await picture().jpeg().toBuffer()).subarray(0, 300),
    ]) {
      const { status, body } = await upload(bytes)
      expect(status).to.equal(415)
      expect(body.type).to.equal('urn:asty:problem:not-a-photo')
    }
  })

  it('are refused above 12 MB', async () => {
    const { status, body } = await upload(Buffer.alloc(12 * 1024 * 1024 + 1))
    expect(status).to.equal(413)
    expect(body.type).to.equal('urn:asty:problem:too-large')
  })

  it('belong to the report that was sent with them, once', async () => {
    const { body: photo } = await upload(await withGps())
    const sent = await post('/api/reports', pothole(23.005, 37.01, { photos: [photo.id] }))
    expect(sent.status).to.equal(201)
    const detail = await get(`/api/follow/${sent.body['follow_url'].split('/follow/')[1]}`)
    expect(detail.body['photos'].map((p: { id: string }) => p.id)).to.deep.equal([photo.id])
    const again = await post('/api/reports', pothole(23.005, 37.01, { photos: [photo.id] }))
    expect(again.status).to.equal(422)
    expect(again.body['errors'][0].path).to.equal('photos')
  })

  it('of a private report are seen only with its private link', async () => {
    await make.category('secret', { parent: 'roads', is_public: false })
    const { body: photo } = await upload(await withGps())
    const sent = await post('/api/reports', pothole(23.005, 37.01, { category: 'secret', photos: [photo.id] }))
    expect((await get(`/api/photos/${photo.id}`)).status).to.equal(404)
    const token = sent.body['follow_url'].split('/follow/')[1]
    const follow = await get(`/api/follow/${token}`)
    expect((await get(follow.body['photos'][0].url)).status).to.equal(200)
  })
})
