// Says in words why a report goes where it goes. The weighing itself is SQL: sql/route.sql.
import type { Localised } from '../core/contract.ts'
import { localised } from '../core/i18n/text.ts'
import type { RouteDecision } from './contract.ts'

export type Candidate = RouteDecision['candidates'][number]
/** A candidate as the database returns it: fallbacks have no title of their own. */
export type RawCandidate = Omit<Candidate, 'rule'> & { rule: { slug: string; title: Localised | null } }

const FALLBACK = {
  'category-department': { title: 'routing.rule_department', reason: 'routing.category_department' },
  'central-desk': { title: 'routing.rule_central_desk', reason: 'routing.central_desk' },
} as const

const fallbackOf = (slug: string) => (slug in FALLBACK ? FALLBACK[slug as keyof typeof FALLBACK] : undefined)

/** The decision with titles and a sentence in both languages. Candidates come best first. */
export function explain(raw: readonly RawCandidate[]): RouteDecision {
  const candidates = raw.map(titled)
  return { candidates, explanation: sentence(candidates) }
}

type Rerouted = { candidates: RawCandidate[] } & Pick<RouteDecision, 'moved'>

/** A stored decision. What the database has routed anew has no words yet. */
export const decisionOf = (stored: RouteDecision | Rerouted | null): RouteDecision | null =>
  stored && ('explanation' in stored ? stored : { ...explain(stored.candidates), moved: stored.moved })

function titled(candidate: RawCandidate): Candidate {
  const { slug, title } = candidate.rule
  const fallback = title ? undefined : fallbackOf(slug)
  return {
    ...candidate,
    rule: { slug, title: title ?? (fallback ? localised(fallback.title) : { el: slug, en: slug }) },
  }
}

function sentence(candidates: readonly Candidate[]): Localised {
  const [winner, ...others] = candidates
  if (!winner) return localised('routing.nobody')
  const reason = winnerSentence(winner)
  if (others.length === 0) return reason
  const more = localised('routing.others', () => ({ count: others.length }))
  return { el: `${reason.el} ${more.el}`, en: `${reason.en} ${more.en}` }
}

function winnerSentence(winner: Candidate): Localised {
  const fallback = fallbackOf(winner.rule.slug)
  if (fallback) return localised(fallback.reason, (language) => ({ department: winner.department.title[language] }))
  const anyCategory = localised('routing.any_category')
  const reason = localised(winner.area ? 'routing.rule_area' : 'routing.rule_anywhere', (language) => ({
    rule: winner.rule.title[language],
    category: (winner.category?.title ?? anyCategory)[language],
    area: winner.area?.title[language] ?? '',
  }))
  return winner.area && (winner.share ?? 1) < 1 ? withShare(reason, winner.share!) : reason
}

/** Of a line or an area not all lies there. */
function withShare(reason: Localised, share: number): Localised {
  const more = localised('routing.share', (language) => ({
    share: share.toLocaleString(language, { style: 'percent', maximumFractionDigits: 0 }),
  }))
  return { el: `${reason.el} ${more.el}`, en: `${reason.en} ${more.en}` }
}
