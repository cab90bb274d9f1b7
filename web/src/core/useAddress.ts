import { onUnmounted, watch } from 'vue'
import { onBeforeRouteLeave, useRoute, useRouter } from 'vue-router'

interface Told {
  query?: Record<string, string | undefined>
  /** Undefined: as it is. */
  hash?: string
}

/** Safari takes no more than a hundred changes of an address in half a minute, and a drag is many. */
const CALM_MS = 300

/** Writes into the address what a page shows, when it has come to rest. */
export function useAddress(tell: () => Told): void {
  const route = useRoute()
  const router = useRouter()
  let timer: number | undefined
  const stop = () => clearTimeout(timer)
  watch(
    tell,
    ({ query, hash }) => {
      stop()
      timer = window.setTimeout(
        () => void router.replace({ query: { ...route.query, ...query }, hash: hash ?? route.hash }),
        CALM_MS,
      )
    },
    { immediate: true },
  )
  // Writing now would end the way to the next page.
  onBeforeRouteLeave(stop)
  onUnmounted(stop)
}
