// What is said of a file that is not loaded, and of its features: in both languages, from the catalogue.
import type { Localised } from '../core/contract.ts'
import { localised, type TextKey } from '../core/i18n/text.ts'

type ImportKey = Extract<TextKey, `import.${string}`> extends `import.${infer Name}` ? Name : never

export interface FeatureProblem {
  /** Position in the file, from 0. */
  index: number
  /** Value of the layer's key field, where there is one. */
  key?: string
  message: Localised
}

/** The file was refused; nothing of it was stored. The message is English, `text` both. */
export class ImportError extends Error {
  readonly text: Localised
  readonly problems: FeatureProblem[]
  /** Columns of the table whose place was not found. */
  readonly columns: readonly string[] | undefined
  constructor(name: ImportKey, values: Values = {}, problems: FeatureProblem[] = [], columns?: readonly string[]) {
    const said = inBoth(name, values)
    super(said.en)
    this.text = said
    this.problems = problems
    this.columns = columns
  }
}

/** Values by placeholder; a localised one by language. */
type Values = Record<string, string | number | Localised>

function inBoth(name: ImportKey, values: Values): Localised {
  return localised(`import.${name}`, (language) =>
    Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, typeof value === 'object' ? value[language] : value]),
    ),
  )
}

/** Stands between code and values where the database says what is wrong with a feature. */
export const SEPARATOR = '\u001f'

/** What the database said of a feature, "code", or "code" and its values with SEPARATOR between them. */
export function problemText(said: string): Localised {
  const [name, ...values] = said.split(SEPARATOR)
  return inBoth(`feature.${name}` as ImportKey, Object.fromEntries(values.map((value, index) => [index, value])))
}

/** One problem in the words that the database uses. */
export const coded = (name: string, ...values: (string | number)[]): string => [name, ...values].join(SEPARATOR)
