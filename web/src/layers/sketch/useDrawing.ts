// A sketch in the making: what is on it, which item is chosen, and every step back.
import { computed, ref, shallowRef } from 'vue'
import type { LonLat } from '../../map/useMap.ts'
import { type Colour, isWhole, type Item, type Kind, LEAST } from './items.ts'
import { rounded } from './link.ts'

interface State {
  items: readonly Item[]
  chosen: number | null
  /** Taps give the chosen item another corner. */
  isOpen: boolean
}

const NOTHING: State = { items: [], chosen: null, isOpen: false }

export function useDrawing() {
  const state = shallowRef(NOTHING)
  const past = shallowRef<State[]>([])
  const tool = ref<Kind | 'choose'>('choose')
  const corner = ref<number | null>(null)
  const items = computed(() => state.value.items)
  const chosen = computed(() => state.value.chosen)
  const item = computed(() => items.value[chosen.value ?? -1])
  /** Of the next item: as the one before. */
  let colour: Colour = 'blue'
  /** What the newest step was about: one word, or one drag, is one step. */
  let about = ''

  function step(next: Partial<State>, what = ''): void {
    if (!what || what !== about) past.value = [...past.value, state.value]
    about = what
    state.value = { ...state.value, ...next }
  }
  /** What is no step: nothing has changed on the sketch but an item that was begun and left. */
  function choose(index: number | null): void {
    const left = state.value.items.filter((each, n) => n === index || isWhole(each))
    const again = index === null ? null : left.indexOf(items.value[index]!)
    state.value = { items: left, chosen: again, isOpen: false }
    corner.value = null
    about = ''
  }
  function begin(start: readonly Item[] = []): void {
    state.value = { ...NOTHING, items: start }
    past.value = []
    about = ''
  }
  const put = (changed: Partial<Item>, what = '') =>
    item.value && step({ items: items.value.with(chosen.value!, { ...item.value, ...changed }) }, what)

  function add(at: LonLat): void {
    if (tool.value === 'choose') return
    corner.value = null
    if (item.value && state.value.isOpen) return void put({ corners: [...item.value.corners, rounded(at)] })
    step({
      items: [...items.value, { kind: tool.value, colour, label: '', corners: [rounded(at)] }],
      chosen: items.value.length,
      isOpen: tool.value !== 'point',
    })
  }
  return {
    items,
    chosen,
    item,
    tool,
    corner,
    isOpen: computed(() => state.value.isOpen),
    canUndo: computed(() => past.value.length > 0),
    begin,
    choose,
    add,
    take: (kind: Kind | 'choose') => {
      choose(null)
      tool.value = kind
    },
    /** The chosen item is done; with the same tool the next can follow. */
    finish: () => item.value && isWhole(item.value) && choose(chosen.value),
    label: (label: string) => put({ label }, `label ${chosen.value}`),
    paint: (to: Colour) => {
      colour = to
      put({ colour: to })
    },
    /** The same `drag` is one step. */
    move: (index: number, to: LonLat, drag = '') =>
      item.value && put({ corners: item.value.corners.with(index, rounded(to)) }, drag),
    shift: ([lon, lat]: LonLat) =>
      item.value && put({ corners: item.value.corners.map(([x, y]) => rounded([x + lon, y + lat])) }),
    /** Without enough corners there is no item. */
    removeCorner: (index: number) => {
      if (!item.value) return
      if (item.value.corners.length <= LEAST[item.value.kind]) return remove()
      put({ corners: item.value.corners.toSpliced(index, 1) })
      corner.value = null
    },
    remove,
    more: (others: readonly Item[]) =>
      step({ items: [...items.value.filter(isWhole), ...others], chosen: null, isOpen: false }),
    undo: () => {
      state.value = past.value.at(-1) ?? state.value
      past.value = past.value.slice(0, -1)
      corner.value = null
      about = ''
      if (state.value.isOpen && item.value) tool.value = item.value.kind
    },
  }
  function remove(): void {
    corner.value = null
    if (chosen.value !== null) step({ items: items.value.toSpliced(chosen.value, 1), chosen: null, isOpen: false })
  }
}
export type Drawing = ReturnType<typeof useDrawing>
