// A layer of points with every type of field, for filters and pages.
import { make } from './make.ts'

const field = (name: string, type: string, more = {}) => ({
  name,
  type: type as 'text',
  title: { el: `${name} (el)`, en: `${name} (en)` },
  is_public: true,
  ...more,
})

export const sight = (code: string, lon: number, lat: number, properties: Record<string, unknown> = {}) => ({
  type: 'Feature',
  properties: { code, ...properties },
  geometry: { type: 'Point', coordinates: [lon, lat] },
})

const SIGHTS = [
  sight('a', 23.001, 37.001, { name: 'Πλατεία Ελευθερίας', height_m: 1.5, visits: 10, is_open: true, valid_from: '2024-01-01', valid_to: '2024-12-31' }),
  sight('b', 23.002, 37.002, { name: 'Ο ΦΑΡΟΣ', height_m: 20, visits: 30, is_open: false, valid_from: '2025-03-01', valid_to: null, seen_at: '2025-03-02T10:00:00Z' }),
  sight('c', 23.003, 37.003, { name: 'Κάστρο', height_m: 12, visits: 30, is_open: true, valid_from: '2020-05-05', valid_to: '2030-05-05' }),
  sight('d', 23.004, 37.004, { name: "O'Neil", height_m: null, visits: null, is_open: null }),
  sight('e', 23.019, 37.019, { name: '100% wool', height_m: -3, visits: 5, is_open: false, valid_from: '2019-01-01', valid_to: '2019-02-01' }),
] // prettier-ignore

/** Layer "sight": codes a to e from south-west to north-east; d knows nothing but its name, secret is for staff only. */
export const makeSights = () =>
  make.layer('sight', 'poi', SIGHTS.map((one) => ({ ...one, properties: { ...one.properties, secret: 'mole' } })), {
    geometry_type: 'Point',
    title_fields: null,
    fields: [
      field('code', 'text'),
      field('name', 'text'),
      field('height_m', 'number', { unit: 'm' }),
      field('visits', 'integer'),
      field('is_open', 'boolean'),
      field('valid_from', 'date'),
      field('valid_to', 'date'),
      field('seen_at', 'timestamp'),
      field('secret', 'text', { is_public: false }),
    ],
  }) // prettier-ignore
