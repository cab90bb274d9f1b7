// The slider of the analysis: its pieces are all the days, each once.
import { expect } from 'chai'
import { dayNumber, daysBefore, PIECES, pieceOf } from '../../web/src/insights/analytics/stretches.ts'

describe('stretches of days', () => {
  it('fall into pieces that follow each other and are all the days', () => {
    for (const span of [
      { from: '2026-01-01', to: '2026-01-30' },
      { from: '2025-11-29', to: '2026-11-28' },
      { from: '2026-01-01', to: '2026-01-12' },
    ]) {
      const pieces = Array.from({ length: PIECES }, (_, n) => pieceOf(span, n + 1))
      expect([pieces[0]!.from, pieces.at(-1)!.to]).to.deep.equal([span.from, span.to])
      pieces.slice(1).forEach(({ from }, n) => expect(dayNumber(from) - dayNumber(pieces[n]!.to)).to.equal(1))
      expect(pieceOf(span, 0)).to.equal(span)
    }
  })

  it('are compared with as many days before, or with a year before', () => {
    const leap = { from: '2024-02-29', to: '2024-03-04' }
    expect(daysBefore(leap, 'before')).to.deep.equal({ from: '2024-02-24', to: '2024-02-28' })
    expect(daysBefore(leap, 'year')).to.deep.equal({ from: '2023-02-28', to: '2023-03-04' })
  })
})
