import type { RouteLocationRaw } from 'vue-router'
import type { Obstacle } from './publicationApi'

/** The page where each obstacle is dealt with. */
const places: Record<Obstacle['code'], string> = {
  no_copies: 'exam_report',
  not_identified: 'identify',
  not_graded: 'marking_progress',
  quarantined: 'exam_report',
  grading_failed: 'tasks',
  pdf_missing: 'tasks',
  student_without_copy: 'exam_report',
  open_conflicts: 'marking_progress',
}

/** In the order of the work, so that the first one is what to do next. */
const order = Object.keys(places)

export const byWork = (obstacles: Obstacle[]): Obstacle[] =>
  [...obstacles].sort((a, b) => order.indexOf(a.code) - order.indexOf(b.code))

export function placeOf(code: Obstacle['code'], exam_id: string): RouteLocationRaw {
  const name = places[code]
  return name === 'tasks' ? { name } : { name, params: { exam_id } }
}
