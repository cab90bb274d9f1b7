// Makes parts of a photo unrecognisable. What is left of each part is a handful of average colours, so that nothing can be
// worked out backwards, as it can from a blur alone (it is a filter, and filters can be undone).
import sharp from 'sharp'
import { problem } from '../core/http/problem.ts'
import type { BlurArea } from './contract.ts'

/** At most this many colours across and down a part, however large: a face of 4 by 4 is nobody's, a plate of 4 has no letters. */
const MOST_BLOCKS = 4
/** Small parts get fewer: nothing of a block's size is left of the picture. */
const BLOCK_PX = 24
/** The blocks are smoothed at this size and then stretched: a blur as wide as a block of a large photo would take seconds. */
const SMOOTH_PX = 16

interface Bounds {
  left: number
  top: number
  right: number
  bottom: number
}

interface Raw {
  data: Buffer
  width: number
  height: number
}

/** The photo as JPEG with the areas made unrecognisable for good; the rest is as it was. Throws invalid-input when none is in it. */
export async function blurAreas(photo: Buffer, areas: readonly BlurArea[]) {
  const { data, info } = await sharp(photo)
    .toColourspace('srgb')
    .removeAlpha()
    .raw()
    .toBuffer({ resolveWithObject: true })
  const picture: Raw = { data, width: info.width, height: info.height }
  const parts = merged(areas.map((area) => clipped(boundsOf(area), picture)).filter(isSomething))
  if (parts.length === 0) throw problem('invalid-input', { path: 'areas' })
  const mask = await maskOf(areas, picture)
  for (const part of parts) paste(picture, mask, part, await unrecognisable(picture, part))
  return sharp(data, { raw: { ...info, channels: 3 } })
    .jpeg({ quality: 88, mozjpeg: true })
    .toBuffer({ resolveWithObject: true })
}

function boundsOf(area: BlurArea): Bounds {
  if (area.kind === 'box')
    return { left: area.x, top: area.y, right: area.x + area.width, bottom: area.y + area.height }
  const [xs, ys] = [area.points.map(([x]) => x), area.points.map(([, y]) => y)]
  const reach = area.width / 2
  return {
    left: Math.min(...xs) - reach,
    top: Math.min(...ys) - reach,
    right: Math.max(...xs) + reach,
    bottom: Math.max(...ys) + reach,
  }
}

/** Whole pixels, inside the picture. One more on each side: the edge of a stroke may touch it. */
const clipped = ({ left, top, right, bottom }: Bounds, { width, height }: Raw): Bounds => ({
  left: Math.max(Math.floor(left) - 1, 0),
  top: Math.max(Math.floor(top) - 1, 0),
  right: Math.min(Math.ceil(right) + 1, width),
  bottom: Math.min(Math.ceil(bottom) + 1, height),
})

const isSomething = ({ left, top, right, bottom }: Bounds) => left < right && top < bottom

/** Areas that touch are one part: a face painted with many thin strokes must not keep a colour for each of them. */
function merged(all: Bounds[]): Bounds[] {
  const parts: Bounds[] = []
  for (const next of all) {
    let whole = next
    for (let at = 0; at < parts.length; at++) {
      const part = parts[at] as Bounds
      if (part.left > whole.right || whole.left > part.right || part.top > whole.bottom || whole.top > part.bottom)
        continue
      whole = {
        left: Math.min(part.left, whole.left),
        top: Math.min(part.top, whole.top),
        right: Math.max(part.right, whole.right),
        bottom: Math.max(part.bottom, whole.bottom),
      }
      parts.splice(at, 1)
      // What has grown may touch what it did not before.
      at = -1
    }
    parts.push(whole)
  }
  return parts
}

/** One byte a pixel: 255 where any area is, however little of the pixel it covers. */
function maskOf(areas: readonly BlurArea[], { width, height }: Raw): Promise<Buffer> {
  const shapes = areas.map((area) => (area.kind === 'box' ? boxShape(area) : strokeShape(area))).join('')
  const drawing = `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}">${shapes}</svg>`
  return sharp(Buffer.from(drawing)).ensureAlpha().extractChannel(3).threshold(1).raw().toBuffer()
}

const boxShape = ({ x, y, width, height }: BlurArea & { kind: 'box' }) =>
  `<rect x="${x}" y="${y}" width="${width}" height="${height}"/>`

function strokeShape({ points, width }: BlurArea & { kind: 'stroke' }): string {
  const [[x, y] = [0, 0]] = points
  const line = points.map((point) => point.join(' ')).join(' ')
  // The dot is what a line of one point leaves.
  return (
    `<circle cx="${x}" cy="${y}" r="${width / 2}"/>` +
    `<polyline points="${line}" fill="none" stroke="#000" stroke-width="${width}" stroke-linecap="round" stroke-linejoin="round"/>`
  )
}

async function unrecognisable(picture: Raw, { left, top, right, bottom }: Bounds): Promise<Buffer> {
  const [width, height] = [right - left, bottom - top]
  const [across, down] = [blocks(width), blocks(height)]
  const colours = await sharp(picture.data, { raw: { width: picture.width, height: picture.height, channels: 3 } })
    .extract({ left, top, width, height })
    .resize(across, down, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer()
  const [smoothWidth, smoothHeight] = [across * SMOOTH_PX, down * SMOOTH_PX]
  const smooth = await sharp(colours, { raw: { width: across, height: down, channels: 3 } })
    .resize(smoothWidth, smoothHeight, { fit: 'fill', kernel: 'nearest' })
    .blur(SMOOTH_PX / 3)
    .raw()
    .toBuffer()
  return sharp(smooth, { raw: { width: smoothWidth, height: smoothHeight, channels: 3 } })
    .resize(width, height, { fit: 'fill', kernel: 'linear' })
    .raw()
    .toBuffer()
}

const blocks = (side_px: number) => Math.min(Math.ceil(side_px / BLOCK_PX), MOST_BLOCKS)

function paste(picture: Raw, mask: Buffer, { left, top, right, bottom }: Bounds, patch: Buffer): void {
  let from = 0
  for (let y = top; y < bottom; y++) {
    for (let x = left; x < right; x++, from += 3) {
      const pixel = y * picture.width + x
      if (mask[pixel]) patch.copy(picture.data, pixel * 3, from, from + 3)
    }
  }
}
