import { useLocalStorage } from '@vueuse/core'
import { createI18n } from 'vue-i18n'
import { readonly, watch } from 'vue'

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

const files = {
  fr: () => import('./fr.json'),
  en: () => import('./en.json'),
}

/** The language chosen on this device; the browser's own before a choice was made. */
export const language = useLocalStorage<Language>(
  'korrigo.language',
  navigator.language.toLowerCase().startsWith('en') ? 'en' : 'fr',
)

/** In French zero is singular; three forms are for none, one and many, as in every language. */
const french = (count: number, forms: number) => (forms > 2 ? Math.min(Math.abs(count), 2) : Number(count > 1))

const { global: i18n } = createI18n({
  ...{ legacy: false, locale: 'fr', fallbackLocale: [] as string[], missingWarn: false },
  ...{ messages: {} as Record<string, Record<string, string>>, pluralRules: { fr: french } },
})

/** Loads the chosen language and keeps page and choice in step from then on. */
export async function startLanguage(): Promise<void> {
  watch(language, chosen => void show(chosen))
  await show(language.value)
}

async function show(chosen: Language) {
  const loaded = await files[chosen]()
  if (chosen !== language.value) return
  // Texts under names of their own: the library's type for them is deeper than the compiler follows.
  i18n.setLocaleMessage(chosen, loaded.default as object as Record<string, string>)
  i18n.locale.value = chosen
  document.documentElement.lang = chosen
}

/**
 * The text of a key, `{name}` replaced by the value of that name. Forms for one and for many are separated by ` | `, with
 * one for none before them where there are three; `count`, or the value of that name, chooses.
 */
function t(key: string, values: Record<string, unknown> | number = {}, count?: number): string {
  if (typeof values === 'number') return i18n.t(key, values)
  return count === undefined ? i18n.t(key, values) : i18n.t(key, values, count)
}

const te = (key: string) => i18n.te(key)

/** The texts of the page's language; what uses them is drawn anew when the language changes. */
export const useI18n = () => ({ t, te, locale: readonly(i18n.locale) })
