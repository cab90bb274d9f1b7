// Answers that are more than words and numbers: photos, things of a layer, lines and areas.
import type { Localised } from '../../core/contract.ts'
import type { Db } from '../../core/db/connect.ts'
import { sql } from '../../core/db/sql.ts'
import { ProblemError } from '../../core/http/problem.ts'
import { text, type TextKey } from '../../core/i18n/text.ts'
import { LARGEST_M2, LONGEST_M } from '../shapes/contract.ts'
import type { Answered, Answers, Question } from './contract.ts'

const answersOf = (questions: readonly Question[], answers: Answers, ...types: Question['type'][]) =>
  questions.flatMap(({ code, type, layer }) =>
    types.includes(type) && answers[code] !== undefined ? { code, layer, value: answers[code] } : [],
  )

/** Ids of uploads among the answers. */
export const photosIn = (questions: readonly Question[], answers: Answers): string[] =>
  answersOf(questions, answers, 'photo').map(({ value }) => String(value))

/** Throws invalid-input for what is drawn and does not hold, and for things that no public layer has. */
export async function demandThings(db: Db, questions: readonly Question[], answers: Answers): Promise<void> {
  const drawn = answersOf(questions, answers, 'line', 'area').map(({ code, value }) => ({ code, shape: value }))
  const chosen = answersOf(questions, answers, 'asset').map(({ code, layer, value }) => ({ code, layer, key: value }))
  if (drawn.length + chosen.length === 0) return
  const faults = await sql<{ code: string; fault: TextKey }>(db, 'reports/answer_faults', {
    drawn: JSON.stringify(drawn),
    chosen: JSON.stringify(chosen),
    longest_m: LONGEST_M,
    largest_m2: LARGEST_M2,
  })
  if (faults.length === 0) return
  const errors = faults.map(({ code, fault }) => ({
    path: `answers.${code}`,
    message: (language: keyof Localised) => text(language, fault),
  }))
  throw new ProblemError('invalid-input', () => ({}), {}, errors)
}

/** Answers with what the chosen things are called, as far as a public layer has them still. */
export async function withNames(db: Db, answers: readonly Answered[]): Promise<Answered[]> {
  const chosen = answers.filter(({ type }) => type === 'asset').map(({ layer, value }) => [layer, String(value)])
  if (chosen.length === 0) return [...answers]
  const named: { layer: string; key: string; title: Localised }[] = await db('feature as f')
    .join('layer as l', 'l.slug', 'f.layer')
    .where('l.visibility', 'public')
    .whereIn(['f.layer', 'f.key'], chosen as string[][])
    .whereNotNull('f.title')
    .select('f.layer', 'f.key', 'f.title')
    .limit(chosen.length)
  return answers.map((each) => ({
    ...each,
    named: named.find(({ layer, key }) => layer === each.layer && key === each.value)?.title ?? null,
  }))
}
