import { onBeforeUnmount } from 'vue'

interface Notice {
  type: 'report.created' | 'report.changed'
  id: string
}

/** Hears of reports that are new or changed; the browser reconnects by itself. */
export function useLive(hear: (notice: Notice) => void): void {
  const source = new EventSource('/api/events')
  source.addEventListener('report', (event) => hear(JSON.parse(event.data) as Notice))
  onBeforeUnmount(() => source.close())
}
