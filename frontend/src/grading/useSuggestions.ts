import { refDebounced } from '@vueuse/core'
import { shallowRef, watch, type Ref } from 'vue'
import { suggestRemarks } from './gradingApi'

export interface Suggestion {
  id: string
  text: string
  score_delta: number | null
  /** Of one's own bank. */
  own: boolean
}

/** As many as one looks through. */
const shownAtMost = 7

/** Remarks of both banks that may fit what is being typed; what was there stays while the network is gone. */
export function useSuggestions(exam_id: string, question_id: Ref<string | null>, text: Ref<string>) {
  const suggestions = shallowRef<Suggestion[]>([])
  const settled = refDebounced(text, 180)
  let newest = 0

  async function load() {
    const mine = ++newest
    const found = await suggestRemarks(
      exam_id,
      question_id.value ?? undefined,
      settled.value.trim().slice(0, 200),
    ).catch(() => undefined)
    if (!found || mine !== newest) return
    const own = found.own.map(one => ({ ...one, own: true }))
    const others = found.templates.map(one => ({ ...one, own: false }))
    const seen = new Set([text.value.trim()])
    suggestions.value = [...others, ...own]
      .filter(one => !seen.has(one.text) && seen.add(one.text))
      .slice(0, shownAtMost)
      .map(({ id, text: words, score_delta, own: mine_ }) => ({ id, text: words, score_delta, own: mine_ }))
  }

  watch([settled, question_id], load, { immediate: true })
  return suggestions
}
