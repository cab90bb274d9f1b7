// Runs last: what all pages of all browser tests did behind the scenes.
import { expect } from 'chai'
import { faults } from '../support/browser.ts'

describe('the portal', () => {
  it('asks nobody outside, breaks none of its own policies, and throws no error', () => {
    expect(faults).to.deep.equal([])
  })
})
