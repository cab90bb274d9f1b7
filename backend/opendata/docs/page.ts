// The description of the API as a page: readable without scripts, in our own style, under our own policy.
import type { Context } from '../../core/http/context.ts'
import { text, type TextKey } from '../../core/i18n/text.ts'
import { frame } from '../ogc/html.ts'
import { html, type Page, type Part } from '../ogc/markup.ts'

// What we write ourselves in core/http/openapi.ts, as far as it is shown.
interface Operation {
  summary: string
  operationId: string
  tags: string[]
  parameters?: { name: string; in: string; required?: boolean; description?: string; schema: Json }[]
  requestBody?: { content: Record<string, { schema: Json }> }
  responses: Record<string, { content?: Record<string, { schema: Json }> }>
  security?: Record<string, string[]>[]
  'x-permission'?: string
}
type Json = Record<string, unknown>
export interface Description {
  paths: Record<string, Record<string, Operation>>
  components: { schemas: Record<string, Json> }
}

type Say = (key: TextKey, values?: Record<string, unknown>) => string

/** address: of this page, as the caller sees it. */
export function docsPage(ctx: Context, address: URL, { paths, components }: Description): Page {
  const say: Say = (key, values) => text(ctx.language, key, values)
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), ...operation })),
  )
  const tags = [...new Set(operations.flatMap(({ tags }) => tags))].sort()
  const content = html`<p>${say('docs.intro')}</p>
<ul class="links">
<li><a href="/api/openapi.json">${say('docs.document')}</a> <small>application/json</small></li>
<li>${say('docs.key')}</li>
<li>${say('docs.errors')}</li>
</ul>
<nav aria-label="${say('docs.groups')}"><ul class="tags">${tags.map((tag) => html`<li><a href="#${tag}">${tag}</a></li>`)}<li><a href="#schemas">${say('docs.schemas')}</a></li></ul></nav>
${tags.map((tag) => html`<h2 id="${tag}">${tag}</h2>${operations.filter(({ tags: own }) => own.includes(tag)).map((one) => operationPart(one, say))}`)}
<h2 id="schemas">${say('docs.schemas')}</h2>
${Object.entries(components.schemas)
  .sort()
  .map(([name, schema]) => html`<details id="schema-${name}"><summary lang="en"><code>${name}</code></summary>${schemaPart(schema)}</details>`)}` // prettier-ignore
  return frame(ctx, { title: say('docs.title'), address, nav: '', footer: '' }, content)
}

type Shown = Operation & { path: string; method: string }

function operationPart(operation: Shown, say: Say): Page {
  const { path, method, summary, operationId, parameters = [], requestBody, responses } = operation
  const body = requestBody?.content['application/json']?.schema
  const examples = (body && 'examples' in body ? body['examples'] : []) as Json[]
  return html`<details id="${operationId}" lang="en"><summary><code><b>${method}</b> ${path}</code> <span>${summary}</span></summary>
<p class="facts">${whoMay(operation, say)}</p>
${parameters.length > 0 && html`<div class="scroll" tabindex="0"><table><thead><tr><th>${say('docs.parameter')}</th><th>${say('docs.where')}</th><th>${say('ogc.meaning')}</th></tr></thead><tbody>${parameters.map((each) => html`<tr><td><code>${each.name}</code>${each.required && ' *'}</td><td>${each.in}</td><td class="long">${each.description}</td></tr>`)}</tbody></table></div>`}
${body && html`<h3>${say('docs.body')}</h3>${schemaPart(body)}`}
${examples.map((example) => html`<h3>${say('docs.example')}</h3><pre tabindex="0">${curl(operation, example)}</pre>`)}
${Object.entries(responses).map(([status, { content = {} }]) =>
  Object.entries(content).map(([type, { schema }]) => html`<h3>${status} <small>${type}</small></h3>${schemaPart(schema)}`))}
</details>` // prettier-ignore
}

function whoMay({ security = [], 'x-permission': permission }: Shown, say: Say): string {
  const scope = security.flatMap(({ key }) => key ?? [])[0]
  const who = permission ? (permission === 'signed-in' ? say('docs.signed_in') : say('docs.permission', { permission })) : say('docs.anyone') // prettier-ignore
  return [who, scope && say('docs.scope', { scope })].filter(Boolean).join(' ')
}

const curl = ({ method, path }: Shown, example: Json): string =>
  `curl -X ${method} "$ASTY${path}" -H 'Content-Type: application/json' -d '${JSON.stringify(example, null, 2).replaceAll("'", String.raw`'\''`)}'`

const REFERENCE = '#/components/schemas/'

/** A schema as it stands in the document, its references as links. */
function schemaPart(schema: Json): Page {
  const { examples: _, ...shown } = schema
  const lines = JSON.stringify(shown, null, 2).split(/"#\/components\/schemas\/(\w+)"/)
  const parts: Part[] = lines.map((part, index) =>
    index % 2 === 0 ? part : html`<a href="#schema-${part}">"${REFERENCE}${part}"</a>`,
  )
  return html`<pre tabindex="0">${parts}</pre>`
}
