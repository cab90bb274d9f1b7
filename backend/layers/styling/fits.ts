// Whether a recipe fits its layer.
import { problem } from '../../core/http/problem.ts'
import type { FieldDefinition, Layer } from '../contract.ts'
import type { StyleRecipe } from './contract.ts'

/** Throws wrong-field, closed-style and wrong-style, with the path of what does not fit. */
export function demandFitting(layer: Layer, recipe: StyleRecipe): void {
  for (const [path, name] of fieldsOf(recipe)) demandField(layer, path, name, recipe)
  if (recipe.kind === 'proportional' && layer.geometry_type === 'Polygon')
    throw problem('wrong-style', { path: 'kind', values: { reason: 'proportional: Polygon' } })
  const fault = disorder(recipe)
  if (fault !== null)
    throw problem('wrong-style', { path: `classes.${fault}`, values: { reason: `classes[${fault}]` } })
}

/** Every field that a recipe names, with its path. */
export function fieldsOf(recipe: StyleRecipe): [path: string, name: string][] {
  const { labels } = recipe
  return [
    ...(recipe.kind === 'single' ? [] : [['field', recipe.field] as [string, string]]),
    ...(labels ? [['labels.el', labels.el] as [string, string], ['labels.en', labels.en] as [string, string]] : []),
  ]
}

const NUMBERS: readonly FieldDefinition['type'][] = ['integer', 'number']

function demandField({ fields, visibility }: Layer, path: string, name: string, { kind }: StyleRecipe): void {
  const field = fields.find((one) => one.name === name)
  const isFit =
    field && field.type !== 'json' && (path !== 'field' || kind === 'categorised' || NUMBERS.includes(field.type))
  if (!isFit) throw problem('wrong-field', { path, values: { field: name } })
  // The tiles of the public do not carry it: they would see another map, and its legend would tell what is closed.
  if (visibility === 'public' && !field.is_public) throw problem('closed-style', { path, values: { field: name } })
}

/** The first class that comes twice, or before the one that it follows; null: none. */
function disorder(recipe: StyleRecipe): number | null {
  if (recipe.kind !== 'categorised' && recipe.kind !== 'graduated') return null
  const seen = new Set<string>()
  let last = -Infinity
  for (const [n, one] of recipe.classes.entries()) {
    if ('value' in one ? seen.has(one.value) : one.from <= last) return n
    if ('value' in one) seen.add(one.value)
    else last = one.from
  }
  return null
}
