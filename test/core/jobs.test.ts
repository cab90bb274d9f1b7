import { setTimeout as wait } from 'node:timers/promises'
import { expect } from 'chai'
import { type JobKind, type Jobs, openJobs } from '../../backend/core/jobs.ts'
import { createLog } from '../../backend/core/log.ts'
import { openSealer } from '../../backend/core/secrets.ts'
import { until } from '../support/until.ts'
import { world } from '../support/world.ts'

describe('jobs', () => {
  const done: number[] = []
  let fails = 0
  const kind: JobKind<number> = {
    queue: 'test',
    limit_s: 10,
    work: async (_world, number) => {
      if (fails-- > 0) throw new Error('not now')
      done.push(number)
    },
  }
  const repeated: JobKind<null> = { ...kind, queue: 'test-daily', every_s: 86_400, work: async () => done.push(-1) }
  let nodes: Jobs[]

  before(async () => {
    await world.reset()
    const { db, config, town } = world
    const { storage } = town
    const open = () =>
      openJobs({ db, config, sealer: openSealer(config), storage, log: createLog('silent') }, [kind, repeated] as never)
    nodes = [await open(), await open()]
  })
  after(() => Promise.all(nodes.map((node) => node.stop())))

  const send = (number: number) => nodes[0]!.send(world.db, kind, number)
  const jobsIn = async (state: string) => {
    const counts = await nodes[0]!.counts()
    return counts.find((each) => each.queue === 'test' && each.state === state)?.count ?? 0
  }

  it('are there only when the transaction of the sender commits', async () => {
    await world.db
      .transaction(async (trx) => {
        await nodes[0]!.send(trx, kind, 1)
        throw new Error('thought better of it')
      })
      .catch(() => undefined)
    expect(await jobsIn('created')).to.equal(0)
    await world.db.transaction((trx) => nodes[0]!.send(trx, kind, 2))
    expect(await jobsIn('created')).to.equal(1)
    expect(await nodes[0]!.lag_s()).to.be.within(0, 5)
  })

  it('carry nothing that can be read in the database', async () => {
    const { rows } = await world.db.raw(`SELECT data::text FROM pgboss.job WHERE name = 'test'`)
    expect(rows).to.have.length(1)
    expect(rows[0].data).to.match(/^\{"sealed": "[\w+/=]{30,}"\}$/)
  })

  it('are done once, by whichever node comes first, and the repeated ones once in their time', async () => {
    const numbers = Array.from({ length: 40 }, (_, index) => index + 10)
    await Promise.all(numbers.map(send))
    for (const node of nodes) node.start()
    await until(() => done.length >= 42)
    await wait(1500)
    expect(done.toSorted((a, b) => a - b)).to.deep.equal([-1, 2, ...numbers])
    expect(await nodes[0]!.lag_s()).to.equal(0)
  })

  it('are tried again after a failure, later and later', async () => {
    fails = 1
    done.length = 0
    await send(7)
    await until(() => fails === 0)
    await wait(300)
    expect(await jobsIn('retry')).to.equal(1)
    const { rows } = await world.db.raw(
      `SELECT extract(epoch FROM start_after - now())::float8 AS wait_s FROM pgboss.job WHERE state = 'retry'`,
    )
    expect(rows[0].wait_s).to.be.within(5, 60)
    await world.db.raw(`UPDATE pgboss.job SET start_after = now() WHERE state = 'retry'`)
    await until(() => done.length === 1)
    expect(done).to.deep.equal([7])
  })
})
