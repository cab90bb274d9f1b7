import { computed } from 'vue'
import { createI18n } from 'vue-i18n'
import type { Language, Localised } from '../../../../backend/core/contract.ts'
import el from './el.json'
import en from './en.json'

const KEY = 'asty.language'

/** A browser that keeps nothing for frames in pages of others says so with an error. */
function remembered(): string | null {
  try {
    return localStorage.getItem(KEY)
  } catch {
    return null
  }
}

function firstLanguage(): Language {
  const asked = new URLSearchParams(location.search).get('lang') ?? remembered() ?? navigator.language
  return asked.startsWith('en')
    ? 'en'
    : asked.startsWith('el')
      ? 'el'
      : navigator.language.startsWith('el')
        ? 'el'
        : 'en'
}

export const i18n = createI18n({ legacy: false, locale: firstLanguage(), fallbackLocale: 'el', messages: { el, en } })
document.documentElement.lang = i18n.global.locale.value

export const language = computed<Language>({
  get: () => i18n.global.locale.value as Language,
  set: (value) => {
    i18n.global.locale.value = value
    localStorage.setItem(KEY, value)
    document.documentElement.lang = value
  },
})

/** A record's own text in the language of the page. */
export const say = (value: Localised | null | undefined): string => (value ? value[language.value] || value.el : '')
