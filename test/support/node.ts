// A further node of the program on the database of the run, with settings of its own.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createApp } from '../../backend/app.ts'
import type { Config } from '../../backend/core/config.ts'
import { listenToEvents } from '../../backend/core/events.ts'
import { createLog, type Log } from '../../backend/core/log.ts'
import { world } from './world.ts'

export interface Node {
  url: string
  close: () => void
}

/** Starts a node that differs from the run's own by these settings. */
export async function startNode(
  settings: Partial<Config>,
  { port = 0, log = createLog('silent') }: { port?: number; log?: Log } = {},
): Promise<Node> {
  const config = { ...world.config, ...settings }
  const notices = await listenToEvents(world.database)
  const app = createApp({ config, database: world.database, notices, log })
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  }
}
