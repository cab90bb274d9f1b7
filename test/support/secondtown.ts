// A second municipality in its own database, with its own jobs and port: another body to talk to.
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { readConfig } from '../../backend/core/config.ts'
import { type Db, openDatabase } from '../../backend/core/db/connect.ts'
import { migrate } from '../../backend/core/db/migrate.ts'
import { createLog } from '../../backend/core/log.ts'
import { loadCity } from '../../backend/tools/city.ts'
import { closeTown, openTown } from '../../backend/town.ts'
import { csrfOf } from '../../backend/people/service.ts'
import { sessionIn } from './http.ts'
import { emptyPlace } from './tool.ts'
import { townFolder } from './town.ts'

const PASSWORD = 'correct horse battery'

export interface SecondTown {
  url: string
  db: Db
  /** It goes away from the network, and comes back to the same port. */
  leave: () => Promise<void>
  comeBack: () => Promise<void>
  /** One request of an account, signed in. */
  as: (email: string, method: string, path: string, body?: unknown) => Promise<Record<string, any>> // eslint-disable-line @typescript-eslint/no-explicit-any -- tests look into answers freely
  close: () => Promise<void>
}

/** Opens the town of townFolder(); accounts: e-mail and role. */
export async function openSecondTown(accounts: Record<string, string>): Promise<SecondTown> {
  const place = await emptyPlace()
  const config = readConfig({ ...place.settings, RATE_LIMITS: 'false', LOG_LEVEL: 'silent' })
  const database = await openDatabase(config)
  await migrate(database.db)
  await loadCity(database.db, townFolder(accounts), { password: PASSWORD, onProgress: () => undefined })
  const town = await openTown(config, database, createLog('silent'))
  let server = createServer(town.app)
  const listen = (port: number) => new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  await listen(0)
  const { port } = server.address() as AddressInfo
  const url = `http://127.0.0.1:${port}`
  const leave = async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  }
  const cookies = new Map<string, string>()
  const send = (method: string, path: string, body: unknown, headers: Record<string, string>) =>
    fetch(url + path, {
      method,
      headers: { 'Content-Type': 'application/json', ...headers },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    })
  const signIn = async (email: string) => {
    const { headers } = await send('POST', '/api/session', { email, password: PASSWORD }, {})
    cookies.set(email, sessionIn(headers))
  }
  return {
    url,
    db: database.db,
    leave,
    comeBack: async () => {
      server = createServer(town.app)
      await listen(port)
    },
    as: async (email, method, path, body) => {
      if (!cookies.has(email)) await signIn(email)
      const cookie = cookies.get(email)!
      const answer = await send(method, path, body, { Cookie: cookie, 'X-CSRF-Token': csrfOf(cookie.split('=')[1] ?? '') }) // prettier-ignore
      return (await answer.json()) as Record<string, unknown>
    },
    close: async () => {
      await leave()
      await closeTown(town)
      await place.remove()
    },
  }
}
