// A further node of the program on the database of the run, with settings of its own.
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Config } from '../../backend/core/config.ts'
import { createLog, type Log } from '../../backend/core/log.ts'
import { openTown } from '../../backend/town.ts'
import { world } from './world.ts'

export interface Node {
  url: string
  close: () => Promise<void>
}

/** Starts a node that differs from the run's own by these settings; `works`: it does jobs, too. */
export async function startNode(
  settings: Partial<Config>,
  { port = 0, log = createLog('silent'), works = false }: { port?: number; log?: Log; works?: boolean } = {},
): Promise<Node> {
  const config = { ...world.config, ...settings }
  const { app, jobs, usage } = await openTown(config, world.database, log)
  const server: Server = createServer(app)
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  if (works) jobs.start()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: async () => {
      server.closeAllConnections()
      server.close()
      await jobs.stop()
      await usage.stop()
    },
  }
}
