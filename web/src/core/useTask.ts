import { ref, type Ref } from 'vue'
import { confirmed } from './confirm.ts'

/** Work that a button starts: its failure as a sentence, and a fresh proof of who it is where the server wants one. */
export function useTask(): { error: Ref<string>; run: (work: () => Promise<unknown>) => Promise<void> } {
  const error = ref('')
  async function run(work: () => Promise<unknown>): Promise<void> {
    error.value = ''
    try {
      await confirmed(work)
    } catch (failure) {
      error.value = (failure as Error).message
    }
  }
  return { error, run }
}
