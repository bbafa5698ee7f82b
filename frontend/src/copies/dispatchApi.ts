import { body, GET, POST, PUT, type Page, type Schemas } from '@/api/http'
import type { CopyAdmin } from './copiesApi'

export type CorrectorAssignment = Schemas['CorrectorAssignment']
export type DispatchAnswer = Schemas['DispatchAnswer']

/** More correctors than one exam ever has. */
const all = { page_size: 200 }

export const listCorrectors = (exam_id: string): Promise<Page<CorrectorAssignment>> =>
  body(GET('/api/exams/{exam_id}/correctors/', { params: { path: { exam_id }, query: all } }))

export const replaceCorrectors = (exam_id: string, corrector_ids: number[]): Promise<Page<CorrectorAssignment>> =>
  body(PUT('/api/exams/{exam_id}/correctors/', { params: { path: { exam_id } }, body: { corrector_ids } }))

export const listTeachers = (): Promise<Page<Schemas['User']>> =>
  body(GET('/api/users/', { params: { query: { ...all, role: 'TEACHER' } } }))

export const dispatch = (exam_id: string, options: Schemas['Dispatch']): Promise<DispatchAnswer> =>
  body(POST('/api/exams/{exam_id}/dispatch/', { params: { path: { exam_id } }, body: options }))

export const listExamCopies = (exam_id: string, query: { page?: number }): Promise<Page<CopyAdmin>> =>
  body(GET('/api/exams/{exam_id}/copies/', { params: { path: { exam_id }, query } })) as Promise<Page<CopyAdmin>>

/** The copy, or one exercise of it. */
export const assignCopy = (copy_id: string, corrector_id: number | null, exercise_id?: string): Promise<CopyAdmin> =>
  body(POST('/api/copies/{copy_id}/assign/', { params: { path: { copy_id } }, body: { corrector_id, exercise_id } }))

export const transferCopy = (copy_id: string, corrector_id: number): Promise<CopyAdmin> =>
  body(POST('/api/copies/{copy_id}/transfer/', { params: { path: { copy_id } }, body: { corrector_id } }))

export const forceUnlock = (copy_id: string): Promise<CopyAdmin> =>
  body(POST('/api/copies/{copy_id}/force-unlock/', { params: { path: { copy_id } } }))

export const reopenCopy = (copy_id: string, reason: string): Promise<CopyAdmin> =>
  body(POST('/api/grading/copies/{copy_id}/reopen/', { params: { path: { copy_id } }, body: { reason } }))
