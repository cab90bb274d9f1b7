// The tour of a crew on its phone: from the server or as it was last seen, with what was done since and not yet sent.
import { computed, onBeforeUnmount, ref, shallowRef } from 'vue'
import { getTour, type Tour, type WorkAct, type WorkStatus, type WorkStop } from '../../../../backend/work/contract.ts'
import { call, Problem } from '../../core/api.ts'
import { newKey } from '../../core/key.ts'
import { account, isUnanswered, refreshSession } from '../../core/session.ts'
import { sendActs } from './queue.ts'
import { dropAct, forgetTours, keepAct, type KeptAct, keptActs, type KeptPhoto, keepTour, keptTour } from './store.ts'

/** What an act makes of an order until the server has said so. */
const MEANT: Record<WorkAct['act'], WorkStatus | null> = {
  arrive: 'under_way',
  done: 'done',
  not_possible: 'not_possible',
  note: null,
}
const FINISHED: readonly WorkStatus[] = ['done', 'not_possible', 'cancelled']
const TRY_AGAIN_MS = 20_000

export interface CrewStop extends WorkStop {
  /** Photos that still wait on the phone. */
  waitingPhotos: KeptPhoto[]
  isWaiting: boolean
  isFinished: boolean
}

export function useTour(crew: () => string | undefined) {
  const tour = shallowRef<Tour>()
  const acts = shallowRef<KeptAct[]>([])
  const owner = ref<string>()
  const seenAt = ref('')
  const state = ref<'loading' | 'online' | 'offline' | 'sign-in'>('loading')
  const error = ref('')

  const waiting = computed(() => acts.value.filter((act) => !act.refused))
  const refused = computed(() => acts.value.filter((act) => act.refused))
  const stops = computed<CrewStop[]>(() =>
    (tour.value?.stops ?? []).map((stop) => {
      const own = waiting.value.filter(({ order }) => order === stop.id)
      const status = own.reduce((now, { act }) => meantBy(now, act.act), stop.properties.status)
      return {
        ...stop,
        properties: { ...stop.properties, status },
        waitingPhotos: own.flatMap(({ photos }) => photos),
        isWaiting: own.length > 0,
        isFinished: FINISHED.includes(status),
      }
    }),
  )

  const readActs = async () => (acts.value = owner.value ? await keptActs(owner.value) : [])

  async function load(): Promise<void> {
    error.value = ''
    try {
      if (!account.value) await refreshSession()
      if (!account.value) return await signedOut()
      owner.value = account.value.id
      const fresh = await call(getTour, { query: { crew: crew() } })
      tour.value = fresh
      seenAt.value = new Date().toISOString()
      state.value = 'online'
      await keepTour({ account: owner.value, tour: fresh, seenAt: seenAt.value })
    } catch (failure) {
      if (!isOffline(failure)) error.value = (failure as Error).message
      await asLastSeen()
    }
    await readActs()
  }

  async function signedOut(): Promise<void> {
    state.value = 'sign-in'
    tour.value = undefined
    await forgetTours()
  }

  /** Without an answer nobody knows who is signed in: then it is who used the phone last. */
  async function asLastSeen(): Promise<void> {
    state.value = 'offline'
    const kept = await keptTour(account.value?.id)
    if (!kept) return
    owner.value = kept.account
    tour.value = kept.tour
    seenAt.value = kept.seenAt
  }

  let isSending = false
  /** Sends what waits, then asks for the tour as it is now. */
  async function sync(): Promise<void> {
    if (isSending) return
    isSending = true
    try {
      if (!account.value || isUnanswered.value) await refreshSession()
      if (!account.value) return await signedOut()
      if (account.value.id !== owner.value) return await load()
      const sent = await sendActs(account.value.id)
      if (sent === 'sign-in') state.value = 'sign-in'
      else if (sent === 'later') state.value = 'offline'
      else await load()
    } catch (failure) {
      if (isOffline(failure)) state.value = 'offline'
      else error.value = (failure as Error).message
    } finally {
      isSending = false
      await readActs()
    }
  }

  /** Keeps an act with its time and tries to send it. */
  async function act(stop: WorkStop, what: Omit<WorkAct, 'at' | 'photos'>, photos: KeptPhoto[] = []): Promise<void> {
    if (!owner.value) return
    const at = new Date().toISOString()
    const { id, properties } = stop
    await keepAct({
      ...{
        account: owner.value,
        key: newKey(),
        order: id,
        protocol: properties.protocol,
        act: { ...what, at },
        photos,
      },
    })
    await readActs()
    void sync()
  }

  async function dismiss(kept: KeptAct): Promise<void> {
    await dropAct(kept)
    await readActs()
  }

  const again = () => void sync()
  const timer = setInterval(() => (state.value === 'offline' || waiting.value.length > 0) && again(), TRY_AGAIN_MS)
  const lost = () => (state.value = 'offline')
  addEventListener('online', again)
  addEventListener('offline', lost)
  onBeforeUnmount(() => {
    clearInterval(timer)
    removeEventListener('online', again)
    removeEventListener('offline', lost)
  })
  return { tour, stops, waiting, refused, seenAt, state, error, load, sync, act, dismiss }
}

const meantBy = (now: WorkStatus, act: WorkAct['act']): WorkStatus =>
  FINISHED.includes(now) ? now : (MEANT[act] ?? now)

const isOffline = (failure: unknown) =>
  failure instanceof Problem && (failure.body.status === 0 || failure.body.status >= 500)
