// Reads CQL2 text (OGC 21-065r2, annex B) into the shape of CQL2 JSON. No library does: the one on npm is a release candidate of 4 MB.
import { DEEPEST, type Expression, FilterError, type Shape } from './expression.ts'

interface Token {
  kind: 'word' | 'quoted' | 'text' | 'number' | 'sign' | 'end'
  value: string
  at: number
}

const TOKEN =
  /\s*(?:(?<word>[\p{L}_:][\p{L}\p{N}_:.]*)|"(?<quoted>(?:[^"]|"")+)"|'(?<text>(?:[^']|''|\\')*)'|(?<number>(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)|(?<sign><>|<=|>=|[=<>+\-*/%^(),]))/uy

function tokensOf(text: string): Token[] {
  const tokens: Token[] = []
  TOKEN.lastIndex = 0
  const end = text.trimEnd().length
  while (TOKEN.lastIndex < end) {
    const at = text.slice(TOKEN.lastIndex).search(/\S/) + TOKEN.lastIndex
    const groups = TOKEN.exec(text)?.groups
    if (!groups) throw new FilterError('filter.syntax', { at: at + 1 })
    const [kind, value] = Object.entries(groups).find(([, part]) => part !== undefined) as [Token['kind'], string]
    tokens.push({ kind, value, at })
  }
  return [...tokens, { kind: 'end', value: '', at: end }]
}

const RESERVED = new Set(['AND', 'OR', 'NOT', 'LIKE', 'BETWEEN', 'IN', 'IS', 'NULL', 'DIV', 'TRUE', 'FALSE'])
const COMPARISONS = new Set(['=', '<>', '<', '<=', '>', '>='])
const GEOMETRIES: Record<string, { type: string; depth: number }> = {
  POINT: { type: 'Point', depth: 0 },
  LINESTRING: { type: 'LineString', depth: 1 },
  POLYGON: { type: 'Polygon', depth: 2 },
  MULTIPOINT: { type: 'MultiPoint', depth: 1 },
  MULTILINESTRING: { type: 'MultiLineString', depth: 2 },
  MULTIPOLYGON: { type: 'MultiPolygon', depth: 3 },
}

/** Reads a filter in CQL2 text. Throws FilterError with the place of the fault, counted from 1. */
export function readText(text: string): Expression {
  return new Reader(tokensOf(text)).whole()
}

// One method a rule of the grammar, weakest binding first.
class Reader {
  private readonly tokens: Token[]
  private position = 0
  private depth = 0

  constructor(tokens: Token[]) {
    this.tokens = tokens
  }

  whole(): Expression {
    const expression = this.either()
    if (this.next.kind !== 'end') this.fail()
    return expression
  }

  private get next(): Token {
    return this.tokens[this.position] as Token
  }

  private fail(): never {
    throw new FilterError('filter.syntax', { at: this.next.at + 1 })
  }

  private take(): Token {
    const token = this.next
    this.position++
    return token
  }

  private isWord(...words: string[]): boolean {
    return this.next.kind === 'word' && words.includes(this.next.value.toUpperCase())
  }

  private isSign(...signs: string[]): boolean {
    return this.next.kind === 'sign' && signs.includes(this.next.value)
  }

  private took(what: string): boolean {
    if (!this.isWord(what) && !this.isSign(what)) return false
    this.position++
    return true
  }

  private expect(what: string): void {
    if (!this.took(what)) this.fail()
  }

  private deeper<T>(read: () => T): T {
    if (++this.depth > DEEPEST) throw new FilterError('filter.too_deep', { deepest: DEEPEST })
    const result = read()
    this.depth--
    return result
  }

  /** One or more, joined by a word, as one operation of many arguments. */
  private joined(op: 'or' | 'and', read: () => Expression): Expression {
    const args = [read()]
    while (this.took(op.toUpperCase())) args.push(read())
    return args.length === 1 ? (args[0] as Expression) : { op, args }
  }

  private either(): Expression {
    return this.deeper(() => this.joined('or', () => this.joined('and', () => this.negated())))
  }

  private negated(): Expression {
    if (!this.took('NOT')) return this.predicate()
    return { op: 'not', args: [this.deeper(() => this.negated())] }
  }

  private predicate(): Expression {
    const left = this.sum()
    if (this.next.kind === 'sign' && COMPARISONS.has(this.next.value))
      return { op: this.take().value, args: [left, this.sum()] }
    if (this.took('IS')) {
      const isNot = this.took('NOT')
      this.expect('NULL')
      return this.unless(isNot, { op: 'isNull', args: [left] })
    }
    const isNot = this.took('NOT')
    if (this.took('LIKE')) return this.unless(isNot, { op: 'like', args: [left, this.sum()] })
    if (this.took('IN')) return this.unless(isNot, { op: 'in', args: [left, this.list()] })
    if (this.took('BETWEEN')) {
      const low = this.sum()
      this.expect('AND')
      return this.unless(isNot, { op: 'between', args: [left, low, this.sum()] })
    }
    return isNot ? this.fail() : left
  }

  private unless(isNot: boolean, expression: Expression): Expression {
    return isNot ? { op: 'not', args: [expression] } : expression
  }

  private sum(): Expression {
    let left = this.product()
    while (this.isSign('+', '-')) left = { op: this.take().value, args: [left, this.product()] }
    return left
  }

  private product(): Expression {
    let left = this.power()
    while (this.isSign('*', '/', '%') || this.isWord('DIV'))
      left = { op: this.take().value.toLowerCase(), args: [left, this.power()] }
    return left
  }

  private power(): Expression {
    const base = this.signed()
    return this.took('^') ? { op: '^', args: [base, this.deeper(() => this.power())] } : base
  }

  private signed(): Expression {
    if (!this.took('-')) return this.operand()
    const value = this.deeper(() => this.signed())
    return typeof value === 'number' ? -value : { op: '*', args: [-1, value] }
  }

  private operand(): Expression {
    const token = this.next
    if (token.kind === 'text') return this.string()
    if (token.kind === 'number') return Number(this.take().value)
    if (token.kind === 'quoted') return { property: this.take().value.replaceAll('""', '"') }
    if (this.took('(')) {
      const inner = this.either()
      this.expect(')')
      return inner
    }
    return token.kind === 'word' ? this.named() : this.fail()
  }

  private string(): string {
    if (this.next.kind !== 'text') this.fail()
    return this.take().value.replace(/''|\\'/g, "'")
  }

  private named(): Expression {
    if (this.took('TRUE')) return true
    if (this.took('FALSE')) return false
    const name = this.next.value
    const word = name.toUpperCase()
    if (RESERVED.has(word)) this.fail()
    this.position++
    const shape = GEOMETRIES[word]
    if (shape) return this.shape(shape)
    if (word === 'GEOMETRYCOLLECTION') return this.shapes()
    if (!this.isSign('(')) return { property: name }
    if (word === 'DATE') return { date: this.single() }
    if (word === 'TIMESTAMP') return { timestamp: this.single() }
    const args = this.list()
    if (word === 'INTERVAL') return { interval: args }
    if (word === 'BBOX') return { bbox: args.map((value) => (typeof value === 'number' ? value : this.fail())) }
    return { op: name.toLowerCase(), args }
  }

  private single(): string {
    this.expect('(')
    const value = this.string()
    this.expect(')')
    return value
  }

  private list(): Expression[] {
    this.expect('(')
    if (this.took(')')) return []
    const items = [this.either()]
    while (this.took(',')) items.push(this.either())
    this.expect(')')
    return items
  }

  /** Well-known text; a third number, the height, is read over. */
  private shape({ type, depth }: { type: string; depth: number }): Shape {
    this.took('Z')
    if (type !== 'Point') return { type, coordinates: this.positions(depth, type === 'MultiPoint') }
    this.expect('(')
    const coordinates = this.coordinates()
    this.expect(')')
    return { type, coordinates }
  }

  private positions(depth: number, mayBeWrapped: boolean): unknown[] {
    this.expect('(')
    const items: unknown[] = []
    do {
      if (depth > 1) items.push(this.positions(depth - 1, false))
      else if (mayBeWrapped && this.took('(')) {
        items.push(this.coordinates())
        this.expect(')')
      } else items.push(this.coordinates())
    } while (this.took(','))
    this.expect(')')
    return items
  }

  private coordinates(): number[] {
    const numbers: number[] = []
    while (this.next.kind === 'number' || this.isSign('-', '+')) {
      const sign = this.took('-') ? -1 : (this.took('+'), 1)
      if (this.next.kind !== 'number') this.fail()
      numbers.push(sign * Number(this.take().value))
    }
    return numbers.length < 2 || numbers.length > 3 ? this.fail() : numbers.slice(0, 2)
  }

  private shapes(): Shape {
    this.expect('(')
    const geometries: Shape[] = []
    do {
      const shape = GEOMETRIES[this.take().value.toUpperCase()]
      if (!shape) this.fail()
      geometries.push(this.shape(shape))
    } while (this.took(','))
    this.expect(')')
    return { type: 'GeometryCollection', geometries }
  }
}
