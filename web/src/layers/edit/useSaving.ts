// Sends the work to the server; where somebody else was faster, both versions stay and the officer decides.
import { ref } from 'vue'
import { type EditableFeature, getFeature } from '../../../../backend/layers/editing/contract.ts'
import { type FeatureChange, listHistory } from '../../../../backend/layers/history/contract.ts'
import { createItem, deleteItem, updateItem } from '../../../../backend/opendata/ogc/contract.ts'
import { call, Problem } from '../../core/api.ts'
import { useTask } from '../../core/useTask.ts'
import { loadCatalogue } from '../../map/catalogue.ts'
import type { Editor } from './editor.ts'
import type { Position } from '../../map/shape.ts'

export interface Conflict {
  /** As it is by now; null: somebody has deleted it. */
  theirs: EditableFeature | null
  /** What was done to it since, the newest first. */
  changes: FeatureChange[]
}

const kindOf = (failure: unknown) => (failure instanceof Problem ? failure.body.type.split(':').at(-1) : undefined)

export function useSaving(slug: string, editor: Editor, saved: (id: string | null) => Promise<void>) {
  const { error, run } = useTask()
  const conflict = ref<Conflict | null>(null)
  const fault = ref<Position | null>(null)
  const isBusy = ref(false)

  async function meet(id: string): Promise<void> {
    const [theirs, history] = await Promise.all([
      call(getFeature, { params: { layer: slug, id } }).catch(() => null),
      call(listHistory, { params: { layer: slug }, query: { feature: id, limit: 5 } }),
    ])
    conflict.value = { theirs, changes: history.entries }
  }

  const attempt = (work: (id: string | null, headers: Record<string, string>) => Promise<string | null>) =>
    run(async () => {
      const { id, version } = editor.work.value!
      conflict.value = null
      fault.value = null
      isBusy.value = true
      try {
        const written = await work(id, { 'If-Match': `"${version}-"` })
        editor.close()
        await Promise.all([saved(written), loadCatalogue()])
      } catch (failure) {
        const kind = kindOf(failure)
        if (id !== null && (kind === 'changed-meanwhile' || kind === 'not-found')) return await meet(id)
        const at = (failure instanceof Problem && failure.body['at']) as { coordinates: Position } | undefined
        fault.value = at?.coordinates ?? null
        throw failure
      } finally {
        isBusy.value = false
      }
    })

  const save = () =>
    attempt(async (id, headers) => {
      const body = editor.body()
      if (id === null) return (await call(createItem, { params: { collection: slug }, body })).id
      await call(updateItem, { params: { collection: slug, id }, headers, body })
      return id
    })
  const remove = () =>
    attempt(async (id, headers) => {
      if (id !== null) await call(deleteItem, { params: { collection: slug, id }, headers })
      return null
    })
  /** Their version, and mine is gone. */
  function takeTheirs(): void {
    const theirs = conflict.value?.theirs
    conflict.value = null
    if (theirs) editor.open(theirs)
    else editor.close()
  }
  /** What I have changed over theirs; what only they have changed stays. */
  async function writeMine(): Promise<void> {
    editor.rebase(conflict.value?.theirs ?? null)
    await save()
  }
  return { error, conflict, fault, isBusy, save, remove, takeTheirs, writeMine }
}
