import { expect } from 'chai'
import { world } from '../support/world.ts'

describe('listening for events', () => {
  it('goes on after the server has dropped the connection', async function () {
    // The embedded engine lives in this process: there is nothing to lose.
    if (world.database.engine === 'embedded') this.skip()
    const heard: string[] = []
    await world.database.listen('asty_test', (payload) => heard.push(payload))
    const connections = async () => {
      const { rows } = await world.db.raw(
        `SELECT pid FROM pg_stat_activity WHERE application_name = 'asty-listen' AND query = 'LISTEN "asty_test"' AND datname = current_database()`,
      )
      return rows as { pid: number }[]
    }
    const listening = await connections()
    expect(listening).to.have.length(1)
    for (const { pid } of listening) await world.db.raw('SELECT pg_terminate_backend(?)', [pid])
    const deadline = Date.now() + 20_000
    while (heard.length === 0 && Date.now() < deadline) {
      await world.db.raw(`SELECT pg_notify('asty_test', 'again')`)
      await new Promise((resolve) => setTimeout(resolve, 200))
    }
    expect(heard[0]).to.equal('again')
  })
})
