// Dangerous acts want a fresh proof of who it is: the act waits for the dialog and is then done again.
import { ref } from 'vue'
import { Problem } from './api.ts'

/** The question that waits for an answer; ConfirmDialog shows it. */
export const question = ref<{ answer: (isConfirmed: boolean) => void }>()

/** Does the work; where the server asks for a fresh proof, asks the person and does it once more. */
export async function confirmed<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (failure) {
    if (!(failure instanceof Problem) || !failure.body.type.endsWith(':confirm-needed')) throw failure
    const isConfirmed = await new Promise<boolean>((answer) => (question.value = { answer }))
    question.value = undefined
    if (!isConfirmed) throw failure
    return work()
  }
}
