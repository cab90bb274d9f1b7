// Every role at every route: the full matrix.
import { expect } from 'chai'
import { served } from '../../backend/core/http/serve.ts'
import { Role } from '../../backend/people/contract.ts'
import { permissionsOf } from '../../backend/people/permissions.ts'
import { request, signIn } from '../support/http.ts'
import { make, smallTown } from '../support/make.ts'
import { world } from '../support/world.ts'

const NOBODY = 'nobody'
const roles = [NOBODY, 'citizen', ...Role.options] as const

/** The path with values that no row has. */
const somewhere = (path: string) =>
  path.replace(/\{(\w+)\}/g, (_, name: string) => (name === 'id' || name === 'grant' ? '999999' : 'nothing'))

describe('every role at every route', function () {
  // Some hundred routes each, on a machine that may run other suites.
  this.timeout(300_000)
  const cookies = new Map<string, string>()

  before(async () => {
    await smallTown()
    await world.db('crew').where({ slug: 'crew-west' }).update({ is_contractor: true })
    for (const role of Role.options)
      await make.account(
        `${role}@town.example`,
        role,
        role === 'contractor' ? { department: 'works', crew: 'crew-west' } : {},
      )
    await make.account('citizen@town.example', 'citizen')
    for (const role of ['citizen', ...Role.options]) cookies.set(role, await signIn(`${role}@town.example`))
  })

  for (const role of roles) {
    it(`${role}: passes the doors that are open to it, and no other`, async () => {
      const wrong: string[] = []
      for (const { endpoint, may } of served) {
        // Signing out or being forgotten in the middle would make everything after it look closed.
        if (endpoint.method === 'DELETE' && ['/api/session', '/api/me'].includes(endpoint.path)) continue
        const permissions: readonly string[] = permissionsOf[role as Role] ?? []
        const expected =
          may === 'anyone' || (role !== NOBODY && (may === 'signed-in' || permissions.includes(may)))
            ? 'open'
            : role === NOBODY
              ? 401
              : 403
        const { status, body } = await request(endpoint.method, somewhere(endpoint.path), {
          cookie: cookies.get(role),
          body: endpoint.body ? {} : undefined,
        })
        const isRefused = status === 403 || (status === 401 && /sign-in-needed/.test(String(body['type'])))
        const met = expected === 'open' ? !isRefused : status === expected
        if (!met) wrong.push(`${endpoint.method} ${endpoint.path} (${may}): ${status}, expected ${expected}`)
      }
      expect(wrong).to.deep.equal([])
    })
  }
})
