/** Encoded tiles in memory, the least recently used go first; several requests for one tile wait for one encoding. */
export class TileCache {
  readonly #tiles = new Map<string, Promise<Buffer>>()
  readonly #limit: number
  #bytes = 0

  constructor(limitBytes: number) {
    this.#limit = limitBytes
  }

  /** The tile under this key, made once. A tile that could not be made is not kept. */
  async get(key: string, make: () => Promise<Buffer>): Promise<Buffer> {
    const known = this.#tiles.get(key)
    if (known) {
      this.#tiles.delete(key)
      this.#tiles.set(key, known)
      return known
    }
    const made = make()
    this.#tiles.set(key, made)
    try {
      this.#bytes += (await made).length
    } catch (error) {
      this.#tiles.delete(key)
      throw error
    }
    await this.#shrink()
    return made
  }

  async #shrink(): Promise<void> {
    for (const [key, tile] of this.#tiles) {
      if (this.#bytes <= this.#limit) return
      this.#tiles.delete(key)
      this.#bytes -= (await tile).length
    }
  }
}
