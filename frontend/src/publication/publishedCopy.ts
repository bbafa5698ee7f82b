import type { PublishedAnnotation, PublishedCopy } from './publicationApi'

/** A question as its student reads it: the points, and what the corrector says of it. */
export type AnsweredQuestion = PublishedCopy['scores_details'][number] & { remark: string }

export function questionsOf(copy: PublishedCopy): AnsweredQuestion[] {
  const remarks = new Map(copy.remarks.map(one => [one.question_id, one.remark]))
  return copy.scores_details.map(score => ({ ...score, remark: remarks.get(score.question_id) ?? '' }))
}

/** What can be read of an annotation; drawings are seen on the page alone. */
const says = ({ type, content, score_delta }: PublishedAnnotation) =>
  (type !== 'INK' && content.trim() !== '') || score_delta !== null

export const wordsOf = ({ type, content }: PublishedAnnotation): string => (type === 'INK' ? '' : content.trim())

/** What is written on each page, pages and annotations in the order of reading. */
export function writtenByPage(annotations: PublishedAnnotation[]): [number, PublishedAnnotation[]][] {
  const read = annotations.filter(says).sort((a, b) => a.page_index - b.page_index || a.y - b.y || a.x - b.x)
  return [...Map.groupBy(read, one => one.page_index)]
}
