import { expect } from 'chai'
import { TileCache } from '../../backend/layers/tilecache.ts'

const tile = (bytes: number) => Buffer.alloc(bytes)

describe('tiles in memory', () => {
  it('are encoded once, however many ask at the same time', async () => {
    const cache = new TileCache(1e6)
    let made = 0
    const make = async () => {
      made++
      await new Promise((done) => setImmediate(done))
      return tile(10)
    }
    await Promise.all(Array.from({ length: 20 }, () => cache.get('a', make)))
    await cache.get('a', make)
    expect(made).to.equal(1)
  })

  it('stay within the limit, also when many are encoded at once and when they are empty', async () => {
    const cache = new TileCache(100_000)
    const slowly = (bytes: number) => () => new Promise<Buffer>((done) => setImmediate(() => done(tile(bytes))))
    await Promise.all(Array.from({ length: 500 }, (_, n) => cache.get(`full ${n}`, slowly(1000))))
    expect(cache.bytes).to.be.within(90_000, 100_000)
    for (let n = 0; n < 1000; n++) await cache.get(`empty ${n}`, slowly(0))
    expect(cache.bytes).to.be.at.most(100_000)
    let isMadeAgain = false
    await cache.get('empty 0', () => ((isMadeAgain = true), slowly(0)()))
    expect(isMadeAgain, 'the oldest went').to.equal(true)
  })

  it('do not keep a failure', async () => {
    const cache = new TileCache(1e6)
    const error = await cache.get('a', () => Promise.reject(new Error('no'))).catch((e: Error) => e)
    expect(error).to.be.instanceOf(Error)
    expect(await cache.get('a', async () => tile(3))).to.have.length(3)
  })
})
