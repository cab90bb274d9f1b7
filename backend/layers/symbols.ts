// How a new layer looks before anybody has chosen: one symbol, in a colour that people with colour blindness tell from the next.
import type { Localised } from '../core/contract.ts'
import type { LayerDefinition } from './contract.ts'

// Okabe and Ito, Color Universal Design (2008), without black and yellow, which vanish on one ground or the other.
const COLOURS = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9']

/** Style and legend of one symbol for all features; nth: position in the row of colours, from 0. */
export function symbolsFor(
  type: LayerDefinition['geometry_type'],
  label: Localised,
  nth: number,
): Pick<LayerDefinition, 'style' | 'legend'> {
  const colour = COLOURS[nth % COLOURS.length]!
  const shape = ({ Point: 'circle', LineString: 'line', Polygon: 'fill' } as const)[type]
  return { style: STYLES[type](colour), legend: [{ label, shape, colour }] }
}

const STYLES: Record<LayerDefinition['geometry_type'], (colour: string) => LayerDefinition['style']> = {
  Point: (colour) => [
    {
      type: 'circle',
      paint: {
        'circle-radius': ['interpolate', ['linear'], ['zoom'], 10, 2.5, 16, 7],
        'circle-color': colour,
        'circle-stroke-color': '#ffffff',
        'circle-stroke-width': ['interpolate', ['linear'], ['zoom'], 10, 0.5, 16, 1.5],
      },
    },
  ],
  LineString: (colour) => [
    {
      type: 'line',
      paint: { 'line-color': colour, 'line-width': ['interpolate', ['linear'], ['zoom'], 10, 1, 16, 4] },
    },
  ],
  Polygon: (colour) => [
    { type: 'fill', paint: { 'fill-color': colour, 'fill-opacity': 0.25 } },
    { type: 'line', paint: { 'line-color': colour, 'line-width': 1.5 } },
  ],
}
