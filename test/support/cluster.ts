// A PostgreSQL server of its own, to be broken.
import { execFileSync, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const DEBIAN = '/usr/lib/postgresql'
const isRoot = process.getuid?.() === 0

/** Where initdb is; undefined when there is none, or nobody to run it: PostgreSQL refuses to run as root. */
export function serverPrograms(): string | undefined {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort((a, b) => Number(b) - Number(a)) : []
  const found = versions.map((version) => join(DEBIAN, version, 'bin')).find((bin) => existsSync(join(bin, 'initdb')))
  try {
    if (found && isRoot) execFileSync('id', ['postgres'], { stdio: 'ignore' })
    return found
  } catch {
    return undefined
  }
}

/** A port of this machine that nobody listens on. */
export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  await new Promise((resolve) => server.close(resolve))
  return port
}

export interface Cluster {
  url: string
  port: number
  stop: () => Promise<void>
  start: () => Promise<void>
}

/** A folder for clusters, a first one, and replicas of it. */
export function clusters(bin: string) {
  const folder = mkdtempSync(join(tmpdir(), 'asty-cluster-'))
  chmodSync(folder, 0o711)
  if (isRoot) execFileSync('chown', ['postgres', folder])
  const run = async (program: string, ...args: string[]) => {
    const words = [join(bin, program), ...args]
    const asPostgres = ['su', 'postgres', '-s', '/bin/sh', '-c', words.map((word) => `'${word}'`).join(' ')]
    const [command = '', ...rest] = isRoot ? asPostgres : words
    // Without pipes: the server that pg_ctl starts would hold them open.
    const child = spawn(command, rest, { cwd: folder, stdio: 'ignore' })
    const code = await new Promise((resolve) => child.once('close', resolve))
    if (code !== 0) throw new Error(`${program} ended with ${code}`)
  }
  const running = new Set<Cluster>()

  async function open(name: string): Promise<Cluster> {
    const port = await freePort()
    const data = join(folder, name)
    const options = `-p ${port} -k ${folder} -c listen_addresses=127.0.0.1 -c fsync=off`
    const cluster: Cluster = {
      port,
      url: `postgres://postgres@127.0.0.1:${port}/postgres`,
      start: async () => {
        await run('pg_ctl', '-D', data, '-w', '-o', options, '-l', join(folder, `${name}.log`), 'start')
        running.add(cluster)
      },
      stop: async () => {
        await run('pg_ctl', '-D', data, '-w', '-m', 'immediate', 'stop')
        running.delete(cluster)
      },
    }
    await cluster.start()
    return cluster
  }

  return {
    first: async () => {
      await run(
        'initdb',
        '-D',
        join(folder, 'first'),
        '-U',
        'postgres',
        '-A',
        'trust',
        '-E',
        'UTF8',
        '--locale=C.UTF-8',
      )
      return open('first')
    },
    replicaOf: async ({ port }: Cluster) => {
      const from = ['-h', '127.0.0.1', '-p', String(port), '-U', 'postgres']
      await run('pg_basebackup', ...from, '-D', join(folder, 'replica'), '-R', '-c', 'fast')
      return open('replica')
    },
    remove: async () => {
      for (const cluster of running) await cluster.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
