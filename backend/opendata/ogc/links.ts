// Links of OGC API documents: every one says what it is and in which form it comes.
import type { Context } from '../../core/http/context.ts'
import { type TextKey, text } from '../../core/i18n/text.ts'

export interface Link {
  href: string
  rel: string
  type: string
  title?: string
  hreflang?: string
  /** The address has {parts} to be filled in. */
  templated?: boolean
}

export const JSON_TYPE = 'application/json'
export const GEOJSON = 'application/geo+json'
export const HTML = 'text/html'
export const MVT = 'application/vnd.mapbox-vector-tile'
export const SCHEMA = 'application/schema+json'
export const OPENAPI = 'application/vnd.oai.openapi+json;version=3.0'
export const OGC_REL = 'http://www.opengis.net/def/rel/ogc/1.0'

/** Address under /ogc, absolute. */
export const at = ({ baseUrl }: Context, path: string): string => `${baseUrl}/ogc${path}`

export const link = (ctx: Context, rel: string, href: string, type: string, title?: TextKey): Link => ({
  href,
  rel,
  type,
  ...(title && { title: text(ctx.language, title) }),
})

/** The address with some parameters changed; null takes one away. */
export function withParameters(address: URL, changes: Record<string, string | null>): string {
  const changed = new URL(address)
  for (const [name, value] of Object.entries(changes)) {
    if (value === null) changed.searchParams.delete(name)
    else changed.searchParams.set(name, value)
  }
  return changed.href
}

/** This document, and the same in its other form. */
export function selfAndAlternate(ctx: Context, address: URL, form: 'json' | 'html', json = JSON_TYPE): Link[] {
  const [own, other] = form === 'json' ? ([json, HTML] as const) : ([HTML, json] as const)
  return [
    link(ctx, 'self', address.href, own, 'ogc.self'),
    link(ctx, 'alternate', withParameters(address, { f: form === 'json' ? 'html' : 'json' }), other, form === 'json' ? 'ogc.as_html' : 'ogc.as_json'),
  ] // prettier-ignore
}
