// What a crew's phone keeps: the tour as it was last seen, and acts until the server has them. In IndexedDB, which takes photos too.
import type { Localised } from '../../../../backend/core/contract.ts'
import type { Tour, WorkAct } from '../../../../backend/work/contract.ts'

export interface KeptTour {
  /** Account that may see it. */
  account: string
  tour: Tour
  /** RFC 3339. */
  seenAt: string
}

export interface KeptPhoto {
  file: Blob
  moment: 'before' | 'after'
  /** Once it is with the server. */
  upload?: string
}

/** An act that waits to be sent. */
export interface KeptAct {
  /** Order in which they happened; given by the database. */
  n: number
  /** Account that did it, and alone may send it. */
  account: string
  /** The same key twice is the same act. */
  key: string
  order: string
  protocol: string
  act: Omit<WorkAct, 'photos'>
  photos: KeptPhoto[]
  /** The server's answer where it will not take it, for the crew to read. */
  refused?: Localised | string
}

/** Begins the names of half-typed words in localStorage, by order. */
export const WORDS = 'asty.crew.words.'

const STORES = { tour: { keyPath: 'account' }, act: { keyPath: 'n', autoIncrement: true } }

const asked = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result)
    request.onerror = () => reject(request.error ?? new Error('IndexedDB'))
  })

let opened: Promise<IDBDatabase> | undefined
function open(): Promise<IDBDatabase> {
  const request = indexedDB.open('asty.crew', 1)
  request.onupgradeneeded = () => {
    for (const [name, options] of Object.entries(STORES)) request.result.createObjectStore(name, options)
  }
  return asked(request)
}

async function store(name: keyof typeof STORES, mode: IDBTransactionMode): Promise<IDBObjectStore> {
  return (await (opened ??= open())).transaction(name, mode).objectStore(name)
}

export async function keepTour(kept: KeptTour): Promise<void> {
  // Without what makes it an object that Vue watches.
  await asked((await store('tour', 'readwrite')).put(JSON.parse(JSON.stringify(kept))))
}

/** The tour of an account; without one, of whoever used the phone last. */
export async function keptTour(account?: string): Promise<KeptTour | undefined> {
  const all: KeptTour[] = await asked((await store('tour', 'readonly')).getAll())
  return all.find((kept) => !account || kept.account === account)
}

/** Whoever comes next to this phone reads no tour and no half-typed words. Acts stay: they are sent when who did them is back. */
export async function forgetTours(): Promise<void> {
  for (const key of Object.keys(localStorage)) if (key.startsWith(WORDS)) localStorage.removeItem(key)
  await asked((await store('tour', 'readwrite')).clear())
}

export async function keepAct(act: Omit<KeptAct, 'n'>): Promise<void> {
  await asked((await store('act', 'readwrite')).add(act))
}

export async function updateAct(act: KeptAct): Promise<void> {
  await asked((await store('act', 'readwrite')).put(act))
}

export async function dropAct({ n }: KeptAct): Promise<void> {
  await asked((await store('act', 'readwrite')).delete(n))
}

/** Acts of an account in the order in which they happened. */
export async function keptActs(account: string): Promise<KeptAct[]> {
  const all: KeptAct[] = await asked((await store('act', 'readonly')).getAll())
  return all.filter((act) => act.account === account)
}
