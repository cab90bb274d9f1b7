// The town of make.ts as a folder of files, for programs that run in a process of their own.
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { box, polygon } from './make.ts'

const both = (text: string) => ({ el: text, en: text })
const collection = (...features: unknown[]) => ({ type: 'FeatureCollection', features })

const layer = (slug: string) => ({
  slug,
  title: both(slug),
  role: slug,
  geometry_type: 'Polygon',
  key_field: 'code',
  title_fields: { el: 'name', en: 'name' },
  file: `${slug}.geojson`,
})

const category = (slug: string, parent?: string) => ({
  slug,
  title: both(slug),
  description: both(''),
  parent,
  department: 'works',
  icon: 'circle',
  colour: '#336699',
})

/** Writes the folder for npm run load-city; accounts: e-mail and role. */
export function townFolder(accounts: Record<string, string> = {}): string {
  const folder = mkdtempSync(join(tmpdir(), 'asty-town-'))
  const write = (name: string, content: unknown) => writeFileSync(join(folder, name), JSON.stringify(content))
  write('boundary.geojson', collection(polygon('town', box(23, 37, 23.02, 37.02))))
  write(
    'district.geojson',
    collection(polygon('west', box(23, 37, 23.01, 37.02)), polygon('east', box(23.01, 37, 23.02, 37.02))),
  )
  write('layers.json', [layer('boundary'), layer('district')])
  write('organisation.json', {
    slug: 'town',
    title: both('Town'),
    view: { centre: [23.01, 37.01], zoom: 14 },
    departments: [
      { slug: 'works', title: both('Works') },
      { slug: 'desk', title: both('Desk'), is_central_desk: true },
    ],
    categories: [category('roads'), category('pothole', 'roads')],
    second_factor_required: false,
    accounts: Object.entries(accounts).map(([email, role]) => ({ email, name: email, grants: [{ role }] })),
  })
  return folder
}
