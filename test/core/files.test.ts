// Every storage keeps the same promises: on disk, and a real S3 server.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect } from 'chai'
import { type Config, readConfig } from '../../backend/core/config.ts'
import { AwayError } from '../../backend/core/files/away.ts'
import { openStorage } from '../../backend/core/files/open.ts'
import { s3Storage } from '../../backend/core/files/s3.ts'
import type { Storage } from '../../backend/core/files/storage.ts'
import { freePort } from '../support/cluster.ts'
import { type S3, startS3 } from '../support/s3.ts'

const namesIn = async (storage: Storage) => {
  const names: string[] = []
  for await (const name of storage.list()) names.push(name)
  return names.sort()
}

/** What the storage says when it cannot. */
const failure = (work: Promise<unknown>): Promise<AwayError> =>
  work.then(
    () => expect.fail('it could'),
    (error: AwayError) => {
      expect(error).to.be.instanceOf(AwayError)
      expect(error.kind).to.equal('storage-away')
      return error
    },
  )

describe('a storage of files', function () {
  this.timeout(30_000)
  let s3: S3
  let folder: string
  const configOf = (kind: 'disk' | 's3', name: string): Config =>
    readConfig({ DATA_DIR: join(folder, name), ...(kind === 's3' && s3.settings(name)) })

  before(async () => {
    folder = mkdtempSync(join(tmpdir(), 'asty-files-'))
    s3 = await startS3()
  })
  after(async () => {
    await s3?.remove()
    rmSync(folder, { recursive: true, force: true })
  })

  for (const kind of ['disk', 's3'] as const) {
    describe(`on ${kind}`, () => {
      let places = 0
      const empty = () => openStorage(configOf(kind, `${kind}-${++places}`))

      it('gives back what was put there, byte by byte, and lists it', async () => {
        const storage = empty()
        const bytes = Buffer.from(Array.from({ length: 100_000 }, (_, index) => (index * 7) % 256))
        await storage.put('one.jpg', bytes)
        await storage.put('two-2.jpg', Buffer.alloc(0))
        expect((await storage.get('one.jpg'))?.equals(bytes)).to.equal(true)
        expect((await storage.get('two-2.jpg'))?.length).to.equal(0)
        expect(await namesIn(storage)).to.deep.equal(['one.jpg', 'two-2.jpg'])
      })

      it('replaces a file whole', async () => {
        const storage = empty()
        await storage.put('one.jpg', Buffer.from('first and long'))
        await storage.put('one.jpg', Buffer.from('second'))
        expect((await storage.get('one.jpg'))?.toString()).to.equal('second')
        expect(await namesIn(storage)).to.deep.equal(['one.jpg'])
      })

      it('destroys a file, and one that is not there as well', async () => {
        const storage = empty()
        await storage.put('one.jpg', Buffer.from('one'))
        await storage.put('two.jpg', Buffer.from('two'))
        await storage.remove('one.jpg')
        await storage.remove('one.jpg')
        expect(await storage.get('one.jpg')).to.equal(undefined)
        expect(await namesIn(storage)).to.deep.equal(['two.jpg'])
      })

      it('knows nothing of a place beside or below it', async () => {
        const name = `${kind}-${++places}`
        const [storage, beside, below] = ['', 'b', '/photos'].map((end) => openStorage(configOf(kind, `${name}${end}`)))
        await beside!.put('one.jpg', Buffer.from('beside'))
        await below!.put('one.jpg', Buffer.from('below'))
        expect(await namesIn(storage!)).to.not.include('one.jpg')
        expect(await storage!.get('one.jpg')).to.equal(undefined)
        await storage!.remove('one.jpg')
        expect((await beside!.get('one.jpg'))?.toString()).to.equal('beside')
        expect((await below!.get('one.jpg'))?.toString()).to.equal('below')
      })

      it('takes no name that leads elsewhere', async () => {
        const storage = empty()
        for (const name of ['../one.jpg', 'a/one.jpg', '..', '.jpg', 'one', '', 'one.jpg?x', 'ένα.jpg', 'one.jpg\n'])
          for (const work of [storage.put(name, Buffer.from('x')), storage.get(name), storage.remove(name)])
            expect(await work.then(String, String), name).to.include('not the name of a file')
        expect(await namesIn(storage)).to.deep.equal([])
      })
    })
  }

  it('on disk says so when it cannot', async () => {
    const config = configOf('disk', 'broken')
    const storage = openStorage(config)
    writeFileSync(config.dataDir, 'a file where the folder should be')
    const [put, get, remove] = [
      storage.put('one.jpg', Buffer.from('x')),
      storage.get('one.jpg'),
      storage.remove('one.jpg'),
    ]
    await Promise.all([put, get, remove, namesIn(storage)].map(failure))
  })

  describe('on S3', () => {
    const with_ = (changes: Record<string, string>, name = 'x') =>
      openStorage(readConfig({ ...s3.settings(name), ...changes }))

    it('lists more than one answer holds', async () => {
      const settings = configOf('s3', 'many').s3!
      const storage = s3Storage(settings, 'many', { page: 3 })
      const names = Array.from({ length: 10 }, (_, index) => `${index}.jpg`)
      for (const name of names) await storage.put(name, Buffer.from(name))
      expect(await namesIn(storage)).to.deep.equal(names)
    })

    it('says which key, bucket or server is wrong, and never that a file is not there', async () => {
      const wrong: [RegExp, Record<string, string>][] = [
        [/403 SignatureDoesNotMatch/, { S3_SECRET_KEY: 'wrong' }],
        [/403 InvalidAccessKeyId/, { S3_ACCESS_KEY: 'wrong' }],
        [/404 NoSuchBucket/, { STORAGE_URL: 's3://other' }],
        [/ECONNREFUSED/, { S3_ENDPOINT: `http://127.0.0.1:${await freePort()}` }],
      ]
      for (const [says, changes] of wrong) {
        const storage = with_(changes)
        const failures = await Promise.all(
          [
            storage.put('one.jpg', Buffer.from('x')),
            storage.get('one.jpg'),
            storage.remove('one.jpg'),
            namesIn(storage),
          ].map(failure),
        )
        for (const { message } of failures) expect(message).to.match(says)
      }
    })

    describe('behind something else', () => {
      let server: Server | undefined
      /** Between us and the S3 server. */
      async function between(answer: (...parts: Parameters<Parameters<typeof createServer>[1] & object>) => void) {
        const made = createServer(answer)
        server = made
        await new Promise<void>((resolve) => made.listen(0, '127.0.0.1', resolve))
        return `http://127.0.0.1:${(made.address() as AddressInfo).port}`
      }
      afterEach(() => {
        server?.closeAllConnections()
        server?.close()
      })

      it('takes nothing for a list that is none', async () => {
        const page = await between((_request, response) => void response.end('<html><body>Console</body></html>'))
        expect((await failure(namesIn(with_({ S3_ENDPOINT: page })))).message).to.match(/not a list of S3/)
      })

      it('asks a second time when the server was busy', async () => {
        let asked = 0
        const storage = s3Storage(
          {
            ...configOf('s3', 'busy').s3!,
            endpoint: await between((incoming, response) => {
              if (++asked === 1) return void response.writeHead(503).end('<Error><Code>SlowDown</Code></Error>')
              const { host: _, ...headers } = incoming.headers
              const on = request(`${s3.endpoint}${incoming.url}`, { method: incoming.method, headers }, (answer) => {
                response.writeHead(answer.statusCode ?? 500, answer.headers)
                answer.pipe(response)
              })
              on.setHeader('Host', incoming.headers.host ?? '')
              incoming.pipe(on)
            }),
          },
          'busy',
        )
        await storage.put('one.jpg', Buffer.from('one'))
        expect(asked).to.equal(2)
        expect((await storage.get('one.jpg'))?.toString()).to.equal('one')
      })

      it('does not wait for an answer that never comes', async () => {
        const silent = await between(() => undefined)
        const storage = s3Storage({ ...configOf('s3', 'x').s3!, endpoint: silent }, 'x', { timeout_ms: 200 })
        expect((await failure(storage.get('one.jpg'))).message).to.match(/timeout/)
      })

      it('says so when the bucket only hides what it should destroy', async () => {
        const versions = await between((_request, response) =>
          response.writeHead(204, { 'x-amz-delete-marker': 'true', 'x-amz-version-id': 'abc' }).end(),
        )
        expect((await failure(with_({ S3_ENDPOINT: versions }).remove('one.jpg'))).message).to.match(/old versions/)
      })
    })
  })
})
