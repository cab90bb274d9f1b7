// Questions as Open311 attributes (GeoReport v2, GET service definition), and attribute[code]=value back again.
import type { Language } from '../../core/contract.ts'
import { text } from '../../core/i18n/text.ts'
import type { Answer, Answers, Question } from '../forms/contract.ts'

const DATATYPE = {
  text: 'text',
  number: 'number',
  date: 'datetime',
  yes_no: 'singlevaluelist',
  choice: 'singlevaluelist',
  choices: 'multivaluelist',
  photo: 'string',
  asset: 'string',
  line: 'text',
  area: 'text',
} as const

/** One question in the language of the caller. What is asked only after another answer is never required outright. */
export function attributeOf(question: Question, order: number, among: readonly Question[], language: Language) {
  const { code, type, title, is_required, only_when } = question
  return {
    variable: true,
    code,
    datatype: DATATYPE[type],
    required: is_required && !only_when,
    datatype_description: hintOf(question, among, language),
    order,
    description: title[language],
    ...(valuesOf(question, language).length > 0 && { values: valuesOf(question, language) }),
  }
}

function valuesOf({ type, options }: Question, language: Language) {
  if (type !== 'yes_no') return options.map(({ code, title }) => ({ key: code, name: title[language] }))
  return [
    { key: 'true', name: text(language, 'open311.yes') },
    { key: 'false', name: text(language, 'open311.no') },
  ]
}

/** What to write, where the type alone does not say it. */
function formOf({ type, layer }: Question, language: Language): string | null {
  if (type !== 'photo' && type !== 'asset' && type !== 'line' && type !== 'area') return null
  return text(language, `open311.form_${type}`, { layer })
}

function hintOf(question: Question, among: readonly Question[], language: Language): string {
  const { help, unit, only_when } = question
  const before = among.find(({ code }) => code === only_when?.question)
  const titles = before && valuesOf(before, language).filter(({ key }) => only_when?.values.includes(key))
  const condition =
    before &&
    text(language, 'open311.only_when', {
      question: before.title[language],
      answers: titles?.map(({ name }) => name).join(', '),
    })
  return [condition, help?.[language], unit?.[language], formOf(question, language)].filter(Boolean).join(' · ')
}

/** In XML every entry of a list has an element of its own. */
export const definitionInXml = ({ service_code, attributes }: { service_code: string; attributes: ReturnType<typeof attributeOf>[] }) => ({
  service_code,
  attributes: {
    attribute: attributes.map(({ values, ...rest }) => ({ ...rest, ...(values && { values: { value: values } }) })),
  },
}) // prettier-ignore

/** The answers in a form: attribute[code]=value, more than once where more may be chosen. What is no answer stays for the check. */
export function answersIn(form: Record<string, unknown>, questions: readonly Question[]): Answers {
  const given = Object.entries(form).flatMap(([name, value]): [string, unknown][] => {
    const code = /^attribute\[([^\]]*)\](\[\])?$/.exec(name)?.[1]
    return code ? [[code, value]] : []
  })
  // A form with files comes with its brackets read.
  const nested = Object.entries((form['attribute'] as Record<string, unknown> | undefined) ?? {})
  return Object.fromEntries(
    [...given, ...nested]
      .map(([code, value]): [string, string[]] => [code, [value].flat().map(String).filter(Boolean)])
      .filter(([, texts]) => texts.length > 0)
      .map(([code, texts]) => [code, answerOf(questions.find((question) => question.code === code)?.type, texts)]),
  )
}

function answerOf(type: Question['type'] | undefined, texts: string[]): Answer {
  const [first = ''] = texts
  if (type === 'choices') return texts
  if (type === 'number' && Number.isFinite(Number(first))) return Number(first)
  if (type === 'yes_no' && ['true', 'false'].includes(first)) return first === 'true'
  if (type === 'line' || type === 'area') return readShape(first)
  // Open311 has moments only; a day is what is asked.
  return type === 'date' ? first.slice(0, 10) : first
}

/** GeoJSON; what is none stays for the check. */
function readShape(given: string): Answer {
  try {
    return JSON.parse(given) as Answer
  } catch {
    return given
  }
}
