import { useLocalStorage } from '@vueuse/core'
import { readonly, ref, shallowRef, watch } from 'vue'

export const languages = ['fr', 'en'] as const
export type Language = (typeof languages)[number]

/** A text, or texts under a name of their own. */
interface Texts {
  [name: string]: string | Texts
}

const files: Record<Language, () => Promise<{ default: Texts }>> = {
  fr: () => import('./fr.json'),
  en: () => import('./en.json'),
}

/** The language chosen on this device; the browser's own before a choice was made. */
export const language = useLocalStorage<Language>(
  'korrigo.language',
  navigator.language.toLowerCase().startsWith('en') ? 'en' : 'fr',
)

const locale = ref<Language>('fr')
const texts = shallowRef<ReadonlyMap<string, string>>(new Map())

/** Loads the chosen language and keeps page and choice in step from then on. */
export async function startLanguage(): Promise<void> {
  watch(language, chosen => void show(chosen))
  await show(language.value)
}

async function show(chosen: Language) {
  const loaded = await files[chosen]()
  if (chosen !== language.value) return
  texts.value = new Map(flat(loaded.default))
  locale.value = chosen
  document.documentElement.lang = chosen
}

function* flat(tree: Texts, path = ''): Generator<[string, string]> {
  for (const [name, value] of Object.entries(tree)) {
    if (typeof value === 'string') yield [path + name, value]
    else yield* flat(value, `${path}${name}.`)
  }
}

type Values = Record<string, unknown>

/**
 * The text of a key, `{name}` replaced by the value of that name. Forms for one and for many are separated by ` | `, with
 * one for none before them where there are three; `count`, or the value of that name, chooses. In French zero is singular.
 */
function t(key: string, values: Values | number = {}, count?: number): string {
  const named = typeof values === 'number' ? { count: values } : values
  const forms = texts.value.get(key)?.split(' | ') ?? [key]
  const many = Number(count ?? named.count ?? 1)
  const plural = many > 1 || (many === 0 && locale.value === 'en') ? 1 : 0
  const form = forms.length > 2 ? Math.min(many, 2) : Math.min(plural, forms.length - 1)
  return forms[form]!.replace(/\{(\w+)\}/g, (_, name: string) => String(named[name] ?? (name === 'count' ? many : '')))
}

const te = (key: string) => texts.value.has(key)

/** The texts of the page's language; what uses them is drawn anew when the language changes. */
export const useI18n = () => ({ t, te, locale: readonly(locale) })
