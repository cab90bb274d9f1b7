// One feature that an officer changes: what it was, what it is by now, undo and redo, and a draft in the browser until it is saved.
import { computed, ref, shallowRef, watch } from 'vue'
import type { EditableFeature } from '../../../../backend/layers/editing/contract.ts'
import { type Kind, type Parts, toGeometry, toParts } from '../../map/shape.ts'

type Values = Record<string, unknown>

interface State {
  properties: Values
  parts: Parts
}

interface Work extends State {
  /** Null: it is new. */
  id: string | null
  version: string | null
  was: State
}

const STORE = 'asty.edit.'

/** Forgets every draft: who comes next to this browser reads nothing of it. */
export function forgetEdits(): void {
  for (const key of Object.keys(localStorage)) if (key.startsWith(STORE)) localStorage.removeItem(key)
}

const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)

export function useEditor(slug: string, kind: Kind) {
  const key = STORE + slug
  const work = shallowRef<Work | null>(stored(key))
  const past = ref<State[]>([])
  const future = ref<State[]>([])
  // Corners by the thousand: only as a whole, not one by one, does Vue look at them.
  watch(work, (now) => (now ? localStorage.setItem(key, JSON.stringify(now)) : localStorage.removeItem(key)))

  const begin = (next: Work | null) => {
    work.value = next
    past.value = []
    future.value = []
  }
  const set = (state: Partial<State>) => work.value && (work.value = { ...work.value, ...state })
  const here = (): State => ({ properties: work.value!.properties, parts: work.value!.parts })

  /** Puts down what it was, so that it can be undone. */
  function change(state: Partial<State>, before = here()): void {
    past.value = [...past.value, before]
    future.value = []
    set(state)
  }
  function step(from: typeof past, to: typeof past): void {
    const state = from.value.at(-1)
    if (!state) return
    from.value = from.value.slice(0, -1)
    to.value = [...to.value, here()]
    set(state)
  }

  return {
    work,
    canUndo: computed(() => past.value.length > 0),
    canRedo: computed(() => future.value.length > 0),
    isChanged: computed(() => {
      const now = work.value
      return now !== null && (now.id === null || !same(now.properties, now.was.properties) || !same(now.parts, now.was.parts))
    }), // prettier-ignore
    open: ({ id, version, properties, geometry }: EditableFeature) => {
      const was = { properties, parts: toParts(geometry) }
      begin({ id, version, ...was, was })
    },
    create: () => begin({ id: null, version: null, properties: {}, parts: [], was: { properties: {}, parts: [] } }),
    close: () => begin(null),
    /** The same work against another version; null: against none, the feature is gone. */
    rebase: (theirs: EditableFeature | null) =>
      work.value && (work.value = theirs ? { ...work.value, version: theirs.version } : { ...work.value, id: null, version: null }), // prettier-ignore
    change,
    /** While something is being dragged: shown, and not yet put down. */
    preview: (parts: Parts) => set({ parts }),
    here,
    undo: () => step(past, future),
    redo: () => step(future, past),
    /** What is to be sent: of a feature that is there, only what has changed. */
    body: () => {
      const { id, properties, parts, was } = work.value!
      const isNew = id === null
      const changed = Object.entries(properties).filter(([name, value]) => isNew || !same(value, was.properties[name]))
      return {
        type: 'Feature' as const,
        properties: Object.fromEntries(changed),
        ...((isNew || !same(parts, was.parts)) && { geometry: toGeometry(kind, parts) }),
      }
    },
  }
}
export type Editor = ReturnType<typeof useEditor>

function stored(key: string): Work | null {
  try {
    return JSON.parse(localStorage.getItem(key) ?? 'null') as Work | null
  } catch {
    return null
  }
}
