// Distances on foot: along the streets where the server has pgRouting, unknown elsewhere.
import { expect } from 'chai'
import { renewWalkNetwork, walkingDistances } from '../../backend/places/service.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const line = (code: string, ...coordinates: [number, number][]) => ({
  type: 'Feature',
  properties: { code, name: code },
  geometry: { type: 'LineString', coordinates },
})
/** One ends on the middle of the other; the third has no way to them. */
const STREETS = [
  line('east', [23.001, 37.001], [23.003, 37.001]),
  line('north', [23.003, 37.0005], [23.003, 37.003]),
  line('island', [23.015, 37.015], [23.016, 37.015]),
]
const HOME = [23.001, 37.001] as const
/** The corner and the end of the street north, on the ellipsoid. */
const EAST_M = 178
const NORTH_M = 222

describe('distances on foot', () => {
  let hasRouting = false

  before(async () => {
    await smallTown()
    await make.layer('street', 'street', STREETS, { geometry_type: 'LineString' })
    const { rows } = await world.db.raw(`SELECT FROM pg_available_extensions WHERE name = 'pgrouting'`)
    hasRouting = rows.length > 0
    await renewWalkNetwork(world.db)
  })

  it('are not known without pgRouting, which is not asked for', async () => {
    expect(await walkingDistances(world.db, HOME, [[23.003, 37.003]])).to.deep.equal([null])
    expect(await walkingDistances(world.db, HOME, [])).to.deep.equal([])
  })

  describe('with pgRouting', () => {
    before(async function () {
      if (!hasRouting) this.skip()
      await world.db.raw('CREATE EXTENSION IF NOT EXISTS pgrouting')
      await renewWalkNetwork(world.db)
    })
    after(async () => {
      if (!hasRouting) return
      await world.db.raw('DROP EXTENSION pgrouting')
      await renewWalkNetwork(world.db)
      expect(await world.db('walk_edge').first('id'), 'forgotten again').to.equal(undefined)
    })

    it('follow the streets round the corner, with the steps to them and from them', async () => {
      // A house 37 m to the north of the end, and one beside the middle of the street east.
      const to = [[23.003, 37.003], [23.003, 37.003333], [23.002, 37.001]] as const // prettier-ignore
      const [end, house, half] = await walkingDistances(world.db, HOME, to)
      expect(end).to.be.closeTo(EAST_M + NORTH_M, 1)
      expect(house).to.be.closeTo(EAST_M + NORTH_M + 37, 1)
      expect(half).to.be.closeTo(EAST_M / 2, 1)
    })

    it('are not known where no way leads, or no street is near', async () => {
      const to = [[23.0155, 37.015], [23.003, 37.003], [23.019, 37.001]] as const // prettier-ignore
      const [island, end, field] = await walkingDistances(world.db, HOME, to)
      expect([island, field]).to.deep.equal([null, null])
      expect(end).to.be.a('number')
      expect(await walkingDistances(world.db, [23.019, 37.001], [[23.003, 37.003]])).to.deep.equal([null])
    })

    it('follow what is changed, once', async () => {
      const edges = async () => (await world.db('walk_edge').count('* as n').first())?.['n']
      expect(await edges()).to.equal('4')
      await world.db('gis.street').where({ code: 'north' }).delete()
      await renewWalkNetwork(world.db)
      expect(await edges()).to.equal('2')
      expect(await walkingDistances(world.db, HOME, [[23.003, 37.001]])).to.satisfy(([m]: number[]) => Math.abs(m! - EAST_M) <= 1) // prettier-ignore
      await world.db('walk_edge').where({ source: 1 }).delete()
      await renewWalkNetwork(world.db)
      expect(Number(await edges()), 'nothing has changed').to.be.lessThan(2)
    })
  })
})
