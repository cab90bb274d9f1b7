import { ref, type Ref } from 'vue'

interface Request<T> {
  data: Ref<T | undefined>
  error: Ref<Error | undefined>
  isLoading: Ref<boolean>
  run: () => Promise<void>
}

/** Data from the server with its states; the newest question wins. */
export function useRequest<T>(ask: (signal: AbortSignal) => Promise<T>): Request<T> {
  const data = ref<T>() as Ref<T | undefined>
  const error = ref<Error>()
  const isLoading = ref(false)
  let running: AbortController | undefined
  async function run(): Promise<void> {
    running?.abort()
    const mine = (running = new AbortController())
    isLoading.value = true
    error.value = undefined
    try {
      const answer = await ask(mine.signal)
      if (running === mine) data.value = answer
    } catch (failure) {
      if (running === mine) error.value = failure as Error
    } finally {
      if (running === mine) isLoading.value = false
    }
  }
  return { data, error, isLoading, run }
}
