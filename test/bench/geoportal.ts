// Tiles, "what is here" and search where there is much: the dots of opendata.ts (a million), 100,000 plots and 200,000 addresses.
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { importLayer } from '../../backend/layers/service.ts'
import { ask, compare, compareSlowest, type Parts, statementOf } from './measure.ts'

/** On the embedded engine a fiftieth of it. */
const PLOTS = 100_000
const ADDRESSES = 200_000

async function* one(feature: unknown) {
  yield feature
}

const field = (name: string, type: string, more: object = {}) => ({
  name,
  type,
  title: { el: name, en: name },
  ...more,
})

/** A layer with one feature, and as many more as the statement makes. */
async function makeLayer(
  { database: { db } }: Parts,
  definition: object,
  geometry: unknown,
  more: string,
  count: number,
) {
  const parsed = LayerDefinition.parse(definition)
  const properties = Object.fromEntries(parsed.fields.map(({ name, type }) => [name, type === 'text' ? '0' : 0]))
  await importLayer(db, parsed, one({ type: 'Feature', properties, geometry }))
  await db.transaction(async (trx) => {
    await trx.raw('SET LOCAL statement_timeout = 0')
    await trx.raw(more, [count])
  })
  await db.raw('ANALYZE ??', [`gis.${parsed.slug}`])
}

/** SQL of a street of a town that has 4,000 of them, fifty houses in each: eight names that are searched, and made-up ones. */
const NAMED = [
  'Ερμού',
  'Αθηνάς',
  'Σοφοκλέους',
  'Μεγάλου Αλεξάνδρου',
  '25ης Μαρτίου',
  'Αγίου Νικολάου',
  'Παπαδιαμάντη',
  'Κολοκοτρώνη',
]
const SYLLABLES = ['Κα', 'Λε', 'Μι', 'Πο', 'Ρου', 'Σα', 'Τε', 'Βι', 'Γρα', 'Δρο', 'Θε', 'Στα', 'Νι', 'Φλω', 'Ξε', 'Ζα']
const STREET = `CASE WHEN s < ${NAMED.length} THEN ('{${NAMED.join(',')}}'::text[])[1 + s]
  ELSE y[1 + s % 16] || lower(y[1 + s / 16 % 16]) || lower(y[1 + s / 256 % 16]) || 'νη' END`

async function makeTown(parts: Parts, share: number): Promise<void> {
  const ring = [[23.7, 36.32], [23.7001, 36.32], [23.7001, 36.3201], [23.7, 36.3201], [23.7, 36.32]] // prettier-ignore
  await makeLayer(
    parts,
    { slug: 'plot', title: { el: 'Οικόπεδα', en: 'Plots' }, geometry_type: 'Polygon', fields: [field('code', 'text'), field('size_m2', 'number')] },
    { type: 'Polygon', coordinates: [ring] },
    `INSERT INTO gis.plot (code, size_m2, geom)
     SELECT 'P' || n, n % 97, ST_Multi(ST_MakeEnvelope(w, s, w + 0.00018, s + 0.00014, 4326))
       FROM generate_series(1, ?::bigint) AS n, LATERAL (SELECT 23.7 + n % 400 * 0.00025 AS w, 36.33 + n / 400 * 0.00018 AS s) AS corner`,
    PLOTS * share,
  ) // prettier-ignore
  await makeLayer(
    parts,
    { slug: 'house', title: { el: 'Διευθύνσεις', en: 'Addresses' }, role: 'address', geometry_type: 'Point', key_field: 'code', title_fields: { el: 'name', en: 'name' }, fields: [field('code', 'text'), field('name', 'text', { is_searchable: true })] },
    { type: 'Point', coordinates: [23.7, 36.33] },
    `INSERT INTO gis.house (code, name, geom)
     SELECT 'H' || n, ${STREET} || ' ' || 1 + n / 4000,
            ST_SetSRID(ST_MakePoint(23.7 + (n * 7919 % 100000) / 1e6, 36.33 + (n * 104729 % 45000) / 1e6), 4326)
       FROM generate_series(1, ?::bigint) AS n, LATERAL (SELECT n % 4000 AS s, '{${SYLLABLES.join(',')}}'::text[] AS y) AS street`,
    ADDRESSES * share,
  ) // prettier-ignore
}

/** Tiles of a zoom over the middle of the town, z/x/y. */
function tilesAt(z: number): [number, number, number][] {
  const n = 2 ** z
  const column = (lon: number) => Math.floor(((lon + 180) / 360) * n)
  const row = (lat: number) => Math.floor(((1 - Math.asinh(Math.tan((lat * Math.PI) / 180)) / Math.PI) / 2) * n)
  const tiles: [number, number, number][] = []
  for (let x = column(23.702); x <= column(23.798); x++)
    for (let y = row(36.373); y <= row(36.332); y++) tiles.push([z, x, y])
  return tiles
}

/** A tile as one would write it, and as tile servers do (ST_AsMVT in the manual of PostGIS): everything, from the stored coordinates. */
const plainTile = (layer: string, field: string) => `
  SELECT ST_AsMVT(t, '${layer}', 4096, 'geom', 'id') FROM (
    SELECT id, code, ${field}, ST_AsMVTGeom(ST_Transform(geom, 3857), ST_TileEnvelope($1, $2, $3), 4096, 64) AS geom
      FROM gis.${layer} WHERE geom && ST_Transform(ST_TileEnvelope($1, $2, $3, margin => 64.0 / 4096), 4326)) AS t`

/** Each tile once, then all anew after the layer has changed: none comes from the cache. */
async function measureTiles({ base, inside, database, lend }: Parts, layer: string, z: number): Promise<void> {
  const tiles = tilesAt(z)
  const pathOf = ([zoom, x, y]: readonly number[], from: string) => ask(`${from}/tiles/${layer}/${zoom}/${x}/${y}.mvt`, 200)
  const change = () => lend((client) => client.query('UPDATE layer SET revision = revision + 1 WHERE slug = $1', [layer]))
  const { text, values } = await statementOf(database.db, `"gis"."${layer}"`, () => pathOf(tiles[0]!, inside))
  const others = values.slice(0, -7)
  const most = values.at(-1)
  const turn = (work: (tile: readonly number[]) => Promise<unknown>) => {
    let n = 0
    return async () => {
      const tile = tiles[n++ % tiles.length]!
      if (tile === tiles[0]) await change()
      await work(tile)
    }
  }
  const path = turn((tile) => pathOf(tile, base))
  const connections = tiles.length > 1 ? undefined : 1
  const plain = plainTile(layer, layer === 'dot' ? 'size_m' : 'size_m2')
  await compare(`tile of ${layer}, z${z}, encoded anew`, path, turn((tile) => lend((client) => client.query(plain, [...tile]))), connections)
  const own = turn((tile) => lend((client) => client.query(text, [...others, ...tile, ...tile, most])))
  await compare('  the same beside its own statement', path, own, connections)
} // prettier-ignore

/** After the dots have been made. */
export async function measureGeoportal(parts: Parts): Promise<void> {
  const { base, inside, database, lend, url } = parts
  await makeTown(parts, url ? 1 : 1 / 50)
  for (const [layer, z] of [['dot', 16], ['dot', 9], ['plot', 16], ['plot', 9]] as const) await measureTiles(parts, layer, z)
  const bare = (statement: { text: string; values: unknown[] }) => () => lend((client) => client.query(statement))
  const somewhere = () => `lon=${(23.745 + Math.random() * 0.02).toFixed(6)}&lat=${(36.333 + Math.random() * 0.01).toFixed(6)}`
  const where = (from = base) => ask(`${from}/api/where?${somewhere()}`, 200)
  await compareSlowest('what is here', () => where(), bare(await statementOf(database.db, 'seen_layer', () => where(inside))))
  const words = ['ermou 12', 'ΕΡΜΟΥ 1', 'αγιου νικολ', 'kolokotroni 44', '25ης', 'σοφοκλεουσ 8']
  const search = (q: string, from = base) => ask(`${from}/api/search?q=${encodeURIComponent(q)}&lon=23.7528&lat=36.3368`, 200)
  const statements = []
  for (const q of words) statements.push(await statementOf(database.db, 'holding', () => search(q, inside)))
  const [asked, answered] = [cycle(words), cycle(statements)]
  await compareSlowest('search among 200,000 addresses', () => search(asked()), () => bare(answered())())
} // prettier-ignore

function cycle<T>(items: readonly T[]): () => T {
  let n = 0
  return () => items[n++ % items.length]!
}
