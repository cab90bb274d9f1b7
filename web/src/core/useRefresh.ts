import { onBeforeUnmount, onMounted } from 'vue'

/** As long as somebody looks at a page and nothing happens on it. */
const EVERY_MS = 60_000

/** Asks again while the page is looked at: once a minute, and when somebody comes back to it. What fails is asked the next time. */
export function useRefresh(ask: () => Promise<unknown>): void {
  let timer: ReturnType<typeof setInterval>
  const askAgain = () => void (document.hidden || ask().catch(() => undefined))
  onMounted(() => {
    timer = setInterval(askAgain, EVERY_MS)
    document.addEventListener('visibilitychange', askAgain)
  })
  onBeforeUnmount(() => {
    clearInterval(timer)
    document.removeEventListener('visibilitychange', askAgain)
  })
}
