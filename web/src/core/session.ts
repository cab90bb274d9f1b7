import { computed, ref } from 'vue'
import { type Assurance, assurances, type Permission } from '../../../backend/core/contract.ts'
import {
  getSession,
  proveSecondFactor,
  signIn as signInEndpoint,
  signOut as signOutEndpoint,
  type Session,
} from '../../../backend/people/contract.ts'
import { call, csrf } from './api.ts'

const NOBODY: Session = { account: null, needs: null, assurance: 'anonymous', csrf: null }
const session = ref<Session>(NOBODY)
export const account = computed(() => session.value.account)
export const assurance = computed(() => session.value.assurance)
/** What is still to be proven or set up before this session may do what the account may. */
export const needs = computed(() => session.value.needs)

/** Takes over what the server says about the session. */
export function enter(answer: Session): void {
  session.value = answer
  csrf.token = answer.csrf
}

/** True while the server could not say who is signed in. */
export const isUnanswered = ref(false)

export async function refreshSession(): Promise<void> {
  isUnanswered.value = true
  enter(await call(getSession))
  isUnanswered.value = false
}

/** Asks the server who is signed in; a lost connection leaves the page as a citizen's. */
export const sessionKnown: Promise<void> = refreshSession().catch(() => undefined)

export const signIn = async (email: string, password: string): Promise<void> =>
  enter(await call(signInEndpoint, { body: { email, password } }))

export const sendCode = async (code: string): Promise<void> => enter(await call(proveSecondFactor, { body: { code } }))

export async function signOut(): Promise<void> {
  await call(signOutEndpoint)
  enter(NOBODY)
}

export const may = (permission: Permission): boolean => account.value?.permissions.includes(permission) ?? false
/** Whether a service that wants this knows enough about who asks; staff act for others. */
export const isProven = (wanted: Assurance): boolean =>
  isStaff() || assurances.indexOf(assurance.value) >= assurances.indexOf(wanted)
export const isStaff = () => may('report.read')
