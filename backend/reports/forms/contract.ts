// What a category asks beyond the words, and when it says: call instead. One document for the portal, the API and Open311;
// the form and the server weigh its conditions with the same functions, below.
import { z } from 'zod'
import { Localised, localisedInput } from '../../core/contract.ts'
import { AreaGeometry, LineGeometry } from '../shapes/contract.ts'

const MOST_QUESTIONS = 30
const MOST_OPTIONS = 40
export const LONGEST_ANSWER = 1000

/** Columns of the collection of reports, beside which answers stand. */
const TAKEN = [
  ...['id', 'geom', 'protocol', 'category', 'category_el', 'category_en', 'status', 'district', 'department'],
  ...['created_at', 'updated_at', 'due_at', 'closed_at', 'answers'],
]

const Code = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,39}$/)
  .refine((code) => !TAKEN.includes(code))
  .describe('Name in the API and in open data: small Latin letters, digits, underscores')

export const questionTypes = ['text', 'number', 'date', 'yes_no', 'choice', 'choices', 'photo', 'asset', 'line', 'area'] as const // prettier-ignore

/** What an answer may tell of an animal, each with the type of its question. Answers with the same codes are alike, whatever the category. */
export const meanings = { species: 'choice', colours: 'choices', day: 'date', chip: 'text' } as const
const Meaning = z.enum(Object.keys(meanings) as [keyof typeof meanings, ...(keyof typeof meanings)[]])
export type Meaning = z.infer<typeof Meaning>

const Condition = z
  .object({
    question: z.string().max(40).describe('Code of an earlier question: yes or no, or a choice'),
    values: z.array(z.string().max(40)).min(1).max(MOST_OPTIONS).describe('Any of these answers; true or false for yes or no'),
  })
  .meta({ id: 'AnswerCondition' }) // prettier-ignore
export type Condition = z.infer<typeof Condition>

const Option = z
  .object({ code: Code, title: localisedInput(200).describe('What people choose') })
  .meta({ id: 'QuestionOption' })

export const Question = z
  .object({
    code: Code,
    type: z
      .enum(questionTypes)
      .describe(
        'What an answer looks like: text, number, RFC 3339 date, boolean, code, codes, id of an upload, key of a feature, GeoJSON LineString, GeoJSON Polygon',
      ),
    title: localisedInput(300).describe('The question'),
    help: localisedInput(500).nullable().default(null).describe('How to find the answer'),
    is_required: z.boolean().default(false).describe('True: nothing is sent without an answer, where it is asked'),
    is_public: z.boolean().default(false).describe('False: only staff and the reporter see the answer'),
    options: z.array(Option).max(MOST_OPTIONS).default([]).describe('What to choose from'),
    unit: localisedInput(40).nullable().default(null).describe('Unit of a number'),
    minimum: z.number().nullable().default(null).describe('Least number'),
    maximum: z.number().nullable().default(null).describe('Greatest number'),
    layer: z
      .string()
      .max(40)
      .nullable()
      .default(null)
      .describe('Slug of the public layer whose features are chosen from'),
    only_when: Condition.nullable().default(null).describe('Asked only then; null: always'),
    means: Meaning.nullable()
      .default(null)
      .describe(
        'What the answer tells of an animal, so that lost and found ones are matched: species, colours, the day when it was lost or seen, ' +
          'number of its microchip (15 digits; never public); null: nothing',
      ),
  })
  .meta({ id: 'Question' })
export type Question = z.infer<typeof Question>

const Clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$/)
  .describe('HH:MM, Europe/Athens')

export const AreaRef = z
  .object({
    layer: z.string().max(80).describe('Slug of its layer'),
    slug: z.string().max(200).describe('Key of the area in its layer'),
  })
  .meta({ id: 'AreaRef' })
export type AreaRef = z.infer<typeof AreaRef>

export const Stop = z
  .object({
    text: localisedInput(1000).describe('What is dangerous and what to do now'),
    phone: z
      .string()
      .trim()
      .regex(/^\+?[0-9 ]{3,20}$/)
      .nullable()
      .default(null)
      .describe('Whom to call'),
    only_when: Condition.nullable().default(null).describe('Only after this answer; null: at once'),
    hours: z
      .object({ from: Clock, to: Clock })
      .nullable()
      .default(null)
      .describe('Only at these hours, over midnight too; null: always'),
    area: AreaRef.nullable().default(null).describe('Only in this area; null: everywhere'),
    is_final: z.boolean().default(false).describe('True: nothing can be sent while it shows'),
  })
  .meta({ id: 'Stop' })
export type Stop = z.infer<typeof Stop>

const form = {
  questions: z.array(Question).max(MOST_QUESTIONS).describe('In the order in which they are asked'),
  stops: z.array(Stop).max(10).describe('When to call somebody instead of writing'),
}
export const Form = z.object(form)
/** A form on its way in: codes are there once, and conditions name what was asked before. */
export const FormInput = z.object(form).superRefine((given, check) => {
  const refuse = (path: (string | number)[], text: string) => check.addIssue({ code: 'custom', path, params: { text } })
  given.questions.forEach((question, index) => {
    const earlier = given.questions.slice(0, index)
    if (earlier.some(({ code }) => code === question.code)) refuse(['questions', index, 'code'], 'field.twice')
    const wrong = wrongIn(question) ?? wrongMeaning(question, earlier)
    if (wrong) refuse(['questions', index, wrong[0]], wrong[1])
    if (question.only_when && !isPossible(question.only_when, earlier))
      refuse(['questions', index, 'only_when'], 'field.condition')
  })
  given.stops.forEach(({ only_when }, index) => {
    if (only_when && !isPossible(only_when, given.questions)) refuse(['stops', index, 'only_when'], 'field.condition')
  })
})

function wrongIn({ type, options, minimum, maximum, layer }: Question): [string, string] | undefined {
  if ((type === 'asset') !== (layer !== null)) return ['layer', layer === null ? 'field.required' : 'field.unknown']
  const isChoice = type === 'choice' || type === 'choices'
  if (isChoice !== options.length > 1) return ['options', 'field.options']
  if (new Set(options.map(({ code }) => code)).size < options.length) return ['options', 'field.twice']
  if (minimum !== null && maximum !== null && minimum > maximum) return ['maximum', 'field.order']
  return undefined
}

/** By what is public animals are matched for all to see; a chip tells who the owner is. */
function wrongMeaning(
  { type, means, is_public }: Question,
  earlier: readonly Question[],
): [string, string] | undefined {
  if (means === null) return undefined
  if (meanings[means] !== type) return ['means', 'field.meaning_type']
  if (earlier.some((each) => each.means === means)) return ['means', 'field.meaning_twice']
  if (is_public !== (means !== 'chip'))
    return ['is_public', means === 'chip' ? 'field.chip_public' : 'field.meaning_private']
  return undefined
}

/** What may be answered, as conditions write it; none for what is written freely. */
export const valuesOf = ({ type, options }: Question): string[] =>
  type === 'yes_no' ? ['true', 'false'] : options.map(({ code }) => code)

const isPossible = ({ question, values }: Condition, among: readonly Question[]): boolean => {
  const known = among.filter(({ code }) => code === question).flatMap(valuesOf)
  return values.every((value) => known.includes(value))
}

export type Form = z.infer<typeof Form>

export const Answer = z.union([
  z.string().max(LONGEST_ANSWER),
  z.number(),
  z.boolean(),
  z.array(z.string().max(40)).max(MOST_OPTIONS),
  LineGeometry,
  AreaGeometry,
])
export type Answer = z.infer<typeof Answer>
export const Answers = z.record(z.string().max(40), Answer)
export type Answers = z.infer<typeof Answers>

/** A question with what was answered. */
export const Answered = Question.extend({
  value: Answer.describe('The answer, as its type says'),
  named: Localised.nullish().describe('What the chosen feature is called'),
}).meta({ id: 'Answered' })
export type Answered = z.infer<typeof Answered>

/** Whether what was answered is one of the values. */
const holds = ({ question, values }: Condition, answers: Answers): boolean =>
  [answers[question] ?? []].flat().some((value) => values.includes(String(value)))

/** The questions that these answers lead to, in order. An answer to one that is not asked leads nowhere. */
export function askedWith(questions: readonly Question[], answers: Answers): Question[] {
  const counted: Answers = {}
  return questions.filter(({ code, only_when }) => {
    if (only_when && !holds(only_when, counted)) return false
    const answer = answers[code]
    if (answer !== undefined) counted[code] = answer
    return true
  })
}

/** The answers to what is asked, without those to questions that went away with another answer. */
export function countedOf(questions: readonly Question[], answers: Answers): Answers {
  const asked = askedWith(questions, answers).map(({ code }) => code)
  return Object.fromEntries(Object.entries(answers).filter(([code]) => asked.includes(code)))
}

const clockIn = (now: Date) =>
  now.toLocaleTimeString('en-GB', { timeZone: 'Europe/Athens', hour: '2-digit', minute: '2-digit' })

function isBetween({ from, to }: { from: string; to: string }, clock: string): boolean {
  return from <= to ? from <= clock && clock < to : clock >= from || clock < to
}

const isAmong = ({ layer, slug }: AreaRef, areas: readonly AreaRef[]): boolean =>
  areas.some((area) => area.layer === layer && area.slug === slug)

/** The stops that show with these answers at this moment, in these areas: those in which the place lies, or which it touches. */
export function stopsWith(
  { questions, stops }: Form,
  answers: Answers,
  now: Date,
  areas: readonly AreaRef[] = [],
): Stop[] {
  const counted = countedOf(questions, answers)
  return stops.filter(
    ({ only_when, hours, area }) =>
      (!only_when || holds(only_when, counted)) &&
      (!hours || isBetween(hours, clockIn(now))) &&
      // Forms from before know no areas.
      (!area || isAmong(area, areas)),
  )
}

/** Of these areas those that some stop asks for. */
export const areasAskedFor = ({ stops }: Pick<Form, 'stops'>, areas: readonly AreaRef[]): AreaRef[] =>
  areas.filter(({ layer, slug }) => stops.some(({ area }) => area?.layer === layer && area.slug === slug))
