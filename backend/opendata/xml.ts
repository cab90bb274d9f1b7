import { writable } from '../core/xml.ts'

const SIGNS: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\r': '&#13;' }

/** Text for XML 1.0, between tags and in attributes. */
export const xml = (text: string): string => writable(text).replace(/[&<>"\r]/g, (sign) => SIGNS[sign] ?? sign)
