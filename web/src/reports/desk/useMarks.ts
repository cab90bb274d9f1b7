// What staff mark on a photo to be made unrecognisable: strokes of a brush, and a frame for the arrow keys. All in pixels of the photo.
import { computed, type Ref, ref, shallowRef, triggerRef, watch } from 'vue'
import type { BlurArea } from '../../../../backend/cases/contract.ts'

type Stroke = BlurArea & { kind: 'stroke' }
type Frame = BlurArea & { kind: 'box' }
type Point = [x: number, y: number]

/** As many as the server takes. */
const MOST_AREAS = 200
const MOST_POINTS = 2000
/** One press of an arrow key, as a part of the longest side. */
const STEP = 1 / 40
const DIRECTIONS: Record<string, Point> = {
  ArrowLeft: [-1, 0],
  ArrowRight: [1, 0],
  ArrowUp: [0, -1],
  ArrowDown: [0, 1],
}

/** `canvas` lies over the photo and has as many pixels; `brush` is the width of the brush in per cent of the longest side. */
export function useMarks(
  { width, height }: { width: number; height: number },
  canvas: Ref<HTMLCanvasElement | undefined>,
  brush: Ref<number>,
) {
  const longest = Math.max(width, height)
  const areas = shallowRef<BlurArea[]>([])
  const frame = ref<Frame>()
  const isFull = computed(() => areas.value.length >= MOST_AREAS)
  let painting: Stroke | undefined

  function pointOf(event: PointerEvent): Point {
    const box = (event.target as Element).getBoundingClientRect()
    const x = ((event.clientX - box.left) / box.width) * width
    const y = ((event.clientY - box.top) / box.height) * height
    // A captured pointer may go far beyond the photo.
    return [Math.round(Math.min(Math.max(x, 0), width)), Math.round(Math.min(Math.max(y, 0), height))]
  }
  function begin(event: PointerEvent): void {
    if (!event.isPrimary || event.button !== 0 || isFull.value) return
    ;(event.target as Element).setPointerCapture(event.pointerId)
    frame.value = undefined
    painting = { kind: 'stroke', width: Math.round((longest * brush.value) / 100), points: [pointOf(event)] }
    areas.value = [...areas.value, painting]
  }
  function move(event: PointerEvent): void {
    const last = painting?.points.at(-1)
    if (!event.isPrimary || !painting || !last || painting.points.length >= MOST_POINTS) return
    const [x, y] = pointOf(event)
    if (Math.hypot(x - last[0], y - last[1]) < painting.width / 10) return
    painting.points.push([x, y])
    triggerRef(areas)
  }
  function end(): void {
    painting = undefined
  }
  /** The browser has taken the finger for something else, e.g. to zoom with a second one. */
  function cancel(): void {
    if (painting) undo()
    end()
  }

  function showFrame(): Frame {
    const side = Math.round(longest / 8)
    frame.value ??= {
      kind: 'box',
      x: Math.round((width - side) / 2),
      y: Math.round((height - side) / 2),
      width: side,
      height: side,
    }
    return frame.value
  }
  /** Arrow keys move the frame, with Shift they change its size. */
  function steer(event: KeyboardEvent): void {
    const direction = DIRECTIONS[event.key]
    if (!direction) return
    event.preventDefault()
    const now = showFrame()
    const step = Math.round(longest * STEP)
    const [dx, dy] = [direction[0] * step, direction[1] * step]
    if (event.shiftKey) {
      now.width = between(now.width + dx, step, width)
      now.height = between(now.height + dy, step, height)
    }
    now.x = between(event.shiftKey ? now.x : now.x + dx, 0, width - now.width)
    now.y = between(event.shiftKey ? now.y : now.y + dy, 0, height - now.height)
  }
  /** Marks what is in the frame; shows it first where it is not. */
  function markFrame(): void {
    if (!frame.value) showFrame()
    else if (!isFull.value) areas.value = [...areas.value, { ...frame.value }]
  }

  function undo(): void {
    areas.value = areas.value.slice(0, -1)
  }

  watch([areas, frame, canvas], () => canvas.value && draw(canvas.value, areas.value, frame.value), { deep: true })
  return { areas, frame, isFull, begin, move, end, cancel, steer, markFrame, undo }
}

const between = (value: number, least: number, most: number) => Math.min(Math.max(value, least), most)

function draw(canvas: HTMLCanvasElement, areas: readonly BlurArea[], frame: Frame | undefined): void {
  const pen = canvas.getContext('2d')
  if (!pen) return
  pen.clearRect(0, 0, canvas.width, canvas.height)
  pen.lineCap = pen.lineJoin = 'round'
  pen.strokeStyle = pen.fillStyle = getComputedStyle(canvas).color
  for (const area of areas) {
    if (area.kind === 'box') pen.fillRect(area.x, area.y, area.width, area.height)
    else drawStroke(pen, area)
  }
  if (frame) drawFrame(pen, frame, canvas.width / canvas.clientWidth)
}

function drawStroke(pen: CanvasRenderingContext2D, { points, width }: Stroke): void {
  const [first, ...rest] = points
  if (!first) return
  pen.lineWidth = width
  pen.beginPath()
  // A line of one point leaves nothing; its dot does.
  pen.arc(...first, width / 2, 0, 2 * Math.PI)
  pen.fill()
  pen.beginPath()
  pen.moveTo(...first)
  for (const point of rest) pen.lineTo(...point)
  pen.stroke()
}

/** Dark and light, so that it shows on any photo. */
function drawFrame(pen: CanvasRenderingContext2D, { x, y, width, height }: Frame, pixel: number): void {
  pen.lineJoin = 'miter'
  for (const [colour, line_px] of [
    ['#000', 7],
    ['#fff', 3],
  ] as const) {
    pen.strokeStyle = colour
    pen.lineWidth = line_px * pixel
    pen.strokeRect(x, y, width, height)
  }
}
