import { computed } from 'vue'
import { say } from '../core/i18n/index.ts'
import { layers } from '../map/catalogue.ts'

/** Kinds of places there are: codes of the field kind of layers of places, or such a layer itself. By name. */
export const kinds = computed(() => {
  const all = layers.value
    .filter(({ role }) => role === 'poi')
    .flatMap((layer) => {
      const codes = layer.fields.find(({ name }) => name === 'kind')?.codes
      return codes ? Object.entries(codes) : [[layer.slug, layer.title] as const]
    })
  return [...new Map(all)]
    .map(([slug, title]) => ({ slug, title: say(title) }))
    .sort((a, b) => a.title.localeCompare(b.title))
})
