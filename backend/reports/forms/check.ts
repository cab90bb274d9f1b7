// Answers on their way in: asked for, in the form that their question says, each bad one named.
import { z } from 'zod'
import { invalidInput, problem } from '../../core/http/problem.ts'
import { AreaGeometry, LineGeometry } from '../shapes/contract.ts'
import { ChipNumber } from './chip.ts'
import {
  type Answers,
  type AreaRef,
  askedWith,
  countedOf,
  type Form,
  LONGEST_ANSWER,
  type Question,
  stopsWith,
} from './contract.ts'

const schemas: Record<Question['type'], (question: Question) => z.ZodType> = {
  text: ({ means }) => (means === 'chip' ? ChipNumber : z.string().trim().min(1).max(LONGEST_ANSWER)),
  number: ({ minimum, maximum }) =>
    z
      .number()
      .min(minimum ?? -Number.MAX_VALUE)
      .max(maximum ?? Number.MAX_VALUE),
  date: () => z.iso.date(),
  yes_no: () => z.boolean(),
  choice: ({ options }) => z.enum(options.map(({ code }) => code)),
  choices: ({ options }) => z.array(z.enum(options.map(({ code }) => code))).min(1),
  photo: () => z.uuid(),
  asset: () => z.string().min(1).max(200),
  line: () => LineGeometry,
  area: () => AreaGeometry,
}

const schemaOf = (question: Question): z.ZodType => {
  const schema = schemas[question.type](question)
  return question.is_required ? schema : schema.optional()
}

/**
 * The answers to keep. What was answered to a question that went away with another answer is dropped.
 * Throws invalid-input with the path of each bad answer.
 */
export function checkAnswers(questions: readonly Question[], answers: Answers): Answers {
  const asked = askedWith(questions, answers)
  const known = new Set(questions.map(({ code }) => code))
  const unknown = Object.entries(answers).filter(([code]) => !known.has(code))
  const shape = Object.fromEntries(asked.map((question) => [question.code, schemaOf(question)]))
  const given = { ...countedOf(questions, answers), ...Object.fromEntries(unknown) }
  const parsed = z.strictObject(shape).safeParse(given, { reportInput: true })
  if (!parsed.success) throw invalidInput(parsed.error, 'answers')
  return parsed.data as Answers
}

/** Throws call-instead where a stop shows that nothing may be sent past; areas: in which the place lies, or which it touches. */
export function refuseStopped(form: Form, answers: Answers, now: string, areas: readonly AreaRef[]): void {
  const stop = stopsWith(form, answers, new Date(now), areas).find(({ is_final }) => is_final)
  if (!stop) return
  throw problem('call-instead', {
    values: (language) => ({ text: stop.text[language] }),
    extra: { phone: stop.phone },
    path: 'category',
  })
}
