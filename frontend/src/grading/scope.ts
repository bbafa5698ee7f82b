import type { DeskCopy } from './deskCopy'
import { exerciseOf } from './marks'
import type { Intent } from './operations'

/** Whether a question is one's own to mark; null for the copy as a whole. */
export function covers(
  { exercise_ids, bareme }: Pick<DeskCopy, 'exercise_ids' | 'bareme'>,
  question_id: string | null,
) {
  if (!exercise_ids) return true
  const exercise = question_id === null ? undefined : exerciseOf(bareme.grading_structure, question_id)
  return exercise !== undefined && exercise_ids.includes(exercise.id)
}

/** Whether an annotation may be changed: who has exercises only leaves those of others alone. */
export function mayChange(
  { exercise_ids, marks }: Pick<DeskCopy, 'exercise_ids' | 'marks'>,
  id: string,
  user_id: number,
) {
  const writer = marks.annotations[id]?.created_by ?? user_id
  return !exercise_ids || writer === user_id
}

/** Whether the server would take it from who has just these exercises. */
export function allowed(copy: DeskCopy, intent: Intent, user_id: number): boolean {
  if (intent.kind === 'score' || intent.kind === 'remark') return covers(copy, intent.question_id)
  if (intent.kind === 'appreciation') return covers(copy, null)
  if (intent.kind !== 'create_annotation' && !mayChange(copy, intent.annotation_id, user_id)) return false
  if (intent.kind === 'delete_annotation') return true
  return intent.question_id ? covers(copy, intent.question_id) : !intent.score_delta || covers(copy, null)
}
