// A CQL2 expression, as CQL2 JSON writes it (OGC 21-065r2, 7 and annex C). The text form is read into the same shape.

export type Expression =
  boolean | number | string | Property | Temporal | Box | Shape | Operation | readonly Expression[]

export interface Property {
  property: string
}

export type Temporal = { date: string } | { timestamp: string } | { interval: readonly Expression[] }

/** West, south, east, north, with heights or without; in the filter's coordinate reference system. */
export interface Box {
  bbox: readonly number[]
}

/** GeoJSON geometry in the filter's coordinate reference system. */
export interface Shape {
  type: string
  coordinates?: unknown
  geometries?: unknown
}

export interface Operation {
  op: string
  args: readonly Expression[]
}

/** What is wrong with a filter, in words of the catalogue. */
export class FilterError extends Error {
  readonly key: FilterFault
  readonly values: Record<string, unknown>

  constructor(key: FilterFault, values: Record<string, unknown> = {}) {
    super(key)
    this.key = key
    this.values = values
  }
}

export type FilterFault =
  | 'filter.syntax'
  | 'filter.too_deep'
  | 'filter.unknown_property'
  | 'filter.unknown_operator'
  | 'filter.arguments'
  | 'filter.types'
  | 'filter.time'
  | 'filter.geometry'
  | 'filter.outside'

/** Deeper than any person or program with a purpose nests. */
export const DEEPEST = 100
