import { body, GET, POST, type Page, type Schemas } from '@/api/http'

export type Readiness = Schemas['ExamReadiness']
export type Obstacle = Schemas['Obstacle']
export type Statistics = Schemas['Statistics']
export type QuestionStatistics = Schemas['QuestionStatistics']
export type HistogramBar = Schemas['HistogramBar']
export type PublishedCopy = Schemas['PublishedCopy']
export type PublishedAnnotation = Schemas['PublishedAnnotation']
export type ExportKind = 'csv' | 'xlsx' | 'pronote' | 'all'
export type ExportAccepted = Schemas['TaskAcceptedExport'] & Partial<Pick<Schemas['TaskAcceptedPronote'], 'warnings'>>

/** More copies than one student ever has, and more annotations than fit one copy's first page of answers. */
const most = { page_size: 200 }

export const getReadiness = (exam_id: string): Promise<Readiness> =>
  body(GET('/api/exams/{exam_id}/readiness-check/', { params: { path: { exam_id } } }))

export const releaseResults = (exam_id: string): Promise<Schemas['ResultsReleased']> =>
  body(POST('/api/exams/{exam_id}/release-results/', { params: { path: { exam_id } } }))

export const withdrawResults = (exam_id: string): Promise<Schemas['ResultsReleased']> =>
  body(POST('/api/exams/{exam_id}/unrelease-results/', { params: { path: { exam_id } } }))

export const getStatistics = (exam_id: string): Promise<Statistics> =>
  body(GET('/api/exams/{exam_id}/statistics/', { params: { path: { exam_id } } }))

/** Begins an export; its task makes the file. `coefficient` is for Pronote alone. */
export const startExport = (exam_id: string, kind: ExportKind, coefficient: number): Promise<ExportAccepted> => {
  const params = { path: { exam_id } }
  const starts = {
    csv: () => body(POST('/api/exams/{exam_id}/export-csv/', { params })),
    xlsx: () => body(POST('/api/exams/{exam_id}/export-xlsx/', { params })),
    all: () => body(POST('/api/exams/{exam_id}/export-all/', { params })),
    pronote: () => body(POST('/api/exams/{exam_id}/export-pronote/', { params, body: { coefficient } })),
  }
  return starts[kind]()
}

export const listPublishedCopies = (): Promise<Page<PublishedCopy>> =>
  body(GET('/api/students/copies/', { params: { query: most } }))

export const listPublishedAnnotations = (copy_id: string): Promise<Page<PublishedAnnotation>> =>
  body(GET('/api/students/copies/{copy_id}/annotations/', { params: { path: { copy_id }, query: most } }))
