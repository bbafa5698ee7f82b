import { body, GET, POST, type Page, type Schemas } from '@/api/http'
import type { CopyAdmin } from './copiesApi'

export type FaceReport = Schemas['FaceReport']
export type FaceTrouble = Schemas['FaceTrouble']
export type SubjectVariants = Schemas['SubjectVariants']

export const troubles: FaceTrouble[] = ['MISSING', 'ILLEGIBLE', 'NAME_VISIBLE', 'NOT_THIS_COPY']

export const listFaceReports = (exam_id: string, query: { page?: number; open?: boolean }): Promise<Page<FaceReport>> =>
  body(GET('/api/exams/{exam_id}/face-reports/', { params: { path: { exam_id }, query } }))

export const resolveFaceReport = (report_id: string) =>
  body(POST('/api/face-reports/{report_id}/resolve/', { params: { path: { report_id } } }))

export const reportFace = (copy_id: string, report: Schemas['FaceReportCreate']): Promise<FaceReport> =>
  body(POST('/api/grading/copies/{copy_id}/face-reports/', { params: { path: { copy_id } }, body: report }))

export const quarantineCopy = (copy_id: string, reason: string): Promise<CopyAdmin> =>
  body(POST('/api/copies/{copy_id}/quarantine/', { params: { path: { copy_id } }, body: { reason } }))

export const restoreCopy = (copy_id: string, validate: boolean): Promise<CopyAdmin> =>
  body(POST('/api/copies/{copy_id}/restore/', { params: { path: { copy_id } }, body: { validate } }))

export const mergeCopies = (copy_id: string, merge: Schemas['CopyMerge']): Promise<CopyAdmin> =>
  body(POST('/api/copies/{copy_id}/merge/', { params: { path: { copy_id } }, body: merge }))

export const countVariants = (exam_id: string): Promise<SubjectVariants> =>
  body(GET('/api/exams/{exam_id}/bulk-subject-variant/', { params: { path: { exam_id } } }))

export const setVariant = (exam_id: string, copy_ids: string[], subject_variant: string | null) =>
  body(
    POST('/api/exams/{exam_id}/bulk-subject-variant/', {
      params: { path: { exam_id } },
      body: { copy_ids, subject_variant, detect: false },
    }),
  )

/** Starts the task that reads what is printed on first faces. */
export const detectVariants = (exam_id: string): Promise<Schemas['TaskStarted']> =>
  body(
    POST('/api/exams/{exam_id}/bulk-subject-variant/', { params: { path: { exam_id } }, body: { detect: true } }),
  ) as Promise<Schemas['TaskStarted']>
