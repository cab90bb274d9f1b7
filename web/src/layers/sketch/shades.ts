import { isDark } from '../../map/theme.ts'
import { type Colour, INK } from './items.ts'

const DARK: Record<Colour, string> = { blue: '#57a8ff', orange: '#ffc27a', magenta: '#f06aa8', ink: '#f4f6f7' }

/** As the map of the moment wants it; by night, too, colours that everybody tells apart. */
export const shade = (colour: Colour): string => (isDark() ? DARK : INK)[colour]
