// Which servers will do.
const MINIMUM_POSTGRESQL = 150000
const MINIMUM_POSTGIS = [3, 3] as const

/**
 * What is wrong with a server, as a sentence for the operator; null: nothing.
 * postgresql: server_version_num, e.g. 150004. postgis: its version, e.g. 3.3.2; undefined: not installed there.
 */
export function versionFault(postgresql: number, postgis: string | undefined): string | null {
  if (postgresql < MINIMUM_POSTGRESQL)
    return `PostgreSQL 15 or newer is needed; the server at DATABASE_URL is ${Math.floor(postgresql / 10000)}.`
  if (!postgis) return 'The server at DATABASE_URL has no PostGIS: install it there (Debian: postgresql-15-postgis-3).'
  const [major = 0, minor = 0] = postgis.split('.').map(Number)
  const isOld = major < MINIMUM_POSTGIS[0] || (major === MINIMUM_POSTGIS[0] && minor < MINIMUM_POSTGIS[1])
  return isOld ? `PostGIS 3.3 or newer is needed; the server at DATABASE_URL has ${postgis}.` : null
}
