import type { Context } from '../../core/http/context.ts'
import { text } from '../../core/i18n/text.ts'

/** When what is offered here changed last. */
const CHANGESET = '2026-11-21T00:00:00Z'
const SPECIFICATION = 'http://wiki.open311.org/GeoReport_v2'

/** What is offered, and where (GeoReport v2, service discovery). */
export async function discovery(ctx: Context) {
  const { baseUrl, language } = ctx
  const endpoint = {
    specification: SPECIFICATION,
    url: `${baseUrl}/open311/v2`,
    changeset: CHANGESET,
    type: 'production',
    formats: ['text/xml', 'application/json'],
  }
  return {
    changeset: CHANGESET,
    contact: text(language, 'open311.contact', { url: baseUrl }),
    key_service: text(language, 'open311.key_service', { url: `${baseUrl}/account` }),
    endpoints: [endpoint],
  }
}

/** In XML every entry of a list has an element of its own. */
export const discoveryInXml = ({ endpoints, ...rest }: Awaited<ReturnType<typeof discovery>>) => ({
  ...rest,
  endpoints: { endpoint: endpoints.map((one) => ({ ...one, formats: { format: one.formats } })) },
})
