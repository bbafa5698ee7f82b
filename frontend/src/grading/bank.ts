import { keepOwnRemark, useOwnRemark } from './gradingApi'
import type { Suggestion } from './useSuggestions'

/** What the bank takes: neither a stray letter nor a whole letter. */
const shortest = 4
const longest = 500

/** Keeps a remark that was written in one's own bank. A bank that cannot be reached is no reason to stop marking. */
export function remember(
  text: string,
  exam_id: string,
  question_id: string | null,
  score_delta: number | null = null,
): void {
  const words = text.trim()
  if (words.length < shortest || words.length > longest) return
  void keepOwnRemark({ text: words, exam_id, question_id, score_delta }).catch(() => {})
}

export function noteUse(suggestion: Suggestion): void {
  if (suggestion.own) void useOwnRemark(suggestion.id).catch(() => {})
}
