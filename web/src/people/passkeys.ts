// Passkeys in the browser; the library comes only when one is made or used.
import { addPasskey, passkeyOptions, signInOptions, signInWithPasskey } from '../../../backend/people/contract.ts'
import { call } from '../core/api.ts'
import { enter } from '../core/session.ts'

/** Makes a passkey on this device. */
export async function makePasskey(): Promise<void> {
  const { startRegistration } = await import('@simplewebauthn/browser')
  const optionsJSON = await call(passkeyOptions)
  await call(addPasskey, { body: (await startRegistration({ optionsJSON: optionsJSON as never })) as never })
}

/** Signs in with a passkey of this site that the device has. */
export async function usePasskey(): Promise<void> {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const optionsJSON = await call(signInOptions)
  const answer = await startAuthentication({ optionsJSON: optionsJSON as never })
  enter(await call(signInWithPasskey, { body: answer as never }))
}
