import { expect } from 'chai'
import type { FieldDefinition } from '../../backend/layers/contract.ts'
import { renewViews } from '../../backend/layers/service.ts'
import { get, point, post, pothole, signIn } from '../support/http.ts'
import { box, make, polygon, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const field = (name: string, more: Partial<FieldDefinition> = {}): FieldDefinition => ({
  name,
  type: 'text',
  title: { el: name, en: name },
  is_public: true,
  ...more,
})

const at = (lon: number, lat: number, properties: Record<string, unknown>) => ({
  type: 'Feature',
  properties,
  geometry: point(lon, lat),
})

const street = (name: string, n: number) => ({
  type: 'Feature',
  properties: { code: `s${n}`, name },
  geometry: {
    type: 'LineString',
    coordinates: [
      [23.001 + n / 5000, 37.001],
      [23.001 + n / 5000, 37.002],
    ],
  },
})

const STREETS = [
  'Πάροδος Ερμού',
  'Ερμουπόλεως',
  'Ερμού',
  'Χατζηκυριάκου',
  'Μπότσαρη',
  'Αγίου Νικολάου',
  'Ξάνθου',
  'Εκατό % \\ Χάρις_',
]

const KINDS = {
  pharmacy: { el: 'Φαρμακείο', en: 'Pharmacy' },
  cafe: { el: 'Καφενείο', en: 'Café; "?" here' },
}

async function town(): Promise<void> {
  await smallTown()
  await make.layer('street', 'street', STREETS.map(street), { geometry_type: 'LineString' })
  const addresses = ['Ερμού 12', 'Ερμού 1', 'Ξάνθου 3']
  await make.layer(
    'address',
    'address',
    addresses.map((name, n) => at(n === 2 ? 23.5 : 23.002, 37.003, { code: `a${n}`, name })),
    { geometry_type: 'Point' },
  )
  await make.layer(
    'poi',
    'poi',
    [
      at(23.003, 37.003, { code: 'p1', name: 'Ερμού', kind: 'cafe', keeper: 'Λασκαρίδου' }),
      at(23.015, 37.003, { code: 'p2', name: 'Υγεία', kind: 'pharmacy', keeper: null }),
    ],
    {
      geometry_type: 'Point',
      fields: [
        field('code'),
        field('name'),
        field('kind', { codes: KINDS, is_searchable: true }),
        field('keeper', { is_public: false, is_searchable: true }),
      ],
    },
  )
  const block = (number: string, n: number) => ({
    ...polygon(`OT-${number}`, box(23.001 + n / 1000, 37.01, 23.0015 + n / 1000, 37.0105)),
    properties: { code: `OT-${number}`, name: `Ο.Τ. ${number}`, number: `ΒΓ${number}` },
  })
  await make.layer('block', 'block', ['7', '70', '71'].map(block), {
    fields: [field('code'), field('name'), field('number', { is_searchable: true })],
  })
  await make.account('head@town.example', 'department_head', { department: 'works' })
}

interface Found {
  kind: string
  title: { el: string }
  subtitle: { el: string; en: string }
  id: string
  point: [number, number]
  layer: string | null
  is_own_work?: boolean
}

const search = async (q: string, cookie?: string): Promise<Found[]> => {
  const { status, body } = await get<Found[]>(`/api/search?q=${encodeURIComponent(q)}`, { cookie })
  expect(status).to.equal(200)
  return body
}
const titles = async (q: string, cookie?: string) => (await search(q, cookie)).map(({ title }) => title.el)

describe('search', () => {
  let head: string

  before(async () => {
    await town()
    head = await signIn('head@town.example')
  })

  for (const [typed, found] of [
    ['ΕΡΜΟΥ', 'Ερμού'],
    ['ermou', 'Ερμού'],
    ['xatzikiriakou', 'Χατζηκυριάκου'],
    ['hatzikyriakou', 'Χατζηκυριάκου'],
    ['botsari', 'Μπότσαρη'],
    ['agiou nikolaou', 'Αγίου Νικολάου'],
    ['αγιου νικολαου', 'Αγίου Νικολάου'],
    ['ksanthou', 'Ξάνθου'],
    ['νικολάυ', 'Αγίου Νικολάου'],
    ['ermou 12', 'Ερμού 12'],
    ['Ερμού12', 'Ερμού 12'],
    ['οδός Ερμού', 'Ερμού'],
    ['ΟΔΟΣ ΕΡΜΟΥ 12', 'Ερμού 12'],
    ['ΟΤ 7', 'Ο.Τ. 7'],
    ['ο.τ.7', 'Ο.Τ. 7'],
    ['βγ 71', 'Ο.Τ. 71'],
    ['ΒΓ71', 'Ο.Τ. 71'],
    ['farmakeio', 'Υγεία'],
    ['pharmacy', 'Υγεία'],
    ['%', undefined],
    ['zzzz %', undefined],
    ['Εκατό % \\', 'Εκατό % \\ Χάρις_'],
  ] as const) {
    it(`finds ${found ?? 'nothing'} for ${typed}`, async () => {
      expect((await titles(typed))[0]).to.equal(found)
    })
  }

  it('puts the street first, then what starts so: streets, addresses; then what holds it', async () => {
    expect(await search('Ερμού')).to.satisfy((found: Found[]) => found[0]?.kind === 'street')
    expect(await titles('Ερμού')).to.deep.equal([
      'Ερμού',
      'Ερμού',
      'Ερμουπόλεως',
      'Ερμού 1',
      'Ερμού 12',
      'Πάροδος Ερμού',
    ])
  })

  it('tells a feature once, though two of its texts match', async () => {
    expect(await titles('οτ 7')).to.deep.equal([...new Set(await titles('οτ 7'))])
    expect((await search('pharmacy')).filter(({ layer }) => layer === 'poi')).to.have.length(1)
  })

  it('says what it is and in which district', async () => {
    const subtitle = async (q: string) => (await search(q))[0]?.subtitle
    expect(await subtitle('Ερμού 12')).to.deep.equal({ el: 'Διεύθυνση, west', en: 'Address, west' })
    expect(await subtitle('Μπότσαρη')).to.deep.equal({ el: 'Οδός, west', en: 'Street, west' })
    expect(await subtitle('Υγεία')).to.deep.equal({ el: 'poi, east', en: 'poi, east' })
    expect(await subtitle('Ξάνθου 3'), 'in no district').to.deep.equal({ el: 'Διεύθυνση', en: 'Address' })
  })

  it('puts a number that nobody has between its neighbours on its side of the street, and says so', async () => {
    await world.db('gis.address').insert({ code: 'a9', name: 'Ερμού 9', geom: world.db.raw('ST_SetSRID(ST_MakePoint(23.002, 37.004), 4326)') }) // prettier-ignore
    const [about, ...rest] = await search('ermu 7')
    expect(about).to.deep.include({ kind: 'address', layer: null, title: { el: 'Ερμού 7', en: 'Ερμού 7' }, bbox: null })
    expect(about?.subtitle?.en).to.equal('Address, about here: between 1 and 9')
    expect(about?.point[1]).to.be.closeTo(37.003 + (0.001 * 6) / 8, 1e-9)
    expect(rest[0]?.title.el).to.not.equal('Ερμού 7')
    expect((await search('Ερμού 9'))[0]?.layer, 'it is there').to.equal('address')
    for (const q of ['Ερμού 8', 'Ερμού 99', 'Ξάνθου 5', 'Ερμού 7%', 'Ερμ_ύ 7', '7'])
      expect(
        (await search(q)).filter(({ layer }) => layer === null),
        q,
      ).to.deep.equal([])
    await world.db('layer').where({ slug: 'address' }).update({ visibility: 'staff' })
    expect(
      (await search('Ερμού 7')).filter(({ layer }) => layer === null),
      'closed',
    ).to.deep.equal([])
    expect((await search('Ερμού 7', head))[0]?.title.el).to.equal('Ερμού 7')
    await world.db('layer').where({ slug: 'address' }).update({ visibility: 'public' })
    await world.db('gis.address').where({ code: 'a9' }).delete()
  })

  it('reads coordinates of the Greek Grid in either order, metres', async () => {
    // The corner of the town, by PostGIS in the other direction.
    const { rows } = await world.db.raw(`SELECT ST_X(g) AS east, ST_Y(g) AS north FROM ST_Transform(ST_SetSRID(ST_MakePoint(23.005, 37.01), 4326), 2100) AS g`) // prettier-ignore
    const [east, north] = [rows[0].east.toFixed(2), rows[0].north.toFixed(2)]
    for (const q of [`${east}, ${north}`, `${north} ${east}`]) {
      const { body } = await get(`/api/search?q=${encodeURIComponent(q)}`)
      expect(body[0]['kind'], q).to.equal('coordinates')
      expect(body[0]['point'][0]).to.be.closeTo(23.005, 1e-6)
      expect(body[0]['point'][1]).to.be.closeTo(37.01, 1e-6)
    }
    for (const q of ['123456 654321', '4203000 4203000'])
      expect((await get(`/api/search?q=${encodeURIComponent(q)}`)).body, q).to.deep.equal([])
  })

  it('reads coordinates in either order', async () => {
    for (const q of ['37.01, 23.005', '23.005 37.01']) {
      expect((await search(q))[0]?.point).to.deep.equal([23.005, 37.01])
    }
  })

  it('finds what is in a field of staff for staff alone', async () => {
    expect(await titles('Λασκαρίδου')).to.deep.equal([])
    expect(await titles('Λασκαρίδου', head)).to.deep.equal(['Ερμού'])
  })

  it('reads every searched text, also coded ones, through its trigram index', async () => {
    const plan = await world.db.transaction(async (trx) => {
      await trx.raw('SET LOCAL enable_seqscan = off')
      return (await trx.raw(`EXPLAIN SELECT * FROM searchable WHERE key LIKE '%ermu%' OR 'ermu' <% key`)).rows
    })
    const text = plan.map((row: Record<string, string>) => row['QUERY PLAN']).join('\n')
    expect(text).to.include('Bitmap Index Scan on search_')
    expect(text).to.not.include('Seq Scan')
  })

  it('finds again after the views and indexes of an older version are renewed', async () => {
    await world.db.raw(`DROP VIEW searchable`)
    const { rows } = await world.db.raw(
      `SELECT string_agg(format('DROP INDEX gis.%I', indexname), '; ') AS statements FROM pg_indexes WHERE indexname LIKE 'search\\_%'`,
    )
    await world.db.raw(rows[0].statements)
    await renewViews(world.db)
    expect((await titles('ermou 12'))[0]).to.equal('Ερμού 12')
    const after = await world.db('pg_indexes').where('indexname', 'like', 'search\\_%')
    expect(after).to.have.length(rows[0].statements.split(';').length)
  })

  it('forgets a field, a title and a layer as soon as they are closed by SQL', async () => {
    const close = (layer: string, name: string) =>
      world.db.raw(
        `UPDATE layer SET fields = (SELECT jsonb_agg(CASE WHEN f->>'name' = ? THEN f || '{"is_public": false}' ELSE f END) FROM jsonb_array_elements(fields) AS f)
          WHERE slug = ?`,
        [name, layer],
      )
    await close('poi', 'kind')
    expect(await titles('farmakeio')).to.deep.equal([])
    expect(await titles('Υγεία')).to.deep.equal(['Υγεία'])
    expect(await titles('farmakeio', head)).to.deep.equal(['Υγεία'])
    await close('poi', 'name')
    expect(await titles('Υγεία')).to.deep.equal([])
    await world.db('layer').where({ slug: 'street' }).update({ visibility: 'staff' })
    expect(await titles('botsari')).to.deep.equal([])
    expect(await titles('botsari', head)).to.deep.equal(['Μπότσαρη'])
  })
})

describe('search for a protocol number', () => {
  let head: string, other: string
  let report: { id: string; protocol: string; year: string; number: number }

  const send = async () => {
    const { body } = await post('/api/reports', pothole(23.005, 37.01))
    const [year, number] = body['protocol'].split('/')
    return { id: body['id'], protocol: body['protocol'], year, number: Number(number) }
  }

  before(async () => {
    await smallTown()
    await make.department('parks')
    await make.account('head@town.example', 'department_head', { department: 'works' })
    await make.account('parks@town.example', 'department_head', { department: 'parks' })
    head = await signIn('head@town.example')
    other = await signIn('parks@town.example')
    await send()
    report = await send()
  })

  it('finds the report, with and without zeros, in either order', async () => {
    const { year, number, id, protocol } = report
    for (const q of [
      protocol,
      `${year}/${number}`,
      ` ${year} - ${number}`,
      `${year}-000${number}`,
      `${number}/${year}`,
    ]) {
      const [found, ...more] = await search(q)
      expect(more, q).to.deep.equal([])
      expect(found, q).to.include({ kind: 'report', id, is_own_work: false, layer: null })
      expect(found?.title.el).to.equal(protocol)
      expect(found?.subtitle).to.deep.equal({ el: 'pothole, Υποβλήθηκε', en: 'pothole, Submitted' })
      expect(found?.point).to.deep.equal([23.005, 37.01])
    }
    expect(await search(`${year}/999999`)).to.deep.equal([])
  })

  it('knows whose work it is', async () => {
    expect((await search(report.protocol, head))[0]).to.include({ id: report.id, is_own_work: true })
    expect((await search(report.protocol, other))[0]).to.include({ id: report.id, is_own_work: false })
  })

  it('shows a private report only to those who work on it', async () => {
    const { id, protocol } = await send()
    await world.db('report').where({ id }).update({ is_public: false })
    expect(await search(protocol)).to.deep.equal([])
    expect(await search(protocol, other)).to.deep.equal([])
    expect((await search(protocol, head))[0]).to.include({ id, is_own_work: true })
  })
})
