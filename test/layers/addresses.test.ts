// A table with addresses and no coordinates: found among the municipality's own, and told where not.
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer, ImportError, openFile } from '../../backend/layers/service.ts'
import { make } from '../support/make.ts'
import { sight } from '../support/sights.ts'
import { world } from '../support/world.ts'

const house = (name: string, lon: number, lat = 37) => sight(name, lon, lat, { name })
const HOUSES = [
  house('Ερμού 2', 23), house('Ερμού 6', 23.001), house('Ερμού 12Α', 23.004), house('Ερμού 14', 23.005),
  house('Πλατεία Ηρώων 3', 23.01), house('Αγίου Νικολάου 7', 23.02), house('Λεωφόρος Νίκης 40', 23.03),
  house('Αιγαίου 1', 23.04), house('Αιγαίου 1', 23.09), house('Αιγαίου 3', 23.06),
] // prettier-ignore

describe('a table with addresses', () => {
  let folder: string
  before(async () => {
    await world.reset()
    folder = await mkdtemp(join(tmpdir(), 'asty-addresses-'))
    const field = (name: string) => ({ name, type: 'text' as const, title: { el: name, en: name }, is_public: true })
    await make.layer('house', 'address', HOUSES.map((each, n) => ({ ...each, properties: { ...each.properties, code: String(n) } })), { geometry_type: 'Point', key_field: 'code', title_fields: { el: 'name', en: 'name' }, fields: [field('code'), field('name')] }) // prettier-ignore
  })
  after(() => rm(folder, { recursive: true, force: true }))

  async function load(text: string, skipInvalid = false) {
    const file = join(folder, 'shops.csv')
    await writeFile(file, text)
    await world.db('layer').where({ slug: 'shop' }).delete()
    await world.db.raw('DROP VIEW IF EXISTS searchable, feature; DROP TABLE IF EXISTS gis.shop')
    const { source, crs, geometryType, close } = await openFile(world.db, file, 'shops.csv', {})
    const definition = LayerDefinition.parse({ slug: 'shop', title: { el: 'α', en: 'a' }, geometry_type: geometryType })
    return importLayer(world.db, definition, source.features(), { crs, skipInvalid }).finally(close)
  }
  const found = async () => (await world.db('gis.shop').orderBy('geom').select('address_match', world.db.raw('round(ST_X(geom)::numeric, 4)::float8 AS lon'))).map(({ lon, address_match }) => [lon, address_match]) // prettier-ignore

  for (const [said, lon] of [
    ['ΕΡΜΟΥ 12α', 23.004],
    ['ermou 14', 23.005],
    ['Οδός Ερμού 2, 84100 Ερμούπολη', 23],
    ['Πλ. Ηρώων 3', 23.01],
    ['Αγ.Νικολάου 7', 23.02],
    ['ΛΕΩΦ. ΝΙΚΗΣ 40', 23.03],
  ] as const) {
    it(`${said} is found`, async () => {
      await load(`name;διεύθυνση\nx;${said}\n`)
      expect(await found()).to.deep.equal([[lon, 'exact']])
    })
  }

  it('takes street and number from two columns, the first of a range, and puts a missing number between its neighbours', async () => {
    await load('name,Οδός,Αριθμός\nx,Ερμού,14-16\ny,Ερμού,4\nz,Ερμού,12\n')
    expect(await found()).to.deep.equal([[23.0005, 'approximate'], [23.004, 'approximate'], [23.005, 'exact']]) // prettier-ignore
  })

  it('tells by line what is not there, what it may be, and what is there twice; loads nothing, or the rest on request', async () => {
    const text = 'address,name\nΕρμού 2,a\n\nΕρμύ 2,b\nBroadway 1,c\nΑιγαίου 1,d\n'
    const error = await load(text).then(() => null, (failure: unknown) => failure as ImportError) // prettier-ignore
    expect(error!.problems.map(({ message }) => message.en)).to.deep.equal([
      'line 4: the address “Ερμύ 2” is not among those of the municipality; perhaps “Ερμού”?',
      'line 5: the address “Broadway 1” is not among those of the municipality',
      'line 6: the address “Αιγαίου 1” is in more than one place, and which is meant cannot be told',
    ])
    expect(await world.db('layer').where({ slug: 'shop' })).to.deep.equal([])
    expect(await load(text, true)).to.deep.include({ imported: 1, skipped: 3 })
    const { rows } = await world.db.raw(`SELECT tablename FROM pg_tables WHERE schemaname = 'gis_staging'`)
    expect(rows, 'nothing stays behind').to.deep.equal([])
  })
})
