// What staff know better about a file than it does itself: said when it is read again.
import type { z } from 'zod'
import type { LayerImport, uploadFile } from '../../../../backend/layers/imports/contract.ts'

export type Wishes = z.input<NonNullable<typeof uploadFile.query>>
export type PlaceWish = Pick<Wishes, 'lon_column' | 'lat_column' | 'address_column' | 'number_column'>

/** Columns that say where a row lies; a single one with both coordinates is found by itself. */
export function placeWish([first, second]: readonly string[], isAddress: boolean): PlaceWish {
  if (isAddress) return { address_column: first, number_column: second }
  return second ? { lon_column: first, lat_column: second } : {}
}

/** What is known so far, and what was just chosen. */
export function wishesOf({ source, sources, crs, is_crs_said, encoding, columns }: LayerImport, wish: Wishes): Wishes {
  return {
    ...(is_crs_said && !wish.source && { crs }),
    ...(encoding && { encoding }),
    ...(sources.length > 1 && { source }),
    ...(columns && placeWish(columns.place, columns.is_address)),
    ...wish,
  }
}
