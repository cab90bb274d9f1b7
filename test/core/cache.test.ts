import { expect } from 'chai'
import { Cache } from '../../backend/core/cache.ts'

const bytes = (size: number) => Buffer.alloc(size)
const cacheOf = (limit: number) => new Cache<Buffer>(limit, ({ length }) => length)

describe('content in memory', () => {
  it('is made once, however many ask at the same time', async () => {
    const cache = cacheOf(1e6)
    let made = 0
    const make = async () => {
      made++
      await new Promise((done) => setImmediate(done))
      return bytes(10)
    }
    await Promise.all(Array.from({ length: 20 }, () => cache.get('a', make)))
    await cache.get('a', make)
    expect(made).to.equal(1)
  })

  it('stays within the limit, also when much is made at once and when it is empty', async () => {
    const cache = cacheOf(100_000)
    const slowly = (size: number) => () => new Promise<Buffer>((done) => setImmediate(() => done(bytes(size))))
    await Promise.all(Array.from({ length: 500 }, (_, n) => cache.get(`full ${n}`, slowly(1000))))
    expect(cache.bytes).to.be.within(90_000, 100_000)
    for (let n = 0; n < 1000; n++) await cache.get(`empty ${n}`, slowly(0))
    expect(cache.bytes).to.be.at.most(100_000)
    let isMadeAgain = false
    await cache.get('empty 0', () => ((isMadeAgain = true), slowly(0)()))
    expect(isMadeAgain, 'the oldest went').to.equal(true)
  })

  it('is not pushed out by one that is huge', async () => {
    const cache = cacheOf(100_000)
    await cache.get('small', async () => bytes(10))
    expect(await cache.get('huge', async () => bytes(90_000))).to.have.length(90_000)
    let isMadeAgain = false
    await cache.get('small', async () => ((isMadeAgain = true), bytes(10)))
    expect(isMadeAgain).to.equal(false)
  })

  it('does not keep a failure', async () => {
    const cache = cacheOf(1e6)
    const error = await cache.get('a', () => Promise.reject(new Error('no'))).catch((e: Error) => e)
    expect(error).to.be.instanceOf(Error)
    expect(await cache.get('a', async () => bytes(3))).to.have.length(3)
  })
})
