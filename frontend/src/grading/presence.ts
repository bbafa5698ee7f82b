import { useDocumentVisibility, useIntervalFn } from '@vueuse/core'
import { ref, watch, type Ref } from 'vue'
import { getLocks, type Lock } from './gradingApi'

/** Milliseconds between two looks at who is there. */
const interval = 20_000

/** The others among those who mark a copy, each once. */
export const others = (locks: readonly Lock[]): string[] => [
  ...new Set(locks.filter(lock => !lock.is_mine).map(lock => lock.owner)),
]

/** Who else is at the copy now; nobody while the server cannot be asked. While others are, `onOthers` is told at each look. */
export function usePresence(copy_id: Ref<string>, onOthers: () => void): Ref<string[]> {
  const names = ref<string[]>([])
  const visibility = useDocumentVisibility()

  async function look() {
    const asked = copy_id.value
    const found = await getLocks(asked)
      .then(({ locks }) => others(locks))
      .catch(() => [])
    if (asked !== copy_id.value) return
    names.value = found
    if (found.length) onOthers()
  }

  useIntervalFn(() => {
    if (visibility.value === 'visible') void look()
  }, interval)
  watch(copy_id, () => {
    names.value = []
    void look()
  })
  // The copy that is opened first has its own way to say that it is taken; nothing waits for this.
  setTimeout(() => void look(), 1000)
  return names
}
