import type { Annotation, AnnotationType, Bareme, Question } from './gradingApi'

/** An annotation as the desk holds it; version 0 has never been sent. */
export interface Mark {
  id: string
  page_index: number
  x: number
  y: number
  w: number
  h: number
  type: AnnotationType
  content: string
  score_delta: number | null
  question_id: string | null
  version: number
  /** Whose it is; nobody's yet until it is sent. */
  created_by?: number
}

/** Everything that marking puts into a copy. Never changed in place. */
export interface Marks {
  scores: Readonly<Record<string, number>>
  remarks: Readonly<Record<string, string>>
  appreciation: string
  annotations: Readonly<Record<string, Mark>>
}

export const noMarks: Marks = { scores: {}, remarks: {}, appreciation: '', annotations: {} }

export function markOf(annotation: Annotation): Mark {
  const { id, page_index, x, y, w, h, type, content, score_delta, question_id, version, created_by } = annotation
  return { id, page_index, x, y, w, h, type, content, score_delta, question_id, version, created_by }
}

export const leavesOf = (tree: readonly Question[]): Question[] =>
  tree.flatMap(node => (node.children?.length ? leavesOf(node.children) : [node]))

/** The top-level exercise that a question belongs to. */
export const exerciseOf = (tree: readonly Question[], question_id: string): Question | undefined =>
  tree.find(exercise => [exercise, ...leavesOf([exercise])].some(one => one.id === question_id))

const rounded = (points: number) => Math.round(points * 100) / 100

/** What a part of the barème brings: of its children the best ones, where only those count, and every bonus. */
export function valueOf(question: Question, scores: Marks['scores']): number {
  if (!question.children?.length) return scores[question.id] ?? 0
  const values: number[] = []
  let bonuses = 0
  for (const child of question.children) {
    if (child.bonus) bonuses += valueOf(child, scores)
    else values.push(valueOf(child, scores))
  }
  values.sort((a, b) => b - a)
  const counted = question.best ? values.slice(0, question.best) : values
  return rounded(counted.reduce((sum, value) => sum + value, bonuses))
}

/** The copy's total as the server will compute it. */
export function totalOf({ grading_structure, maximum }: Bareme, marks: Marks): number {
  const leaves = new Set(leavesOf(grading_structure).map(leaf => leaf.id))
  const isScored = (id: string) => id in marks.scores && (leaves.has(id) || grading_structure.length === 0)
  let sum = grading_structure.reduce((total, question) => total + valueOf(question, marks.scores), 0)
  if (grading_structure.length === 0) for (const points of Object.values(marks.scores)) sum += points
  for (const { score_delta, question_id } of Object.values(marks.annotations)) {
    if (score_delta && !(question_id && isScored(question_id))) sum += score_delta
  }
  return Math.min(Math.max(rounded(sum), 0), maximum)
}

/** The questions that still need points before the copy can be finalised. */
export function unscored(tree: readonly Question[], scores: Marks['scores']): string[] {
  return tree.flatMap(question => unscoredIn(question, scores))
}

function unscoredIn(question: Question, scores: Marks['scores']): string[] {
  if (!question.children?.length) return question.bonus || question.id in scores ? [] : [question.id]
  let complete = 0
  const missing = question.children.flatMap(child => {
    const found = unscoredIn(child, scores)
    if (found.length === 0 && !child.bonus) complete += 1
    return found
  })
  return question.best && complete >= question.best ? [] : missing
}

/** Points as people type them: null for none, undefined for what cannot be given. */
export function pointsTyped(text: string, most: number, step: number): number | null | undefined {
  const plain = text.trim().replace(',', '.')
  if (plain === '') return null
  const points = Number(plain)
  if (!Number.isFinite(points) || points < 0 || points > most) return undefined
  const hundredths = Math.round(points * 100)
  if (Math.abs(points * 100 - hundredths) > 1e-6) return undefined
  const fits = hundredths % Math.round(step * 100) === 0 || hundredths === Math.round(most * 100)
  return fits ? hundredths / 100 : undefined
}
