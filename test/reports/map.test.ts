// The map of the desk: every report of the list in its tiles, once; nobody else's.
import { expect } from 'chai'
import { get, post, pothole, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { decodeTile, tileAt } from '../support/tiles.ts'
import { world } from '../support/world.ts'

const AT = { lon: 23.005, lat: 37.01 }
const tile = (z: number, query = '') => {
  const { x, y } = tileAt(AT.lon, AT.lat, z)
  return `/api/staff/reports/tiles/${z}/${x}/${y}.mvt?${query}`
}
interface Point {
  report_id?: string
  status?: string
  colour?: string
  point_count?: number
}

describe('the map of the desk', () => {
  let head: string
  const ids: string[] = []

  before(async () => {
    await smallTown()
    await make.account('head@town.example', 'department_head', { department: 'works' })
    head = await signIn('head@town.example')
    for (let n = 0; n < 5; n++) ids.push((await post('/api/reports', pothole(AT.lon, AT.lat))).body['id'])
  })

  async function points(path: string, cookie = head): Promise<Point[]> {
    const found = (await decodeTile(path, cookie))['point']!
    return Array.from({ length: found.length }, (_, n) => found.feature(n).properties as Point)
  }

  it('has many that lie together as one point, and each by itself from near', async () => {
    expect(await points(tile(12))).to.deep.equal([{ point_count: 5 }])
    const near = await points(tile(16))
    expect(near.map(({ report_id }) => report_id)).to.have.members(ids)
    expect(near[0]).to.have.keys('report_id', 'status', 'colour')
  })

  it('is narrowed as the list is', async () => {
    await world.db.raw(`UPDATE report SET channel = 'phone' WHERE id = ?`, [ids[1] as string])
    expect(await points(tile(12, 'channel=phone'))).to.have.length(1)
    expect((await points(tile(12, 'channel=phone')))[0]).to.include({ report_id: ids[1], status: 'submitted' })
    const beside = await fetch(world.url + tile(12, 'within=23.1,37.1;23.2,37.1;23.2,37.2'), { headers: { Cookie: head } }) // prettier-ignore
    expect([beside.status, beside.headers.get('cache-control')]).to.deep.equal([204, 'private, no-store'])
    expect((await get(tile(12, 'within=23,37;23.1,37.1'), { cookie: head })).status).to.equal(422)
  })

  it('counts a report on the edge of two tiles in one of them', async () => {
    const { x, y } = tileAt(AT.lon, AT.lat, 14)
    const west = (x / 2 ** 14) * 360 - 180
    await world.db.raw(`UPDATE report SET channel = 'app', geom = ST_SetSRID(ST_Point(?, ?), 4326) WHERE id = ?`, [west, AT.lat, ids[2] as string]) // prettier-ignore
    const answers = await Promise.all(
      [x - 1, x].map((column) =>
        fetch(`${world.url}/api/staff/reports/tiles/14/${column}/${y}.mvt?channel=app`, { headers: { Cookie: head } }),
      ),
    )
    expect(answers.map(({ status }) => status)).to.deep.equal([204, 200])
  })

  it('is for who may see the reports', async () => {
    await make.department('green')
    await make.account('other@town.example', 'department_head', { department: 'green' })
    await world.db.raw('UPDATE report SET is_public = false')
    const other = await signIn('other@town.example')
    const status = async (cookie?: string, path = tile(12)) =>
      (await fetch(world.url + path, { headers: cookie ? { Cookie: cookie } : {} })).status
    expect([await status(), await status(other), await status(head)]).to.deep.equal([401, 204, 200])
    expect(await status(head, '/api/staff/reports/tiles/12/9999/1.mvt')).to.equal(404)
  })
})
