import { expect } from 'chai'
import { leastReplayed } from '../../backend/core/db/replica.ts'
import { readConfig } from '../../backend/core/config.ts'

describe('how far a replica must have come', () => {
  const marks = [10, 20, 30, 40].map((written, index) => ({ written, at: index * 15_000 }))

  it('is what the primary had written half a minute ago', () => {
    expect(leastReplayed(marks, 45_000)).to.equal(20)
    expect(leastReplayed(marks, 59_999)).to.equal(20)
    expect(leastReplayed(marks, 60_000)).to.equal(30)
    expect(leastReplayed(marks, 500_000)).to.equal(40)
  })

  it('is the first position that is known, right after a start, and out of reach before', () => {
    expect(leastReplayed(marks, 1000)).to.equal(10)
    expect(leastReplayed([], 0)).to.equal(Infinity)
  })

  it('is not asked without a primary', () => {
    expect(() => readConfig({ DATABASE_REPLICA_URL: 'postgres://localhost/asty' })).to.throw(/set that too/)
  })
})
