// Who else has a report open: said every 20 seconds, heard at once over the stream of events.
import { onBeforeUnmount, onMounted, ref } from 'vue'
import { sayGone, sayHere } from '../../../../backend/reports/presence/contract.ts'
import { call } from '../../core/api.ts'
import { sessionKnown } from '../../core/session.ts'
import { useLive } from '../../core/useLive.ts'

const EVERY_MS = 20_000

export function usePresence(id: string) {
  /** Names. */
  const others = ref<string[]>([])
  let timer: number | undefined
  let isOpen = true
  /** Not being able to say so is no reason to stop anybody's work. */
  async function say(): Promise<void> {
    const answer = await call(sayHere, { params: { id } }).catch(() => undefined)
    if (answer && isOpen) others.value = answer.others
  }
  onMounted(() => {
    void sessionKnown.then(say)
    timer = window.setInterval(say, EVERY_MS)
  })
  useLive('report', (notice) => notice.type === 'report.presence' && notice.id === id && void say())
  onBeforeUnmount(() => {
    isOpen = false
    clearInterval(timer)
    void call(sayGone, { params: { id } }).catch(() => undefined)
  })
  return { others }
}
