// The city and its layers, asked once; which layers are shown and how strongly.
import { computed, ref, shallowRef } from 'vue'
import { listLayers, type Layer } from '../../../backend/layers/contract.ts'
import { getCity, type City } from '../../../backend/places/contract.ts'
import { call } from '../core/api.ts'

export const city = shallowRef<City>()
export const layers = shallowRef<Layer[]>([])
export const loadError = shallowRef<Error>()
/** How a layer would look that somebody is just styling, by slug. */
export const drafts = shallowRef<ReadonlyMap<string, Pick<Layer, 'style' | 'legend'>>>(new Map())
/** The layers as the map shows them. */
export const drawn = computed(() => layers.value.map((layer) => ({ ...layer, ...drafts.value.get(layer.slug) })))

/** Shows a layer in another style until this is called with null. */
export function showDraft(slug: string, look: Pick<Layer, 'style' | 'legend'> | null): void {
  const others = [...drafts.value].filter(([each]) => each !== slug)
  drafts.value = new Map(look ? [...others, [slug, look]] : others)
}

/** The day that map, search and answers are about, YYYY-MM-DD; empty: today, whatever day that is. */
export const asked = ref('')
/** The day as endpoints take it. */
export const onDay = () => ({ at: asked.value || undefined })

/** Opacity 0..1 of the layers that are switched on. */
export const shown = ref(new Map<string, number>())

export async function loadCatalogue(): Promise<void> {
  try {
    ;[city.value, layers.value] = await Promise.all([call(getCity), call(listLayers, { query: onDay() })])
    loadError.value = undefined
    if (city.value.hue !== null) document.documentElement.style.setProperty('--hue', String(city.value.hue))
  } catch (error) {
    loadError.value = error as Error
  }
}

/** Which layers, and how strongly, as addresses say it: "a,b:60", or "none". */
export function readShown(text: string): Map<string, number> {
  const parts = text.split(',').filter((part) => part !== 'none')
  return new Map(
    parts.map((part): [string, number] => {
      const [slug = '', percent] = part.split(':')
      return [slug, percent ? Number(percent) / 100 : 1]
    }),
  )
}
export const writeShown = (on: ReadonlyMap<string, number>): string =>
  [...on].map(([slug, opacity]) => (opacity === 1 ? slug : `${slug}:${Math.round(opacity * 100)}`)).join(',') || 'none'

/** Switches on what the address names, else what the catalogue starts with. */
export function startShown(query: unknown): void {
  const start = layers.value.filter((layer) => layer.is_on_at_start && layer.theme !== 'basemap')
  shown.value = typeof query === 'string' ? readShown(query) : new Map(start.map(({ slug }) => [slug, 1]))
}

/** Map and layers as they are on another day. */
export async function askDay(day: string): Promise<void> {
  const then = await call(listLayers, { query: { at: day || undefined } })
  // Together, and only when it is known: map and answers must not be of two days.
  asked.value = day
  layers.value = then
}

export function toggle(slug: string): void {
  if (!shown.value.delete(slug)) shown.value.set(slug, 1)
}
