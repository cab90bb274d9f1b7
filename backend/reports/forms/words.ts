import type { Language } from '../../core/contract.ts'
import { text } from '../../core/i18n/text.ts'
import type { Answered } from './contract.ts'

/** "How many pieces? 3": a question with its answer, as people read it. */
export function answerLine(answered: Answered, language: Language): string {
  return `${answered.title[language]} ${valueIn(answered, language)}`
}

function valueIn({ type, value, options, unit }: Answered, language: Language): string {
  if (type === 'yes_no') return text(language, value === true ? 'open311.yes' : 'open311.no')
  if (type === 'number') return [Number(value).toLocaleString(language), unit?.[language]].filter(Boolean).join(' ')
  if (type === 'photo') return text(language, 'answer.photo')
  if (type === 'line' || type === 'area') return text(language, `geometry.${type}`)
  const chosen = [value].flat().map(String)
  if (options.length === 0) return chosen.join(', ')
  return options.flatMap(({ code, title }) => (chosen.includes(code) ? title[language] : [])).join(', ')
}
