// The demo city is what every newcomer sees and what our tests of areas stand on.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { area, kinks, polygon } from '@turf/turf'
import { expect } from 'chai'
import { toLatin } from '../../gis-data/demo-city/names.ts'

const FOLDER = new URL('../../gis-data/demo-city/', import.meta.url)

type Ring = [number, number][]
interface Feature {
  properties: Record<string, string>
  geometry: { type: string; coordinates: Ring[] | Ring[][] }
}

const read = (layer: string): Feature[] =>
  JSON.parse(readFileSync(new URL(`${layer}.geojson`, FOLDER), 'utf8')).features
const rings = ({ geometry }: Feature): Ring[] =>
  (geometry.type === 'Polygon' ? geometry.coordinates : geometry.coordinates.flat()) as Ring[]

/** Sides of all rings that no neighbour walks the other way. */
function openSides(features: Feature[]): Set<string> {
  const sides = new Set<string>()
  for (const ring of features.flatMap(rings)) {
    ring.slice(1).forEach((to, i) => {
      const from = ring[i]!
      if (!sides.delete(`${to} ${from}`)) {
        const side = `${from} ${to}`
        expect(sides.has(side), `side ${side} twice in one direction`).to.equal(false)
        sides.add(side)
      }
    })
  }
  return sides
}

describe('the demo city', () => {
  const boundary = openSides(read('boundary'))

  for (const layer of ['district', 'municipal_unit', 'school_zone_primary', 'school_zone_secondary', 'land_use_zone']) {
    it(`tiles its boundary exactly with ${layer}: no gap, no overlap`, () => {
      expect([...openSides(read(layer))].sort()).to.deep.equal([...boundary].sort())
    })
  }

  it('has blocks and buildings that are simple polygons of some size', () => {
    for (const layer of ['block', 'building']) {
      for (const feature of read(layer)) {
        const shape = polygon(rings(feature))
        expect(kinks(shape).features, feature.properties['code']).to.have.length(0)
        expect(area(shape), feature.properties['code']).to.be.greaterThan(20)
      }
    }
  })

  it('has about what a town of its size has', () => {
    const count = (layer: string) => read(layer).length
    expect(count('district')).to.equal(14)
    expect(count('municipal_unit')).to.equal(4)
    expect(count('building')).to.be.within(5500, 6500)
    expect(
      read('street').filter(({ properties }) => !properties['name_el']?.startsWith('Πάροδος')),
    ).to.have.length.within(200, 300)
    expect(count('street_light')).to.equal(3000)
    expect(count('bin')).to.equal(900)
    expect(count('poi')).to.be.within(380, 450)
    expect(count('works')).to.equal(40)
    expect(count('reports')).to.equal(5000)
  })

  it('numbers odd houses on one side of a street and even ones on the other, each number once', () => {
    const seen = new Set<string>()
    for (const { properties } of read('address')) {
      const key = `${properties['street']} ${properties['number']}`
      expect(seen.has(key), key).to.equal(false)
      seen.add(key)
      expect(Number(properties['number']) % 2 === 1 ? 'odd' : 'even').to.equal(properties['parity'])
    }
  })

  it('writes names as ELOT 743 does', () => {
    expect(toLatin('Ευαγγελιστρίας')).to.equal('Evangelistrias')
    expect(toLatin('Αγίου Νικολάου')).to.equal('Agiou Nikolaou')
    expect(toLatin('Θησέως')).to.equal('Thiseos')
    expect(toLatin('Μπουμπουλίνας')).to.equal('Boumpoulinas')
  })

  it('comes out the same from the same seed, byte by byte', () => {
    const digest = () => {
      const hash = createHash('sha256')
      for (const file of readdirSync(FOLDER)
        .filter((name) => /\.(geojson|csv)$/.test(name))
        .sort())
        hash.update(readFileSync(new URL(file, FOLDER)))
      return hash.digest('hex')
    }
    const committed = digest()
    execFileSync(process.execPath, ['--import', 'tsx', fileURLToPath(new URL('generate.ts', FOLDER))])
    expect(digest()).to.equal(committed)
  })
})
