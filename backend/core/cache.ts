/** What an entry costs beside its content; without it empty ones would be free and without end. */
const ENTRY_BYTES = 300
/** One entry may take so much of the whole: a huge one would push out all that others ask for. */
const LARGEST_SHARE = 1 / 8

/** Content in memory, the least recently used goes first; several requests for one thing wait for one making of it. */
export class Cache<T> {
  readonly #entries = new Map<string, T>()
  readonly #making = new Map<string, Promise<T>>()
  readonly #limit: number
  readonly #sizeOf: (entry: T) => number
  #bytes = 0

  /** `sizeOf`: bytes of an entry. */
  constructor(limitBytes: number, sizeOf: (entry: T) => number) {
    this.#limit = limitBytes
    this.#sizeOf = (entry) => sizeOf(entry) + ENTRY_BYTES
  }

  /** Bytes held now. */
  get bytes(): number {
    return this.#bytes
  }

  /** The entry under this key, made once. One that could not be made is not kept. */
  async get(key: string, make: () => Promise<T>): Promise<T> {
    const known = this.#entries.get(key)
    if (known !== undefined) {
      this.#entries.delete(key)
      this.#entries.set(key, known)
      return known
    }
    return this.#making.get(key) ?? this.#make(key, make)
  }

  #make(key: string, make: () => Promise<T>): Promise<T> {
    const making = make()
      .then((entry) => {
        this.#keep(key, entry)
        return entry
      })
      .finally(() => this.#making.delete(key))
    this.#making.set(key, making)
    return making
  }

  #keep(key: string, entry: T): void {
    const size = this.#sizeOf(entry)
    if (size > this.#limit * LARGEST_SHARE) return
    this.#entries.set(key, entry)
    this.#bytes += size
    for (const [oldest, old] of this.#entries) {
      if (this.#bytes <= this.#limit) return
      this.#entries.delete(oldest)
      this.#bytes -= this.#sizeOf(old)
    }
  }
}
