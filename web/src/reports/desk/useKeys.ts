// Single keys for who goes through many reports. They rest while somebody types, and can be switched off (WCAG 2.1.4).
import { onBeforeUnmount, onMounted, ref, watch } from 'vue'

const STORE = 'asty.desk.keys'
export const areKeysOn = ref(localStorage.getItem(STORE) !== 'off')
watch(areKeysOn, (on) => localStorage.setItem(STORE, on ? 'on' : 'off'))

const isTyping = (target: EventTarget | null) =>
  target instanceof HTMLElement && target.closest('input:not([type=checkbox]), textarea, select, [contenteditable]')

/** Each key does what is said for it; others are left alone. */
export function useKeys(acts: Record<string, (event: KeyboardEvent) => void>): void {
  function hear(event: KeyboardEvent): void {
    if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector('dialog[open]')) return
    if (isTyping(event.target)) {
      // The way out of a field, to the other keys.
      if (event.key === 'Escape') (event.target as HTMLElement).blur()
      return
    }
    const act = acts[event.key]
    if (!act || !areKeysOn.value) return
    event.preventDefault()
    act(event)
  }
  onMounted(() => document.addEventListener('keydown', hear))
  onBeforeUnmount(() => document.removeEventListener('keydown', hear))
}

/** Goes to the last thing on the page that is marked for a key; a button there is pressed. */
export function goTo(name: string): void {
  const marked = [...document.querySelectorAll<HTMLElement>(`[data-key="${name}"]`)]
  const target = marked.findLast((each) => each.checkVisibility())
  target?.focus()
  if (target instanceof HTMLButtonElement) target.click()
}
