import { expect } from 'chai'
import { get } from '../support/http.ts'

describe('a measurement', () => {
  it('is geodesic: one degree of a meridian and of the equator on the ellipsoid', async () => {
    const length = async (corners: string) => (await get(`/api/measure?corners=${corners}`)).body['length_m']
    // WGS 84: meridian arc from 37 to 38 degrees, and a degree of the equator (a * pi / 180).
    expect(await length('23,37;23,38')).to.be.closeTo(110_986, 5)
    expect(await length('23,0;24,0')).to.be.closeTo((6_378_137 * Math.PI) / 180, 0.01)
  })

  it('has an area where the corners go around one, and none where the sides cross', async () => {
    const around = async (corners: string) => (await get(`/api/measure?corners=${corners}&is_closed=true`)).body
    const square = await around('0,0;1,0;1,1;0,1')
    // A cell of one degree at the equator, from the formula of the authalic latitude.
    expect(square['area_m2'] / 12_308_778_361).to.be.closeTo(1, 1e-4)
    expect(square['length_m']).to.be.greaterThan(440_000)
    expect((await around('0,0;1,1;1,0;0,1'))['area_m2']).to.equal(null)
    expect((await around('0,0;1,1'))['area_m2']).to.equal(null)
    for (const bad of ['0,0', '0,0;x,1', '0,0;1,91'])
      expect((await get(`/api/measure?corners=${bad}`)).status, bad).to.equal(422)
  })
})
