// A real S3 server, in a process of its own: tools run while nothing of the test does.
import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from './cluster.ts'

const require = createRequire(import.meta.url)
const SERVER = require.resolve('@20minutes/s3rver')
const START = `
  const [path, directory, port] = process.argv.slice(1)
  const options = { directory, port: Number(port), address: '127.0.0.1', silent: true, vhostBuckets: false }
  new (require(path))({ ...options, configureBuckets: [{ name: 'asty' }] }).run().then(() => console.log('open'))`

export interface S3 {
  endpoint: string
  /** What a program needs for the bucket "asty", below a prefix of its own. */
  settings: (prefix: string) => Record<string, string>
  start: () => Promise<void>
  stop: () => Promise<void>
  remove: () => Promise<void>
}

export async function startS3(): Promise<S3> {
  const folder = mkdtempSync(join(tmpdir(), 'asty-s3-'))
  const port = await freePort()
  const endpoint = `http://127.0.0.1:${port}`
  let child: ChildProcess | undefined
  const s3: S3 = {
    endpoint,
    settings: (prefix) => ({
      STORAGE_URL: `s3://asty/${prefix}`,
      S3_ENDPOINT: endpoint,
      S3_ACCESS_KEY: 'S3RVER',
      S3_SECRET_KEY: 'S3RVER',
    }),
    start: async () => {
      if (child) return
      // Its continuation tokens are made with DES.
      const args = ['--openssl-legacy-provider', '-e', START, SERVER, folder, String(port)]
      const started = spawn(process.execPath, args, {
        stdio: ['ignore', 'pipe', 'ignore'],
      })
      child = started
      await new Promise<void>((resolve, reject) => {
        started.stdout.once('data', () => resolve())
        started.once('close', () => reject(new Error('the S3 server did not start')))
      })
    },
    stop: async () => {
      const ended = new Promise((resolve) => child?.once('close', resolve))
      if (!child?.kill('SIGKILL')) return
      await ended
      child = undefined
    },
    remove: async () => {
      await s3.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
  await s3.start()
  return s3
}
