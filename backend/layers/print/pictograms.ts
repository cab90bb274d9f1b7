// Pictograms that a style names as `lucide:<name>`, as lines on paper: white, as the portal draws them.
import type { Layer } from '../contract.ts'
import type { Pdf } from '../../core/pdf.ts'

type Part = [element: string, attributes: Record<string, string>]
type Picture = readonly Part[]

/** By the name in the style. */
export type Pictograms = ReadonlyMap<string, Picture>

const PREFIX = 'lucide:'
/** Lucide draws on a square of so many units. */
const SQUARE = 24

/** The pictograms that these layers and their legends name; what the set does not know is left out. */
export async function loadPictograms(layers: readonly Pick<Layer, 'style' | 'legend'>[]): Promise<Pictograms> {
  const said = JSON.stringify(layers.map(({ style }) => style))
  const inStyles = [...said.matchAll(/"lucide:([a-z0-9-]+)"/g)].map(([, name]) => name!)
  const inLegends = layers.flatMap(({ legend }) => legend.flatMap(({ icon }) => icon ?? []))
  const names = [...new Set([...inStyles, ...inLegends])].filter((name) => /^[a-z0-9-]+$/.test(name))
  const loaded = await Promise.all(names.map(async (name) => ({ name, picture: await load(name) })))
  return new Map(loaded.flatMap(({ name, picture }) => (picture ? [[PREFIX + name, picture]] : [])))
}

/** Only when a sheet wants it: the set of icons is for the portal, whose pages know it as components. */
async function load(name: string): Promise<Picture | null> {
  try {
    const { __iconData } = await import(`@lucide/vue/dist/esm/icons/${name}.mjs`)
    return __iconData.node
  } catch {
    return null
  }
}

/** x, y: middle; size: of the square that it stands in; points. */
export function drawPictogram(
  pdf: Pdf,
  picture: Picture,
  { x, y, size }: { x: number; y: number; size: number },
  opacity = 1,
): void {
  pdf
    .save()
    .translate(x, y)
    .scale(size / SQUARE)
  pdf
    .translate(-SQUARE / 2, -SQUARE / 2)
    .lineWidth(2.25)
    .lineCap('round')
    .lineJoin('round')
  for (const [element, attributes] of picture)
    outline(pdf, element, attributes)?.strokeColor('#ffffff', opacity).stroke()
  pdf.restore()
}

/** The elements that Lucide is made of (SVG 1.1, 9). */
function outline(pdf: Pdf, element: string, attributes: Record<string, string>): Pdf | null {
  const n = (name: string) => Number(attributes[name] ?? 0)
  const points = () => (attributes['points'] ?? '').trim().split(/[\s,]+/).map(Number) // prettier-ignore
  switch (element) {
    case 'path':
      return pdf.path(attributes['d'] ?? '')
    case 'circle':
      return pdf.circle(n('cx'), n('cy'), n('r'))
    case 'ellipse':
      return pdf.ellipse(n('cx'), n('cy'), n('rx'), n('ry'))
    case 'rect':
      return pdf.roundedRect(n('x'), n('y'), n('width'), n('height'), n('rx'))
    case 'line':
      return pdf.moveTo(n('x1'), n('y1')).lineTo(n('x2'), n('y2'))
    case 'polyline':
    case 'polygon':
      return pdf.path(`M ${points().join(' ')}${element === 'polygon' ? ' Z' : ''}`)
    default:
      return null
  }
}
