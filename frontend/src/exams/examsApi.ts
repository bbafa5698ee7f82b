import { body, DELETE, GET, multipart, PATCH, POST, type Page, type Schemas } from '@/api/http'

export type Exam = Schemas['Exam']
export type ExamSummary = Schemas['ExamSummary']
export type ExamStatus = Schemas['ExamStatus']
export type RosterEntry = Schemas['RosterEntry']
export type Regrading = Schemas['Regrading']
export type BaremeVersion = Schemas['BaremeVersions']['results'][number]
export type BatchMode = 'A3' | 'A4'

export interface ExamQuery {
  page?: number
  search?: string
  status?: ExamStatus
  ordering?: string
}

export interface ExamUpload {
  title: string
  subject: string
  date: string
  batch_mode: BatchMode
  /** Ids of finished uploads, in the order of the sources. */
  pdf_file: string[]
  students_csv: File
}

export const listExams = (query: ExamQuery): Promise<Page<ExamSummary>> =>
  body(GET('/api/exams/', { params: { query } }))

export const getExam = (exam_id: Exam['id']): Promise<Exam> =>
  body(GET('/api/exams/{exam_id}/', { params: { path: { exam_id } } }))

export const deleteExam = (exam_id: Exam['id']) => DELETE('/api/exams/{exam_id}/', { params: { path: { exam_id } } })

export const uploadExam = (upload: ExamUpload): Promise<Schemas['ExamUploadAnswer']> => {
  const { title, subject, date, batch_mode, pdf_file, students_csv } = upload
  const form = multipart({ title, subject: subject || undefined, date, batch_mode, pdf_file, students_csv })
  return body(POST('/api/exams/upload/', { body: form as never, bodySerializer: () => form }))
}

export const listRoster = (exam_id: Exam['id'], search: string): Promise<Page<RosterEntry>> =>
  body(
    GET('/api/exams/{exam_id}/roster/', {
      params: { path: { exam_id }, query: { search: search || undefined, page_size: 20 } },
    }),
  )

export const changeExam = (exam_id: Exam['id'], change: Schemas['ExamChange']): Promise<Exam> =>
  body(PATCH('/api/exams/{exam_id}/', { params: { path: { exam_id } }, body: change }))

/** What another barème would move; nothing is changed. */
export const previewBareme = (exam_id: string, bareme: Schemas['BaremePreview']): Promise<Regrading> =>
  body(POST('/api/exams/{exam_id}/grading-structure/preview/', { params: { path: { exam_id } }, body: bareme }))

export const applyBareme = (exam_id: string, bareme: Schemas['BaremeApply']): Promise<Regrading> =>
  body(POST('/api/exams/{exam_id}/grading-structure/', { params: { path: { exam_id } }, body: bareme }))

export const listBaremes = (exam_id: string): Promise<{ results: BaremeVersion[] }> =>
  body(GET('/api/exams/{exam_id}/grading-structure/versions/', { params: { path: { exam_id } } }))
