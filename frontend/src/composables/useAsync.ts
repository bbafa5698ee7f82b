import { tryOnScopeDispose } from '@vueuse/core'
import { ref, shallowRef, type Ref, type ShallowRef } from 'vue'

export interface Async<T> {
  data: ShallowRef<T | undefined>
  error: ShallowRef<unknown>
  loading: Ref<boolean>
  /** Runs again. What an earlier run answers after this call is dropped. */
  run: () => Promise<void>
}

/** What a page loads: data, error and loading of the newest run only. Starts at once. */
export function useAsync<T>(load: () => Promise<T>): Async<T> {
  const data = shallowRef<T>()
  const error = shallowRef<unknown>()
  const loading = ref(false)
  let newest = 0

  async function run() {
    const mine = ++newest
    loading.value = true
    try {
      const answer = await load()
      if (mine !== newest) return
      data.value = answer
      error.value = undefined
    } catch (caught) {
      if (mine === newest) error.value = caught
    } finally {
      if (mine === newest) loading.value = false
    }
  }

  tryOnScopeDispose(() => (newest = -1))
  void run()
  return { data, error, loading, run }
}
