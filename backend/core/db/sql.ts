// Loads backend/<feature>/sql/<name>.sql: one query a file, parameters as :name.
import { readFileSync } from 'node:fs'
import type { Db } from './connect.ts'

const texts = new Map<string, string>()

// Strings, names and dollar-quoted bodies come first: a -- inside one of them is text.
const QUOTED = String.raw`(?<![\w$])[eE]'(?:[^'\\]|\\.|'')*'|'(?:[^']|'')*'|"(?:[^"]|"")*"|(?<![\w$])\$(?<tag>(?:[A-Za-z_]\w*)?)\$.*?\$\k<tag>\$`
const COMMENT = String.raw`--[^\n]*|/\*.*?\*/`
const QUOTED_OR_COMMENT = new RegExp(`(?<quoted>${QUOTED})|${COMMENT}`, 'gs')

/** SQL without its comments. */
export const withoutComments = (text: string): string => text.replace(QUOTED_OR_COMMENT, '$<quoted>')

/** The text of a query without its comments (knex would bind a :name inside one). */
export function sqlText(query: `${string}/${string}`): string {
  let text = texts.get(query)
  if (text === undefined) {
    const [feature, name] = query.split('/')
    const file = new URL(`../../${feature}/sql/${name}.sql`, import.meta.url)
    text = withoutComments(readFileSync(file, 'utf8')).trim()
    texts.set(query, text)
  }
  return text
}

/** Runs a query of backend/<feature>/sql and returns its rows. */
export async function sql<Row>(
  db: Db,
  query: `${string}/${string}`,
  parameters: Record<string, unknown>,
): Promise<Row[]> {
  const result = await db.raw(sqlText(query), parameters as never)
  return result.rows
}
