/** What an entry costs beside its tile; without it empty tiles would be free and without end. */
const ENTRY_BYTES = 300

/** Encoded tiles in memory, the least recently used go first; several requests for one tile wait for one encoding. */
export class TileCache {
  readonly #tiles = new Map<string, Buffer>()
  readonly #making = new Map<string, Promise<Buffer>>()
  readonly #limit: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes
  }

  /** The tile under this key, made once. A tile that could not be made is not kept. */
  async get(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#tiles.get(key)
    if (known) {
      this.#tiles.delete(key)
      this.#tiles.set(key, known)
      return known
    }
    return this.#making.get(key) ?? this.#make(key, make)
  }

  #make(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const making = make()
      .then((tile) => {
        this.#keep(key, tile)
        return tile
      })
      .finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }

  #keep(key: string, tile: Buffer): void {
    this.#tiles.set(key, tile)
    this.#bytes += tile.length + ENTRY_BYTES
    for (const [oldest, { length }] of this.#tiles) {
      if (this.#bytes <= this.#limit) return
      this.#tiles.delete(oldest)
      this.#bytes -= length + ENTRY_BYTES
    }
  }
}
