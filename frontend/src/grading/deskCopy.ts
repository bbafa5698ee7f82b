import { getCopy, type CopyPage, type CopyStatus } from '@/copies/copiesApi'
import { getExam } from '@/exams/examsApi'
import * as api from './gradingApi'
import type { Bareme, LoggedOperation } from './gradingApi'
import { markOf, type Marks } from './marks'

/** A copy with everything that the desk shows of it. */
export interface DeskCopy {
  id: string
  anonymous_id: string
  status: CopyStatus
  pdf_url: string | null
  exam: { id: string; name: string }
  /** What of it is one's own to mark: exercises, or null for all of it. */
  exercise_ids: readonly string[] | null
  pages: CopyPage[]
  bareme: Bareme
  marks: Marks
  conflicts: LoggedOperation[]
}

const baremes = new Map<string, Promise<Bareme>>()

/** The barème of an exam, asked for once in a while: correctors go from copy to copy. */
function baremeOf(exam_id: string): Promise<Bareme> {
  let bareme = baremes.get(exam_id)
  if (!bareme) {
    bareme = api.getBareme(exam_id)
    baremes.set(exam_id, bareme)
    const forget = () => baremes.delete(exam_id)
    bareme.catch(forget)
    setTimeout(forget, 60_000)
  }
  return bareme
}

const exams = new Map<string, Promise<{ id: string; name: string }>>()

/** An admin's view of a copy names its exam by id only. */
function examNamed(exam_id: string): Promise<{ id: string; name: string }> {
  let exam = exams.get(exam_id)
  if (!exam) {
    exam = getExam(exam_id).then(({ id, name }) => ({ id, name }))
    exam.catch(() => exams.delete(exam_id))
    exams.set(exam_id, exam)
  }
  return exam
}

export async function loadMarks(copy_id: string): Promise<Pick<DeskCopy, 'marks' | 'conflicts'>> {
  const [scores, remarks, appreciation, annotations, conflicts] = await Promise.all([
    api.getScores(copy_id),
    api.listRemarks(copy_id),
    api.getAppreciation(copy_id),
    api.listAnnotations(copy_id),
    api.listConflicts(copy_id),
  ])
  const marks: Marks = {
    scores: scores.scores_data,
    remarks: Object.fromEntries(remarks.map(one => [one.question_id, one.remark])),
    appreciation: appreciation.global_appreciation,
    annotations: Object.fromEntries(annotations.map(one => [one.id, markOf(one)])),
  }
  return { marks, conflicts }
}

export async function loadDeskCopy(copy_id: string): Promise<DeskCopy> {
  const [detail, marked] = await Promise.all([getCopy(copy_id), loadMarks(copy_id)])
  const { copy, pages } = detail
  const exam = 'exam' in copy ? { id: copy.exam.id, name: copy.exam.name } : await examNamed(copy.exam_id)
  const exercise_ids = 'exercise_ids' in copy ? copy.exercise_ids : null
  const { id, anonymous_id, status, pdf_url } = copy
  return { id, anonymous_id, status, pdf_url, exam, exercise_ids, pages, bareme: await baremeOf(exam.id), ...marked }
}
