// A real clamd, with one signature of our own.
import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { scannerVersion } from '../../backend/core/files/scanner.ts'
import { freePort } from './cluster.ts'

const PROGRAM = '/usr/sbin/clamd'
/** What our clamd takes for a virus, wherever it is in a file. */
export const VIRUS = Buffer.from('asty-test-virus-5f2c')

export interface Clamd {
  tcp: string
  unix: string
  stop: () => Promise<void>
}

/** Whether there is one on this machine; CI must have it. */
export function hasClamd(): boolean {
  if (!existsSync(PROGRAM) && process.env['CI']) throw new Error('CI needs clamd (Debian: clamav-daemon)')
  return existsSync(PROGRAM)
}

/** `limit_bytes`: the longest stream that it takes. */
export async function startClamd({ limit_bytes = 25_000_000 } = {}): Promise<Clamd> {
  const folder = mkdtempSync(join(tmpdir(), 'asty-clamd-'))
  const port = await freePort()
  const socket = join(folder, 'socket')
  // Name : any kind of file : anywhere : what.
  writeFileSync(join(folder, 'asty.ndb'), `Asty.Test:0:*:${VIRUS.toString('hex')}\n`)
  const settings = [
    'Foreground yes',
    `DatabaseDirectory ${folder}`,
    `LocalSocket ${socket}`,
    `TCPSocket ${port}`,
    'TCPAddr 127.0.0.1',
    `StreamMaxLength ${limit_bytes}`,
  ]
  writeFileSync(join(folder, 'clamd.conf'), `${settings.join('\n')}\n`)
  chmodSync(folder, 0o755)
  const child: ChildProcess = spawn(PROGRAM, ['--config-file', join(folder, 'clamd.conf')], { stdio: 'ignore' })
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()))
  const clamd: Clamd = {
    tcp: `tcp://127.0.0.1:${port}`,
    unix: `unix://${socket}`,
    stop: async () => {
      child.kill('SIGKILL')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await answering(clamd)
  return clamd
}

async function answering({ tcp }: Clamd): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const version = await scannerVersion(tcp).catch(() => undefined)
    if (version) return
    await wait(100)
  }
  throw new Error('clamd did not start')
}
