// Which letters the bytes of a file mean.
import { open } from 'node:fs/promises'

/** What old Greek programs write. */
const GREEK = 'windows-1253'
const PEEK_BYTES = 1 << 20

/** The encoding of a text file: what its first bytes say, UTF-8 if they can be read so, else that of Greek Windows. */
export async function encodingOf(file: string): Promise<string> {
  const handle = await open(file)
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(PEEK_BYTES), 0, PEEK_BYTES, 0)
    return encodingOfBytes(buffer.subarray(0, bytesRead))
  } finally {
    await handle.close()
  }
}

/** The same of bytes at hand; a letter that is cut off at the end does not count. */
export function encodingOfBytes(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return 'utf-16le'
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be'
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes, { stream: true })
    return 'utf-8'
  } catch {
    return GREEK
  }
}

/** The name under which a decoder is known; null for none. */
export function knownEncoding(name: string): string | null {
  try {
    return new TextDecoder(
      name
        .trim()
        .replace(/^cp(125\d)$/i, 'windows-$1')
        .replace(/^(125\d)$/, 'windows-$1'),
    ).encoding
  } catch {
    return null
  }
}
