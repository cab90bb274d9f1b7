// RDF in a shape that is pleasant to write: resources with properties by their prefixed names.
import { DataFactory, type Literal, type NamedNode, type Quad } from 'n3'
import type { Localised } from '../../core/contract.ts'

export const PREFIXES = {
  dcat: 'http://www.w3.org/ns/dcat#',
  dcatap: 'http://data.europa.eu/r5r/',
  dct: 'http://purl.org/dc/terms/',
  foaf: 'http://xmlns.com/foaf/0.1/',
  geosparql: 'http://www.opengis.net/ont/geosparql#',
  rdf: 'http://www.w3.org/1999/02/22-rdf-syntax-ns#',
  spdx: 'http://spdx.org/rdf/terms#',
  vcard: 'http://www.w3.org/2006/vcard/ns#',
  xsd: 'http://www.w3.org/2001/XMLSchema#',
} as const
type Prefix = keyof typeof PREFIXES
export type Name = `${Prefix}:${string}`

type Value = NamedNode | Literal | readonly (NamedNode | Literal)[] | null | undefined | false | ''

const full = (name: Name): string => {
  const [prefix, local] = name.split(':') as [Prefix, string]
  return PREFIXES[prefix] + local
}

export const iri = (address: string): NamedNode => DataFactory.namedNode(address)

/** A text in the languages that it exists in. */
export const both = ({ el, en }: Localised): Literal[] =>
  [el && DataFactory.literal(el, 'el'), en && DataFactory.literal(en, 'en')].filter((literal) => literal !== '')

export const typed = (value: string, type: Name): Literal => DataFactory.literal(value, iri(full(type)))

/** RFC 3339. */
export const moment = (value: string): Literal => typed(value, 'xsd:dateTime')

/** Everything said of a resource; what has no value is not said. */
export function resource(address: string, type: Name, properties: Partial<Record<Name, Value>>): Quad[] {
  const subject = iri(address)
  const said = Object.entries(properties).flatMap(([name, value]) =>
    (value ? [value].flat() : []).map((object) => DataFactory.quad(subject, iri(full(name as Name)), object)),
  )
  return [DataFactory.quad(subject, iri(full('rdf:type')), iri(full(type))), ...said]
}
