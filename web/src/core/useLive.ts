import { onBeforeUnmount } from 'vue'

type Topic = 'report' | 'work'
interface Notice {
  type: 'report.created' | 'report.changed' | 'report.presence' | 'work.created' | 'work.changed'
  id: string
}

// One connection for the whole page: browsers open only six to a server.
let source: EventSource | undefined
let listeners = 0

/** Hears of reports or work orders that are new or changed; the browser reconnects by itself. */
export function useLive(topic: Topic, hear: (notice: Notice) => void): void {
  source ??= new EventSource('/api/events')
  const own = source
  const listen = (event: MessageEvent<string>) => hear(JSON.parse(event.data) as Notice)
  own.addEventListener(topic, listen)
  listeners++
  onBeforeUnmount(() => {
    own.removeEventListener(topic, listen)
    if (--listeners > 0) return
    own.close()
    source = undefined
  })
}
