// A graph as JSON-LD 1.1, Turtle and RDF/XML. All of its nodes have addresses.
import { type Quad, Writer } from 'n3'
import { xml } from '../xml.ts'
import { PREFIXES } from './graph.ts'

/** Name with a prefix, as prefix and local part; null: no prefix of ours fits. */
function shortened(address: string): readonly [prefix: string, local: string] | null {
  for (const [prefix, start] of Object.entries(PREFIXES))
    if (address.startsWith(start)) return [prefix, address.slice(start.length)]
  return null
}

const inShort = (address: string): string => shortened(address)?.join(':') ?? address

const XSD_STRING = `${PREFIXES.xsd}string`
const RDF_TYPE = `${PREFIXES.rdf}type`

const bySubject = (quads: readonly Quad[]): Quad[][] => {
  const groups = new Map<string, Quad[]>()
  for (const quad of quads) groups.set(quad.subject.value, [...(groups.get(quad.subject.value) ?? []), quad])
  return [...groups.values()]
}

/** JSON-LD 1.1, flattened: one node a resource. */
export function asJsonLd(quads: readonly Quad[]): string {
  const nodes = bySubject(quads).map((group) => {
    const node: Record<string, unknown> = { '@id': group[0]?.subject.value }
    for (const { predicate, object } of group) {
      const [key, value] = predicate.value === RDF_TYPE ? ['@type', inShort(object.value)] : [inShort(predicate.value), jsonValue(object)] // prettier-ignore
      node[key] = key in node ? [node[key], value].flat() : value
    }
    return node
  })
  return JSON.stringify({ '@context': PREFIXES, '@graph': nodes }, null, 1)
}

function jsonValue(object: Quad['object']) {
  if (object.termType !== 'Literal') return { '@id': object.value }
  const { value, language, datatype } = object
  if (language) return { '@value': value, '@language': language }
  return datatype.value === XSD_STRING ? value : { '@value': value, '@type': inShort(datatype.value) }
}

export function asTurtle(quads: readonly Quad[]): string {
  const writer = new Writer({ prefixes: PREFIXES })
  writer.addQuads([...quads])
  let turtle = ''
  // Without a stream it answers at once.
  writer.end((_error, result: string) => (turtle = result))
  return turtle
}

export function asRdfXml(quads: readonly Quad[]): string {
  const spaces = Object.entries(PREFIXES).map(([prefix, start]) => `\n  xmlns:${prefix}="${start}"`)
  const nodes = bySubject(quads).map(
    (group) =>
      `<rdf:Description rdf:about="${xml(group[0]?.subject.value ?? '')}">\n${group.map(property).join('')}</rdf:Description>\n`,
  )
  return `<?xml version="1.0" encoding="UTF-8"?>\n<rdf:RDF${spaces.join('')}>\n${nodes.join('')}</rdf:RDF>\n`
}

function property({ predicate, object }: Quad): string {
  const name = inShort(predicate.value)
  if (object.termType !== 'Literal') return `  <${name} rdf:resource="${xml(object.value)}"/>\n`
  const { value, language, datatype } = object
  const kind = language
    ? ` xml:lang="${language}"`
    : datatype.value === XSD_STRING
      ? ''
      : ` rdf:datatype="${xml(datatype.value)}"`
  return `  <${name}${kind}>${xml(value)}</${name}>\n`
}
