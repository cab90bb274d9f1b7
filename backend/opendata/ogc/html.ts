// Pages for people, readable without scripts: the same content as the JSON, with a map where scripts run.
import type { Context } from '../../core/http/context.ts'
import { text, type TextKey } from '../../core/i18n/text.ts'
import type { FieldDefinition } from '../../layers/contract.ts'
import type { Collection } from '../collections.ts'
import { assetsOfPage } from './assets.ts'
import { at, type Link, withParameters } from './links.ts'
import { html, type Page, type Part } from './markup.ts'
import type { Asked } from './negotiate.ts'

/** A feature as the database wrote it. */
export interface Feature {
  id: string | number
  geometry: { type: string; coordinates: unknown } | null
  properties: Record<string, unknown>
}

/** A page of features with what was asked. */
export interface Shown {
  fields: readonly FieldDefinition[]
  features: readonly Feature[]
  matched: number
  links: readonly Link[]
}

type Crumb = readonly [title: string, path: string]

interface Around {
  title: string
  /** Of the page, as the caller sees it. */
  address: URL
  nav: Part
  footer: Part
  /** The same as JSON. */
  alternate?: string
  /** More of what is not shown. */
  head?: Part
}

/** A whole page: head, way back to the map, the other language, content. */
export function frame(ctx: Context, { title, address, nav, footer, alternate, head }: Around, content: Part): Page {
  const say = (key: TextKey) => text(ctx.language, key)
  const other = ctx.language === 'el' ? 'en' : 'el'
  const assets = assetsOfPage()
  return html`<!doctype html>
<html lang="${ctx.language}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${title} · ${say('ogc.open_data')}</title>
<link rel="icon" href="/crest.svg" type="image/svg+xml">
${alternate && html`<link rel="alternate" type="application/json" href="${alternate}">`}
${assets.styles.map((href) => html`<link rel="stylesheet" href="${href}">`)}
${assets.script && html`<script type="module" src="${assets.script}"></script>`}
${head}
</head>
<body class="data">
<a class="skip" href="#content">${say('ogc.skip')}</a>
<header>
<a class="home" href="/"><img src="/crest.svg" alt="" width="32" height="32"> ${say('ogc.to_map')}</a>
${nav}
<a class="language" lang="${other}" hreflang="${other}" href="${withParameters(address, { lang: other })}">${other === 'el' ? 'Ελληνικά' : 'English'}</a>
</header>
<main id="content">
<h1>${title}</h1>
${content}
</main>
<footer>${footer}</footer>
</body>
</html>
` // prettier-ignore
}

/** A page of open data around its content. Crumbs: the way from the landing page, with paths under /ogc. */
export function layout(asked: Asked, title: string, crumbs: readonly Crumb[], content: Part, head: Part = null): Page {
  const { ctx } = asked
  const address = new URL(withParameters(asked.address, { f: 'html' }))
  const alternate = withParameters(address, { f: 'json' })
  const say = (key: TextKey) => text(ctx.language, key)
  const nav = html`<nav aria-label="${say('ogc.path')}"><ol>${[[say('ogc.open_data'), ''] as const, ...crumbs].map(
    ([name, path]) => html`<li><a href="${at(ctx, path)}?f=html&amp;lang=${ctx.language}">${name}</a></li>`,
  )}</ol></nav>` // prettier-ignore
  const footer = html`<a href="${alternate}">${say('ogc.as_json')}</a> <a href="${at(ctx, '/api')}?f=html&amp;lang=${ctx.language}">${say('ogc.api')}</a>` // prettier-ignore
  return frame(ctx, { title, address, nav, footer, alternate, head }, content)
}

/** Links as a list: their titles, and which form they lead to. */
export const linkList = (links: readonly Link[]): Page =>
  html`<ul class="links">
    ${links.map(
      ({ href, rel, type, title }) =>
        html`<li><a href="${href}" rel="${rel}">${title ?? rel}</a> <small>${type}</small></li>`,
    )}
  </ul>`

const crumbOf = ({ ctx }: Asked, { slug, title }: Collection): Crumb => [title[ctx.language], `/collections/${slug}`]

export const number = ({ ctx }: Asked, value: number) => value.toLocaleString(ctx.language)

/** All datasets; each lies under the address `root`. */
export function collectionsPage(asked: Asked, collections: readonly Collection[], root: string): Page {
  const { ctx } = asked
  const cards = collections.map(
    (one) => html`<li><h2><a href="${root}/${one.slug}?f=html&amp;lang=${ctx.language}">${one.title[ctx.language]}</a></h2>
<p>${one.description[ctx.language]}</p><p class="facts">${text(ctx.language, 'ogc.count', { count: number(asked, one.feature_count) })} · ${one.licence}</p></li>`,
  ) // prettier-ignore
  return layout(
    asked,
    text(ctx.language, 'ogc.collections'),
    [],
    [
      html`<ul class="cards">
        ${cards}
      </ul>`,
      html`<h2>${text(ctx.language, 'ogc.catalogue')}</h2>`,
      html`<p>${text(ctx.language, 'ogc.catalogue_for')}</p>`,
      html`<ul class="links">
        ${['ttl', 'jsonld', 'rdf'].map((form) => html`<li><a href="${ctx.baseUrl}/opendata/catalog.${form}">catalog.${form}</a></li>`)}
      </ul>`,
    ],
  )
}

/** The parts of the map that the script fills in; without scripts there is none. */
export const mapOf = (collection: Collection, features: readonly Feature[] | null): Page =>
  html`<div class="map" hidden data-collection="${collection.layer ? collection.slug : ''}" data-bbox="${JSON.stringify(collection.bbox)}"></div>
${features && html`<template id="features">${JSON.stringify({ type: 'FeatureCollection', features })}</template>`}` // prettier-ignore

export function fieldTable({ ctx }: Asked, fields: readonly FieldDefinition[]): Page {
  const say = (key: TextKey) => text(ctx.language, key)
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>${say('ogc.field')}</th><th>${say('ogc.meaning')}</th><th>${say('ogc.type')}</th><th>${say('ogc.unit')}</th></tr></thead>
<tbody>${fields.map(({ name, title, type, unit }) => html`<tr><td><code>${name}</code></td><td>${title[ctx.language]}</td><td>${type}</td><td>${unit}</td></tr>`)}</tbody></table></div>` // prettier-ignore
}

/** A value as people read it: codes by their meaning. */
function shownValue({ ctx }: Asked, field: FieldDefinition, value: unknown): string {
  if (value === null || value === undefined) return ''
  return (
    field.codes?.[String(value)]?.[ctx.language] ?? (typeof value === 'object' ? JSON.stringify(value) : String(value))
  )
}

/** Longer texts than this are broken into lines. */
const LONG = 40

const cell = (value: string): Page =>
  value.length > LONG ? html`<td class="long">${value}</td>` : html`<td>${value}</td>`

/** Features as a table; each leads to its own page. */
export function featureTable(
  asked: Asked,
  { slug }: Collection,
  fields: readonly FieldDefinition[],
  features: readonly Feature[],
): Page {
  const { ctx } = asked
  const href = (id: Feature['id']) => `${at(ctx, `/collections/${slug}/items/${id}`)}?f=html&lang=${ctx.language}`
  const rows = features.map(
    ({ id, properties }) =>
      html`<tr><td><a href="${href(id)}">${String(id).slice(0, 8)}</a></td>${fields.map((field) => cell(shownValue(asked, field, properties[field.name])))}</tr>`,
  ) // prettier-ignore
  return html`<div class="scroll" tabindex="0"><table><thead><tr><th>id</th>${fields.map(({ title, unit }) => html`<th>${title[ctx.language]}${unit && ` (${unit})`}</th>`)}</tr></thead><tbody>${rows}</tbody></table></div>` // prettier-ignore
}

export function itemsPage(asked: Asked, collection: Collection, shown: Shown): Page {
  const { ctx } = asked
  const { fields, features, matched, links } = shown
  const say = (key: TextKey, values?: Record<string, unknown>) => text(ctx.language, key, values)
  const pages = links.filter(({ rel }) => rel === 'next' || rel === 'first')
  return layout(asked, say('ogc.items_of', { title: collection.title[ctx.language] }), [[say('ogc.collections'), '/collections'], crumbOf(asked, collection)], [
    html`<p class="facts">${say('ogc.shown', { shown: number(asked, features.length), matched: number(asked, matched) })}</p>`,
    mapOf(collection, features),
    featureTable(asked, collection, fields, features),
    html`<nav class="pages" aria-label="${say('ogc.pages')}">${pages.map(({ rel, href: page, title }) => html`<a class="button" rel="${rel}" href="${page}">${title}</a>`)}</nav>`,
  ]) // prettier-ignore
}

export function featurePage(asked: Asked, collection: Collection, feature: Feature): Page {
  const { ctx } = asked
  const say = (key: TextKey) => text(ctx.language, key)
  return layout(
    asked,
    `${collection.title[ctx.language]} ${String(feature.id).slice(0, 8)}`,
    [[say('ogc.collections'), '/collections'], crumbOf(asked, collection)],
    [
      mapOf(collection, [feature]),
      html`<dl>${collection.fields.map((field) => html`<div><dt>${field.title[ctx.language]}</dt><dd>${shownValue(asked, field, feature.properties[field.name]) || '–'}</dd></div>`)}</dl>`,
    ],
  ) // prettier-ignore
}

/** Any other document: what it is, and its content as text. */
export const plainPage = (asked: Asked, title: string, crumbs: readonly Crumb[], document: unknown): Page =>
  layout(asked, title, crumbs, html`<pre tabindex="0">${JSON.stringify(document, null, 2)}</pre>`)
