// What nobody should send, and readers who do not read.
import { connect, type Socket } from 'node:net'
import { expect } from 'chai'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { get } from '../support/http.ts'
import { smallTown } from '../support/make.ts'
import { makeSights } from '../support/sights.ts'
import { world } from '../support/world.ts'

const ITEMS = '/ogc/collections/sight/items'
/** More than the pool of connections to the database. */
const SLOW_READERS = 15

async function* notes(count: number) {
  for (let n = 0; n < count; n++)
    yield { type: 'Feature', properties: { note: 'x'.repeat(500) }, geometry: { type: 'Point', coordinates: [23 + n / 1e6, 37] } } // prettier-ignore
}

/** The status of a request written by hand, byte by byte. */
function raw(request: Buffer): Promise<number> {
  const { hostname, port } = new URL(world.url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(request))
    socket.once('data', (data) => {
      resolve(Number(/^HTTP\/1\.1 (\d+)/.exec(data.toString('latin1'))?.[1]))
      socket.destroy()
    })
    socket.once('error', reject)
  })
}

const line = (path: string | Buffer, ...headers: string[]) =>
  Buffer.concat([Buffer.from('GET '), Buffer.from(path), Buffer.from([' HTTP/1.1', 'Host: localhost', ...headers, 'Connection: close', '', ''].join('\r\n'))]) // prettier-ignore

describe('hostile requests for open data', () => {
  before(async () => {
    await smallTown()
    await makeSights()
  })

  it('get a clear answer below 500', async () => {
    const polygon = `POLYGON((${Array.from({ length: 100_000 }, (_, n) => `${23 + n / 1e7} 37`).join(',')}))`
    const wanted: [request: Buffer, status: number[]][] = [
      [line(`${ITEMS}?filter=${encodeURIComponent(`S_INTERSECTS(geometry,${polygon})`)}`), [431]],
      [line(`${ITEMS}?limit=1e9`), [400]],
      [line(`${ITEMS}?limit=${'9'.repeat(400)}`), [400]],
      [line(`${ITEMS}?name=%ff%fe`), [200]],
      [line('/ogc/collections/%ff/items'), [400, 404]],
      [line(Buffer.from(`${ITEMS}?name=\xff`, 'latin1')), [200, 400]],
      [line(`${ITEMS}?name=a%0d%0aSet-Cookie:%20x=1`), [200]],
      [line('/ogc/collections/a%0d%0aLocation:%20x'), [404]],
      [line(`${ITEMS}?name=%00`), [400, 422]],
      [line(`${ITEMS}?__proto__=1`), [400]],
      [line(`${ITEMS}?constructor=1`), [400]],
      [line(`${ITEMS}?filter=${encodeURIComponent(`name LIKE '${'%_'.repeat(2000)}'`)}`), [200, 400]],
      [line(`${ITEMS}?filter=${encodeURIComponent(`name LIKE '^(a+)+$'`)}`), [200]],
      [line(`${ITEMS}?properties=${'code,'.repeat(2000)}`), [400]],
      [line(`${ITEMS}?sortby=${'code,'.repeat(2000)}code`), [400]],
      [line(ITEMS, `Accept: ${'text/html;q=0.1,'.repeat(500)}`), [200, 406]],
      [line(ITEMS, 'Accept-Language: \u0001'), [200, 400]],
      [line('/open311/v2/requests.xml?service_request_id=%27%3B--'), [200]],
      [line('/open311/v2/requests.xml?service_request_id=%ff'), [200, 400]],
      [line(`/open311/v2/requests/${'1'.repeat(5000)}.json`), [404]],
      [line('/open311/v2/requests.json?lat=NaN&long=Infinity&radius=1e999'), [400]],
    ]
    for (const [request, statuses] of wanted)
      expect(await raw(request), request.toString('latin1').slice(0, 90)).to.be.oneOf(statuses)
    expect((await get(`${ITEMS}?name=a%0d%0aSet-Cookie:%20x=1`)).headers.get('set-cookie')).to.equal(null)
  })

  it('wait alone: readers who stop reading hold nothing that others need', async () => {
    const definition = { slug: 'note', title: { el: 'Σημειώσεις', en: 'Notes' }, geometry_type: 'Point' as const }
    await importLayer(world.db, LayerDefinition.parse(definition), notes(8000))
    const { hostname, port } = new URL(world.url)
    const stuck: Socket[] = []
    for (let n = 0; n < SLOW_READERS; n++) {
      const path = n % 2 ? '/opendata/note.geojson' : '/ogc/collections/note/items?limit=8000'
      const socket = connect(Number(port), hostname, () => socket.write(line(path))).on('error', () => undefined)
      socket.pause()
      stuck.push(socket)
    }
    for (let n = 0; n < 20; n++) expect((await get(`${ITEMS}?limit=1`)).status).to.equal(200)
    for (const socket of stuck) socket.destroy()
    expect((await get('/ogc/collections/note/items?resultType=hits')).body['numberMatched']).to.equal(8000)
  })
})
