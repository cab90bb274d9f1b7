// The style of a layer while somebody works on it: what is stored, classes from the database, and a look at the map after every change.
import { onUnmounted, reactive, ref, watch } from 'vue'
import type { Layer } from '../../../../backend/layers/contract.ts'
import { getRecipe, previewStyle, proposeClasses, saveStyle } from '../../../../backend/layers/styling/contract.ts'
import { call } from '../../core/api.ts'
import { loadCatalogue, showDraft, shown } from '../../map/catalogue.ts'
import { fieldsFor, fitSize, formOf, keepWords, type Palettes, recipeOf } from './recipe.ts'

/** Typing and sliding are one change. */
const CALM_MS = 150

export function useStyling(layer: Layer) {
  const { slug } = layer
  const params = { layer: slug }
  const form = reactive(formOf(layer, null))
  const palettes = ref<Palettes>([])
  const error = ref('')
  const isSaved = ref(false)
  /** The style says more than this page could have made: saving takes its place. */
  const isForeign = ref(false)
  const legend = ref<Layer['legend']>(layer.legend)
  const rest = ref(0)
  const without = ref(0)
  let isLoaded = false

  async function attempt(work: () => Promise<unknown>): Promise<void> {
    error.value = ''
    try {
      await work()
    } catch (failure) {
      error.value = (failure as Error).message
    }
  }

  const load = () =>
    attempt(async () => {
      const stored = await call(getRecipe, { params })
      palettes.value = stored.palettes
      isForeign.value = stored.recipe === null && layer.legend.length > 1
      Object.assign(form, formOf(layer, stored.recipe))
      showDraft(slug, null)
      isLoaded = true
    })

  let question = 0
  /** Classes anew, after a choice that they depend on; the newest question wins. */
  const renew = () =>
    attempt(async () => {
      const { kind, palette, method, count } = form
      const fields = fieldsFor(layer, kind)
      if (kind !== 'single' && !fields.some(({ name }) => name === form.field)) form.field = fields[0]?.name ?? ''
      const isOrdered = palettes.value.find(({ name }) => name === palette)?.is_ordered
      if (kind === 'graduated' && !isOrdered) form.palette = 'viridis'
      if (kind === 'categorised' && isOrdered) form.palette = 'okabe_ito'
      fitSize(form, layer)
      if (kind === 'single' || !form.field) return
      const asked = kind === 'categorised' ? kind : 'graduated'
      const mine = ++question
      const found = await call(proposeClasses, { params, query: { kind: asked, field: form.field, palette: form.palette, method, count } }) // prettier-ignore
      if (mine !== question) return
      form.max = found.max && found.max > 0 ? found.max : 1
      if (kind === 'proportional') return
      form.classes = keepWords(found.classes, form.classes)
      rest.value = found.rest
      without.value = found.without
    })

  let calm: number | undefined
  watch(form, () => {
    if (!isLoaded) return
    isSaved.value = false
    clearTimeout(calm)
    calm = window.setTimeout(() => void look(), CALM_MS)
  })

  let asked = 0
  const look = () =>
    attempt(async () => {
      const recipe = recipeOf(form)
      if (!recipe) return
      const mine = ++asked
      const seen = await call(previewStyle, { params, body: recipe })
      if (mine !== asked) return
      legend.value = seen.legend
      showDraft(slug, seen)
    })

  const save = () =>
    attempt(async () => {
      const recipe = recipeOf(form)
      if (!recipe) return
      await call(saveStyle, { params, body: recipe })
      asked++
      await loadCatalogue()
      showDraft(slug, null)
      isForeign.value = false
      isSaved.value = true
    })

  // Also when the portal has only just opened and decides what it starts with.
  watch(
    () => shown.value,
    (now) => now.has(slug) || now.set(slug, 1),
    { immediate: true },
  )
  void load()
  onUnmounted(() => {
    clearTimeout(calm)
    asked++
    showDraft(slug, null)
  })
  return { form, palettes, error, isSaved, isForeign, legend, rest, without, renew, save, load }
}
