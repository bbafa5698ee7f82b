import { refDebounced } from '@vueuse/core'
import { computed, reactive, ref, watch, type ComputedRef, type Ref } from 'vue'
import type { Page } from '@/api/http'
import { useAsync, type Async } from './useAsync'

/** What the server sends at once when a page does not ask for another number. */
export const rowsPerPage = 50

export interface List<T, F extends object> {
  of: Async<Page<T>>
  page: Ref<number>
  search: Ref<string>
  filters: F
  /** True when nothing was asked for in particular, so an empty answer means that there is nothing at all. */
  unfiltered: ComputedRef<boolean>
}

/** A searchable, filtered, paged list. Every change of question starts again at page 1; late answers are dropped. */
export function useList<T, F extends Record<string, unknown>>(
  load: (query: F & { page: number; search?: string }) => Promise<Page<T>>,
  initial: F,
): List<T, F> {
  const page = ref(1)
  const search = ref('')
  const settled = refDebounced(search, 250)
  const filters = reactive({ ...initial }) as F
  const of = useAsync(() => load({ ...filters, page: page.value, search: settled.value || undefined }))
  const unfiltered = computed(() => !settled.value && Object.values(filters).every(value => value === undefined))

  watch([settled, () => ({ ...filters })], () => {
    if (page.value === 1) void of.run()
    else page.value = 1
  })
  watch(page, () => void of.run())

  return { of, page, search, filters, unfiltered }
}
