// Builds the least data a test needs.
import type { z } from 'zod'
import { importLayer } from '../../backend/layers/service.ts'
import { LayerDefinition } from '../../backend/layers/contract.ts'
import { addGrant, hashPassword } from '../../backend/people/service.ts'
import type { GrantInput, Role } from '../../backend/people/contract.ts'
import { insertForm } from '../../backend/reports/categories/edit.ts'
import { FormInput } from '../../backend/reports/forms/contract.ts'
import { world } from './world.ts'

export type Ring = [number, number][]

export const both = (text: string) => ({ el: text, en: text })
const json = (text: string) => JSON.stringify(both(text))

/** A rectangle; degrees, EPSG:4326. */
export const box = (west: number, south: number, east: number, north: number): Ring => [
  [west, south],
  [east, south],
  [east, north],
  [west, north],
  [west, south],
]

export const polygon = (code: string, ...rings: Ring[]) => ({
  type: 'Feature',
  properties: { code, name: code },
  geometry: { type: 'Polygon', coordinates: rings },
})

async function* each<T>(items: T[]): AsyncGenerator<T> {
  yield* items
}

const id = async (table: string, slug: string): Promise<string> =>
  (await world.db(table).where({ slug }).first('id')).id

export const make = {
  layer: (slug: string, role: LayerDefinition['role'], features: unknown[], more: Partial<LayerDefinition> = {}) =>
    importLayer(
      world.db,
      LayerDefinition.parse({
        slug,
        title: both(slug),
        role,
        geometry_type: 'Polygon',
        key_field: 'code',
        title_fields: { el: 'name', en: 'name' },
        ...more,
      }),
      each(features),
      {},
    ),
  department: (slug: string, more: { is_central_desk?: boolean } = {}) =>
    world.db('department').insert({ slug, title: json(slug), ...more }),
  crew: async (slug: string, department: string) =>
    world.db('crew').insert({ slug, title: json(slug), department_id: await id('department', department) }),
  category: async (
    slug: string,
    { parent, department, is_public = true }: { parent?: string; department?: string; is_public?: boolean } = {},
  ) =>
    world.db('category').insert({
      slug,
      title: json(slug),
      description: json(''),
      parent_id: parent ? await id('category', parent) : null,
      department_id: department ? await id('department', department) : null,
      icon: 'circle',
      colour: '#336699',
      is_public,
      working_days: 5,
    }),
  /** What a category asks from now on; texts are the same in both languages. */
  form: async (category: string, form: z.input<typeof FormInput>) =>
    insertForm(world.db, await id('category', category), FormInput.parse(form), null),
  rule: async (
    slug: string,
    {
      category,
      area,
      department,
      crew,
      rank = 100,
      ...when
    }: {
      category?: string
      area?: [layer: string, code: string]
      department: string
      crew?: string
      rank?: number
      valid_from?: string
      valid_to?: string
    },
  ) =>
    world.db('routing_rule').insert({
      slug,
      title: json(slug),
      category_id: category ? await id('category', category) : null,
      area_layer: area?.[0] ?? null,
      area_slug: area?.[1] ?? null,
      department_id: await id('department', department),
      crew_id: crew ? await id('crew', crew) : null,
      rank,
      ...when,
    }),
  account: async (email: string, role: Role | 'citizen', scope: Partial<GrantInput> = {}): Promise<string> => {
    const [account] = await world
      .db('account')
      .insert({
        email,
        name: email,
        password_hash: await hashPassword('correct horse'),
        email_verified_at: world.db.fn.now(),
      })
      .returning('id')
    if (role !== 'citizen') await addGrant(world.db, account.id, { role, ...scope }, null)
    return account.id
  },
}

/** Two districts, 0.02 by 0.02 degrees, that share the edge lon = 23.01; a road group with potholes; two departments. */
export async function smallTown(): Promise<void> {
  await world.reset()
  await make.layer('boundary', 'boundary', [polygon('town', box(23, 37, 23.02, 37.02))])
  await make.layer('district', 'district', [
    polygon('west', box(23, 37, 23.01, 37.02)),
    polygon('east', box(23.01, 37, 23.02, 37.02)),
  ])
  await make.department('works')
  await make.department('desk', { is_central_desk: true })
  await make.crew('crew-west', 'works')
  await make.crew('crew-east', 'works')
  await make.category('roads', { department: 'works' })
  await make.category('pothole', { parent: 'roads' })
  await make.rule('pothole-west', {
    category: 'pothole',
    area: ['district', 'west'],
    department: 'works',
    crew: 'crew-west',
  })
  await make.rule('pothole-east', {
    category: 'pothole',
    area: ['district', 'east'],
    department: 'works',
    crew: 'crew-east',
  })
}
