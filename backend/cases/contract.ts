import { z } from 'zod'

const LONGEST_PX = 10_000
const Position = z.number().min(-LONGEST_PX).max(LONGEST_PX)
const Length = z.number().min(1).max(LONGEST_PX)

/** What a brush painted: a line with round ends. */
const Stroke = z.object({
  kind: z.literal('stroke'),
  width: Length.describe('Width of the brush, pixels of the photo'),
  points: z
    .array(z.tuple([Position, Position]))
    .min(1)
    .max(2000)
    .describe('Where it went: [x, y] in pixels of the photo, from its top left corner; one point is a dot'),
})

const Box = z.object({
  kind: z.literal('box'),
  x: Position.describe('Left edge, pixels of the photo'),
  y: Position.describe('Upper edge, pixels of the photo'),
  width: Length.describe('Pixels of the photo'),
  height: Length.describe('Pixels of the photo'),
})

/** A part of a photo that nobody may recognise. */
export const BlurArea = z
  .discriminatedUnion('kind', [Stroke, Box])
  .meta({ id: 'BlurArea', description: 'Part of a photo that is made unrecognisable' })
export type BlurArea = z.infer<typeof BlurArea>
