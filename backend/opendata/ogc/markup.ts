// HTML written by templates that escape.

/** HTML that is ready to be sent. */
export interface Page {
  text: string
}

const ENTITIES: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
const escaped = (value: unknown) => String(value).replace(/[&<>"']/g, (sign) => ENTITIES[sign] as string)

export type Part = Page | string | number | null | undefined | false | readonly Part[]

const written = (part: Part): string => {
  if (part === null || part === undefined || part === false) return ''
  if (Array.isArray(part)) return part.map(written).join('')
  return typeof part === 'object' ? (part as Page).text : escaped(part)
}

/** A template whose values are escaped, unless they are HTML made by it. */
export const html = (strings: TemplateStringsArray, ...parts: Part[]): Page => ({
  text: strings.map((string, index) => string + written(parts[index])).join(''),
})
