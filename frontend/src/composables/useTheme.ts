import { useLocalStorage, usePreferredDark } from '@vueuse/core'
import { computed, watchEffect } from 'vue'

export const themes = ['system', 'light', 'dark', 'low-glare'] as const
export type Theme = (typeof themes)[number]

const classes = ['light', 'dark', 'low-glare']

/** The theme chosen on this device. `system` follows the device's own preference. */
export function useTheme() {
  const theme = useLocalStorage<Theme>('korrigo.theme', 'system')
  const preferredDark = usePreferredDark()
  const shown = computed(() => (theme.value !== 'system' ? theme.value : preferredDark.value ? 'dark' : 'light'))

  /** Keeps the document's class in step; called once, by the application's root. */
  function apply() {
    watchEffect(() => {
      document.documentElement.classList.remove(...classes)
      document.documentElement.classList.add(shown.value)
    })
  }

  return { theme, shown, apply }
}
