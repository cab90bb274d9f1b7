// What a layer is when former features come back: the fields that they had, as far as they are not closed or retired since.
import type { FieldDefinition, LayerDefinition } from '../contract.ts'

/**
 * The layer of now with key, titles, shape and fields of then. A field of both is as it is called and closed now; one that is retired
 * stays so, and one that has come since stays, without values. Never opens what is closed.
 */
export function layerAsBefore(
  now: LayerDefinition,
  retired: readonly FieldDefinition[],
  then: LayerDefinition,
): LayerDefinition {
  const isSame = (a: FieldDefinition, b: FieldDefinition) => a.name === b.name && a.type === b.type
  const back = then.fields.flatMap((field) => {
    const today = now.fields.find(({ name }) => name === field.name)
    if (today) return [isSame(today, field) ? today : { ...field, is_public: field.is_public && today.is_public }]
    return retired.some((each) => isSame(each, field)) ? [] : [field]
  })
  const since = now.fields.filter(({ name }) => !back.some((field) => field.name === name))
  const fields = [...back, ...since]
  const has = (name: string) => fields.some((field) => field.name === name)
  const { title_fields, key_field, geometry_type } = then
  return {
    ...now,
    fields,
    key_field: key_field !== null && !has(key_field) ? null : key_field,
    title_fields: title_fields && !(has(title_fields.el) && has(title_fields.en)) ? null : title_fields,
    // Another shape is drawn otherwise.
    ...(geometry_type !== now.geometry_type && {
      geometry_type,
      role: then.role,
      style: then.style,
      legend: then.legend,
    }),
  }
}
