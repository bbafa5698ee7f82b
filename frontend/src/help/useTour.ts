import { useLocalStorage } from '@vueuse/core'
import { computed, ref, type ComputedRef, type Ref } from 'vue'

/** Where the tour stops: the page, under the exam that is shown when it has one, and what is said there. */
export const stops = [
  { key: 'exams', page: 'exams' },
  { key: 'report', page: 'exam_report' },
  { key: 'identify', page: 'identify' },
  { key: 'bareme', page: 'bareme' },
  { key: 'marking', page: 'marking_progress' },
  { key: 'results', page: 'exam_results' },
  { key: 'help', page: 'help' },
] as const
export type TourStop = (typeof stops)[number]

const seen = useLocalStorage('korrigo.tour.seen', false)
const index = ref<number>()

export interface Tour {
  /** Offered once to whoever was never here. */
  seen: Ref<boolean>
  stop: ComputedRef<TourStop | undefined>
  index: Ref<number | undefined>
  start: () => void
  go: (by: 1 | -1) => void
  end: () => void
}

export function useTour(): Tour {
  function end() {
    index.value = undefined
    seen.value = true
  }

  return {
    ...{ seen, index, end },
    stop: computed(() => (index.value === undefined ? undefined : stops[index.value])),
    start: () => (index.value = 0),
    go(by) {
      const next = (index.value ?? 0) + by
      if (next >= stops.length) end()
      else index.value = Math.max(0, next)
    },
  }
}
