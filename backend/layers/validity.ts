// On which days a feature is valid: layers that have both fields, days of the municipality's calendar, the last one counts.
import type { FieldDefinition } from './contract.ts'

const FIRST_DAY = 'valid_from'
const LAST_DAY = 'valid_to'

/** The two as the portal makes them. */
export const DAY_FIELDS: readonly FieldDefinition[] = [
  { name: FIRST_DAY, type: 'date', title: { el: 'Ισχύει από', en: 'Valid from' }, is_public: true },
  { name: LAST_DAY, type: 'date', title: { el: 'Ισχύει έως', en: 'Valid until' }, is_public: true },
]

/** Whether features of these fields say when they are valid. */
export const isDated = (fields: readonly Pick<FieldDefinition, 'name' | 'type'>[]): boolean =>
  [FIRST_DAY, LAST_DAY].every((name) => fields.some((field) => field.name === name && field.type === 'date'))

/** The same in SQL, over a column with all fields of a layer: the list that a caller sees may lack them. */
export const IS_DATED = `(SELECT count(*) = 2 FROM jsonb_array_elements(fields) AS d WHERE d->>'name' IN ('${FIRST_DAY}', '${LAST_DAY}') AND d->>'type' = 'date')`

/** SQL condition: valid on a day. `day`: SQL of it; `prefix`: alias of the table with its dot. */
export const validOn = (day: string, prefix = ''): string =>
  `(${prefix}${FIRST_DAY} IS NULL OR ${prefix}${FIRST_DAY} <= ${day}) AND (${prefix}${LAST_DAY} IS NULL OR ${prefix}${LAST_DAY} >= ${day})`
