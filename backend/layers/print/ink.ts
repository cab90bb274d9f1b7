// Draws features on paper as their style says: areas, lines, discs, pictograms and words.
import type { Language } from '../../core/contract.ts'
import type { Pdf } from '../../core/pdf.ts'
import type { Frame } from './frame.ts'
import { drawLabels } from './labels.ts'
import { type Ink, type Look, lookOf, PIXEL, zoomOf } from './look.ts'
import type { Overlay, Placed } from './overlays.ts'
import { drawPictogram, type Pictograms } from './pictograms.ts'
import { type Box, type Span, spansOf } from './spans.ts'

interface Layered {
  look: Look
  features: Placed[]
  /** Of the whole layer, 0..1. */
  opacity: number
}

/** Draws the layers with the middle of the frame as origin: areas under lines, lines under points, as on the screen. Returns where nothing else may be written. */
export function drawOverlays(
  pdf: Pdf,
  frame: Frame,
  overlays: readonly Overlay[],
  language: Language,
  pictograms: Pictograms,
): Span[] {
  const zoom = zoomOf(frame)
  const of = (type: string): Layered[] =>
    overlays.flatMap((overlay) => {
      const { layer, features, opacity } = overlay
      return layer.style.flatMap((style) => {
        const look = style.type === type ? lookOf(style, { zoom, language, geometry: layer.geometry_type }) : null
        return look ? [{ look, features: features.filter(look.shows), opacity }] : []
      })
    })
  pdf.save()
  for (const one of of('fill')) drawAreas(pdf, one)
  for (const one of of('line')) drawLines(pdf, one)
  const taken = of('circle')
    .flatMap((one) => drawDiscs(pdf, one))
    .flatMap(spansOf)
  const symbols = of('symbol')
  for (const one of symbols) drawPictograms(pdf, one, pictograms)
  drawLabels(pdf, frame, symbols, taken)
  pdf.restore()
  return taken
}

const fill = (pdf: Pdf, { rgb, alpha }: Ink, opacity: number) => pdf.fillColor(rgb, alpha * opacity)
const stroke = (pdf: Pdf, { rgb, alpha }: Ink, opacity: number) => pdf.strokeColor(rgb, alpha * opacity)

function drawAreas(pdf: Pdf, { look, features, opacity }: Layered): void {
  for (const feature of features) {
    if (!feature.path) continue
    const strength = opacity * look.number('fill-opacity', feature)
    const [inside, outline] = [look.colour('fill-color', feature), look.colour('fill-outline-color', feature)]
    if (inside) fill(pdf.path(feature.path), inside, strength).fill('even-odd')
    if (outline) stroke(pdf.path(feature.path).lineWidth(PIXEL), outline, strength).stroke()
  }
}

function drawLines(pdf: Pdf, { look, features, opacity }: Layered): void {
  pdf.save()
  for (const feature of features) {
    const colour = look.colour('line-color', feature)
    const width = look.number('line-width', feature) * PIXEL
    if (!feature.path || !colour || !(width > 0)) continue
    pdf.lineCap(look.words('line-cap', feature) as 'butt').lineJoin(look.words('line-join', feature) as 'miter')
    dash(pdf, look.numbers('line-dasharray', feature), width)
    stroke(pdf.path(feature.path).lineWidth(width), colour, opacity * look.number('line-opacity', feature)).stroke()
  }
  pdf.restore()
}

/** Dashes are told in widths of the line. */
function dash(pdf: Pdf, lengths: number[], width: number): void {
  const isDashed = lengths.some((length) => length > 0)
  if (isDashed) pdf.dash(lengths.map((length) => Math.max(length * width, 0.01)) as never, {})
  else pdf.undash()
}

/** Dots that a name may run over: where there are hundreds no street would have its name. Points. */
const SMALL = 4

/** Returns the places of the larger ones. */
function drawDiscs(pdf: Pdf, { look, features, opacity }: Layered): Box[] {
  const large: Box[] = []
  const key = (feature: Placed) => look.number('circle-sort-key', feature) || 0
  const ordered = look.says('circle-sort-key') ? features.toSorted((a, b) => key(a) - key(b)) : features
  for (const feature of ordered) {
    const radius = look.number('circle-radius', feature) * PIXEL
    if (feature.x === null || feature.y === null || !(radius > 0)) continue
    const inside = look.colour('circle-color', feature)
    if (inside) {
      fill(pdf.circle(feature.x, feature.y, radius), inside, opacity * look.number('circle-opacity', feature)).fill()
    }
    // The edge of a disc lies around it, not half on it.
    const edge = look.number('circle-stroke-width', feature) * PIXEL
    const colour = look.colour('circle-stroke-color', feature)
    if (edge > 0 && colour) {
      pdf.circle(feature.x, feature.y, radius + edge / 2).lineWidth(edge)
      stroke(pdf, colour, opacity * look.number('circle-stroke-opacity', feature)).stroke()
    }
    const far = radius + edge
    if (far > SMALL) large.push([feature.x - far, feature.y - far, feature.x + far, feature.y + far])
  }
  return large
}

/** Size of the portal's pictograms at icon-size 1, pixels. */
const PICTURE_PX = 18

function drawPictograms(pdf: Pdf, { look, features, opacity }: Layered, pictograms: Pictograms): void {
  for (const feature of features) {
    const picture = pictograms.get(look.words('icon-image', feature))
    if (!picture || feature.x === null || feature.y === null) continue
    const size = PICTURE_PX * look.number('icon-size', feature) * PIXEL
    drawPictogram(pdf, picture, { x: feature.x, y: feature.y, size }, opacity * look.number('icon-opacity', feature))
  }
}
