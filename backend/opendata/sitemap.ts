// What search engines are told: which pages there are, and where there is nothing for them.
import { type Context, reading } from '../core/http/context.ts'
import { listAddresses } from '../places/poi/service.ts'
import { listCollections } from './collections.ts'
import { xml } from './xml.ts'

/** sitemaps.org 0.9; each page in both languages. */
export async function sitemap(ctx: Context): Promise<string> {
  const collections = await listCollections(ctx)
  const addresses = await reading(ctx, listAddresses)
  const datasets = collections.map(({ slug, updated_at }) => page(`${ctx.baseUrl}/opendata/${slug}`, updated_at))
  const places = addresses.map(({ layer, key, updated_at }) =>
    page(`${ctx.baseUrl}/places/${layer}/${encodeURIComponent(key)}`, updated_at),
  )
  return `<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" xmlns:xhtml="http://www.w3.org/1999/xhtml">
${[`<url><loc>${xml(ctx.baseUrl)}/</loc></url>`, page(`${ctx.baseUrl}/opendata`), ...datasets, page(`${ctx.baseUrl}/places`), ...places].join('\n')}
</urlset>
`
}

function page(address: string, changed?: string): string {
  const languages = ['el', 'en'].map((lang) => `<xhtml:link rel="alternate" hreflang="${lang}" href="${xml(address)}?lang=${lang}"/>`) // prettier-ignore
  return `<url><loc>${xml(address)}</loc>${changed ? `<lastmod>${changed}</lastmod>` : ''}${languages.join('')}</url>`
}

/** Lists of features go on and on, tiles and services are for programs, private links for those who have them. */
export const robots = async ({ baseUrl }: Context): Promise<string> => `User-agent: *
Disallow: /api/
Disallow: /tiles/
Disallow: /follow/
Disallow: /my-reports/
Disallow: /invitation/
Disallow: /ogc/collections/*/items

Sitemap: ${baseUrl}/sitemap.xml
`
