import { ref } from 'vue'
import {
  getSession,
  signIn as signInEndpoint,
  signOut as signOutEndpoint,
  type Session,
} from '../../../backend/people/contract.ts'
import { call } from './api.ts'

export const account = ref<Session['account']>(null)

/** Asks the server who is signed in; a lost connection leaves the page as a citizen's. */
export const sessionKnown: Promise<void> = call(getSession).then(
  (session) => void (account.value = session.account),
  () => undefined,
)

export async function signIn(email: string, password: string): Promise<void> {
  account.value = (await call(signInEndpoint, { body: { email, password } })).account
}

export async function signOut(): Promise<void> {
  await call(signOutEndpoint)
  account.value = null
}

export const isStaff = () => account.value?.permissions.includes('staff.read') ?? false
